//! Text from outside, made safe to show.
//!
//! Tags, messages, profile names, paths and proxy answers pass [`escape`] on their way to the screen,
//! to stderr, to a log or to the clipboard: a control character could drive the terminal, and a
//! bidirectional or invisible one could make a name look like another.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

use unicode_general_category::{GeneralCategory as Category, get_general_category};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr};

/// The most marks over one character: written languages need up to three, and more only cover what is above.
const MAX_MARKS: usize = 4;
/// What stands behind a number and is not parted from it.
const UNITS: [&str; 7] = ["s", "min", "h", "d", "%", "GiB", "UTC"];
/// The most columns of one grapheme: conjuncts of Indic scripts have a few.
const MAX_GRAPHEME: usize = 4;

/// Shows control, bidirectional and other invisible characters as `\u{202e}`; the rest stays.
///
/// Marks without a character to stand over, more marks than any language has, and characters that one
/// terminal joins and another does not (so that they would disagree about columns) are shown so too.
pub(crate) fn escape(text: &str) -> String {
    escaped(text).into_owned()
}

/// The same, without a copy where there is nothing to escape.
pub(crate) fn escaped(text: &str) -> Cow<'_, str> {
    if is_plain(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    for grapheme in text.graphemes(true) {
        let mut piece = String::new();
        for c in grapheme.chars() {
            piece.push(c);
            if is_unsafe(c) || !is_well_formed(&piece) {
                piece.pop();
                shown.push_str(&piece);
                piece.clear();
                // Writing to a String cannot fail.
                let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            }
        }
        shown.push_str(&piece);
    }
    Cow::Owned(shown)
}

/// The same of what a sentence of the screen quotes: a sign by which it would name a key, `‹s:snapshot›`, is shown by its
/// number.
pub(crate) fn quoted(text: &str) -> String {
    escape(text).replace('‹', r"\u{2039}")
}

/// Whether there is certainly nothing to escape, which most text is.
fn is_plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_control())
}

/// Whether every terminal gives a grapheme the same columns, and none draws it over others.
fn is_well_formed(grapheme: &str) -> bool {
    let widths = || grapheme.chars().map(|c| c.width().unwrap_or(0));
    let marks = widths().filter(|width| *width == 0).count();
    let columns: usize = widths().sum();
    widths().next() != Some(0)
        && !grapheme.chars().next().is_some_and(is_combining)
        && marks <= MAX_MARKS
        && columns <= MAX_GRAPHEME
        && grapheme.width() == columns
}

/// The columns that `text` takes in a terminal: character by character, as terminals count them. What
/// [`escape`] lets pass takes as many as a whole, too.
#[must_use]
pub fn width(text: &str) -> usize {
    if is_plain(text) {
        return text.len();
    }
    text.chars().map(|c| c.width().unwrap_or(0)).sum()
}

/// What a terminal puts into one cell, or into two for a wide character: a character and the marks over it.
pub fn cells(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let is_start = |(at, c): &(usize, char)| *at > 0 && (c.is_ascii() || c.width() != Some(0));
        let end = rest.char_indices().find(is_start).map_or(rest.len(), |(at, _)| at);
        let (cell, after) = rest.split_at(end);
        rest = after;
        Some(cell).filter(|cell| !cell.is_empty())
    })
}

/// Escapes in JSON what JSON lets pass raw and a terminal, a log or a reader should not get so: DEL, C1
/// controls, bidirectional and other invisible characters. They can only stand inside of texts.
pub(crate) fn json_safe(json: String) -> String {
    if is_plain(&json) {
        return json;
    }
    let mut safe = String::with_capacity(json.len());
    for c in json.chars() {
        if c.is_ascii() && c != '\u{7f}' || escape(c.encode_utf8(&mut [0; 4])).starts_with(c) {
            safe.push(c);
        } else {
            let units = c.encode_utf16(&mut [0; 2]).to_vec();
            safe.extend(units.iter().map(|unit| format!("\\u{unit:04x}")));
        }
    }
    safe
}

/// A path, safe to show.
pub(crate) fn shown_path(path: &Path) -> String {
    escape(&path.to_string_lossy())
}

/// Like [`escape`], line by line: the line breaks are taken as such.
pub(crate) fn escaped_lines(text: &str) -> Vec<String> {
    text.lines().map(escape).collect()
}

/// Shows every character that is not ASCII by its number, for terminals that show nothing else.
pub(crate) fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let told = |c: char| if c.is_ascii() { c.to_string() } else { format!("\\u{{{:x}}}", u32::from(c)) };
    Cow::Owned(text.chars().map(told).collect())
}

/// Names a character that may be invisible, or that looks like a Latin letter but is none.
pub(crate) fn describe_char(c: char) -> String {
    match c {
        ' ' => "a space".to_owned(),
        '\n' | '\r' => "a line break".to_owned(),
        '\t' => "a tab".to_owned(),
        c if c.is_ascii_graphic() => format!("'{c}'"),
        c => {
            let shown = escape(&c.to_string());
            if shown.starts_with('\\') { shown } else { format!("'{shown}' (U+{:04X})", u32::from(c)) }
        }
    }
}

