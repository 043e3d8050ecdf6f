//! Themes: what each kind of text looks like. They are data, in `assets/themes`.
//!
//! Colours are the sixteen of the terminal, by name, or one of the 240 that are the same in every terminal,
//! by number: nothing else reaches through every tmux and every SSH.

use serde::Deserialize;

/// The name of the theme that holds where none is chosen.
pub const DEFAULT: &str = "ansi";

/// Every theme: its name and its data.
const THEMES: &[(&str, &str)] = &[
    ("ansi", include_str!("../../assets/themes/ansi.toml")),
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    ("high-contrast-dark", include_str!("../../assets/themes/high-contrast-dark.toml")),
    ("high-contrast-light", include_str!("../../assets/themes/high-contrast-light.toml")),
    ("colour-blind-dark", include_str!("../../assets/themes/colour-blind-dark.toml")),
    ("colour-blind-light", include_str!("../../assets/themes/colour-blind-light.toml")),
];

/// What a piece of text looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ink {
    /// Its colour; the terminal's own, if there is none.
    pub color: Option<Color>,
    /// Whether it is bold.
    pub bold: bool,
    /// Whether it is dim.
    pub dim: bool,
    /// Whether text and background change places.
    pub reverse: bool,
}

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Color {
    /// One of the terminal's own.
    Named(Named),
    /// One of the 240 that are the same everywhere, from 16 on.
    Fixed(u8),
}

/// The colours that a terminal has names for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum Named {
    Red,
    Green,
    Yellow,
    Blue,
    Magenta,
    Cyan,
}

/// A theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    /// Its name.
    pub name: &'static str,
    /// Its inks.
    pub inks: Inks,
}

/// What each kind of text looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[expect(missing_docs, reason = "the roles of the view explain them")]
pub struct Inks {
    pub plain: Ink,
    pub heading: Ink,
    pub quiet: Ink,
    pub accent: Ink,
    pub good: Ink,
    pub doubt: Ink,
    pub bad: Ink,
}

impl Default for Theme {
    fn default() -> Self {
        Self::named(DEFAULT).unwrap_or(Self { name: DEFAULT, inks: Inks::default() })
    }
}

impl Theme {
    /// The theme of a name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let (name, text) = THEMES.iter().find(|(known, _)| *known == name)?;
        Some(Self { name, inks: toml::from_str(text).ok()? })
    }

    /// The names of all.
    pub fn names() -> impl Iterator<Item = &'static str> {
        THEMES.iter().map(|(name, _)| *name)
    }

    /// Whether it needs more than a terminal's own colours.
    #[must_use]
    pub fn needs_fixed_colors(&self) -> bool {
        self.inks.all().iter().any(|ink| matches!(ink.color, Some(Color::Fixed(_))))
    }
}

