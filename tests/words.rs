//! One term for one thing: reads what the program and its documents say, and finds what the glossary of CONTRIBUTING.md
//! says otherwise.

use std::fs;
use std::path::{Path, PathBuf};

/// What may not be said, and what to say instead.
const STRAYS: &[(&str, &str)] = &[
    ("what was asked", "what was requested"),
    ("nothing was asked", "nothing was requested"),
    ("was asked for", "was requested"),
    ("were asked for", "were requested"),
    ("are asked for as", "are requested as"),
    ("asked for before", "requested before"),
    ("asked for on another", "requested on another"),
    ("snapshot asked for", "snapshot requested"),
    ("Asked at", "Requested at"),
    ("Asked by", "Requested by"),
    ("ASKED", "REQUESTED"),
    ("as asked", "as wanted"),
    ("duration", "took, or length"),
    ("durations", "lengths"),
    ("elapsed", "took"),
    ("region", "Region"),
    ("regions", "Regions"),
    ("database cluster", "DB cluster"),
    ("database clusters", "DB clusters"),
    ("dry-run mode", "dry run"),
    ("cancelled", "dropped, or stopped"),
    ("canceled", "dropped, or stopped"),
    ("aborted", "stopped"),
    ("sign in", "log in"),
    ("signed in", "logged in"),
    ("backed up", "snapshots of it exist"),
    ("successfully", "what became of it"),
    ("color", "colour"),
    ("colors", "colours"),
    ("please", "say what to do"),
    ("e.g", "such as"),
    ("i.e", "that is"),
];

/// Where a word is a name: a key of a file, a command's output.
const NAMES: &[(&str, &str)] = &[
    // `region` is what the files of AWS call it.
    ("src/headless/doctor/remedy.rs", "region"),
    // And so does a fleet of the simulator.
    ("src/cli/long_help.rs", "region"),
    ("src/rds/environment/ini.rs", "region"),
];

/// The texts of a source file: its string literals, less those of its tests.
fn literals(source: &str) -> Vec<(usize, String)> {
    let source = source.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let chars: Vec<char> = source.chars().collect();
    let (mut at, mut line, mut found) = (0, 1, Vec::new());
    while let Some(c) = chars.get(at) {
        let next = |ahead: usize| chars.get(at + ahead).copied().unwrap_or(' ');
        match c {
            '\n' => line += 1,
            '/' if next(1) == '/' => {
                while chars.get(at + 1).is_some_and(|c| *c != '\n') {
                    at += 1;
                }
            }
            // A character, and no lifetime.
            '\'' if next(1) == '\\' => at += 2 + usize::from(next(2) == '\''),
            '\'' if next(2) == '\'' => at += 2,
            '"' => {
                let (from, text, end) = (line, literal(&chars, at), 0);
                line += chars[at..text.1].iter().filter(|c| **c == '\n').count() + end;
                at = text.1;
                found.push((from, text.0));
            }
            _ => {}
        }
        at += 1;
    }
    found
}

/// The text of the literal that begins at a quote, raw or not, and where it ends.
fn literal(chars: &[char], start: usize) -> (String, usize) {
    let hashes = chars[..start].iter().rev().take_while(|c| **c == '#').count();
    let is_raw =
        start > hashes && chars[start - hashes - 1] == 'r' && (hashes > 0 || is_word_end(chars, start));
    let (mut text, mut at) = (String::new(), start + 1);
    while let Some(c) = chars.get(at) {
        match c {
            '"' if !is_raw || chars[at + 1..].iter().take_while(|c| **c == '#').count() >= hashes => break,
            '\\' if !is_raw && chars.get(at + 1) == Some(&'\n') => text.push(' '),
            '\\' if !is_raw => {
                text.push(' ');
                at += 1;
            }
            c => text.push(*c),
        }
        at += 1;
    }
    (text, at)
}

/// Whether the `r` before a quote stands alone.
fn is_word_end(chars: &[char], quote: usize) -> bool {
    quote < 2 || !(chars[quote - 2].is_alphanumeric() || chars[quote - 2] == '_')
}

/// The prose of a document: less its code.
fn prose(document: &str) -> Vec<(usize, String)> {
    let mut is_code = false;
    let mut lines = Vec::new();
    for (line, text) in (1..).zip(document.lines()) {
        if text.trim_start().starts_with("```") {
            is_code = !is_code;
        } else if !is_code {
            lines.push((line, text.split('`').step_by(2).collect::<Vec<_>>().join("_")));
        }
    }
    lines
}

/// The first stray of a text, with what to say instead. A part of a name, as in `--region`, is no word.
fn stray(text: &str) -> Option<&'static (&'static str, &'static str)> {
    let bare = |word: &str| word.trim_matches(['.', ',', ';', '?', '!', '(', ')', '\'']).to_owned();
    let words: Vec<String> = text.split_whitespace().map(bare).collect();
    let is_in = |(stray, instead): &&(&str, &str)| {
        let wanted: Vec<&str> = stray.split(' ').collect();
        words.windows(wanted.len()).any(|said| {
            let said = said.join(" ");
            // A stray with a capital is one only as it stands; a head in capitals is as good as its term.
            if stray.contains(char::is_uppercase) {
                said == *stray
            } else {
                said.to_lowercase() == *stray && said != *instead && said != stray.to_uppercase()
            }
        })
    };
    STRAYS.iter().find(is_in)
}

