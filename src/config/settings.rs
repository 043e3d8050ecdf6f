//! Every setting, in one table: its name, what it means, what it may be, how it is read and shown. The
//! reader, `clustersnap config show` and `assets/config.toml` are made from it.

use toml::de::DeValue;

use crate::domain::tag::Tag;

use super::Config;
use super::guards::{self, take_accounts, take_clusters, take_profiles};
use super::places::{show_places, take_places};
use super::requests::{take_change_key, take_mark, take_required, take_tags, take_template};
use super::screen::{
    key_lines, show_keys, take_escape_wait, take_filter, take_group, take_keys, take_stay, take_theme,
};
use super::value::{Wrong, list, shown_table, text, texts};

/// A setting.
pub(super) struct Setting {
    /// Its name, with the tables that it stands in: `production.accounts`.
    pub(super) name: &'static str,
    /// What it means, for the documented file; a line of text each.
    about: &'static [&'static str],
    /// What it may be, in a few words.
    pub(super) wanted: &'static str,
    /// An example, as it stands in a file.
    example: &'static str,
    /// Takes a value; what is wrong with it leaves the default.
    pub(super) take: fn(&mut Config, &DeValue<'_>) -> Vec<Wrong>,
    /// The value in force, as it stands in a file.
    show: fn(&Config) -> String,
}

