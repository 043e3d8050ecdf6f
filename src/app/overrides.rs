//! The keys that are in force: those of the table, and what the configuration changes about them.

use std::borrow::Cow;

use tui_input::InputRequest;

use super::keymap::{Action, BINDINGS, Binding, FIELDS, Focus, KeyCode, KeyEvent, KeyModifiers};

/// Ends the program from everywhere, whatever the configuration says.
const WAY_OUT: &str = "ctrl-c";
/// Keys that have names.
const NAMED: &[(KeyCode, &str)] = &[
    (KeyCode::Char(' '), "space"),
    (KeyCode::Enter, "enter"),
    (KeyCode::Esc, "esc"),
    (KeyCode::Tab, "tab"),
    (KeyCode::BackTab, "shift-tab"),
    (KeyCode::Up, "up"),
    (KeyCode::Down, "down"),
    (KeyCode::Left, "left"),
    (KeyCode::Right, "right"),
    (KeyCode::Home, "home"),
    (KeyCode::End, "end"),
    (KeyCode::PageUp, "pageup"),
    (KeyCode::PageDown, "pagedown"),
    (KeyCode::F(1), "f1"),
];
/// The only one of its kind: what opens the help elsewhere is text in a field.
const HELP_ANYWHERE: &str = "alt-?";
/// Keys that a terminal cannot tell from others.
const TWINS: &[(&str, &str)] = &[
    ("ctrl-i", "tab"),
    ("ctrl-m", "enter"),
    ("ctrl-j", "enter"),
    ("ctrl-[", "esc"),
    ("ctrl-h", "backspace"),
];

/// A row of the table with its keys in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// The row.
    pub binding: &'static Binding,
    /// The keys, the one to show first.
    pub keys: Vec<String>,
}

/// The keys in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keymap {
    rows: Vec<Bound>,
    changed: Vec<KeyOverride>,
}

/// Keys that are wanted for an action, wherever it has any.
pub type KeyOverride = (Action, Vec<String>);

impl Default for Keymap {
    fn default() -> Self {
        let rows = BINDINGS.iter().map(|binding| Bound { binding, keys: default_keys(binding) }).collect();
        Self { rows, changed: Vec::new() }
    }
}

impl Keymap {
    /// The table with other keys for some actions; and which of the wishes are not granted, by their place,
    /// and why. An action whose wish is not granted keeps its keys.
    pub fn with(wishes: &[KeyOverride]) -> (Self, Vec<(usize, String)>) {
        let mut refused: Vec<(usize, String)> = Vec::new();
        loop {
            let mut keymap = Self::default();
            for (place, (action, keys)) in wishes.iter().enumerate() {
                if !refused.iter().any(|(other, _)| *other == place) {
                    keymap.grant(*action, keys);
                    keymap.changed.push((*action, keys.clone()));
                }
            }
            let Some((actions, said)) = keymap.conflict() else { return (keymap, refused) };
            // The table itself has no conflict, so that one of the two is a wish; the later one is refused.
            let is_its = |place: &usize| {
                let is_refused = refused.iter().any(|(other, _)| other == place);
                wishes.get(*place).is_some_and(|(action, _)| actions.contains(action)) && !is_refused
            };
            let Some(place) = (0..wishes.len()).rev().find(is_its) else { return (keymap, refused) };
            refused.push((place, said));
        }
    }

    fn grant(&mut self, action: Action, keys: &[String]) {
        for row in self.rows.iter_mut().filter(|row| row.binding.action == action) {
            let is_field = row.binding.focus.iter().any(|focus| FIELDS.contains(focus));
            let wanted: Vec<String> = keys.iter().filter(|key| !is_field || !is_text(key)).cloned().collect();
            let is_way_out = row.binding.keys.contains(&WAY_OUT);
            if wanted.is_empty() {
                continue;
            }
            row.keys = wanted;
            if is_way_out && !row.keys.iter().any(|key| key == WAY_OUT) {
                row.keys.push(WAY_OUT.to_owned());
            }
        }
    }

