//! Every setting, in one table: its name, what it may be, how it is read and shown. The reader and `clustersnap config
//! show` are made from it; what each means stands in `assets/config.toml`, which is held to the table by a test.

use toml::de::DeValue;

use crate::domain::change_id::ChangeKey;
use crate::domain::mark::MarkKey;
use crate::domain::tag::Tag;

use super::Config;
use super::guards::{self, take_accounts, take_clusters, take_profiles};
use super::places::{show_places, take_places};
use super::requests::{read_key, take_key_or_none, take_required, take_tags, take_template};
use super::screen::{show_keys, take_escape_wait, take_filter, take_keys, take_stay, take_theme};
use super::value::{Wrong, list, shown_table, take_text, text, texts};

/// A setting.
pub(super) struct Setting {
    /// Its name, with the tables that it stands in: `production.accounts`.
    pub(super) name: &'static str,
    /// What it may be, in a few words.
    pub(super) wanted: &'static str,
    /// Takes a value; what is wrong with it leaves the default.
    pub(super) take: fn(&mut Config, &DeValue<'_>) -> Vec<Wrong>,
    /// The value in force, as it stands in a file.
    pub(super) show: fn(&Config) -> String,
}

/// All of them: first those of no table, then table by table.
pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        name: "name_template",
        wanted: "a text like \"{cluster}-{date}-{time}\"",
        take: take_template,
        show: |config| text(&config.policy.name_template.to_string()),
    },
    Setting {
        name: "tags",
        wanted: "a table of texts like { owner = \"dba\" }, at most 50",
        take: take_tags,
        show: |config| {
            let row = |tag: &Tag| (text(&tag.key), text(&tag.value));
            shown_table(config.policy.tags.iter().map(row))
        },
    },
    Setting {
        name: "required_tags",
        wanted: "a list of tag keys like [\"owner\", \"ticket\"]",
        take: take_required,
        show: |config| list(config.policy.required_tags.iter().map(String::as_str)),
    },
    Setting {
        name: "places",
        wanted: "a table of lists like { all-prod = [\"prod/eu-west-1\", \"dr/eu-west-1,eu-central-1\"] }",
        take: take_places,
        show: show_places,
    },
    Setting {
        name: "theme",
        wanted: "one of \"ansi\", \"dark\", \"light\", \"high-contrast-dark\", \"high-contrast-light\", \
                 \"colour-blind-dark\", \"colour-blind-light\"",
        take: take_theme,
        show: |config| text(config.screen.theme.name),
    },
    Setting {
        name: "ascii",
        wanted: "true or false",
        take: |config, value| take_switch(&mut config.screen.ascii, value),
        show: |config| config.screen.ascii.to_string(),
    },
    Setting {
        name: "mouse",
        wanted: "true or false",
        take: |config, value| take_switch(&mut config.screen.mouse, value),
        show: |config| config.screen.mouse.to_string(),
    },
    Setting {
        name: "escape_ms",
        wanted: "a whole number from 10 to 2000",
        take: take_escape_wait,
        show: |config| config.screen.escape_wait.as_millis().to_string(),
    },
    Setting {
        name: "keys",
        wanted: "a table of lists of keys like { snapshot = [\"n\"] }",
        take: take_keys,
        show: show_keys,
    },
    Setting {
        name: "proof.key",
        wanted: "a tag key like \"clustersnap:request\", or an empty text",
        take: |config, value| take_key_or_none(value, |key| config.policy.mark_key = MarkKey(key)),
        show: |config| text(config.policy.mark_key.0.as_deref().unwrap_or_default()),
    },
    Setting {
        name: "change.key",
        wanted: "a tag key like \"change\"",
        take: |config, value| take_text(value, read_key, |key| config.policy.change_key = ChangeKey(key)),
        show: |config| text(&config.policy.change_key.0),
    },
    Setting {
        name: "production.profiles",
        wanted: "a list of patterns like [\"*prod*\"]",
        take: |config, value| take_profiles(&mut config.policy.production.profiles, value),
        show: |config| guards::shown(&config.policy.production.profiles),
    },
    Setting {
        name: "production.accounts",
        wanted: "a list of patterns like [\"123456789012\"]",
        take: |config, value| take_accounts(&mut config.policy.production.accounts, value),
        show: |config| guards::shown(&config.policy.production.accounts),
    },
    Setting {
        name: "production.clusters",
        wanted: "a list of patterns like [\"*-prod\"]",
        take: |config, value| take_clusters(&mut config.policy.production.clusters, value),
        show: |config| guards::shown(&config.policy.production.clusters),
    },
    Setting {
        name: "production.tags",
        wanted: "a list of patterns like [\"env=prod\"]",
        take: |config, value| guards::take_tags(&mut config.policy.production.tags, value),
        show: |config| guards::shown(&config.policy.production.tags),
    },
    Setting {
        name: "production.confirm_headless",
        wanted: "true or false",
        take: |config, value| take_switch(&mut config.policy.confirm_headless, value),
        show: |config| config.policy.confirm_headless.to_string(),
    },
    Setting {
        name: "read_only.profiles",
        wanted: "a list of patterns like [\"*audit*\"]",
        take: |config, value| take_profiles(&mut config.policy.read_only.profiles, value),
        show: |config| guards::shown(&config.policy.read_only.profiles),
    },
    Setting {
        name: "read_only.accounts",
        wanted: "a list of patterns like [\"123456789012\"]",
        take: |config, value| take_accounts(&mut config.policy.read_only.accounts, value),
        show: |config| guards::shown(&config.policy.read_only.accounts),
    },
    Setting {
        name: "read_only.clusters",
        wanted: "a list of patterns like [\"legacy-*\"]",
        take: |config, value| take_clusters(&mut config.policy.read_only.clusters, value),
        show: |config| guards::shown(&config.policy.read_only.clusters),
    },
    Setting {
        name: "read_only.tags",
        wanted: "a list of patterns like [\"frozen=*\"]",
        take: |config, value| guards::take_tags(&mut config.policy.read_only.tags, value),
        show: |config| guards::shown(&config.policy.read_only.tags),
    },
    Setting {
        name: "list.group_by",
        wanted: "a tag key like \"application\"",
        take: |config, value| take_key_or_none(value, |key| config.list.group_by = key),
        show: |config| text(config.list.group_by.as_deref().unwrap_or_default()),
    },
    Setting {
        name: "list.filter",
        wanted: "a filter like \"env=prod -status:stopped\"",
        take: take_filter,
        show: |config| text(&config.list.filter),
    },
    Setting {
        name: "pane.stay_minutes",
        wanted: "a whole number from 1 to 10080",
        take: take_stay,
        show: |config| (config.screen.stay.0.as_secs() / 60).to_string(),
    },
    Setting {
        name: "notify.bell",
        wanted: "true or false",
        take: |config, value| take_switch(&mut config.notify.bell, value),
        show: |config| config.notify.bell.to_string(),
    },
    Setting {
        name: "notify.desktop",
        wanted: "true or false",
        take: |config, value| take_switch(&mut config.notify.desktop, value),
        show: |config| config.notify.desktop.to_string(),
    },
    Setting {
        name: "notify.title",
        wanted: "true or false",
        take: |config, value| take_switch(&mut config.notify.title, value),
        show: |config| config.notify.title.to_string(),
    },
    Setting {
        name: "notify.command",
        wanted: "a list of texts like [\"notify-send\", \"clustersnap\"]",
        take: |config, value| {
            let (words, wrong) = texts(value);
            config.notify.command = words.into_iter().map(|(_, word)| word).collect();
            wrong
        },
        show: |config| list(config.notify.command.iter().map(String::as_str)),
    },
];

/// The file with every setting, each explained and commented out.
pub const DOCUMENTED: &str = include_str!("../../assets/config.toml");

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
pub(super) fn each(mut visit: impl FnMut(Option<&str>, &Setting)) {
    let mut open = None;
    for setting in SETTINGS {
        let table = setting.name.rsplit_once('.').map(|(table, _)| table);
        visit(table.filter(|_| table != open), setting);
        open = table;
    }
}

pub(super) fn last(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

fn take_switch(switch: &mut bool, value: &DeValue<'_>) -> Vec<Wrong> {
    let DeValue::Boolean(on) = value else { return vec![Wrong::kind(value)] };
    *switch = *on;
    Vec::new()
}