/// All of them: first those of no table, then table by table.
pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        name: "name_template",
        about: &[
            "From what the identifier of a new snapshot is proposed: letters, digits, hyphens, and",
            "  {cluster}         the DB cluster's identifier",
            "  {date} {time}     the local date and time, YYYYMMDD and HHMM",
            "  {ticket}          the value of the tag \"ticket\"",
            "  {user}            the caller's name, the end of its ARN",
            "  {engine_version}  the DB cluster's engine version",
            "  {seq}             the first number that makes the name a free one",
            "What has no value is left out. A name that is too long loses the end of {cluster}.",
        ],
        wanted: "a text like \"{cluster}-{date}-{time}\"",
        example: "\"{cluster}-{date}-{time}\"",
        take: take_template,
        show: |config| text(&config.policy.name_template.to_string()),
    },
    Setting {
        name: "tags",
        about: &[
            "Tags that every new snapshot begins with, besides the DB cluster's own. Where both have a key,",
            "the value from here is taken. They can be changed for each snapshot.",
        ],
        wanted: "a table of texts like { owner = \"dba\" }, at most 50",
        example: "{ owner = \"dba\", made-with = \"clustersnap\" }",
        take: take_tags,
        show: |config| {
            let row = |tag: &Tag| (text(&tag.key), text(&tag.value));
            shown_table(config.policy.tags.iter().map(row))
        },
    },
    Setting {
        name: "required_tags",
        about: &[
            "Keys of tags that every new snapshot must have: they are asked for, and nothing is sent without.",
        ],
        wanted: "a list of tag keys like [\"owner\", \"ticket\"]",
        example: "[\"owner\", \"ticket\"]",
        take: take_required,
        show: |config| list(config.policy.required_tags.iter().map(String::as_str)),
    },
    Setting {
        name: "places",
        about: &[
            "Sets of places, opened by --places NAME. Each entry is PROFILE/REGION, or PROFILE/REGION,REGION for several",
            "Regions. PROFILE alone is the profile in its own Region, /REGION the default profile; a profile whose name",
            "has a slash ends with one more, or with its Regions: \"org/admin/\", \"org/admin/eu-west-1\".",
        ],
        wanted: "a table of lists like { all-prod = [\"prod/eu-west-1\", \"dr/eu-west-1,eu-central-1\"] }",
        example: "{ all-prod = [\"prod/eu-west-1\", \"dr/eu-west-1,eu-central-1\"] }",
        take: take_places,
        show: show_places,
    },
    Setting {
        name: "theme",
        about: &[
            "What the screen looks like. \"ansi\" has the terminal's own sixteen colours; the others are for",
            "terminals with 256 colours, and for backgrounds as their names say. NO_COLOR wins.",
        ],
        wanted: "one of \"ansi\", \"dark\", \"light\", \"high-contrast-dark\", \"high-contrast-light\", \
                 \"colour-blind-dark\", \"colour-blind-light\"",
        example: "\"dark\"",
        take: take_theme,
        show: |config| text(config.screen.theme.name),
    },
    Setting {
        name: "ascii",
        about: &["Show nothing but ASCII, as --ascii does, whatever the locale says."],
        wanted: "true or false",
        example: "true",
        take: |config, value| take_switch(&mut config.screen.ascii, value),
        show: |config| config.screen.ascii.to_string(),
    },
    Setting {
        name: "mouse",
        about: &[
            "Listen to the mouse: the wheel scrolls, a click goes to what is under it. Most terminals then copy",
            "text only while shift is held.",
        ],
        wanted: "true or false",
        example: "true",
        take: |config, value| take_switch(&mut config.screen.mouse, value),
        show: |config| config.screen.mouse.to_string(),
    },
    Setting {
        name: "escape_ms",
        about: &[
            "How many milliseconds the escape key waits: over a slow link, the escape with which the arrow keys begin",
            "can arrive before the rest. More where arrows act as escape, less where escape seems slow.",
        ],
        wanted: "a whole number from 10 to 2000",
        example: "300",
        take: take_escape_wait,
        show: |config| config.screen.escape_wait.as_millis().to_string(),
    },
    Setting {
        name: "keys",
        about: &[
            "Other keys for actions: a character, \"ctrl-\" and a letter, or space, enter, esc, tab, shift-tab, up,",
            "down, left, right, home, end, pageup, pagedown. They take the place of the action's own. In a field",
            "characters stay text, and ctrl-c always quits. The actions and their keys:",
        ],
        wanted: "a table of lists of keys like { snapshot = [\"n\"] }",
        example: "{ snapshot = [\"n\", \"s\"], sort = [\"S\"] }",
        take: take_keys,
        show: show_keys,
    },
    Setting {
        name: "proof.key",
        about: &[
            "Each request carries one more tag, the mark, whose value is the request's number: it proves later,",
            "from any machine, whose a snapshot is. This is the mark's key. An empty one turns the mark off: then",
            "nothing proves whose a snapshot is, should the answer to its request be lost. No DB cluster may have a",
            "tag of this key itself: its snapshots would need the key twice, and are refused.",
        ],
        wanted: "a tag key like \"clustersnap:request\", or an empty text",
        example: "\"made-by-request\"",
        take: take_mark,
        show: |config| text(config.policy.mark_key.0.as_deref().unwrap_or_default()),
    },
    Setting {
        name: "change.key",
        about: &[
            "The key of the tag that carries the id of a change, on each of the snapshots that are requested as",
            "parts of one.",
        ],
        wanted: "a tag key like \"change\"",
        example: "\"ticket\"",
        take: take_change_key,
        show: |config| text(&config.policy.change_key.0),
    },
    Setting {
        name: "production.profiles",
        about: &[
            "What counts as production: it is marked PRODUCTION, and there the DB cluster's name has to be typed",
            "before anything is sent. Patterns: * stands for any characters, ? for any one; case does not count.",
            "AWS profiles:",
        ],
        wanted: "a list of patterns like [\"*prod*\"]",
        example: "[\"*prod*\"]",
        take: |config, value| take_profiles(&mut config.policy.production.profiles, value),
        show: |config| guards::shown(&config.policy.production.profiles),
    },
    Setting {
        name: "production.accounts",
        about: &["Account numbers:"],
        wanted: "a list of patterns like [\"123456789012\"]",
        example: "[\"123456789012\"]",
        take: |config, value| take_accounts(&mut config.policy.production.accounts, value),
        show: |config| guards::shown(&config.policy.production.accounts),
    },
    Setting {
        name: "production.clusters",
        about: &["Identifiers of DB clusters:"],
        wanted: "a list of patterns like [\"*-prod\"]",
        example: "[\"*-prod\", \"live-*\"]",
        take: |config, value| take_clusters(&mut config.policy.production.clusters, value),
        show: |config| guards::shown(&config.policy.production.clusters),
    },
    Setting {
        name: "production.tags",
        about: &["Tags of DB clusters, as KEY=VALUE:"],
        wanted: "a list of patterns like [\"env=prod\"]",
        example: "[\"env=prod*\"]",
        take: |config, value| guards::take_tags(&mut config.policy.production.tags, value),
        show: |config| guards::shown(&config.policy.production.tags),
    },
    Setting {
        name: "production.confirm_headless",
        about: &[
            "Whether the command create, too, wants the name of a production cluster once more: --confirm CLUSTER.",
        ],
        wanted: "true or false",
        example: "true",
        take: |config, value| take_switch(&mut config.policy.confirm_headless, value),
        show: |config| config.policy.confirm_headless.to_string(),
    },
    Setting {
        name: "read_only.profiles",
        about: &[
            "What is only looked at: there nothing that changes anything is sent, as with --read-only. Patterns as in",
            "the table production. Where the account or the tags cannot be found out, nothing is sent either. A mistake",
            "in either table, or in required_tags, holds every request back until it is mended. AWS profiles:",
        ],
        wanted: "a list of patterns like [\"*audit*\"]",
        example: "[\"*audit*\"]",
        take: |config, value| take_profiles(&mut config.policy.read_only.profiles, value),
        show: |config| guards::shown(&config.policy.read_only.profiles),
    },
    Setting {
        name: "read_only.accounts",
        about: &["Account numbers:"],
        wanted: "a list of patterns like [\"123456789012\"]",
        example: "[\"123456789012\"]",
        take: |config, value| take_accounts(&mut config.policy.read_only.accounts, value),
        show: |config| guards::shown(&config.policy.read_only.accounts),
    },
    Setting {
        name: "read_only.clusters",
        about: &["Identifiers of DB clusters:"],
        wanted: "a list of patterns like [\"legacy-*\"]",
        example: "[\"legacy-*\"]",
        take: |config, value| take_clusters(&mut config.policy.read_only.clusters, value),
        show: |config| guards::shown(&config.policy.read_only.clusters),
    },
    Setting {
        name: "read_only.tags",
        about: &["Tags of DB clusters, as KEY=VALUE:"],
        wanted: "a list of patterns like [\"frozen=*\"]",
        example: "[\"frozen=*\"]",
        take: |config, value| guards::take_tags(&mut config.policy.read_only.tags, value),
        show: |config| guards::shown(&config.policy.read_only.tags),
    },
    Setting {
        name: "list.group_by",
        about: &[
            "The key of a tag by whose values the list of DB clusters is grouped, such as the application; A marks a",
            "whole group. Empty, it is not grouped.",
        ],
        wanted: "a tag key like \"application\"",
        example: "\"application\"",
        take: take_group,
        show: |config| text(config.list.group_by.as_deref().unwrap_or_default()),
    },
    Setting {
        name: "list.filter",
        about: &[
            "The filter that the list of DB clusters begins with, as it is typed after /: \"env=prod -status:stopped\".",
            "esc takes it away. The command list has --filter instead.",
        ],
        wanted: "a filter like \"env=prod -status:stopped\"",
        example: "\"env=prod -status:stopped\"",
        take: take_filter,
        show: |config| text(&config.list.filter),
    },
    Setting {
        name: "pane.stay_minutes",
        about: &[
            "For how many minutes a snapshot that has become usable stays in the pane of what is in progress; then it",
            "is only counted there. What failed, and what is not known, stays until it is acknowledged.",
        ],
        wanted: "a whole number from 1 to 10080",
        example: "60",
        take: take_stay,
        show: |config| (config.screen.stay.0.as_secs() / 60).to_string(),
    },
    Setting {
        name: "notify.bell",
        about: &[
            "How to tell that a snapshot has ended, well or not, or that a request came to nothing out of sight.",
            "The terminal's bell:",
        ],
        wanted: "true or false",
        example: "false",
        take: |config, value| take_switch(&mut config.notify.bell, value),
        show: |config| config.notify.bell.to_string(),
    },
    Setting {
        name: "notify.desktop",
        about: &["A notification of the desktop, by way of the terminal (OSC 9 and OSC 777):"],
        wanted: "true or false",
        example: "false",
        take: |config, value| take_switch(&mut config.notify.desktop, value),
        show: |config| config.notify.desktop.to_string(),
    },
    Setting {
        name: "notify.title",
        about: &[
            "The title of the terminal's window, with counts; at the end it is what it was (GNU screen, which",
            "could not give it back, keeps its own):",
        ],
        wanted: "true or false",
        example: "false",
        take: |config, value| take_switch(&mut config.notify.title, value),
        show: |config| config.notify.title.to_string(),
    },
    Setting {
        name: "notify.command",
        about: &[
            "A program and its arguments, run without a shell for each of them, the worst first. The facts are in",
            "its environment: CLUSTERSNAP_SNAPSHOT, _CLUSTER, _STATUS, _ARN, _ACCOUNT, _REGION, _ELAPSED_SECONDS",
            "and _MESSAGE. It has a minute; if it fails, that is told.",
        ],
        wanted: "a list of texts like [\"notify-send\", \"clustersnap\"]",
        example: "[\"logger\", \"-t\", \"clustersnap\", \"a snapshot has ended\"]",
        take: |config, value| {
            let (words, wrong) = texts(value);
            config.notify.command = words.into_iter().map(|(_, word)| word).collect();
            wrong
        },
        show: |config| list(config.notify.command.iter().map(String::as_str)),
    },
];

