//! The review as lines, wrapped to the terminal's width.

use crate::app::drafts::tags::untagged;
use crate::app::keymap::Focus;
use crate::app::place::Place;
use crate::app::preflight;
use crate::app::screens::Screen as _;
use crate::app::telling::capitalized;
use crate::app::world::World;
use crate::domain::account::AccountId;
use crate::domain::command;
use crate::domain::preflight::{AccountStanding, Check, Subject, Verdict};
use crate::domain::request::SnapshotRequest;
use crate::domain::text::{escape, length, width, wrap};

use super::Review;

/// The column at which values stand.
pub const VALUE: u16 = 15;
/// The column at which everything begins.
pub const MARGIN: u16 = 3;

/// A line of the review. Safe to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReviewRow {
    /// What the value is, on its first line.
    pub name: &'static str,
    /// The value.
    pub text: String,
    /// What kind of line it is.
    pub kind: Kind,
}

/// What kind of line it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Part of the request.
    Fact,
    /// A warning.
    Warning,
    /// Part of the equivalent command.
    Command,
}

impl Review {
    /// The lines.
    #[must_use]
    pub fn rows(&self, world: &World) -> Vec<ReviewRow> {
        let mut rows = Rows { world, focus: self.focus(world), lines: Vec::new() };
        self.add_warnings(&mut rows, world);
        self.add_facts(&mut rows, world);
        // What is under way is not to be sent a second time by hand.
        if self.sent.is_none() {
            let target = world.at(self.place).target();
            rows.add("", "", Kind::Command);
            let key = if self.typed.is_none() { "; ‹c:copy_command› copies it whole" } else { "" };
            rows.add("", &format!("# The same with the AWS command line{key}:"), Kind::Command);
            for line in command::cli(target, &self.request).lines() {
                rows.add("", line, Kind::Command);
            }
        }
        rows.lines
    }

    /// What the request is judged by, after what AWS said of it the last time.
    pub(super) fn judged(&self, world: &World) -> Vec<Check> {
        let Self { place, request, .. } = self;
        let name = request.snapshot.as_str();
        let cluster = (&request.cluster, request.cluster_resource_id.as_deref());
        preflight::checks(world, *place, cluster, name, self.refusal(world))
    }

    fn add_warnings(&self, rows: &mut Rows<'_>, world: &World) {
        let (request, place) = (&self.request, world.at(self.place));
        let checks = self.judged(world);
        let of = |subject| checks.iter().filter(move |check| check.subject == subject);
        // What is under way is in the journal itself.
        for check in of(Subject::Journal).filter(|_| self.sent.is_none()) {
            let text = match check.verdict {
                Verdict::Blocks => {
                    format!(
                        "{} ‹l:look_again› looks up what became of it; nothing is sent before that is known.",
                        check.text
                    )
                }
                _ => capitalized(&check.text),
            };
            if check.verdict != Verdict::Fine {
                rows.add("OPEN", &text, Kind::Warning);
            }
        }
        // While it is asked for, the question says it.
        if self.typed.is_none() && self.sent.is_none() && world.is_production(place, Some(&request.cluster)) {
            rows.add("PRODUCTION", "To send it, the cluster's name has to be typed", Kind::Warning);
        }
        if request.mark.is_none() && world.policy.mark_key.0.is_some() {
            let way = if self.sent.is_none() {
                "; ‹ctrl-y:toggle_mark› in the draft brings it back"
            } else {
                ""
            };
            let text = format!("Nothing will prove whose snapshot it is, should the answer be lost{way}");
            rows.add("NO MARK", &text, Kind::Warning);
        }
        if self.sent.is_none() && place.is_busy(&request.cluster) {
            let time = length(world.wait_time.length());
            let status = place.catalog.cluster(&request.cluster).map(|cluster| cluster.status.to_string());
            let state = status.map(|status| format!("It is {status}: ")).unwrap_or_default();
            let text = format!(
                "{state}‹w:arm› sends it as soon as it is available, within {time}; ‹+:wait_longer› and ‹-:wait_less› change that"
            );
            rows.add("BUSY", &text, Kind::Warning);
        }
        if self.sent.is_none() {
            for check in checks.iter().filter(|check| check.verdict == Verdict::Blocks) {
                if let Some(name) = stopped_by(check.subject) {
                    rows.add(name, &format!("{}. ‹l:look_again› looks again.", check.text), Kind::Warning);
                }
            }
        }
        let is_stale = |check: &&Check| check.verdict == Verdict::Doubt && check.failure.is_some();
        for check in of(Subject::Cluster).filter(|check| self.sent.is_none() && is_stale(check)) {
            let text = format!("{}. ‹l:look_again› looks again.", capitalized(&check.text));
            rows.add("CLUSTER", &text, Kind::Warning);
        }
        // What a person has to know of the account before they confirm anything; not that it is being asked for.
        let is_told = |check: &&Check| match check.verdict {
            Verdict::Blocks => false,
            verdict => check.failure.is_some() || verdict == Verdict::Doubt,
        };
        for check in of(Subject::Credentials).filter(is_told) {
            let is_sent =
                check.failure.is_some() && matches!(self.focus(world), Focus::Review | Focus::Unwritten);
            let goes = if is_sent { "; ‹y:submit› sends it all the same" } else { "" };
            rows.add("ACCOUNT", &format!("{}{goes}", capitalized(&check.text)), Kind::Warning);
        }
    }

