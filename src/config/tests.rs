//! What the reader takes, refuses and reports.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use crate::app::overrides::{KeyOverride, actions};
use crate::domain::naming::Template;
use crate::domain::pattern::{Pattern, TagPattern};
use crate::domain::tag::Tag;

use super::*;

fn problems(text: &str) -> Vec<String> {
    let told = |problem: &ConfigProblem| match problem.line {
        Some(line) => format!("line {line}: {}", problem.said),
        None => problem.said.clone(),
    };
    parse(text).1.iter().map(told).collect()
}

#[test]
fn every_setting_is_read() {
    let text = r#"
        name_template = "{user}-{cluster}"
        required_tags = ["owner", "ticket", "owner"]
        [tags]
        ticket = ""
        owner = "dba"
        [production]
        profiles = ["*Prod*"]
        accounts = ["1234*"]
        clusters = ["live-?"]
        tags = ["env=prod*"]
        confirm_headless = true
        [read_only]
        profiles = ["audit"]
        accounts = ["999999999999"]
        clusters = ["old-*"]
        tags = ["frozen=*"]
    "#;
    let (config, problems) = parse(text);
    assert_eq!(problems, []);
    let policy = config.policy;
    assert_eq!(policy.name_template, Template::parse("{user}-{cluster}").unwrap());
    assert_eq!(policy.tags, [Tag::new("ticket", ""), Tag::new("owner", "dba")]);
    assert_eq!(policy.required_tags, ["owner", "ticket"]);
    assert_eq!(policy.production.profiles, [Pattern::new("*prod*")]);
    assert_eq!(policy.production.accounts, [Pattern::new("1234*")]);
    assert_eq!(policy.production.clusters, [Pattern::new("live-?")]);
    assert_eq!(policy.production.tags, [TagPattern::parse("env=prod*").unwrap()]);
    assert!(policy.confirm_headless);
    let read_only = policy.read_only;
    assert_eq!(read_only.profiles, [Pattern::new("audit")]);
    assert_eq!(read_only.accounts, [Pattern::new("999999999999")]);
    assert_eq!(read_only.clusters, [Pattern::new("old-*")]);
    assert_eq!(read_only.tags, [TagPattern::parse("frozen=*").unwrap()]);
}

#[test]
fn a_filter_is_what_is_typed_as_one_and_one_that_says_nothing_is_told_with_its_place() {
    let of = |filter: &str| parse(&format!("[list]\nfilter = {filter}\n"));
    assert_eq!(of("\"env=prod -status:stopped age>90d\"").0.list.filter, "env=prod -status:stopped age>90d");
    let long = format!("\"{}\"", "x".repeat(20_000));
    for (filter, flaw) in [
        ("\"env=prod status:\"", "list.filter: character 10: status: has no value; wanted: a filter like"),
        ("\"age>old\"", "character 1: age>old has no time like 90d or 2h"),
        ("'\"open'", "has no second quote"),
        ("[\"env=prod\"]", "a list stands there"),
        ("\"a\\u0007b\"", "a control character stands there"),
        (long.as_str(), "20000 characters or more"),
    ] {
        let (config, problems) = of(filter);
        assert!(problems.len() == 1 && problems[0].said.contains(flaw), "{flaw}: {problems:#?}");
        assert_eq!(config.list.filter, "");
    }
}

#[test]
fn what_is_wrong_is_told_by_line_with_what_is_wanted_and_the_rest_holds() {
    let text = "name_tmplate = \"x\"\nname_template = 5\ntags = { ok = \"1\", bad = 2, \"aws:x\" = \"\" }\n\n\
                [production]\nprofile = []\naccounts = [\"1*\", 7]\n";
    let said = problems(text);
    assert_eq!(said.len(), 6, "{said:#?}");
    assert!(said[0].starts_with("line 1: there is no setting name_tmplate; there are name_template, tags,"));
    assert!(said[1].starts_with("line 2: name_template: a whole number stands there; wanted: a text like"));
    assert!(said[2].starts_with("line 3: tags: a whole number stands there; wanted: a table"));
    assert!(said[3].starts_with("line 3: tags: keys beginning with aws: are AWS's own"));
    assert!(
        said[4].starts_with("line 6: there is no setting production.profile; there are production.profiles")
    );
    assert!(said[5].starts_with("line 7: production.accounts: a whole number stands there"));
    let config = parse(text).0;
    assert_eq!(config.policy.tags, [Tag::new("ok", "1")]);
    assert_eq!(config.policy.production.accounts, [Pattern::new("1*")]);
    assert_eq!(config.policy.name_template, Template::default());
}