impl Inks {
    /// All of them.
    pub(crate) fn all(&self) -> [Ink; 7] {
        [self.plain, self.heading, self.quiet, self.accent, self.good, self.doubt, self.bad]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Promise {
        least_contrast: f64,
        backgrounds: Vec<String>,
    }

    /// The colour of a number, from 16 on: a cube of six steps, and 24 greys.
    fn rgb(number: u8) -> [u8; 3] {
        let step = |step: u8| if step == 0 { 0 } else { 55 + 40 * step };
        match number {
            0..16 => panic!("{number} differs between terminals"),
            16..232 => [step((number - 16) / 36), step((number - 16) / 6 % 6), step((number - 16) % 6)],
            232.. => [8 + 10 * (number - 232); 3],
        }
    }

    fn hex(text: &str) -> [u8; 3] {
        let digits = text.strip_prefix('#').expect("a #");
        let part = |at: usize| {
            u8::from_str_radix(digits.get(at..at + 2).expect("six digits"), 16).expect("hexadecimal")
        };
        [part(0), part(2), part(4)]
    }

    fn linear(part: u8) -> f64 {
        let part = f64::from(part) / 255.0;
        if part <= 0.04045 { part / 12.92 } else { ((part + 0.055) / 1.055).powf(2.4) }
    }

    /// The contrast ratio of WCAG 2.
    fn contrast(a: [u8; 3], b: [u8; 3]) -> f64 {
        let luminance = |c: [u8; 3]| 0.2126 * linear(c[0]) + 0.7152 * linear(c[1]) + 0.0722 * linear(c[2]);
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn every_theme_reads_on_the_backgrounds_that_it_is_for() {
        assert!((contrast([0; 3], [255; 3]) - 21.0).abs() < 0.01);
        for (name, text) in THEMES {
            let theme = Theme::named(name).unwrap_or_else(|| panic!("{name} cannot be read"));
            let promise: Promise = toml::from_str(text).expect("what it promises");
            assert_eq!(theme.needs_fixed_colors(), !promise.backgrounds.is_empty(), "{name}");
            assert!(promise.least_contrast >= 4.5 || promise.backgrounds.is_empty(), "{name}");
            for background in &promise.backgrounds {
                for ink in theme.inks.all() {
                    let Some(color) = ink.color else { continue };
                    let Color::Fixed(number) = color else { panic!("{name}: {color:?} has no contrast") };
                    let ratio = contrast(rgb(number), hex(background));
                    assert!(ratio >= promise.least_contrast, "{name}: {number} on {background}: {ratio:.2}");
                }
            }
        }
    }

    /// Which of the terminal's own colours reads on the background of a palette that is in use: the palette decides, not
    /// the program. So this theme uses none for ordinary text, and what it colours stays legible on dark ones.
    #[test]
    fn the_terminals_own_colours_read_on_the_dark_palettes_that_are_in_use() {
        // Red, green, yellow and cyan, then the background, of each.
        let palettes = [
            ("xterm", ["#cd0000", "#00cd00", "#cdcd00", "#00cdcd", "#000000"]),
            ("VGA", ["#aa0000", "#00aa00", "#aa5500", "#00aaaa", "#000000"]),
            ("Solarized dark", ["#dc322f", "#859900", "#b58900", "#2aa198", "#002b36"]),
            ("Tango dark", ["#cc0000", "#4e9a06", "#c4a000", "#06989a", "#000000"]),
            ("Campbell", ["#c50f1f", "#13a10e", "#c19c00", "#3a96dd", "#0c0c0c"]),
        ];
        let inks = Theme::named(DEFAULT).expect("a theme").inks;
        assert_eq!([inks.plain.color, inks.heading.color, inks.quiet.color], [None; 3]);
        for (name, [red, green, yellow, cyan, background]) in palettes {
            for ink in [inks.accent, inks.good, inks.doubt, inks.bad] {
                let color = match ink.color {
                    Some(Color::Named(Named::Red)) => red,
                    Some(Color::Named(Named::Green)) => green,
                    Some(Color::Named(Named::Yellow)) => yellow,
                    Some(Color::Named(Named::Cyan)) => cyan,
                    other => panic!("{other:?} is in no palette of this test"),
                };
                let ratio = contrast(hex(color), hex(background));
                // Red is the darkest of all palettes: it is bold, and never alone.
                let least = if color == red { 2.7 } else { 3.0 };
                assert!(ratio >= least, "{name}: {color} on {background}: {ratio:.2}");
                assert!(color != red || ink.bold, "{name}");
            }
        }
    }

    /// Colours as eyes see them that have no receptors for green, or none for red (Vienot, Brettel and
    /// Mollon 1999, in linear light).
    fn seen([r, g, b]: [u8; 3], is_red_missing: bool) -> [f64; 3] {
        let (r, g, b) = (linear(r), linear(g), linear(b));
        if is_red_missing {
            let yellow = 0.11238 * r + 0.88762 * g;
            [yellow, yellow, 0.00401 * r - 0.00401 * g + b]
        } else {
            let yellow = 0.29275 * r + 0.70725 * g;
            [yellow, yellow, -0.02234 * r + 0.02234 * g + b]
        }
    }

    #[test]
    fn what_is_well_under_way_and_bad_differ_for_eyes_that_see_red_and_green_alike() {
        for name in ["colour-blind-dark", "colour-blind-light"] {
            let inks = Theme::named(name).expect("a theme").inks;
            let colors = [inks.good, inks.doubt, inks.bad].map(|ink| match ink.color {
                Some(Color::Fixed(number)) => rgb(number),
                other => panic!("{name}: {other:?}"),
            });
            for is_red_missing in [true, false] {
                for (a, b) in [(0, 1), (0, 2), (1, 2)] {
                    let (a, b) = (seen(colors[a], is_red_missing), seen(colors[b], is_red_missing));
                    let root = |part: f64| part.max(0.0).powf(1.0 / 2.4);
                    let distance: f64 = (0..3).map(|at| (root(a[at]) - root(b[at])).powi(2)).sum::<f64>();
                    assert!(distance.sqrt() > 0.2, "{name}: {:.2}", distance.sqrt());
                }
            }
        }
    }
}
