//! Where the focus is, and a key: what it means. The dispatch, the footer and the help overlay are
//! made from the one table [`BINDINGS`].

pub use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use tui_input::InputRequest;

pub use super::action::Action;

/// Where the keys go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    /// The list of DB clusters.
    Clusters,
    /// The filter of that list; typed characters are text.
    Filter,
    /// The details of a cluster.
    Details,
    /// The identifier in the form; typed characters are text.
    Form,
    /// The tags in the form; typed characters are text.
    Tags,
    /// The switch and the buttons of the form.
    Buttons,
    /// The cluster's name, typed to confirm; typed characters are text.
    Typing,
    /// The review before a request is sent.
    Review,
    /// The review while the request is under way.
    Sending,
    /// The review after the journal could not be written.
    Unwritten,
    /// The pane of snapshots in progress.
    Pane,
    /// The requests of the past.
    History,
    /// The filter of the requests of the past; typed characters are text.
    HistoryFilter,
    /// The details of a request of the past.
    PastRequest,
    /// The snapshots of the Region or of a cluster.
    Snapshots,
    /// The filter of the snapshots; typed characters are text.
    SnapshotFilter,
    /// All that is known of a snapshot.
    OneSnapshot,
    /// The evidence card of a snapshot.
    Evidence,
    /// The review while the cluster is busy: the request can wait for it.
    Busy,
    /// The question whether a request of an earlier run shall wait again.
    WaitAgain,
    /// The help overlay.
    Help,
    /// The question whether to end although a request is under way.
    Leaving,
}

/// One row of the table: where, which keys, what they mean, in which words.
#[derive(Debug)]
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
    Busy, Buttons, Clusters, Details, Evidence, Filter, Form, Help, History, HistoryFilter, Leaving,
    OneSnapshot, Pane, PastRequest, Review, Sending, SnapshotFilter, Snapshots, Tags, Typing, Unwritten,
    WaitAgain,
};

