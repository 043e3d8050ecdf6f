//! The places that were chosen last, on disk, so that the next choice finds them first.
//!
//! One file in the state folder, readable by its owner alone. Whatever is wrong with it, nothing was chosen yet: it
//! decides nothing, a person does. This room knows where the folder is, and nobody else; its calls block.

use std::path::PathBuf;

use crate::xdg;

const FILE_NAME: &str = "places.json";
/// How many places are kept, and the most bytes that are read.
const MAX_PLACES: usize = 64;
const MAX_BYTES: u64 = 1 << 20;

/// The profile and Region of each place that was chosen, the latest first.
pub(crate) fn used() -> Vec<(String, String)> {
    let read = path().and_then(|path| xdg::read_some(&path, MAX_BYTES).ok());
    read.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
}

/// Notes that a place was chosen. That it could not is not worth a word: the list has another order then.
pub fn note(profile: String, region: String) {
    let Some(path) = path() else { return };
    let mut used = used();
    used.retain(|(known, at)| (known, at) != (&profile, &region));
    used.insert(0, (profile, region));
    used.truncate(MAX_PLACES);
    let written = serde_json::to_vec(&used).map_err(Into::into).and_then(|text| xdg::replace(&path, &text));
    if let Err(error) = written {
        tracing::debug!(%error, "the choice of a place was not kept");
    }
}

fn path() -> Option<PathBuf> {
    xdg::state_folder().map(|folder| folder.join(FILE_NAME))
}