/// Cuts `text` to at most `columns` terminal columns, at a grapheme's edge, with an ellipsis if
/// anything was cut.
pub(crate) fn truncate<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    // Where there is hardly room for the ellipsis, a piece of the text tells more.
    let ellipsis = if width(ellipsis) < columns { ellipsis } else { "" };
    let room = columns.saturating_sub(width(ellipsis));
    let mut cut = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let width = width(grapheme);
        if used + width > room {
            break;
        }
        used += width;
        cut.push_str(grapheme);
    }
    cut.push_str(ellipsis);
    Cow::Owned(cut)
}

/// Cuts a name to at most `columns` terminal columns, in its middle: names often differ at their ends only.
pub(crate) fn truncate_middle<'a>(text: &'a str, columns: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= columns || columns <= width(ellipsis) + 2 {
        return truncate(text, columns, ellipsis);
    }
    let room = columns - width(ellipsis);
    let mut end = String::new();
    for grapheme in text.graphemes(true).rev() {
        if width(&end) + width(grapheme) > room.div_ceil(2) {
            break;
        }
        end.insert_str(0, grapheme);
    }
    let start = truncate(text, room - width(&end), "");
    Cow::Owned(format!("{start}{ellipsis}{end}"))
}

/// Breaks `text` into lines of at most `columns` terminal columns, between words where there are any; an ARN that is
/// longer than a line behind its colons.
pub(crate) fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = vec![String::new()];
    let mut used = 0;
    let parts = words(text).flat_map(|word| {
        let is_split = word.starts_with("arn:") && width(word.trim_end()) > columns;
        word.split_inclusive(move |c| is_split && c == ':')
    });
    for word in parts {
        let word_width = width(word.trim_end());
        if used + word_width > columns && used > 0 && word_width > 0 {
            lines.push(String::new());
            used = 0;
        }
        for grapheme in word.graphemes(true) {
            let width = width(grapheme);
            if used + width > columns {
                lines.push(String::new());
                used = 0;
            }
            let is_blank_start = used == 0 && lines.len() > 1 && grapheme == " ";
            if let (Some(line), false) = (lines.last_mut(), is_blank_start) {
                line.push_str(grapheme);
                used += width;
            }
        }
    }
    lines
}

/// The words of a text, each with the blank behind it; a number and its unit are one.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let first = |text: &str| text.split_inclusive(' ').next().unwrap_or_default().len();
    let mut rest = text;
    std::iter::from_fn(move || {
        let (word, after) = rest.split_at(first(rest));
        let unit = after.split(' ').next().unwrap_or_default();
        let is_number = word.len() > 1 && word.trim_end().bytes().all(|byte| byte.is_ascii_digit());
        let is_one = is_number && UNITS.contains(&unit.trim_end_matches([',', '.', ';', ':', ')']));
        let len = word.len() + if is_one { first(after) } else { 0 };
        let (word, after) = rest.split_at(len);
        rest = after;
        Some(word).filter(|word| !word.is_empty())
    })
}

/// A character that drives the terminal, reorders text, cannot be seen, or of which nobody knows what a
/// terminal makes.
fn is_unsafe(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_control();
    }
    match get_general_category(c) {
        Category::Control
        | Category::Format
        | Category::Surrogate
        | Category::PrivateUse
        | Category::Unassigned
        | Category::LineSeparator
        | Category::ParagraphSeparator
        // Blanks other than the one that everybody means.
        | Category::SpaceSeparator
        // Frames around the character before: terminals disagree about their columns.
        | Category::EnclosingMark => true,
        _ => matches!(u32::from(c),
            0x034f                      // combining grapheme joiner
            | 0x115f..=0x1160           // Hangul fillers
            | 0x17b4..=0x17b5           // Khmer inherent vowels
            | 0x180b..=0x180f           // Mongolian selectors
            | 0x2800                    // Braille blank
            | 0x3164                    // Hangul filler
            | 0xfe00..=0xfe0f           // variation selectors
            | 0xff9e..=0xff9f           // halfwidth sound marks: a column of their own, or none
            | 0xffa0                    // halfwidth Hangul filler
            | 0xe_0100..=0xe_01ef), // variation selectors
    }
}

/// A mark that is drawn over the character before it.
fn is_combining(c: char) -> bool {
    use Category::{EnclosingMark, NonspacingMark, SpacingMark};
    matches!(get_general_category(c), NonspacingMark | SpacingMark | EnclosingMark)
}

/// The line, from 1, in which a byte of a text stands.
pub(crate) fn line_of(text: &[u8], byte: usize) -> usize {
    1 + text.iter().take(byte).filter(|byte| **byte == b'\n').count()
}