    /// Two actions for one key in one place.
    fn conflict(&self) -> Option<([Action; 2], String)> {
        for (index, row) in self.rows.iter().enumerate() {
            for other in self.rows.iter().skip(index + 1) {
                let (action, another) = (row.binding.action, other.binding.action);
                let is_same_place = row.binding.focus.iter().any(|focus| other.binding.focus.contains(focus));
                let key = row.keys.iter().find(|key| other.keys.contains(key));
                if let (true, Some(key)) = (is_same_place && action != another, key) {
                    let said = format!("{key} would be both {} and {}", action.name(), another.name());
                    return Some(([action, another], said));
                }
            }
        }
        None
    }

    /// What a key means where the focus is; `None` if nothing, or if it is text.
    pub fn action(&self, focus: Focus, key: KeyEvent) -> Option<Action> {
        let name = name(key)?;
        self.rows(focus).find(|row| row.keys.contains(&name)).map(|row| row.binding.action)
    }

    /// The rows that hold where the focus is.
    pub fn rows(&self, focus: Focus) -> impl Iterator<Item = &Bound> {
        self.rows.iter().filter(move |row| row.binding.focus.contains(&focus))
    }

    /// A text with the keys in force in it. A sentence names a key as the table does: `‹s:snapshot›` is the key of the row
    /// that has `s` first for that action, where the focus is if there is one, else of what does the same there.
    pub fn told<'t>(&self, text: &'t str, focus: Focus) -> Cow<'t, str> {
        let Some((start, mut rest)) = text.split_once('‹') else { return Cow::Borrowed(text) };
        let mut told = start.to_owned();
        loop {
            let (part, next) = rest.split_once('‹').map_or((rest, None), |(part, next)| (part, Some(next)));
            let named =
                part.split_once('›').and_then(|(name, after)| Some((self.named(name, focus)?, after)));
            match named {
                Some((key, after)) => told.extend([key, after]),
                // Text from outside may have the signs, too.
                None => told.extend(["‹", part]),
            }
            let Some(next) = next else { return Cow::Owned(told) };
            rest = next;
        }
    }

    fn named(&self, name: &str, focus: Focus) -> Option<&str> {
        let (key, action) = name.rsplit_once(':')?;
        let does_it = |row: &&Bound| row.binding.action.name() == action && !row.keys.is_empty();
        let is_it = |row: &&Bound| does_it(row) && row.binding.keys.first() == Some(&key);
        let here = self.rows(focus).find(is_it).or_else(|| self.rows(focus).find(does_it));
        let row = here.or_else(|| self.rows.iter().find(is_it))?;
        row.keys.first().map(String::as_str)
    }

    /// The wishes that were granted.
    pub fn changed(&self) -> &[KeyOverride] {
        &self.changed
    }

    /// Every row.
    pub fn all(&self) -> &[Bound] {
        &self.rows
    }
}

/// Every action with its keys in the table, in its order.
pub fn actions() -> Vec<KeyOverride> {
    let mut actions: Vec<KeyOverride> = Vec::new();
    for binding in BINDINGS {
        let keys = default_keys(binding);
        match actions.iter_mut().find(|(action, _)| *action == binding.action) {
            Some((_, known)) => {
                let new: Vec<String> = keys.into_iter().filter(|key| !known.contains(key)).collect();
                known.extend(new);
            }
            None => actions.push((binding.action, keys)),
        }
    }
    actions
}

fn default_keys(binding: &Binding) -> Vec<String> {
    binding.keys.iter().map(|key| (*key).to_owned()).collect()
}

/// Whether a key types a character.
fn is_text(key: &str) -> bool {
    key == "space" || key.chars().count() == 1
}

