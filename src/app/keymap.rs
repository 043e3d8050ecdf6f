//! Where the focus is, and a key: what it means. The dispatch, the footer, the help overlay, the palette
//! and the settings of keys are made from the one table [`BINDINGS`]; `overrides` has the keys in force.

pub use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use strum::VariantArray as _;

pub use super::action::Action;

/// Where the keys go: first the screens, and last the question before quitting; the table below takes them in this order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum Focus {
    /// The list of DB clusters.
    Clusters,
    /// The snapshots of the Region or of a cluster.
    Snapshots,
    /// The review of a change.
    ChangeReview,
    /// The same where something certain stands against all of it.
    ChangeObstructed,
    /// The plan of a clean-up.
    Removal,
    /// What becomes of snapshots that are deleted or tagged.
    Alterations,
    /// The pane of snapshots in progress.
    Pane,
    /// The details of a cluster.
    Details,
    /// The review before a request is sent.
    Review,
    /// The review after the journal could not be written.
    Unwritten,
    /// The review while the cluster is busy: the request can wait for it.
    Busy,
    /// The review while another request for the same snapshot is open.
    Requested,
    /// The review while something else certainly stands in the way.
    Obstructed,
    /// The review while the request is under way.
    Sending,
    /// The requests of the past.
    History,
    /// The details of a request of the past.
    Record,
    /// All that is known of a snapshot.
    OneSnapshot,
    /// The evidence card of a snapshot.
    Evidence,
    /// A change that was confirmed.
    Change,
    /// The help overlay.
    Help,
    /// The messages of the past.
    Messages,
    /// The line of tags for snapshots; typed characters are text.
    Retag,
    /// The question whether a request of an earlier run shall wait again.
    WaitAgain,
    /// The question whether to go on with a change of an earlier run.
    GoOn,
    /// What is looked for in the help; typed characters are text.
    HelpFilter,
    /// The palette of actions; typed characters are text.
    Palette,
    /// The choice of profiles or Regions; typed characters are text.
    Chooser,
    /// The code of an MFA device; typed characters are text.
    Code,
    /// The login.
    Login,
    /// The filter of the list of clusters; typed characters are text.
    Filter,
    /// The filter of the requests of the past; typed characters are text.
    HistoryFilter,
    /// The filter of the snapshots; typed characters are text.
    SnapshotFilter,
    /// The identifier in the form; typed characters are text.
    Form,
    /// The tags in the form; typed characters are text.
    Tags,
    /// The switch and the buttons of the form.
    Buttons,
    /// The cluster's name, typed to confirm; typed characters are text.
    Typing,
    /// The question whether to end although a request is under way.
    Leaving,
}

/// One row of the table: where, which keys, what they mean, in which words.
#[derive(Debug, PartialEq, Eq)]
pub struct Binding {
    /// Where the keys have this meaning.
    pub focus: &'static [Focus],
    /// The keys, the one to show first: `ctrl-s`, `enter`, `j`, `G`.
    pub keys: &'static [&'static str],
    /// What they mean.
    pub action: Action,
    /// A few words for the help overlay.
    pub help: &'static str,
    /// A word or two for the footer; `None` to leave it out there.
    pub footer: Option<&'static str>,
}

use Focus::{
    Alterations, Busy, Buttons, Change, ChangeObstructed, ChangeReview, Chooser, Clusters, Code, Details,
    Evidence, Filter, Form, GoOn, Help, HelpFilter, History, HistoryFilter, Leaving, Login, Messages,
    Obstructed, OneSnapshot, Palette, Pane, Record, Removal, Requested, Retag, Review, Sending,
    SnapshotFilter, Snapshots, Tags, Typing, Unwritten, WaitAgain,
};

/// Where characters are no text, and nothing lies over the screen.
const SCREENS: &[Focus] = upto(Change);
const LISTS: &[Focus] = upto(Messages);
/// Where space is a screenful down: on the first six screens it is not.
const PAGES: &[Focus] = LISTS.split_at(6).1;
/// Everywhere but in the question before quitting.
const EVERYWHERE: &[Focus] = upto(Typing);
/// Where typed characters are text.
pub const FIELDS: &[Focus] =
    &[Filter, HistoryFilter, SnapshotFilter, HelpFilter, Form, Tags, Typing, Palette, Chooser, Code, Retag];
/// Where they are what is looked for.
pub const FILTERS: &[Focus] = &[Filter, HistoryFilter, SnapshotFilter, HelpFilter];
const CHANGE_REVIEWS: &[Focus] = &[ChangeReview, ChangeObstructed];
const REVIEWS: &[Focus] = &[Review, Unwritten, Busy, Requested, Obstructed];
/// The parts of the form.
pub const FORM: &[Focus] = &[Form, Tags, Buttons];