const LISTS: &[Focus] = &[
    Clusters,
    Pane,
    Details,
    Review,
    Unwritten,
    Busy,
    Sending,
    Help,
    History,
    PastRequest,
    Snapshots,
    OneSnapshot,
    Evidence,
];
const FILTERS: &[Focus] = &[Filter, HistoryFilter, SnapshotFilter];
const REVIEWS: &[Focus] = &[Review, Unwritten, Busy];
/// The parts of the form.
pub const FORM: &[Focus] = &[Form, Tags, Buttons];

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
    binding!(&[Clusters, Details], ["s"], Snapshot, "new snapshot of this cluster", "snapshot"),
    binding!(&[Clusters], ["enter", "d"], Details, "details of this cluster", "details"),
    binding!(&[Clusters], ["/"], Filter, "filter as you type", "filter"),
    binding!(&[Clusters], ["o"], Sort, "sort by the next column", "sort"),
    binding!(&[Clusters, Pane, Details], ["h"], History, "what was asked, and what became of it", "history"),
    binding!(
        &[Clusters, Details],
        ["v"],
        Snapshots,
        "all snapshots, of the Region or of this cluster",
        "snapshots"
    ),
    binding!(&[Snapshots, Pane], ["enter", "d"], Details, "all that is known of this snapshot", "details"),
    binding!(&[Snapshots], ["/"], Filter, "words in names, types, states, tags", "filter"),
    binding!(&[Snapshots], ["o"], Sort, "sort in the next way", "sort"),
    binding!(
        &[Snapshots, OneSnapshot, Pane],
        ["e"],
        Evidence,
        "the evidence card of this snapshot",
        "evidence"
    ),
    binding!(&[Snapshots, OneSnapshot], ["y"], Copy, "copy the identifier", "copy"),
    binding!(&[Snapshots, OneSnapshot], ["Y"], CopyArn, "copy the ARN"),
    binding!(&[Evidence], ["y"], Copy, "copy as text", "copy as text"),
    binding!(&[Evidence], ["Y"], CopyArn, "copy as JSON", "copy as JSON"),
    binding!(&[Snapshots], ["r", "ctrl-r"], Refresh, "read everything anew", "refresh"),
    binding!(&[Snapshots, OneSnapshot, Evidence], ["esc", "q"], Back, "back", "back"),
    binding!(&[History], ["enter", "d"], Details, "all that is known of this request", "details"),
    binding!(&[History], ["/"], Filter, "only clusters with this in their names", "filter"),
    binding!(&[History, PastRequest], ["y"], Copy, "copy as text for a ticket", "copy for a ticket"),
    binding!(&[History, PastRequest], ["r", "ctrl-r"], Refresh, "read the journal anew", "refresh"),
    binding!(&[Clusters, Pane, Details], ["r", "ctrl-r"], Refresh, "read everything anew", "refresh"),
    binding!(&[Clusters, Pane], ["tab", "shift-tab"], OtherPane, "the other pane", "pane"),
    binding!(&[Clusters, Pane, Details], ["y"], Copy, "copy the identifier", "copy"),
    binding!(&[Clusters, Pane, Details], ["Y"], CopyArn, "copy the ARN"),
    binding!(&[Clusters], ["D"], Demo, "go on with the embedded simulator, without an account"),
    binding!(&[Details, Help, History, PastRequest], ["esc", "q"], Back, "back", "back"),
    binding!(&[Pane], ["esc"], OtherPane, "back to the clusters", "back"),
    binding!(&[Clusters], ["esc"], Back, "drop the filter"),
    binding!(LISTS, ["j", "down"], Down, "down"),
    binding!(LISTS, ["k", "up"], Up, "up"),
    binding!(LISTS, ["g", "home"], Top, "first"),
    binding!(LISTS, ["G", "end"], Bottom, "last"),
    binding!(LISTS, ["ctrl-f", "pagedown", "space"], PageDown, "a screenful down"),
    binding!(LISTS, ["ctrl-b", "pageup"], PageUp, "a screenful up"),
    binding!(FILTERS, ["enter", "tab", "down"], KeepFilter, "keep the filter, to the list", "to the list"),
    binding!(FILTERS, ["esc"], Back, "drop the filter", "drop the filter"),
    binding!(FORM, ["ctrl-s"], Review, "review the request; nothing is sent yet", "review"),
    binding!(&[Buttons], ["enter", "space"], Press, "press the switch or button", "press"),
    binding!(FORM, ["tab"], NextField, "next field", "next"),
    binding!(&[Form, Tags], ["enter"], NextField, "next field"),
    binding!(FORM, ["esc"], Back, "back; the draft is kept", "back"),
    binding!(FORM, ["shift-tab"], PreviousField, "previous field"),
    binding!(FORM, ["down"], FieldDown, "field below"),
    binding!(FORM, ["up"], FieldUp, "field above"),
    binding!(FORM, ["left"], FieldLeft, "a character or field to the left"),
    binding!(FORM, ["right"], FieldRight, "a character or field to the right; takes what is offered"),
    binding!(&[Tags], ["ctrl-x"], RemoveTag, "remove this tag", "remove"),
    binding!(&[Tags, Buttons], ["ctrl-r"], Undo, "take the last change of the tags back", "undo"),
    binding!(FORM, ["ctrl-n"], AddTag, "add a tag", "add tag"),
    binding!(FORM, ["ctrl-t"], ProposeName, "propose a free identifier", "new name"),
    binding!(FORM, ["ctrl-o"], ToggleClusterTags, "with the cluster's own tags, or without", "own tags"),
    binding!(FORM, ["ctrl-l"], LookAgain, "read the cluster and the quota anew", "look again"),
    binding!(&[Review, Unwritten], ["y"], Submit, "send the request, once", "submit"),
    binding!(&[Busy], ["w"], Arm, "submit as soon as the cluster is available", "submit when available"),
    binding!(&[Busy], ["+"], WaitLonger, "wait for longer", "longer"),
    binding!(&[Busy], ["-"], WaitLess, "wait for less long", "shorter"),
    binding!(&[Busy], ["y"], Submit, "nothing yet: the cluster is busy"),
    binding!(
        &[Unwritten],
        ["J"],
        SubmitUnwritten,
        "send this one without the journal",
        "submit without the journal"
    ),
    binding!(REVIEWS, ["c"], CopyCommand, "copy the AWS command", "copy the command"),
    binding!(REVIEWS, ["u"], CopyCurl, "copy the call as curl", "copy as curl"),
    binding!(REVIEWS, ["esc", "q"], Back, "back to the form", "back"),
    binding!(&[Typing], ["enter"], SubmitTyped, "submit, if the cluster's name is typed", "submit"),
    binding!(&[Typing], ["esc"], Back, "back to the review", "back"),
    binding!(&[Sending], ["esc", "q"], Back, "to the clusters; the request goes on", "to the clusters"),
    binding!(&[Clusters, Details, Pane], ["W"], Disarm, "drop a request that waits for its cluster"),
    binding!(&[WaitAgain], ["w"], WaitAgain, "wait for the cluster again", "wait again"),
    binding!(&[WaitAgain], ["x"], DropWait, "drop the request; nothing is sent", "drop it"),
    binding!(&[WaitAgain], ["esc"], Back, "decide later; the next start asks again", "later"),
    binding!(&[Leaving], ["esc", "n"], Back, "stay", "stay"),
    binding!(&[Leaving], ["y", "ctrl-c"], QuitAnyway, "quit anyway", "quit anyway"),
    binding!(
        &[
            Clusters,
            Details,
            Pane,
            Review,
            Unwritten,
            Busy,
            History,
            PastRequest,
            Snapshots,
            OneSnapshot,
            Evidence
        ],
        ["?"],
        Help,
        "show the keys",
        "help"
    ),
    binding!(&[Clusters, Pane], ["q"], Quit, "quit", "quit"),
    binding!(
        &[
            Clusters,
            Pane,
            Details,
            Review,
            Unwritten,
            Sending,
            Filter,
            Form,
            Tags,
            Buttons,
            Typing,
            Busy,
            WaitAgain,
            Help,
            History,
            HistoryFilter,
            PastRequest,
            Snapshots,
            SnapshotFilter,
            OneSnapshot,
            Evidence
        ],
        ["ctrl-c"],
        Quit,
        "quit, from everywhere"
    ),
];