#[test]
fn a_guard_that_cannot_be_understood_is_told_from_everything_else_that_is_wrong() {
    let folder = tempfile::tempdir().unwrap();
    let broken = |text: &str| {
        let path = folder.path().join("config.toml");
        std::fs::write(&path, text).unwrap();
        load_from(path).config.policy.broken
    };
    for (text, line) in [
        ("[production]\nclusters = \"*-prod\"\n", 2),
        ("[production]\naccounts = [123456789012]\n", 2),
        ("[production]\naccounts = [\"1234\"]\n", 2),
        ("[production]\naccounts = [\"1234-5678-9012\"]\n", 2),
        ("[production]\nclusters = [\"^prod\"]\n", 2),
        ("[production]\nclusters = [\"\"]\n", 2),
        ("[production]\nprofiles = [\"prod \"]\n", 2),
        ("[production]\ntags = [\"env\"]\n", 2),
        ("[read_only]\ntags = [\"env = prod\"]\n", 2),
        ("[read_only]\ntags = [\"a=b\", \"env=prod \"]\n", 2),
        ("[production]\nconfirm_headless = \"yes\"\n", 2),
        ("[production]\nconfirm_headles = true\n", 2),
        ("production = true\n", 1),
        ("[prodction]\nclusters = [\"x\"]\n", 1),
        ("[read_only]\ncluster = [\"x\"]\n", 2),
        ("read_only = true\n", 1),
        ("required_tags = \"owner\"\n", 1),
        ("required_tags = [\"aws:x\"]\n", 1),
        ("required_tags = [\"owner \"]\n", 1),
        ("[change]\nkey = 3\n", 2),
        ("[change]\nkey = \"ticket \"\n", 2),
        ("[change]\nkay = \"ticket\"\n", 2),
        ("[notify]\nbell = true\nrequired_tags = [\"owner\"]\n", 3),
        ("[tags]\nowner = \"dba\"\nrequired_tags = [\"owner\"]\n", 3),
        ("[places]\na = [\"prod/eu-west-1\"]\nrequired_tags = [\"owner\"]\n", 3),
        ("[clustersnap.production]\nclusters = [\"*\"]\n", 1),
        ("[my.own.read_only]\nclusters = [\"*\"]\n", 1),
        ("confirm_headless = true\n", 1),
        ("[change]\nkey = \"x\"\n[proof]\nkey = \"x\"\n", 4),
        ("[change]\nkey = \"clustersnap:request\"\n", 2),
        ("theme = \"ansi\nrequired_tags = [\"owner\"]\n", 1),
    ] {
        let told = broken(text).unwrap_or_default();
        assert!(told.contains(&format!("config.toml:{line}: ")), "{text}: {told}");
    }
    for text in [
        "",
        "theme = \"dork\"\n[notify]\nbel = true\n[tags]\nx = 1\n[keys]\nnone = [\"x\"]\n",
        "name_tmplate = \"x\"\nname_template = 5\n[places]\nx = [\"prod/EU\"]\n",
        "required_tags = [\"owner\"]\n[tags]\nproduction = \"yes\"\n[places]\nprod = [\"prod/eu-west-1\"]\n",
        "[proof]\nkey = \"change\"\n",
    ] {
        assert_eq!(broken(text), None, "{text}");
    }
    let many: Vec<String> = (0..40).map(|n| format!("x{n} = 1\n")).collect();
    let guard = broken(&(many.concat() + "production = 1\n")).unwrap();
    assert!(guard.contains("config.toml:41: "), "found among many others: {guard}");
    let unread = load_from("/dev/zero".into()).config.policy.broken.unwrap();
    assert!(unread.starts_with("/dev/zero: is "), "{unread}");
}

#[test]
fn broken_toml_is_told_by_line_and_keeps_nobody_from_starting() {
    let said = problems("required_tags = [\"owner\"]\nname_template = \"unfinished\n");
    assert!(said.iter().any(|line| line.starts_with("line 2: ")), "{said:#?}");
    for text in ["=", "[", "\u{1b}]0;x\u{7}", "[production", "a.b.c = {", "tags = 1\ntags = 2"] {
        let said = problems(text);
        assert!(!said.is_empty() && said.iter().all(|line| !line.contains('\u{1b}')), "{text:?}: {said:#?}");
    }
}

#[test]
fn a_file_that_is_no_configuration_is_told_and_the_defaults_hold() {
    let folder = tempfile::tempdir().unwrap();
    let load = |name: &str| load_from(folder.path().join(name));
    assert!(!load("absent.toml").is_there && load("absent.toml").problems.is_empty());
    assert!(load("absent/config.toml").problems.is_empty(), "nobody made a folder for it");
    std::fs::write(folder.path().join("latin1.toml"), b"# ok\n# gr\xf6\xdfe\n").unwrap();
    let report = load("latin1.toml").report();
    assert!(report.len() == 1 && report[0].contains("is not UTF-8 in line 2"), "{report:?}");
    let report = load_from(folder.path().to_owned()).report();
    assert!(report.len() == 1 && report[0].contains("not a plain file"), "{report:?}");
    let endless = load_from("/dev/zero".into());
    let policy = Policy { broken: None, ..endless.config.policy.clone() };
    assert_eq!(Config { policy, ..endless.config }, Config::default());
    assert_eq!(endless.problems.len(), 1);
}