/// All from the first to this one.
const fn upto(last: Focus) -> &'static [Focus] {
    Focus::VARIANTS.split_at(last as usize + 1).0
}

macro_rules! binding {
    ($focus:expr, [$($key:literal),+], $action:ident, $help:literal) => {
        Binding { focus: $focus, keys: &[$($key),+], action: Action::$action, help: $help, footer: None }
    };
    ($focus:expr, [$($key:literal),+], $action:ident, $help:literal, $footer:literal) => {
        Binding { focus: $focus, keys: &[$($key),+], action: Action::$action, help: $help, footer: Some($footer) }
    };
}

/// Every key of the program. The first row that fits wins; the footer keeps this order.
pub static BINDINGS: &[Binding] = &[
    binding!(
        &[Clusters, Details],
        ["s"],
        Snapshot,
        "create a new snapshot (backup) of this cluster",
        "snapshot"
    ),
    binding!(&[Clusters], ["enter", "d"], Details, "details of this cluster", "details"),
    binding!(&[Clusters], ["/"], Filter, "filter: words, key=value, age>2h, -not, ~like", "filter"),
    binding!(&[Clusters, Snapshots], ["space"], Mark, "mark it, to do something with several", "mark"),
    binding!(&[Snapshots], ["x"], Remove, "delete the marked ones, or this one: a plan first", "delete"),
    binding!(&[Snapshots], ["t"], Retag, "change the tags of the marked ones, or of this one", "tags"),
    binding!(&[Clusters], ["o"], Sort, "sort by the next column", "sort"),
    binding!(&[Pane], ["a"], Acknowledge, "seen: put this one away, if it is over", "put away"),
    binding!(&[Clusters, Details], ["h"], History, "what was requested, and what became of it", "history"),
    binding!(&[Clusters, Details], ["v"], Snapshots, "all snapshots, here or of this cluster", "snapshots"),
    binding!(&[Snapshots, Pane], ["enter", "d"], Details, "all that is known of this snapshot", "details"),
    binding!(&[Snapshots], ["/"], Filter, "filter: words, key=value, age>2h, -not, ~like", "filter"),
    binding!(&[Snapshots], ["o"], Sort, "sort in the next way", "sort"),
    binding!(&[Snapshots, OneSnapshot, Pane], ["e"], Evidence, "this snapshot's evidence card", "evidence"),
    binding!(&[Snapshots, OneSnapshot], ["y"], Copy, "copy the identifier", "copy"),
    binding!(&[Snapshots, OneSnapshot], ["Y"], CopyArn, "copy the ARN", "copy ARN"),
    binding!(&[Evidence], ["y"], Copy, "copy as text", "copy as text"),
    binding!(&[Evidence], ["Y"], CopyArn, "copy as JSON", "copy as JSON"),
    binding!(&[Snapshots], ["r", "ctrl-r"], Refresh, "read everything anew", "refresh"),
    binding!(&[Snapshots, OneSnapshot, Evidence], ["esc", "q"], Back, "back", "back"),
    binding!(&[History], ["enter", "d"], Details, "all that is known of this request", "details"),
    binding!(&[History], ["/"], Filter, "filter: words, key=value, age>2h, -not, ~like", "filter"),
    binding!(&[Help], ["/"], Filter, "find a key by what it does", "find"),
    binding!(&[History, Record], ["y"], Copy, "copy as text for a ticket", "copy for a ticket"),
    binding!(&[History, Record], ["r", "ctrl-r"], Refresh, "read the journal anew", "refresh"),
    binding!(&[Clusters, Pane, Details], ["r", "ctrl-r"], Refresh, "read everything anew", "refresh"),
    binding!(&[Clusters], ["tab", "shift-tab"], OtherPane, "to the snapshots in progress", "pane"),
    binding!(&[Pane], ["tab", "shift-tab"], OtherPane, "to the list of clusters", "list"),
    binding!(&[Clusters, Pane, Details], ["y"], Copy, "copy the identifier", "copy"),
    binding!(&[Clusters, Pane, Details], ["Y"], CopyArn, "copy the ARN", "copy ARN"),
    binding!(&[Clusters], ["D"], Demo, "go on with the simulator (demo), without an account", "demo"),
    binding!(&[Details, History, Record, Help, Messages], ["esc", "q"], Back, "back", "back"),
    binding!(&[Pane], ["esc"], OtherPane, "back to the clusters", "back"),
    binding!(&[Pane], ["h"], History, "what was requested, and what became of it", "history"),
    binding!(&[Clusters], ["esc"], Back, "drop the filter, then the marks"),
    binding!(&[Clusters], ["A"], MarkGroup, "mark all of this one's group, or none of them"),
    binding!(&[Clusters, Snapshots], ["*"], MarkAll, "mark all that the list shows, or none of them"),
    binding!(LISTS, ["j", "down"], Down, "down"),
    binding!(LISTS, ["k", "up"], Up, "up"),
    binding!(LISTS, ["g", "home"], Top, "first"),
    binding!(LISTS, ["G", "end"], Bottom, "last"),
    binding!(LISTS, ["ctrl-f", "pagedown"], PageDown, "a screenful down"),
    binding!(PAGES, ["space"], PageDown, "a screenful down"),
    binding!(LISTS, ["ctrl-b", "pageup"], PageUp, "a screenful up"),
    binding!(FILTERS, ["enter", "tab", "down"], KeepFilter, "keep the filter, to the list", "to the list"),
    binding!(FILTERS, ["esc"], Back, "drop the filter", "drop the filter"),
    binding!(FORM, ["ctrl-s"], Review, "review the request; nothing is sent yet", "review"),
    binding!(&[Buttons], ["space"], Press, "press the switch or button", "press"),
    binding!(FORM, ["tab"], NextField, "next field", "next"),
    binding!(FORM, ["enter"], NextField, "next field"),
    binding!(FORM, ["esc"], Back, "back; the draft is kept", "back"),
    binding!(FORM, ["shift-tab"], PreviousField, "previous field"),
    binding!(FORM, ["down"], FieldDown, "field below"),
    binding!(FORM, ["up"], FieldUp, "field above"),
    binding!(FORM, ["left"], FieldLeft, "a character or field to the left"),
    binding!(FORM, ["right"], FieldRight, "a character or field to the right; takes what is offered"),
    binding!(&[Tags], ["ctrl-x"], RemoveTag, "remove this tag", "remove"),
    binding!(&[Tags, Buttons], ["ctrl-r"], Undo, "undo the last change of the tags", "undo"),
    binding!(FORM, ["ctrl-n"], AddTag, "add a tag", "add tag"),
    binding!(FORM, ["ctrl-t"], ProposeName, "propose a free identifier", "new name"),
    binding!(FORM, ["ctrl-o"], ToggleClusterTags, "with the cluster's own tags, or without", "own tags"),
    binding!(FORM, ["ctrl-y"], ToggleMark, "with the mark that proves whose it is, or without", "mark"),
    binding!(FORM, ["ctrl-l"], LookAgain, "read the cluster and the quota anew", "look again"),
    binding!(&[Review, Unwritten], ["y"], Submit, "send the request, once", "send"),
    binding!(&[Busy], ["w"], Arm, "send it as soon as the cluster is available", "send when available"),
    binding!(&[Busy], ["+"], WaitLonger, "wait for longer", "longer"),
    binding!(&[Busy], ["-"], WaitLess, "wait for less long", "shorter"),
    binding!(&[Busy], ["y"], Submit, "nothing yet: the cluster is busy"),
    binding!(&[Requested], ["l"], LookAgain, "look up what became of the open request", "look it up"),
    binding!(&[Requested], ["y"], Submit, "nothing yet: a request for the same snapshot is open"),
    binding!(&[Obstructed], ["l"], LookAgain, "read the cluster and the quota anew", "look again"),
    binding!(&[Review, Unwritten, Busy], ["l"], LookAgain, "read the cluster and the quota anew"),
    binding!(&[Obstructed], ["y"], Submit, "nothing yet: AWS would refuse it"),
    binding!(&[Unwritten], ["J"], SubmitUnwritten, "send this one without the journal", "without journal"),
    binding!(&[ChangeReview], ["y"], Submit, "send the requests, each once", "send"),
    binding!(&[ChangeObstructed], ["x"], LeaveOut, "leave out what cannot be sent", "leave those out"),
    binding!(&[ChangeObstructed], ["l"], LookAgain, "read the clusters and the quota anew", "look again"),
    binding!(&[ChangeObstructed], ["y"], Submit, "nothing yet: something stands against it"),
    binding!(CHANGE_REVIEWS, ["space"], Mark, "leave this cluster out, or take it in again", "leave out"),
    binding!(CHANGE_REVIEWS, ["o"], AllOrStop, "whether a failure stops the rest", "stop at a failure"),
    binding!(CHANGE_REVIEWS, ["esc", "q"], Back, "back to the form", "back"),
    binding!(&[Change], ["enter", "d"], Details, "all that is known of this snapshot", "details"),
    binding!(&[Change], ["e"], Evidence, "this snapshot's evidence card", "evidence"),
    binding!(&[Change], ["y"], Copy, "copy the identifier", "copy"),
    binding!(&[Change], ["r", "ctrl-r"], Refresh, "read everything anew", "refresh"),
    binding!(&[Change], ["esc", "q"], Back, "to the clusters; the change goes on", "to the clusters"),
    binding!(&[Removal], ["y"], Submit, "delete what the plan deletes; the count is asked for", "delete"),
    binding!(&[Removal], ["n"], SayName, "delete this one anyway; its name is asked for", "delete anyway"),
    binding!(&[Removal, Alterations], ["esc", "q"], Back, "back", "back"),
    binding!(&[Retag], ["enter"], SubmitTyped, "change the tags of all of them", "change the tags"),
    binding!(&[Retag], ["esc"], Back, "back", "back"),
    binding!(&[Snapshots], ["C"], Change, "what was deleted or tagged last, and what became of it"),
    binding!(&[Clusters, Pane], ["C"], Change, "the change that was confirmed last"),
    binding!(REVIEWS, ["c"], CopyCommand, "copy the AWS command", "copy as aws"),
    binding!(REVIEWS, ["u"], CopyCurl, "copy the call as curl", "copy as curl"),
    binding!(REVIEWS, ["esc", "q"], Back, "back to the form", "back"),
    binding!(&[Typing], ["enter"], SubmitTyped, "confirm, if what is asked for is typed", "confirm"),
    binding!(&[Typing], ["esc"], Back, "back to the review", "back"),
    binding!(&[Sending], ["esc", "q"], Back, "to the clusters; the request goes on", "to the clusters"),
    binding!(&[Clusters, Details, Pane, Change], ["W"], Disarm, "drop a request that waits", "drop"),
    binding!(&[WaitAgain], ["w"], WaitAgain, "wait for the cluster again", "wait again"),
    binding!(&[WaitAgain], ["x"], DropWait, "drop the request; nothing is sent", "drop it"),
    binding!(&[GoOn], ["c"], GoOn, "send what was not sent, each once", "go on"),
    binding!(&[GoOn], ["x"], DropWait, "let go of it; nothing is sent", "drop it"),
    binding!(&[GoOn], ["esc"], Back, "decide later: the next start and its id ask again", "later"),
    binding!(&[WaitAgain], ["esc"], Back, "decide later; the next start in its place asks again", "later"),
    binding!(&[Leaving], ["esc", "n"], Back, "stay", "stay"),
    binding!(&[Leaving], ["y", "ctrl-c"], QuitAnyway, "quit anyway", "quit anyway"),
    binding!(&[Palette], ["enter"], Run, "do what is under the cursor", "do it"),
    binding!(&[Chooser], ["enter"], Run, "go there", "go there"),
    binding!(&[Chooser], ["space"], Mark, "mark it, to open several side by side", "mark"),
    binding!(&[Palette, Chooser, Retag], ["down", "ctrl-n"], Down, "down"),
    binding!(&[Palette, Chooser, Retag], ["up"], Up, "up"),
    binding!(&[Palette, Chooser], ["esc"], Back, "back", "back"),
    binding!(&[Code], ["enter"], GiveCode, "give the code, which is sent once", "give it"),
    binding!(&[Login], ["enter"], LogIn, "start the login here", "log in here"),
    binding!(&[Login], ["y"], Copy, "copy the command that logs in", "copy"),
    binding!(&[Code, Login], ["esc"], Back, "later; reading everything anew asks again", "later"),
    binding!(SCREENS, ["p"], Profiles, "other profiles and accounts: go there, open several", "profiles"),
    binding!(SCREENS, ["R"], Regions, "other Regions: go there, or open several", "Regions"),
    binding!(SCREENS, ["?"], Help, "show the keys"),
    binding!(EVERYWHERE, ["f1", "alt-?"], Help, "show the keys, from everywhere and from fields"),
    binding!(&[Clusters, Pane], ["q"], Quit, "quit, exit", "quit"),
    binding!(SCREENS, ["m"], Messages, "the messages so far, with times", "messages"),
    binding!(EVERYWHERE, ["ctrl-g"], Messages, "the messages so far, from everywhere"),
    binding!(SCREENS, [":"], Palette, "find an action by its name", "actions"),
    binding!(EVERYWHERE, ["ctrl-p"], Palette, "find an action by its name"),
    binding!(EVERYWHERE, ["ctrl-z"], Suspend, "back to the shell; fg comes back here"),
    binding!(EVERYWHERE, ["ctrl-c"], Quit, "quit, from everywhere"),
];