    /// What is known at this moment of the name and the quota.
    fn add_checked(&self, rows: &mut Rows<'_>, world: &World) {
        let checks = self.judged(world);
        let told = checks.iter().filter(|check| check.verdict != Verdict::Blocks).filter_map(|check| {
            match check.subject {
                Subject::Name => Some(format!("name: {}", check.text)),
                Subject::Quota => Some(check.text.clone()),
                Subject::Credentials | Subject::Cluster | Subject::Journal => None,
            }
        });
        let told: Vec<String> = told.collect();
        if !told.is_empty() {
            rows.add("Checked", &told.join("; "), Kind::Fact);
        }
    }

    fn add_facts(&self, rows: &mut Rows<'_>, world: &World) {
        let request = &self.request;
        for (name, value) in facts(world.at(self.place), request, self.sent.is_none()) {
            rows.add(name, &value, Kind::Fact);
        }
        if self.sent.is_none() {
            self.add_checked(rows, world);
        }
        let tags = request.tags.as_slice();
        if tags.is_empty() {
            let cluster = world.at(self.place).catalog.cluster(&request.cluster);
            rows.add("Tags", untagged(cluster.and_then(|cluster| cluster.copies_tags)), Kind::Fact);
        }
        for (index, tag) in tags.iter().enumerate() {
            let name = match index {
                _ if request.mark.as_ref() == Some(&tag.key) => "Mark",
                0 => "Tags",
                _ => "",
            };
            rows.add(name, &format!("{} = {}", tag.key, tag.value), Kind::Fact);
        }
        if request.mark.is_none() && world.policy.mark_key.0.is_none() {
            let text = "none, as the configuration says: nothing will prove whose snapshot it is";
            rows.add("Mark", text, Kind::Fact);
        }
    }
}

/// Lines, wrapped to a width.
struct Rows<'w> {
    world: &'w World,
    focus: Focus,
    lines: Vec<ReviewRow>,
}

impl Rows<'_> {
    fn add(&mut self, name: &'static str, text: &str, kind: Kind) {
        let margin = if kind == Kind::Command { MARGIN } else { VALUE };
        let room = usize::from(self.world.viewport.0.saturating_sub(margin + 1));
        // Facts name no key, and what they are made of comes from outside.
        let is_fact = kind == Kind::Fact;
        let text = if is_fact { text.into() } else { self.world.keymap.told(text, self.focus) };
        let text = escape(&text);
        // A line of the command goes on below as what it is: a comment in the demo, and further in than it begins.
        let words = if kind == Kind::Command { text.trim_start_matches(['#', ' ']) } else { &text };
        let start = text.strip_suffix(words).unwrap_or_default();
        let is_deeper = kind == Kind::Command && width(&text) > room;
        let deeper = if is_deeper { format!("{start}  ") } else { start.to_owned() };
        for (index, line) in wrap(words, room.saturating_sub(deeper.len())).into_iter().enumerate() {
            let (name, start) = if index == 0 { (name, start) } else { ("", deeper.as_str()) };
            self.lines.push(ReviewRow { name, text: format!("{start}{line}"), kind });
        }
    }
}

/// What certainly stands in the way, in a word; the journal's has words of its own.
fn stopped_by(subject: Subject) -> Option<&'static str> {
    match subject {
        Subject::Credentials => Some("ACCOUNT"),
        Subject::Cluster => Some("CLUSTER"),
        Subject::Name => Some("NAME"),
        Subject::Quota => Some("QUOTA"),
        Subject::Journal => None,
    }
}

/// What is asked, and of whom; with the cluster's status as long as it is read anew.
fn facts(place: &Place, request: &SnapshotRequest, is_unsent: bool) -> [(&'static str, String); 4] {
    let told = |account: &AccountId, remark: &str| {
        let caller = place.caller.value.as_ref().filter(|caller| caller.account == *account);
        caller.map_or(format!("{account}{remark}"), |caller| format!("{account}{remark}   {}", caller.arn))
    };
    let account = match place.account_standing(&request.cluster) {
        AccountStanding::Unverified(account, _) => told(&account, ", as last known"),
        AccountStanding::Known(account) | AccountStanding::Disputed(account, _) => told(&account, ""),
        AccountStanding::NotFoundOut(failure) | AccountStanding::Refused(failure) => {
            format!("not known: {}", failure.kind.headline())
        }
        AccountStanding::Asking => "not known yet".to_owned(),
    };
    let target = place.target();
    let region = target.region.clone().unwrap_or_default();
    let url = if target.is_demo { "the simulator".to_owned() } else { target.url() };
    let cluster = place.catalog.cluster(&request.cluster).map_or_else(
        || request.cluster.to_string(),
        |cluster| {
            let was = if place.unread(&cluster.id).is_some() { "was " } else { "" };
            let status = if is_unsent { format!(", {was}{}", cluster.status) } else { String::new() };
            format!("{}   {}{status}", cluster.id, cluster.engine())
        },
    );
    [
        // What is asked comes first: on the smallest screens it is what fits, and the header has the rest.
        ("Snapshot", request.snapshot.to_string()),
        ("Cluster", cluster),
        ("Account", account),
        ("Region", format!("{region}   {url}")),
    ]
}
