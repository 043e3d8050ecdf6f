//! Text that wants to drive the terminal, hide, or push columns aside; and what may reach a terminal of it.

use unicode_general_category::{GeneralCategory as Category, get_general_category};

/// Pieces that are harmless one by one only.
const PIECES: &[&str] = &[
    "orders-prod",
    " ",
    "=",
    "<&\"'",
    "\\",
    "größe",
    "日本語",
    "עברית",
    "العربية لا",
    "हिन्दी स्त्री",
    "ไทยที่",
    "한국어",
    "ᄀ",
    "ᅡ",
    "ᆨ",
    "\u{1b}[2J",
    "\u{1b}]52;c;aGk=\u{7}",
    "\u{1b}[?1049l",
    "\u{1b}P+q\u{1b}\\",
    "\u{9b}31m",
    "\u{90}",
    "\r\n",
    "\n",
    "\t",
    "\u{8}\u{8}",
    "\u{7f}",
    "\u{0}",
    "\u{e}",
    "\u{202e}",
    "\u{202d}",
    "\u{2066}",
    "\u{2069}",
    "\u{200f}",
    "\u{61c}",
    "\u{200b}",
    "\u{200d}",
    "\u{2060}",
    "\u{feff}",
    "\u{ad}",
    "\u{34f}",
    "\u{115f}",
    "\u{3164}",
    "\u{2800}",
    "\u{a0}",
    "\u{3000}",
    "\u{2028}",
    "\u{2029}",
    "\u{85}",
    "e\u{301}",
    "\u{301}",
    "z\u{30d}\u{30d}\u{30d}\u{30d}\u{30d}\u{30d}\u{30d}\u{30d}\u{30d}",
    "\u{20dd}",
    "1\u{fe0f}\u{20e3}",
    "👩\u{200d}👩\u{200d}👧",
    "👍\u{1f3fd}",
    "🇩🇪",
    "🇩",
    "❤\u{fe0f}",
    "ﷺ",
    "ﾊﾟ",
    "ｗｉｄｅ",
    "\u{e0b0}",
    "\u{f8ff}",
    "\u{378}",
    "\u{10ffff}",
    "\u{e0041}",
    "\u{1d173}",
    "\u{fff9}",
    "ൎ",
    "क्क्क्क्क्क्क्क्",
    "\u{1160}",
    "𝔘𝔫𝔦",
    "─│█",
    "●",
];

/// Numbers as good as random, the same in every run.
pub struct Numbers(u64);

impl Numbers {
    pub fn new(seed: u64) -> Self {
        Self(seed | 1)
    }

    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % end
    }

    /// Hostile text of up to so many characters.
    pub fn text(&mut self, chars: usize) -> String {
        let wanted = self.below(chars) + 1;
        let mut text = String::new();
        while text.chars().count() < wanted {
            match self.below(8) {
                0 => text.extend(char::from_u32(u32::try_from(self.below(0x11_0000)).expect("small"))),
                1 => text.extend(char::from_u32(u32::try_from(self.below(0x3000)).expect("small"))),
                _ => text.push_str(PIECES[self.below(PIECES.len())]),
            }
        }
        // The terminal of the tests takes this one for an error of the stream and shows nothing.
        text.chars().filter(|c| *c != '\u{fffd}').take(wanted).collect()
    }

    /// The same, without what cannot stand in XML.
    pub fn xml_text(&mut self, chars: usize) -> String {
        let may_stand =
            |c: &char| matches!(c, '\t' | '\n' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
        self.text(chars).chars().filter(may_stand).collect()
    }
}

/// Whether a character may be written to a terminal.
pub fn is_printable(c: char) -> bool {
    c == ' '
        || !matches!(
            get_general_category(c),
            Category::Control
                | Category::Format
                | Category::Surrogate
                | Category::PrivateUse
                | Category::Unassigned
                | Category::LineSeparator
                | Category::ParagraphSeparator
                | Category::SpaceSeparator
        )
}

/// What is written to a terminal, less the program's own sequences; panics at anything that is neither one of
/// those nor printable.
pub fn assert_harmless(bytes: &[u8]) {
    let text = std::str::from_utf8(bytes).expect("whole characters");
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\u{1b}' {
            assert!(is_printable(c), "{:x} reached the terminal", u32::from(c));
            continue;
        }
        let kind = rest.next();
        if kind == Some(']') {
            // Title and notification: text up to the bell.
            let told: String = rest.by_ref().take_while(|c| *c != '\u{7}').collect();
            let is_own = ["2;", "9;clustersnap: ", "777;notify;clustersnap;"];
            assert!(is_own.iter().any(|begin| told.starts_with(begin)), "{told:?} reached the terminal");
            assert!(told.chars().all(is_printable), "{told:?} reached the terminal");
            continue;
        }
        assert_eq!(kind, Some('['), "a sequence that the program has not");
        let sequence: String = rest.by_ref().take_while_inclusive_final().collect();
        let known = sequence.ends_with(['H', 'm', 'C', 'J'])
            || ["22;2t", "23;2t"].contains(&sequence.as_str())
            || ["?2026", "?1049", "?2004", "?1004", "?1000", "?1006", "?25"]
                .iter()
                .any(|mode| sequence.strip_prefix(mode).is_some_and(|end| end == "h" || end == "l"));
        assert!(known, "ESC [ {sequence} reached the terminal");
    }
}

/// Takes characters up to the one that ends a sequence, and that one.
trait TakeSequence: Iterator<Item = char> + Sized {
    fn take_while_inclusive_final(self) -> impl Iterator<Item = char> {
        let mut is_over = false;
        self.take_while(move |c| {
            let takes = !is_over;
            is_over |= ('@'..='~').contains(c);
            takes
        })
    }
}

impl<I: Iterator<Item = char>> TakeSequence for I {}
