//! Reads the sources and fails where a room does what its rule in `src/lib.rs` forbids.

use std::fs;
use std::path::{Path, PathBuf};

/// The other rooms that a room may name.
const MAY_KNOW: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("track", &["domain"]),
    ("app", &["domain", "track"]),
    ("view", &["domain", "track", "app"]),
    ("journal", &["domain", "xdg"]),
    ("submit", &["domain", "journal"]),
    ("config", &["domain", "app", "xdg"]),
    ("plan", &["domain", "submit"]),
    ("rds", &["domain", "submit"]),
    ("sim", &["domain"]),
    ("session", &["domain", "journal", "rds", "sim", "submit"]),
    ("cli", &[]),
    ("places_wanted", &["domain", "config", "rds", "cli"]),
    ("process", &[]),
    ("names", &["domain", "xdg"]),
    ("choices", &["xdg"]),
    ("xdg", &[]),
    (
        "runtime",
        &[
            "domain", "app", "view", "journal", "submit", "config", "rds", "session", "cli", "process",
            "names", "choices", "sim",
        ],
    ),
    (
        "headless",
        &[
            "domain",
            "track",
            "app",
            "journal",
            "submit",
            "config",
            "rds",
            "sim",
            "session",
            "cli",
            "plan",
            "process",
            "names",
            "places_wanted",
        ],
    ),
];

/// What only some places may name, with those places.
const ONLY_IN: &[(&str, &[&str])] = &[
    ("aws_", &["src/rds/", "src/sim/in_process.rs"]),
    ("crossterm", &["src/runtime/", "src/app/keymap.rs"]),
    ("ratatui", &["src/runtime/", "src/view/"]),
    ("anyhow", &["src/runtime/", "src/headless/", "src/main.rs"]),
    ("clap", &["src/cli.rs", "src/cli/", "src/headless/", "src/main.rs"]),
];

/// What only the tests beside the code name.
const FOR_TESTS: &[&str] = &["fixtures", "keys"];

/// What the pure rooms do without: the world comes to them as values.
const NOT_PURE: &[&str] = &[
    "tokio",
    "Instant::now",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
];
const PURE: &[&str] = &["domain", "track", "app", "view", "plan"];

/// The layers of the core, from the inside out: a part may name those of its own layer and further in.
const LAYERS: &[&[&str]] = &[
    &[
        "action",
        "cursor",
        "keymap",
        "layout",
        "marks",
        "note",
        "now",
        "overrides",
        "proof",
        "question",
        "request_id",
        "settings",
        "telling",
        "theme",
        "wait_time",
    ],
    &["effect", "message", "notices"],
    &["place"],
    &[
        "alterations",
        "change_requests",
        "changes",
        "changes_before",
        "drafts",
        "open_requests",
        "places",
        "typed_tags",
    ],
    &["renewals"],
    &["world"],
    &["asked", "completion", "preflight", "prompt", "screens", "sending"],
    &["ui"],
    &["arrangement", "typing"],
    &["outcomes"],
    &["mod"],
];

/// The types whose methods stand in one file, or in one folder.
const AT_HOME: &[(&str, &str)] = &[
    ("App", "src/app/mod.rs"),
    ("World", "src/app/world.rs"),
    ("Ui", "src/app/ui.rs"),
    ("Place", "src/app/place/"),
];

struct Source {
    path: String,
    lines: Vec<(usize, String)>,
}

/// The sources with their paths from the package's root, without comments and literals.
fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        let entries = fs::read_dir(&folder).expect("a folder of sources can be read");
        let paths: Vec<PathBuf> = entries.map(|entry| entry.expect("an entry can be read").path()).collect();
        for path in paths {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                found.push(read(root, &path));
            }
        }
    }
    found
}

fn read(root: &Path, path: &Path) -> Source {
    let text = fs::read_to_string(path).expect("a source can be read");
    let code = |line: &str| {
        let code = line.split("//").next().unwrap_or_default();
        code.split('"').step_by(2).collect::<Vec<_>>().join("\"\"")
    };
    let lines = text.lines().enumerate().map(|(index, line)| (index + 1, code(line))).collect();
    let path = path.strip_prefix(root).expect("a source lies in the package");
    Source { path: path.to_string_lossy().into_owned(), lines }
}

