//! What is to be said of a snapshot that is followed, in a few words.

use crate::app::Now;
use crate::app::place::Place;
use crate::app::place::followed::{FollowedSnapshot, FollowedState};
use crate::domain::ending::Took;
use crate::track::estimate::{Estimate, EstimateSource};
use crate::track::presence::Absence;

use super::words;

/// What a remark is worth having, and into how many columns each can be said: `<90 s left`.
pub const LEAST_REMARK: u16 = 12;

/// What is to be said of a snapshot in a few words, from the longest way to say it to the shortest.
pub fn remarks(place: &Place, tracked: &FollowedSnapshot, now: &Now) -> Vec<String> {
    let of = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<_>>();
    let is_elsewhere = tracked.submission.is_none() && place.knows_earlier();
    let elsewhere = if is_elsewhere { "begun elsewhere" } else { "" };
    match &tracked.state {
        FollowedState::Listed(snapshot) if snapshot.status.is_usable() && tracked.is_unproven => {
            of(&["usable; nothing proves that it is this request's", "not proved"])
        }
        FollowedState::Listed(snapshot) if snapshot.status.is_usable() => match tracked.took() {
            Some(took @ Took::FirstSeen(Some(_))) => {
                vec![format!("usable, {}", took.words()), "usable".to_owned()]
            }
            _ => of(&["usable"]),
        },
        FollowedState::Listed(snapshot) if snapshot.status.is_final() => match &tracked.why {
            Some(why) => {
                let short = ["cannot be restored", "unusable"].map(str::to_owned);
                std::iter::once(format!("cannot be restored: {why}")).chain(short).collect()
            }
            None => of(&["cannot be restored", "unusable"]),
        },
        FollowedState::Listed(_) => {
            if let Some(from) = tracked.followed.progress.fell_from() {
                return vec![format!("fell back from {from} %"), format!("was {from} %")];
            }
            match place.estimate(tracked, now) {
                Some(estimate) => left(&estimate, elsewhere),
                None => of(&[elsewhere, elsewhere.trim_start_matches("begun ")]),
            }
        }
        FollowedState::NotListed(_) => not_listed(tracked, now),
        FollowedState::Gone(Absence::Deleted) => of(&["deleted"]),
        FollowedState::Gone(Absence::Replaced) => {
            of(&["gone; another snapshot has its name now", "another has its name", "gone"])
        }
        FollowedState::Gone(_) => {
            tracked.followed.presence.verdict().into_iter().chain(["gone".to_owned()]).collect()
        }
        FollowedState::Unknown => match place.left_behind(tracked) {
            Some(account) => {
                vec![format!("looked up once account {account} answers here again"), account.to_string()]
            }
            None => of(&["looked up again and again; nothing is sent again", "looking"]),
        },
        FollowedState::Submitting(_) => match place.left_behind(tracked) {
            Some(account) => vec![format!("in account {account}"), account.to_string()],
            None => Vec::new(),
        },
    }
}

/// What is to be said of one that is not listed at the moment.
fn not_listed(tracked: &FollowedSnapshot, now: &Now) -> Vec<String> {
    let presence = &tracked.followed.presence;
    if presence.is_elsewhere() {
        let told = "not in the lists of this account, or of nobody knows which: that proves nothing";
        return vec![told.to_owned(), "not listed".to_owned()];
    }
    match presence.absences() {
        Some(missed) if !presence.was_listed() => {
            [&missed.not_yet(), "new ones may take a while", "lists lag"].map(str::to_owned).to_vec()
        }
        Some(missed) => {
            let since = words::short_clock(missed.since, &now.wall);
            let clock = since.split_whitespace().next().unwrap_or_default();
            vec![missed.so_far(&since), format!("since {since}"), format!("since {clock}")]
        }
        None => vec!["new ones may take a while to be listed".to_owned(), "just begun".to_owned()],
    }
}

/// The time left with its ground and where the snapshot was begun, from the longest way to say it to the shortest.
fn left(estimate: &Estimate, elsewhere: &str) -> Vec<String> {
    let range = words::range(estimate.least, estimate.most);
    let ground = match estimate.ground {
        EstimateSource::Earlier(count) => format!("from {count} earlier snapshots of this cluster"),
        EstimateSource::Progress => "from its progress so far".to_owned(),
    };
    let about = if range.starts_with("under") { "" } else { "about " };
    let left = format!("{about}{range} left");
    let mut told = vec![format!("{left}, {ground}"), left.clone(), format!("{range} left")];
    if !elsewhere.is_empty() {
        told.splice(0..0, [format!("{left}, {ground}; {elsewhere}"), format!("{left}; {elsewhere}")]);
    }
    told.push(format!("<{} left", words::at_most(estimate.most)));
    // Two units need more room than there may be.
    match estimate.most.as_secs() {
        seconds @ 61..100 => told.push(format!("<{} s left", seconds.div_ceil(10) * 10)),
        seconds @ 3601.. => told.push(format!("<{} h left", seconds.div_ceil(3600))),
        _ => {}
    }
    told
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::domain::text::width;

    #[test]
    fn what_is_left_can_be_said_where_there_is_least_room_and_is_never_less_than_it_may_be() {
        for (most, told) in [
            (50, "<50 s left"),
            (60, "<1 min left"),
            (85, "<90 s left"),
            (3_500, "<59 min left"),
            (3_600, "<1 h left"),
            (7_100, "<2 h left"),
            (7_201, "<3 h left"),
            (50_000, "<14 h left"),
        ] {
            let (least, most) = (Duration::from_secs(most / 2), Duration::from_secs(most));
            for elsewhere in ["", "begun elsewhere"] {
                let estimate = Estimate { least, most, ground: EstimateSource::Earlier(3) };
                let shortest = left(&estimate, elsewhere).pop().unwrap_or_default();
                assert_eq!(shortest, told);
                assert!(width(&shortest) <= usize::from(LEAST_REMARK), "{shortest}");
            }
        }
    }
}