/// The name of a key as the table spells it, from how a person may write it.
///
/// # Errors
///
/// What is wrong with it.
pub fn parse_key(text: &str) -> Result<String, String> {
    if text.chars().count() == 1 && text.chars().all(|c| !c.is_control() && c != ' ') {
        return Ok(text.to_owned());
    }
    let key = text.to_lowercase();
    if key == WAY_OUT {
        return Err(format!("{WAY_OUT} always quits"));
    }
    if let Some((_, twin)) = TWINS.iter().find(|(name, _)| *name == key) {
        return Err(format!("a terminal cannot tell {key} from {twin}"));
    }
    let is_control = key
        .strip_prefix("ctrl-")
        .is_some_and(|rest| rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_lowercase()));
    let named: Vec<&str> = NAMED.iter().map(|(_, name)| *name).chain([HELP_ANYWHERE]).collect();
    if is_control || named.contains(&key.as_str()) {
        return Ok(key);
    }
    Err(format!("there is no key {text}; a character, ctrl- and a letter, or {}", named.join(", ")))
}

/// The name of a key, as the table spells it.
fn name(key: KeyEvent) -> Option<String> {
    let is_back = key.code == KeyCode::Tab && key.modifiers.contains(KeyModifiers::SHIFT);
    let code = if is_back { KeyCode::BackTab } else { key.code };
    let plain = match (NAMED.iter().find(|(named, _)| *named == code), code) {
        (Some((_, name)), _) => (*name).to_owned(),
        (None, KeyCode::Char(c)) => c.to_string(),
        _ => return None,
    };
    if key.modifiers.intersects(KeyModifiers::ALT | KeyModifiers::SUPER) {
        let is_help = key.modifiers.contains(KeyModifiers::ALT) && plain == "?";
        return is_help.then(|| HELP_ANYWHERE.to_owned());
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return Some(format!("ctrl-{}", plain.to_lowercase()));
    }
    Some(plain)
}