fn room(path: &str) -> &str {
    let inside = path.trim_start_matches("src/");
    inside.split('/').next().unwrap_or_default().trim_end_matches(".rs")
}

/// The places of lines for which `is_wrong` holds.
fn places(sources: &[Source], mut is_wrong: impl FnMut(&Source, &str) -> bool) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources {
        for (number, line) in &source.lines {
            if is_wrong(source, line) {
                wrong.push(format!("{}:{number}: {}", source.path, line.trim()));
            }
        }
    }
    wrong
}

#[test]
fn a_room_knows_only_the_rooms_that_it_may() {
    let sources = sources();
    assert!(sources.len() > 50, "the sources were not found");
    for (name, known) in MAY_KNOW {
        let wrong = places(&sources, |source, line| {
            let named = line.split("crate::").skip(1).map(|rest| {
                rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
            });
            room(&source.path) == *name
                && named
                    .into_iter()
                    .filter(|other| !FOR_TESTS.contains(other))
                    .any(|other| !other.is_empty() && other != *name && !known.contains(&other))
        });
        assert!(wrong.is_empty(), "{name} may know {known:?} only:\n{}", wrong.join("\n"));
    }
}

/// The part of the core that a file belongs to, and the parts that it names.
fn part(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/app/")?;
    Some(inside.split('/').next().unwrap_or_default().trim_end_matches(".rs"))
}

fn parts_named<'a>(source: &Source, line: &'a str) -> Vec<&'a str> {
    // Beside the root of the core, `super` is the core itself.
    let is_beside = source.path.matches('/').count() == 2;
    let paths: &[&str] = if is_beside { &["crate::app::", "super::"] } else { &["crate::app::"] };
    let named = |path: &&str| -> Vec<&'a str> { line.split(*path).skip(1).collect() };
    let name =
        |rest: &'a str| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
    paths.iter().flat_map(named).map(name).filter(|name| name.starts_with(char::is_lowercase)).collect()
}

#[test]
fn no_part_of_the_core_names_a_layer_above_its_own() {
    let layer = |name: &str| LAYERS.iter().position(|layer| layer.contains(&name));
    let mut seen = 0;
    let wrong = places(&sources(), |source, line| {
        let Some(part) = part(&source.path) else { return false };
        if part.contains("tests") {
            return false;
        }
        seen += 1;
        let own = layer(part).unwrap_or_else(|| panic!("{} is in no layer", source.path));
        parts_named(source, line).iter().any(|named| layer(named).is_some_and(|layer| layer > own))
    });
    assert!(seen > 1000, "the core was not found");
    assert!(wrong.is_empty(), "names a layer above its own:\n{}", wrong.join("\n"));
}

#[test]
fn what_the_core_is_made_of_has_its_methods_at_home() {
    let sources = sources();
    for (name, home) in AT_HOME {
        let is_its = |line: &str| {
            let Some(rest) = line.trim_start().strip_prefix("impl") else { return false };
            let of = rest.rsplit(" for ").next().unwrap_or_default().trim();
            of.split([' ', '{', '<']).next() == Some(*name)
        };
        let wrong = places(&sources, |source, line| {
            source.path.starts_with("src/app/") && is_its(line) && !source.path.starts_with(home)
        });
        assert!(wrong.is_empty(), "methods of {name} belong into {home}:\n{}", wrong.join("\n"));
    }
}

/// A new screen is a file with its state and the meaning of its keys, one line in the list of screens, and one in the
/// view that draws it. Nobody else knows a screen by its variant, but who hands something to that one screen.
#[test]
fn a_screen_is_a_file_and_a_line() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let list = fs::read_to_string(root.join("src/app/screens/mod.rs")).expect("the list can be read");
    let lines = list.split("screens! {").nth(1).and_then(|rest| rest.split('}').next()).expect("the list");
    let names: Vec<&str> =
        lines.lines().filter_map(|line| line.trim().split_once('(')).map(|it| it.0).collect();
    assert!(names.len() >= 10, "{names:?}");
    for name in names {
        let variant = format!("AnyScreen::{name}(");
        let known = places(&sources(), |_, line| line.contains(&variant));
        let elsewhere = known.iter().filter(|place| !place.starts_with("src/view/mod.rs"));
        let strangers: Vec<&String> = elsewhere.filter(|place| !place.starts_with("src/app/tests")).collect();
        let is_handed_something = ["History", "Login", "Review"].contains(&name);
        let most = if is_handed_something { 3 } else { 0 };
        assert!(strangers.len() <= most, "{name} is known elsewhere:\n{strangers:?}");
    }
}