fn files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder").flatten() {
        let path = entry.path();
        if path.is_dir() {
            files(&path, into);
        } else {
            into.push(path);
        }
    }
}

/// Every text that people read, with its file and line.
fn texts() -> Vec<(String, usize, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut paths = vec![root.join("README.md"), root.join("CHANGELOG.md")];
    files(&root.join("assets"), &mut paths);
    files(&root.join("src"), &mut paths);
    let mut texts = Vec::new();
    for path in paths {
        let name = path.strip_prefix(root).expect("below the root").display().to_string();
        let is_test = name.contains("tests") || name.starts_with("src/sim/");
        let take: fn(&str) -> Vec<(usize, String)> = match path.extension().and_then(|it| it.to_str()) {
            Some("rs") if !is_test => literals,
            Some("md") => prose,
            _ => continue,
        };
        let text = fs::read_to_string(&path).expect("a text");
        texts.extend(take(&text).into_iter().map(|(line, text)| (name.clone(), line, text)));
    }
    texts
}

#[test]
fn one_thing_has_one_name_in_all_that_is_said() {
    let mut wrong = Vec::new();
    for (file, line, text) in texts() {
        // A single word in a literal is a name.
        if text.trim().contains(char::is_whitespace)
            && let Some((stray, instead)) = stray(&text)
            && !NAMES.contains(&(file.as_str(), stray))
        {
            wrong.push(format!("{file}:{line}: '{stray}', say {instead}: {text}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Files that name keys as they are: their table, and how they are spelt.
const KEYS: [&str; 2] = ["src/app/keymap.rs", "src/app/overrides.rs"];

/// The first key that a sentence names as the table does, and not as `‹s:snapshot›`: it may be bound otherwise.
fn key_named(text: &str) -> Option<&str> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let before = |at: usize| at.checked_sub(1).and_then(|at| words.get(at).copied()).unwrap_or_default();
    // `10 s` and `{days} d` are lengths; `A` and `a` are words.
    let is_length = |at: usize| before(at).ends_with(|c: char| c.is_ascii_digit() || c == '}');
    let is_key = |(at, word): &(usize, &&str)| {
        let bare = word.trim_matches(['.', ',', ';', ':', '(', ')']);
        let is_named = ["esc", "enter", "tab", "space"].contains(&bare) || word.contains("ctrl-");
        let is_letter = bare.len() == 1 && bare.chars().all(char::is_alphabetic) && !is_length(*at);
        !word.contains('›') && (is_named || (is_letter && !["a", "A", "I"].contains(&bare)))
    };
    if words.len() < 2 {
        return None;
    }
    words.iter().enumerate().find(is_key).map(|(_, word)| *word)
}

#[test]
fn every_sentence_of_the_screen_names_the_key_that_is_bound() {
    let is_of_screen =
        |file: &str| (file.starts_with("src/app/") || file.starts_with("src/view/")) && !KEYS.contains(&file);
    let of_screen = texts().into_iter().filter(|(file, ..)| is_of_screen(file));
    let named = of_screen.filter_map(|(file, line, text)| {
        let key = key_named(&text)?.to_owned();
        Some(format!("{file}:{line}: '{key}': {text}"))
    });
    let wrong: Vec<String> = named.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(key_named("Not sent. w waits for it."), Some("w"));
    assert_eq!(key_named("Not sent. ‹w:arm› waits 10 s, {days} d. A request"), None);
    assert_eq!(key_named("taken; ctrl-t proposes one"), Some("ctrl-t"));
}

#[test]
fn strays_are_found_in_what_is_said_and_nowhere_else() {
    let source = "// region\nlet a = 'x'; let b = '\"'; say(\"no \\\n     region, \\\"here\\\"\"); r#\"a \"region\" \"#;\n\
                  #[cfg(test)]\nmod tests { \"region\" }";
    let found: Vec<usize> = literals(source)
        .into_iter()
        .filter(|(_, text)| stray(text).is_some())
        .map(|(line, _)| line)
        .collect();
    assert_eq!(found, [2]);
    assert!(stray("in this region.").is_some() && stray("Nothing was asked yet").is_some());
    assert!(stray("Asked at").is_some() && stray("asked at once").is_none());
    assert!(stray("--region, region:eu, REGION_NAME, a Region").is_none());
    assert_eq!(prose("a `region` b\n```\nregion\n```\nthe region").len(), 2);
    assert!(texts().len() > 2000, "everything is read");
}

#[test]
fn the_glossary_has_every_term_that_is_to_be_said() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = fs::read_to_string(root.join("CONTRIBUTING.md")).expect("a text");
    let glossary = guide.split("## Words").nth(1).expect("a glossary");
    for term in ["request", "took", "Region", "place", "usable", "DB cluster", "change", "mark"] {
        assert!(glossary.contains(&format!("**{term}**")), "{term}");
    }
}