/// What a key means where the focus is; `None` if nothing, or if it is text.
#[must_use]
pub fn action(focus: Focus, key: KeyEvent) -> Option<Action> {
    let name = name(key)?;
    BINDINGS
        .iter()
        .find(|binding| binding.focus.contains(&focus) && binding.keys.contains(&name.as_str()))
        .map(|binding| binding.action)
}

/// The rows of the table that hold where the focus is.
pub fn bindings(focus: Focus) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| binding.focus.contains(&focus))
}

/// The name of a key, as the table spells it.
fn name(key: KeyEvent) -> Option<String> {
    let plain = match key.code {
        KeyCode::Char(' ') => "space".to_owned(),
        KeyCode::Char(c) => c.to_string(),
        KeyCode::Enter => "enter".to_owned(),
        KeyCode::Esc => "esc".to_owned(),
        KeyCode::Tab if key.modifiers.contains(KeyModifiers::SHIFT) => "shift-tab".to_owned(),
        KeyCode::Tab => "tab".to_owned(),
        KeyCode::BackTab => "shift-tab".to_owned(),
        KeyCode::Up => "up".to_owned(),
        KeyCode::Down => "down".to_owned(),
        KeyCode::Left => "left".to_owned(),
        KeyCode::Right => "right".to_owned(),
        KeyCode::Home => "home".to_owned(),
        KeyCode::End => "end".to_owned(),
        KeyCode::PageUp => "pageup".to_owned(),
        KeyCode::PageDown => "pagedown".to_owned(),
        _ => return None,
    };
    if key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER) {
        return None;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return Some(format!("ctrl-{}", plain.to_lowercase()));
    }
    Some(plain)
}