/// What a key does to the text of a field, if anything; the keys are those of a shell's line editor.
pub fn edit(key: KeyEvent) -> Option<InputRequest> {
    let control = key.modifiers.contains(KeyModifiers::CONTROL);
    let alt = key.modifiers.contains(KeyModifiers::ALT);
    match key.code {
        KeyCode::Char(c) if !control && !alt => Some(InputRequest::InsertChar(c)),
        KeyCode::Backspace if control || alt => Some(InputRequest::DeletePrevWord),
        KeyCode::Backspace => Some(InputRequest::DeletePrevChar),
        KeyCode::Delete => Some(InputRequest::DeleteNextChar),
        KeyCode::Left if control || alt => Some(InputRequest::GoToPrevWord),
        KeyCode::Right if control || alt => Some(InputRequest::GoToNextWord),
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

    fn wish(action: Action, keys: &[&str]) -> KeyOverride {
        (action, keys.iter().map(|key| (*key).to_owned()).collect())
    }

    #[test]
    fn no_key_has_two_meanings_in_one_place() {
        assert_eq!(Keymap::default().conflict(), None);
    }

    #[test]
    fn ctrl_c_gets_out_of_everywhere_whatever_is_wished() {
        let key = press(KeyCode::Char('c'), KeyModifiers::CONTROL);
        let everywhere = BINDINGS.iter().flat_map(|binding| binding.focus);
        let (changed, refused) = Keymap::with(&[wish(Action::Quit, &["Q"]), wish(Action::Back, &["b"])]);
        assert_eq!(refused, []);
        for keymap in [Keymap::default(), changed] {
            for focus in everywhere.clone() {
                let wanted = if *focus == Focus::Leaving { Action::QuitAnyway } else { Action::Quit };
                assert_eq!(keymap.action(*focus, key), Some(wanted), "{focus:?}");
            }
        }
    }

    #[test]
    fn letters_are_text_in_a_field_and_case_counts_elsewhere() {
        let keymap = Keymap::default();
        let s = press(KeyCode::Char('s'), KeyModifiers::NONE);
        assert_eq!(keymap.action(Focus::Form, s), None);
        assert_eq!(edit(s), Some(InputRequest::InsertChar('s')));
        assert_eq!(keymap.action(Focus::Clusters, s), Some(Action::Snapshot));
        let shifted = press(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(keymap.action(Focus::Clusters, shifted), Some(Action::Bottom));
    }

    #[test]
    fn a_wish_changes_an_action_wherever_it_has_keys_and_two_can_swap_theirs() {
        let wishes = [wish(Action::Snapshot, &["d"]), wish(Action::Details, &["s"])];
        let (keymap, refused) = Keymap::with(&wishes);
        assert_eq!(refused, []);
        let press = |c| press(KeyCode::Char(c), KeyModifiers::NONE);
        assert_eq!(keymap.action(Focus::Clusters, press('d')), Some(Action::Snapshot));
        assert_eq!(keymap.action(Focus::Details, press('d')), Some(Action::Snapshot));
        assert_eq!(keymap.action(Focus::Clusters, press('s')), Some(Action::Details));
    }

    #[test]
    fn a_wish_for_a_key_that_is_in_use_is_refused_and_the_others_hold() {
        let wishes = [wish(Action::Sort, &["S"]), wish(Action::Snapshot, &["j"])];
        let (keymap, refused) = Keymap::with(&wishes);
        assert_eq!(refused, [(1, "j would be both snapshot and down".to_owned())]);
        let press = |c| press(KeyCode::Char(c), KeyModifiers::NONE);
        assert_eq!(keymap.action(Focus::Clusters, press('S')), Some(Action::Sort));
        assert_eq!(keymap.action(Focus::Clusters, press('s')), Some(Action::Snapshot));
        assert_eq!(keymap.action(Focus::Clusters, press('j')), Some(Action::Down));
    }

    #[test]
    fn a_sentence_names_the_key_that_is_bound_where_it_is_read() {
        let wishes = [wish(Action::Snapshot, &["N"]), wish(Action::Back, &["b"])];
        let (changed, _) = Keymap::with(&wishes);
        let text = "‹esc:back› goes back, ‹s:snapshot› takes one, ‹ctrl-l:look_again› looks.";
        for (keymap, focus, told) in [
            (&Keymap::default(), Focus::Details, "esc goes back, s takes one, ctrl-l looks."),
            (&changed, Focus::Details, "b goes back, N takes one, ctrl-l looks."),
            (&changed, Focus::Typing, "esc goes back, N takes one, ctrl-l looks."),
        ] {
            assert_eq!(keymap.told(text, focus), told);
        }
        let messages = |focus| Keymap::default().told("‹m:messages›", focus).into_owned();
        assert_eq!([Focus::Details, Focus::Form].map(messages), ["m", "ctrl-g"], "in a field m is text");
        for text in ["‹no:key›", "a ‹ b › c", "‹s:snapshot", "‹‹›"] {
            assert_eq!(Keymap::default().told(text, Focus::Details), text);
        }
    }

    #[test]
    fn a_field_stays_a_field() {
        let (keymap, _) = Keymap::with(&[wish(Action::Back, &["b"])]);
        let b = press(KeyCode::Char('b'), KeyModifiers::NONE);
        assert_eq!(keymap.action(Focus::Form, b), None);
        assert_eq!(keymap.action(Focus::Details, b), Some(Action::Back));
        let esc = press(KeyCode::Esc, KeyModifiers::NONE);
        assert_eq!(keymap.action(Focus::Form, esc), Some(Action::Back));
    }

    #[test]
    fn keys_are_known_by_name() {
        assert_eq!(parse_key("Ctrl-S").as_deref(), Ok("ctrl-s"));
        assert_eq!(parse_key("G").as_deref(), Ok("G"));
        assert_eq!(parse_key("PageDown").as_deref(), Ok("pagedown"));
        for wrong in ["ctrl-c", "ctrl-i", "", " ", "meta-x", "ctrl-", "\u{1b}", "ab"] {
            assert!(parse_key(wrong).is_err(), "{wrong:?}");
        }
        let names: std::collections::HashSet<&str> =
            actions().iter().map(|(action, _)| action.name()).collect();
        assert_eq!(names.len(), actions().len());
    }
}