/// The file with every setting, each explained and commented out.
#[must_use]
pub fn documented() -> String {
    let mut lines: Vec<String> = [
        "# Every setting of clustersnap, each with an example. It is read from",
        "# $XDG_CONFIG_HOME/clustersnap/config.toml, by default ~/.config/clustersnap/config.toml.",
        "# A setting that is not there has its default; `clustersnap config show` tells what holds,",
        "# and `clustersnap config check` what is wrong with the file.",
    ]
    .map(str::to_owned)
    .into();
    let defaults = Config::default();
    each(|table, setting| {
        lines.push(String::new());
        lines.extend(table.map(|table| format!("[{table}]")));
        lines.extend(setting.about.iter().map(|line| format!("# {line}")));
        if setting.name == "keys" {
            lines.extend(key_lines());
        }
        lines.push(format!("# Default: {}", (setting.show)(&defaults)));
        lines.push(format!("# {} = {}", last(setting.name), setting.example));
    });
    lines.join("\n") + "\n"
}

/// The settings in force, as a file that would make them so.
#[must_use]
pub fn shown(config: &Config) -> String {
    let mut lines = Vec::new();
    each(|table, setting| {
        lines.extend(table.map(|table| format!("\n[{table}]")));
        lines.push(format!("{} = {}", last(setting.name), (setting.show)(config)));
    });
    lines.join("\n") + "\n"
}

/// Goes through the settings, with the table that begins with each, if one does.
fn each(mut visit: impl FnMut(Option<&str>, &Setting)) {
    let mut open = None;
    for setting in SETTINGS {
        let table = setting.name.rsplit_once('.').map(|(table, _)| table);
        visit(table.filter(|_| table != open), setting);
        open = table;
    }
}

fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn take_switch(switch: &mut bool, value: &DeValue<'_>) -> Vec<Wrong> {
    let DeValue::Boolean(on) = value else { return vec![Wrong::kind(value)] };
    *switch = *on;
    Vec::new()
}
