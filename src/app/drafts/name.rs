//! The identifier as it is typed and pasted.

use tui_input::{Input, InputRequest};

/// The most characters of a paste that a field takes: enough for any valid text and to see that it
/// was too long, and not a megabyte.
pub const MAX_PASTED_CHARS: usize = 512;
/// The most characters of a field, however they come into it: what is longer is nothing that could be sent,
/// and every key would be slow.
pub const MAX_FIELD_CHARS: usize = 2 * MAX_PASTED_CHARS;
/// The most characters of a line, such as a filter or the tags of many snapshots: fifty tags of the greatest length fit.
pub const MAX_LINE_CHARS: usize = 20_000;

/// The identifier with a paste in it, and what was changed in the paste. What is certainly not meant is
/// mended: blanks around it, line breaks and blanks within, uppercase. What cannot be mended without a
/// guess stays, so that it is seen with the rule that it breaks.
pub fn pasted(name: &Input, text: &str) -> (Input, Option<String>) {
    let trimmed = text.trim();
    let mut changes = Vec::new();
    if trimmed.len() < text.len() {
        changes.push("blanks around it were left out".to_owned());
    }
    let words: Vec<&str> = trimmed.split_whitespace().collect();
    if words.len() > 1 {
        let is_line_break = |c| matches!(c, '\n' | '\r');
        let within = [
            ("line breaks", trimmed.contains(is_line_break)),
            ("spaces", trimmed.contains(|c: char| c.is_whitespace() && !is_line_break(c))),
        ];
        let told: Vec<&str> =
            within.iter().filter(|(_, is_there)| *is_there).map(|(what, _)| *what).collect();
        changes.push(format!("{} became hyphens", told.join(" and ")));
    }
    let mut kept = words.join("-");
    if kept.contains(|c: char| c.is_ascii_uppercase()) {
        changes.push("uppercase became lowercase, as AWS stores it".to_owned());
        kept.make_ascii_lowercase();
    }
    if kept.chars().count() > MAX_PASTED_CHARS {
        changes.push(format!("it was cut to {MAX_PASTED_CHARS} characters"));
        kept = kept.chars().take(MAX_PASTED_CHARS).collect();
    }
    let remark = (!changes.is_empty()).then(|| format!("Pasted: {}.", changes.join(", ")));
    (put_in(name, &kept, MAX_FIELD_CHARS), remark)
}

/// Why a line says nothing: it is full, so that its end may be missing. What it would leave out or change without that
/// end is not what was meant.
pub fn cut_short(input: &Input) -> Option<String> {
    let is_full = input.value().chars().count() >= MAX_LINE_CHARS;
    is_full
        .then(|| format!("has no room for more than {MAX_LINE_CHARS} characters, and its end may be missing"))
}

/// Whether a text of at most so many characters has room for what is typed.
pub fn has_room(input: &Input, request: InputRequest, most: usize) -> bool {
    !matches!(request, InputRequest::InsertChar(_)) || input.value().chars().count() < most
}

/// A text of at most so many characters with another put in at its cursor.
pub fn put_in(input: &Input, text: &str, most: usize) -> Input {
    let room = most.saturating_sub(input.value().chars().count());
    let text: String = text.chars().take(room).collect();
    let before: String = input.value().chars().take(input.cursor()).collect();
    let after: String = input.value().chars().skip(input.cursor()).collect();
    let cursor = input.cursor() + text.chars().count();
    Input::new(format!("{before}{text}{after}")).with_cursor(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (String, String) {
        let (input, remark) = pasted(&Input::new("x".to_owned()), text);
        (input.value().to_owned(), remark.unwrap_or_default())
    }

    #[test]
    fn a_paste_keeps_what_can_be_kept_and_says_what_was_changed() {
        assert_eq!(told("-name"), ("x-name".to_owned(), String::new()));
        assert_eq!(
            told("  -My Snap\n"),
            (
                "x-my-snap".to_owned(),
                "Pasted: blanks around it were left out, spaces became hyphens, uppercase became lowercase, \
                 as AWS stores it."
                    .to_owned()
            )
        );
        assert_eq!(told("a\r\nb").0, "xa-b");
        assert_eq!(told("a\r\nb").1, "Pasted: line breaks became hyphens.");
        assert_eq!(told("a\nb\tc").1, "Pasted: line breaks and spaces became hyphens.");
    }

    #[test]
    fn what_breaks_a_rule_stays_to_be_seen_and_a_megabyte_is_cut() {
        assert_eq!(told("_é\u{1b}").0, "x_é\u{1b}");
        let (long, remark) = told(&"a".repeat(1 << 20));
        assert_eq!(long.chars().count(), 1 + MAX_PASTED_CHARS);
        assert!(remark.contains("cut to 512"), "{remark}");
    }
}
