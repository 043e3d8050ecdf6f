//! Completion in the shell: the shell's script asks this program what may stand where the cursor is.
//!
//! Values come from the `names` that were listed last, from the journal, from the files of AWS profiles and from the
//! configuration; nothing asks AWS.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::PathBuf;

use clap::{Arg, Command, CommandFactory as _};
use clap_complete::CompleteEnv;
use clap_complete::engine::{ArgValueCompleter, CompletionCandidate};
use clap_complete::env::Shells;

use crate::cli::Cli;
use crate::config;
use crate::domain::profile::Profile;
use crate::journal::Journal;
use crate::names::{self, PlaceNames};
use crate::rds;
use crate::session::PAST;

/// The variable by which the shell's script says that it asks, and from which shell.
const ASKED_BY: &str = "COMPLETE";

/// Answers the shell if it asks; returns whether it did. The variable alone is no question: others may have set it for
/// something else, and the scripts put two hyphens before the line that they ask about.
#[must_use]
pub fn answer() -> bool {
    let is_question = std::env::args_os().nth(1).is_some_and(|word| word == "--");
    let Some(shell) = std::env::var_os(ASKED_BY).filter(|_| is_question) else { return false };
    let folder = std::env::current_dir().ok();
    let completing = CompleteEnv::with_factory(|| command(&shell)).var(ASKED_BY);
    // An unknown shell, or one that has gone, gets nothing.
    completing.try_complete(std::env::args_os(), folder.as_deref()).unwrap_or(true)
}

/// The script that makes a shell ask.
///
/// # Errors
/// If the shell is not known.
pub fn script(shell: &str) -> std::io::Result<Vec<u8>> {
    let shells = Shells::builtins();
    let known = shells.completer(shell).ok_or(std::io::ErrorKind::Unsupported)?;
    // As it was called: by its name from the search path, or by where it is, from every folder.
    let called = std::env::args_os().next().map_or_else(|| "clustersnap".into(), PathBuf::from);
    let called = if called.components().count() > 1 { std::path::absolute(called)? } else { called };
    let mut script = Vec::new();
    known.write_registration(
        ASKED_BY,
        "clustersnap",
        "clustersnap",
        &called.to_string_lossy(),
        &mut script,
    )?;
    if shell == "zsh" {
        script.extend_from_slice(FROM_FPATH.as_bytes());
    }
    Ok(script)
}

/// Where zsh has loaded the script by its name from `fpath`, the first tab is to be answered as well.
const FROM_FPATH: &str =
    "\n[[ ${funcstack[1]} = _clustersnap ]] && _clap_dynamic_completer_clustersnap \"$@\"\n:\n";

/// The command line, with what can be offered for its values.
fn command(shell: &OsStr) -> Command {
    // bash puts a name on the line as it is, where a blank would make two words of it.
    let plain = if shell == "bash" { "-_.:/@+" } else { "-_.:/@+ " };
    let of = |names: fn() -> BTreeSet<String>| {
        move |arg: Arg| arg.add(ArgValueCompleter::new(move |typed: &OsStr| fitting(names(), plain, typed)))
    };
    Cli::command()
        .mut_arg("profiles", of(profiles))
        .mut_arg("regions", of(regions))
        .mut_arg("places", of(place_sets))
        .mut_subcommand("create", |create| {
            let create = create.mut_arg("clusters", of(clusters)).mut_arg("confirm", of(clusters));
            create.mut_arg("change", of(changes))
        })
        .mut_subcommand("plan", |plan| plan.mut_arg("clusters", of(clusters)))
        .mut_subcommand("ready", |ready| ready.mut_arg("clusters", of(clusters)))
        .mut_subcommand("snapshots", |snapshots| snapshots.mut_arg("cluster", of(clusters)))
        .mut_subcommand("history", |history| history.mut_arg("cluster", of(clusters)))
        .mut_subcommand("delete", |delete| {
            let delete = delete.mut_arg("snapshots", of(snapshots)).mut_arg("even", of(snapshots));
            delete.mut_arg("confirm", of(clusters))
        })
        .mut_subcommand("tag", |tag| tag.mut_arg("words", of(snapshots)).mut_arg("confirm", of(clusters)))
        .mut_subcommand("watch", |watch| {
            watch.mut_arg("snapshots", of(snapshots)).mut_arg("change", of(changes))
        })
        .mut_subcommand("report", |report| report.mut_arg("change", of(changes)))
}

fn fitting(names: BTreeSet<String>, plain: &str, typed: &OsStr) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy().to_lowercase();
    let fits = |name: &String| name.to_lowercase().starts_with(&typed);
    // A name that a shell's line or a terminal would read as something else is not offered.
    let is_plain = |name: &String| name.chars().all(|c| c.is_alphanumeric() || plain.contains(c));
    names.into_iter().filter(fits).filter(is_plain).map(CompletionCandidate::new).collect()
}

/// The value of an option as far as it is typed on the line that is completed, behind a blank or an equals sign.
fn typed_value(option: &str) -> Option<String> {
    let mut words = std::env::args_os().map(|word| word.to_string_lossy().into_owned());
    let rest = words.find_map(|word| word.strip_prefix(option).map(str::to_owned))?;
    match rest.strip_prefix('=') {
        Some(value) => Some(value.to_owned()),
        // bash hands on the sign as a word of its own.
        None => words.find(|word| word != "="),
    }
}

/// The place that the line is about: of its profile and Region, or of its profile where it was last.
fn place() -> Option<PlaceNames> {
    let profile = names::profile(typed_value("--profile").as_deref());
    let of_environment = || ["AWS_REGION", "AWS_DEFAULT_REGION"].into_iter().find_map(names::variable);
    let region = typed_value("--region").or_else(of_environment);
    let mut places = names::kept().places.into_iter().filter(|place| place.profile == profile);
    match region {
        Some(region) => places.find(|place| place.region == region),
        None => places.next(),
    }
}

fn clusters() -> BTreeSet<String> {
    place().map(|place| place.clusters).unwrap_or_default()
}

fn snapshots() -> BTreeSet<String> {
    place().map(|place| place.snapshots).unwrap_or_default()
}

/// The changes of the newest requests of this machine's journal.
fn changes() -> BTreeSet<String> {
    let page = Journal::open_default().and_then(|journal| journal.page(None, PAST));
    let requests = page.unwrap_or_default().entries.into_iter().filter_map(|(_, entry)| entry.request());
    requests.filter_map(|request| request.intent.change).map(|id| id.to_string()).collect()
}

fn regions() -> BTreeSet<String> {
    let kept = names::kept().places.into_iter().map(|place| place.region);
    let configured = aws_profiles().into_iter().filter_map(|profile| profile.region);
    kept.chain(configured).filter(|region| !region.is_empty()).collect()
}

fn place_sets() -> BTreeSet<String> {
    config::load().config.places.into_iter().map(|set| set.name).collect()
}

fn profiles() -> BTreeSet<String> {
    aws_profiles().into_iter().map(|profile| profile.name).collect()
}

/// The profiles of AWS's files; none where these cannot be used.
fn aws_profiles() -> Vec<Profile> {
    let tokio = tokio::runtime::Builder::new_current_thread().build();
    tokio.ok().and_then(|tokio| tokio.block_on(rds::profiles()).ok()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_has_every_value_that_is_offered() {
        command(OsStr::new("zsh")).debug_assert();
    }
}