/// A type that others can name, if the line begins one.
fn type_named(line: &str) -> Option<&str> {
    let (visibility, rest) = line.split_once(' ')?;
    let rest = if visibility.starts_with("pub(") && !visibility.ends_with(')') {
        // `pub(in …)` has a blank.
        rest.split_once(") ")?.1
    } else {
        rest
    };
    let (kind, name) = rest.split_once(' ')?;
    let is_type = visibility.starts_with("pub") && ["struct", "enum", "trait"].contains(&kind);
    is_type.then(|| name.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default())
}

#[test]
fn no_two_types_have_one_name() {
    let mut named: Vec<(String, String)> = Vec::new();
    for source in sources() {
        let types = source.lines.iter().filter_map(|(_, line)| type_named(line));
        named.extend(types.map(|name| (name.to_owned(), source.path.clone())));
    }
    assert!(named.iter().any(|(name, path)| name == "Snapshot" && path == "src/domain/snapshot.rs"));
    named.sort();
    let twice = named.windows(2).filter(|pair| pair[0].0 == pair[1].0).collect::<Vec<_>>();
    assert!(twice.is_empty(), "{twice:#?}");
}

#[test]
fn what_belongs_to_one_room_is_named_in_that_room_only() {
    let sources = sources();
    for (word, homes) in ONLY_IN {
        let wrong = places(&sources, |source, line| {
            let names = |line: &str| {
                line.split(|c: char| !c.is_alphanumeric() && c != '_')
                    .any(|part| if word.ends_with('_') { part.starts_with(word) } else { part == *word })
            };
            let is_code = line.contains("::") || line.trim_start().starts_with("use ");
            is_code && names(line) && !homes.iter().any(|home| source.path.starts_with(home))
        });
        assert!(wrong.is_empty(), "{word} belongs to {homes:?}:\n{}", wrong.join("\n"));
    }
}

#[test]
fn the_pure_rooms_take_time_and_the_world_as_values() {
    let sources = sources();
    let wrong = places(&sources, |source, line| {
        PURE.contains(&room(&source.path)) && NOT_PURE.iter().any(|word| line.contains(word))
    });
    assert!(wrong.is_empty(), "not pure:\n{}", wrong.join("\n"));
}

/// `env::var` takes a variable that is no text for one that is not set, and whoever comes after it would ask.
#[test]
fn no_variable_that_says_who_asks_is_passed_over() {
    let sources = sources();
    let wrong = places(&sources, |source, line| room(&source.path) == "rds" && line.contains("env::var("));
    assert!(wrong.is_empty(), "take `environment::set_to`:\n{}", wrong.join("\n"));
}

#[test]
fn every_module_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for source in sources() {
        let text = fs::read_to_string(root.join(&source.path)).expect("a source can be read");
        assert!(text.starts_with("//!"), "{} begins without //!", source.path);
    }
}

#[test]
fn no_second_legacy_tls_and_http_stack_is_locked() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = fs::read_to_string(root.join("Cargo.lock")).expect("the lock file can be read");
    assert!(!lock.contains("name = \"h2\""), "what is asked here speaks HTTP/1.1");
    for (name, current) in [("hyper", "1."), ("rustls", "0.23.")] {
        let versions: Vec<&str> = lock
            .split(&format!("name = \"{name}\"\nversion = \""))
            .skip(1)
            .filter_map(|rest| rest.split('"').next())
            .collect();
        assert!(
            !versions.is_empty() && versions.iter().all(|version| version.starts_with(current)),
            "{name}: {versions:?}"
        );
    }
}