/// What a key does to the text of a field, if anything; the keys are those of a shell's line editor.
#[must_use]
pub fn edit(key: KeyEvent) -> Option<InputRequest> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    match key.code {
        KeyCode::Char(c) if !control && !alt => Some(InputRequest::InsertChar(c)),
        KeyCode::Backspace if control || alt => Some(InputRequest::DeletePrevWord),
        KeyCode::Backspace => Some(InputRequest::DeletePrevChar),
        KeyCode::Delete => Some(InputRequest::DeleteNextChar),
        KeyCode::Left if control => Some(InputRequest::GoToPrevWord),
        KeyCode::Right if control => Some(InputRequest::GoToNextWord),
        KeyCode::Left => Some(InputRequest::GoToPrevChar),
        KeyCode::Right => Some(InputRequest::GoToNextChar),
        KeyCode::Home => Some(InputRequest::GoToStart),
        KeyCode::End => Some(InputRequest::GoToEnd),
        KeyCode::Char('a') if control => Some(InputRequest::GoToStart),
        KeyCode::Char('e') if control => Some(InputRequest::GoToEnd),
        KeyCode::Char('h') if control => Some(InputRequest::DeletePrevChar),
        KeyCode::Char('w') if control => Some(InputRequest::DeletePrevWord),
        KeyCode::Char('u') if control => Some(InputRequest::DeleteFromStart),
        KeyCode::Char('k') if control => Some(InputRequest::DeleteTillEnd),
        KeyCode::Char('b') if alt => Some(InputRequest::GoToPrevWord),
        KeyCode::Char('f') if alt => Some(InputRequest::GoToNextWord),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn press(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
        KeyEvent::new(code, modifiers)
    }

    #[test]
    fn no_key_has_two_meanings_in_one_place() {
        for (index, binding) in BINDINGS.iter().enumerate() {
            for other in BINDINGS.iter().skip(index + 1) {
                let place = binding.focus.iter().find(|focus| other.focus.contains(focus));
                let key = binding.keys.iter().find(|key| other.keys.contains(key));
                assert!(place.is_none() || key.is_none(), "{key:?} in {place:?}: {binding:?} and {other:?}");
            }
        }
    }

    #[test]
    fn ctrl_c_gets_out_of_everywhere() {
        let key = press(KeyCode::Char('c'), KeyModifiers::CONTROL);
        for focus in [
            Clusters,
            Filter,
            Details,
            Form,
            Tags,
            Buttons,
            Typing,
            Busy,
            WaitAgain,
            Review,
            Unwritten,
            Sending,
            Pane,
            Help,
            History,
            HistoryFilter,
            PastRequest,
            Snapshots,
            SnapshotFilter,
            OneSnapshot,
            Evidence,
        ] {
            assert_eq!(action(focus, key), Some(Action::Quit), "{focus:?}");
        }
        assert_eq!(action(Leaving, key), Some(Action::QuitAnyway));
    }

    #[test]
    fn letters_are_text_in_a_field_and_case_counts_elsewhere() {
        let s = press(KeyCode::Char('s'), KeyModifiers::NONE);
        assert_eq!(action(Form, s), None);
        assert_eq!(edit(s), Some(InputRequest::InsertChar('s')));
        assert_eq!(action(Clusters, s), Some(Action::Snapshot));
        assert_eq!(action(Clusters, press(KeyCode::Char('G'), KeyModifiers::SHIFT)), Some(Action::Bottom));
    }
}