/// How long something takes or took, everywhere and in its two largest units: `40 s`, `1 min 40 s`, `2 h 5 min`.
pub(crate) fn length(time: Duration) -> String {
    let seconds = time.as_secs();
    let (units, (large, small)) = match seconds {
        0..60 => return format!("{seconds} s"),
        60..3600 => (("min", "s"), (seconds / 60, seconds % 60)),
        3600..86_400 => (("h", "min"), (seconds / 3600, seconds / 60 % 60)),
        _ => (("d", "h"), (seconds / 86_400, seconds / 3600 % 24)),
    };
    if small == 0 {
        format!("{large} {}", units.0)
    } else {
        format!("{large} {} {small} {}", units.0, units.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_can_drive_a_terminal_or_hide_is_shown_as_its_number() {
        assert_eq!(escape("a\u{1b}[31mb\n\u{202e}c\u{200b}"), "a\\u{1b}[31mb\\u{a}\\u{202e}c\\u{200b}");
        assert_eq!(escape("\u{9b}2J\u{7f}"), "\\u{9b}2J\\u{7f}");
        assert_eq!(escape("\u{301}x"), "\\u{301}x");
    }

    #[test]
    fn ordinary_text_of_any_language_stays() {
        for text in [
            "orders-prod",
            "größe",
            "日本語",
            "עברית",
            "العربية لا",
            "हिन्दी स्त्री",
            "ไทย",
            "한국어",
            "e\u{301}",
            "",
        ] {
            assert_eq!(escape(text), text);
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn what_terminals_would_disagree_about_is_shown_by_number() {
        let zalgo = format!("z{}", "\u{30d}".repeat(9));
        assert_eq!(escape(&zalgo), format!("z{}{}", "\u{30d}".repeat(4), "\\u{30d}".repeat(5)));
        assert_eq!(escape("👩\u{200d}💻"), "👩\\u{200d}💻");
        assert_eq!(escape("👍\u{1f3fd}"), "👍\\u{1f3fd}");
        assert_eq!(escape("1\u{fe0f}\u{20e3}"), "1\\u{fe0f}\\u{20e3}");
        assert_eq!(escape("a\u{a0}b\u{3000}\u{2800}"), "a\\u{a0}b\\u{3000}\\u{2800}");
        assert_eq!(escape("\u{e0b0}\u{378}\u{10ffff}"), "\\u{e0b0}\\u{378}\\u{10ffff}");
    }

    #[test]
    fn what_is_escaped_stays_as_it_is_when_it_is_escaped_again() {
        for text in ["\u{1b}\u{301}\u{301}", "ൎ\u{200d}\u{93f}", "स्त्री", "👩\u{200d}👧", "\u{1160}가\u{11a8}"]
        {
            let once = escape(text);
            assert_eq!(escape(&once), once, "{text:?}");
        }
    }

    #[test]
    fn columns_are_counted_as_they_are_drawn() {
        // As a whole, this pair of Arabic letters counts for one column; terminals draw two.
        assert_eq!(width("لا"), 2);
        assert_eq!((width("日本"), width("e\u{301}"), width("orders")), (4, 1, 6));
        assert_eq!(cells("日e\u{301}x").collect::<Vec<_>>(), ["日", "e\u{301}", "x"]);
        assert_eq!(cells("स्त्री").map(width).collect::<Vec<_>>(), [1, 1, 1, 1]);
    }

    #[test]
    fn lines_break_between_words_and_never_pass_the_edge() {
        assert_eq!(wrap("one two three", 8), ["one two ", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("within 1 h; + and", 9), ["within ", "1 h; + ", "and"], "a number keeps its unit");
        assert_eq!(wrap("in 12 steps", 5), ["in 12", "steps"]);
        let arn = "arn:aws:rds:eu-west-1:123456789012:cluster:orders";
        assert_eq!(
            wrap(&format!("of {arn}"), 24),
            ["of arn:aws:rds:", "eu-west-1:123456789012:", "cluster:orders"],
            "an ARN behind its colons"
        );
        assert_eq!(wrap(&format!("of {arn}"), 80), [format!("of {arn}")]);
        for line in wrap("日本語 orders-prod-20261123 and more, of it", 7) {
            assert!(line.width() <= 7, "{line}");
        }
    }

    #[test]
    fn a_cut_falls_on_a_graphemes_edge_and_says_so() {
        assert_eq!(truncate("orders-prod", 11, "…"), "orders-prod");
        assert_eq!(truncate("orders-prod", 7, "…"), "orders…");
        assert_eq!(truncate("日本語", 4, "…"), "日…");
        assert_eq!(truncate("ab", 0, "…"), "");
        assert_eq!(truncate("orders-prod", 7, "..."), "orde...");
        assert_eq!(truncate("orders-prod", 3, "..."), "ord");
    }

    #[test]
    fn lengths_are_told_in_their_two_largest_units() {
        assert_eq!(length(Duration::from_secs(40)), "40 s");
        assert_eq!(length(Duration::from_secs(100)), "1 min 40 s");
        assert_eq!(length(Duration::from_mins(125)), "2 h 5 min");
        assert_eq!(length(Duration::from_hours(48)), "2 d");
    }
}
