//! Text from outside, made safe to show.
//!
//! Tags, messages, profile names, paths and proxy answers pass [`escape`] on their way to the screen,
//! to stderr, to a log or to the clipboard: a control character could drive the terminal, and a
//! bidirectional or invisible one could make a name look like another.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::time::Duration;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

/// Shows control, bidirectional and other invisible characters as `\u{202e}`; the rest stays.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut after_base = false;
    for c in text.chars() {
        if is_unsafe(c) || (is_combining(c) && !after_base) {
            // Writing to a String cannot fail.
            let _ = write!(shown, "\\u{{{:x}}}", u32::from(c));
            after_base = false;
        } else {
            shown.push(c);
            after_base = true;
        }
    }
    shown
}

/// Like [`escape`], without a copy where there is nothing to escape.
#[must_use]
pub fn escaped(text: &str) -> Cow<'_, str> {
    if text.is_ascii() && !text.bytes().any(|b| b.is_ascii_control()) {
        Cow::Borrowed(text)
    } else {
        Cow::Owned(escape(text))
    }
}

/// Like [`escape`], line by line: the line breaks are taken as such.
#[must_use]
pub fn escaped_lines(text: &str) -> Vec<String> {
    text.lines().map(escape).collect()
}

/// Cuts `text` to at most `columns` terminal columns, at a grapheme's edge, with an ellipsis if
/// anything was cut.
#[must_use]
pub fn truncate(text: &str, columns: usize) -> Cow<'_, str> {
    if text.width() <= columns {
        return Cow::Borrowed(text);
    }
    if columns == 0 {
        return Cow::Borrowed("");
    }
    let mut cut = String::new();
    let mut used = 0;
    for grapheme in text.graphemes(true) {
        let width = grapheme.width();
        if used + width > columns - 1 {
            break;
        }
        used += width;
        cut.push_str(grapheme);
    }
    cut.push('…');
    Cow::Owned(cut)
}

/// Breaks `text` into lines of at most `columns` terminal columns, between words where there are any.
#[must_use]
pub fn wrap(text: &str, columns: usize) -> Vec<String> {
    let columns = columns.max(1);
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_inclusive(' ') {
        let width = word.trim_end().width();
        if used + width > columns && used > 0 && width > 0 {
            lines.push(String::new());
            used = 0;
        }
        for grapheme in word.graphemes(true) {
            let width = grapheme.width();
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

/// A character that drives the terminal, reorders text, or cannot be seen.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(u32::from(c),
            0x00ad                      // soft hyphen
            | 0x034f                    // combining grapheme joiner
            | 0x061c                    // Arabic letter mark
            | 0x115f..=0x1160           // Hangul fillers
            | 0x17b4..=0x17b5           // Khmer inherent vowels
            | 0x180b..=0x180f           // Mongolian selectors
            | 0x200b..=0x200f           // zero-width and directional marks
            | 0x2028..=0x202e           // separators and bidirectional embeddings
            | 0x2060..=0x206f           // joiners, isolates, deprecated formats
            | 0x3164                    // Hangul filler
            | 0xfe00..=0xfe0f           // variation selectors
            | 0xfeff                    // byte order mark
            | 0xffa0                    // halfwidth Hangul filler
            | 0xfff0..=0xfffb           // specials
            | 0x1_bca0..=0x1_bca3       // shorthand format controls
            | 0x1_d173..=0x1_d17a       // musical format controls
            | 0xe_0000..=0xe_0fff) // tags and variation selectors
}

/// A mark that is drawn over the character before it.
fn is_combining(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// How long something takes or took: `42s`, `4m12s`, `2h05m`, `3d04h`.
#[must_use]
pub fn span(time: Duration) -> String {
    let seconds = time.as_secs();
    match seconds {
        0..60 => format!("{seconds}s"),
        60..3600 => format!("{}m{:02}s", seconds / 60, seconds % 60),
        3600..86_400 => format!("{}h{:02}m", seconds / 3600, seconds / 60 % 60),
        _ => format!("{}d{:02}h", seconds / 86_400, seconds / 3600 % 24),
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
        for text in ["orders-prod", "größe", "日本語", "עברית", "e\u{301}", ""] {
            assert_eq!(escape(text), text);
            assert_eq!(escaped(text), text);
        }
    }

    #[test]
    fn lines_break_between_words_and_never_pass_the_edge() {
        assert_eq!(wrap("one two three", 8), ["one two ", "three"]);
        assert_eq!(wrap("abcdefgh", 3), ["abc", "def", "gh"]);
        assert_eq!(wrap("", 5), [""]);
        for line in wrap("日本語 orders-prod-20261123 and more, of it", 7) {
            assert!(line.width() <= 7, "{line}");
        }
    }

    #[test]
    fn a_cut_falls_on_a_graphemes_edge_and_says_so() {
        assert_eq!(truncate("orders-prod", 11), "orders-prod");
        assert_eq!(truncate("orders-prod", 7), "orders…");
        assert_eq!(truncate("日本語", 4), "日…");
        assert_eq!(truncate("ab", 0), "");
    }

    #[test]
    fn spans_are_told_to_two_places() {
        assert_eq!(span(Duration::from_secs(42)), "42s");
        assert_eq!(span(Duration::from_secs(252)), "4m12s");
        assert_eq!(span(Duration::from_mins(125)), "2h05m");
        assert_eq!(span(Duration::from_hours(76)), "3d04h");
    }
}