#[test]
fn what_stands_in_the_way_of_the_file_may_hide_a_guard() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let link = |to: &str, name: &str| std::os::unix::fs::symlink(at(to), at(name)).unwrap();
    std::fs::write(at("plain"), "").unwrap();
    std::fs::create_dir(at("empty")).unwrap();
    link("gone.toml", "config.toml");
    link("gone", "linked-away");
    link("empty", "linked");
    for (path, wrong) in [
        ("config.toml", Some("config.toml is a link that leads nowhere")),
        ("linked-away/clustersnap/config.toml", Some("linked-away is a link that leads nowhere")),
        ("plain/config.toml", Some("plain is no folder")),
        ("linked/config.toml", None),
        ("linked/clustersnap/config.toml", None),
    ] {
        let loaded = load_from(at(path));
        let report = loaded.report().join(" ");
        assert_eq!(loaded.config.policy.broken.is_some(), wrong.is_some(), "{path}");
        assert!(report.contains(wrong.unwrap_or_default()), "{report}");
    }
}

#[test]
fn a_summary_tells_the_first_problem_and_how_many_more() {
    let loaded =
        |problems: Vec<ConfigProblem>| Loaded { path: Some("c.toml".into()), problems, ..Loaded::default() };
    assert_eq!(loaded(parse("").1).summary(), None);
    let told = loaded(parse("tags = 1\nx = 1\ny = 2\n").1).summary().unwrap();
    assert!(told.contains("c.toml:1: tags: a whole number"), "{told}");
    assert!(told.ends_with("And 2 more: clustersnap config check tells all."), "{told}");
    let lines: Vec<String> = (0..40).map(|n| format!("x{n} = 1\n")).collect();
    let loaded = loaded(parse(&lines.concat()).1);
    assert_eq!(loaded.report().len(), 40);
    let warnings = loaded.warnings();
    assert_eq!(
        (warnings.len(), warnings[20].as_str()),
        (21, "and 20 more: clustersnap config check tells all")
    );
}

#[test]
fn what_is_shown_and_what_is_documented_reads_back() {
    assert_eq!(parse(DOCUMENTED), (Config::default(), Vec::new()));
    let examples: Vec<&str> = DOCUMENTED
        .lines()
        .map(|line| line.strip_prefix("# ").filter(|rest| rest.contains(" = ")).unwrap_or(line))
        .collect();
    let (config, problems) = parse(&examples.join("\n"));
    assert_eq!(problems, []);
    assert_eq!(config.policy.required_tags, ["owner", "ticket"]);
    assert_eq!(parse(&shown(&config)), (config, Vec::new()));
}

/// The documented file says of each setting, in the order of the table, what it means, its default and an example.
#[test]
fn the_documented_file_is_up_to_date() {
    let mut blocks = DOCUMENTED.trim_end().split("\n\n").skip(1);
    let defaults = Config::default();
    settings::each(|table, setting| {
        let name = setting.name;
        let mut lines: Vec<&str> = blocks.next().expect(name).lines().collect();
        let example = lines.pop().expect(name);
        assert!(example.starts_with(&format!("# {} = ", settings::last(name))), "{name}: {example}");
        assert_eq!(lines.pop(), Some(format!("# Default: {}", (setting.show)(&defaults)).as_str()), "{name}");
        if let Some(table) = table {
            assert_eq!(lines.remove(0), format!("[{table}]"), "{name}");
        }
        assert!(!lines.is_empty() && lines.iter().all(|line| line.starts_with("# ")), "{name}: {lines:?}");
    });
    assert_eq!(blocks.next(), None);
}

#[test]
fn the_documented_file_has_every_action_with_its_keys() {
    let told = |(action, keys): &KeyOverride| {
        let keys: Vec<String> = keys.iter().map(|key| value::text(key)).collect();
        format!("#   {:20} {}", action.name(), keys.join(" "))
    };
    let lines: Vec<String> = actions().iter().map(told).collect();
    let begin = "The actions and their keys:\n";
    let rest = DOCUMENTED.split_once(begin).unwrap().1;
    let documented: Vec<&str> = rest.lines().take_while(|line| line.starts_with("#   ")).collect();
    assert_eq!(documented, lines);
}

#[test]
fn the_marks_key_is_renamed_turned_off_or_told_to_be_wrong() {
    let key = |text: &str| parse(text).0.policy.mark_key.0;
    assert_eq!(key("").as_deref(), Some("clustersnap:request"));
    assert_eq!(key("proof.key = \"made-by\"\n").as_deref(), Some("made-by"));
    assert_eq!(key("[proof]\nkey = \"\"\n"), None);
    let wrong = "[proof]\nkey = \"aws:mine\"\n";
    assert_eq!(key(wrong).as_deref(), Some("clustersnap:request"));
    assert!(problems(wrong)[0].starts_with("line 2: proof.key: keys beginning with aws: are AWS's own"));
    for text in ["[proof]\nkey = \"\"\n", "[proof]\nkey = \"x y\"\n"] {
        assert_eq!(parse(&shown(&parse(text).0)), parse(text));
    }
}

#[test]
fn a_tag_under_the_marks_key_is_told_by_line_and_left_out() {
    let text =
        "tags = { a = \"1\", mine = \"2\" }\nrequired_tags = [\"b\",\n  \"mine\"]\n[proof]\nkey = \"mine\"\n";
    let said = problems(text);
    assert_eq!(said.len(), 2, "{said:#?}");
    assert!(said[0].starts_with("line 1: tags: mine: this is the key of a mark"), "{said:#?}");
    assert!(said[1].starts_with("line 3: required_tags: mine: this is the key of a mark"), "{said:#?}");
    let policy = parse(text).0.policy;
    assert_eq!((policy.tags, policy.required_tags), (vec![Tag::new("a", "1")], vec!["b".to_owned()]));
    for key in ["mine", ""] {
        let usual = format!("tags = {{ \"clustersnap:request\" = \"1\" }}\n[proof]\nkey = \"{key}\"\n");
        let (config, said) = parse(&usual);
        assert!(said.len() == 1 && config.policy.tags.is_empty(), "other machines know it: {said:#?}");
    }
}

#[test]
fn the_mark_and_the_change_have_two_keys() {
    for (text, line) in [
        ("[change]\nkey = \"x\"\n[proof]\nkey = \"x\"\n", 4),
        ("[proof]\nkey = \"change\"\n", 2),
        ("[change]\nkey = \"clustersnap:request\"\n", 2),
    ] {
        let said = problems(text);
        assert!(said.len() == 1 && said[0].starts_with(&format!("line {line}: proof.key: ")), "{said:#?}");
        let policy = parse(text).0.policy;
        assert_eq!(policy.mark_key.0.as_deref(), Some("clustersnap:request"));
        assert_eq!(policy.change_key.0, "change");
    }
}

#[test]
fn looks_mouse_and_keys_are_read_and_what_is_wrong_is_told_by_line() {
    let text = "theme = \"dark\"\nascii = true\nmouse = true\nescape_ms = 300\n[keys]\nsnapshot = [\"n\"]\nsort = \"S\"\n\
                [pane]\nstay_minutes = 3\n";
    let (config, problems) = parse(text);
    assert_eq!(problems, []);
    assert!(config.screen.ascii && config.screen.mouse && config.screen.theme.name == "dark");
    assert_eq!((config.screen.escape_wait.as_millis(), config.screen.stay.0.as_secs()), (300, 180));
    assert_eq!(config.keymap.changed().len(), 2);
    assert_eq!(parse(&shown(&config)), (config, Vec::new()));

    let text = "theme = \"dork\"\nascii = \"yes\"\n\n[keys]\nsnapshot = [\"j\"]\nsnapshoot = [\"n\"]\nsort = [\"ctrl-c\"]\n\
                copy = [\"c\",\n \"meta-x\"]\nfilter = []\nrefresh = 7\ndemo = [\"X\"]\n[pane]\nstay_minutes = 0\n";
    let (config, _) = parse(text);
    assert_eq!(config.keymap.changed().len(), 1, "the one that is right holds");
    let said = super::tests::problems(text);
    let begins = [
        "line 1: theme: there is no theme dork; wanted: one of \"ansi\", \"dark\"",
        "line 2: ascii: a text stands there; wanted: true or false",
        "line 5: keys: j would be both snapshot and down",
        "line 6: keys: there is no action snapshoot; there are snapshot, details",
        "line 7: keys: ctrl-c always quits",
        "line 9: keys: there is no key meta-x",
        "line 10: keys: filter has no key left",
        "line 11: keys: a whole number stands there",
        "line 14: pane.stay_minutes: 0 stands there; wanted: a whole number from 1 to 10080",
    ];
    assert_eq!(said.len(), begins.len(), "{said:#?}");
    for (line, begin) in said.iter().zip(begins) {
        assert!(line.starts_with(begin), "{line}");
    }
}

#[test]
fn every_theme_is_named_among_the_allowed_values() {
    let said = problems("theme = \"\"").remove(0);
    for name in crate::app::theme::Theme::names() {
        assert!(said.contains(&format!("{name:?}")), "{said}");
    }
}
