//! The manual pages, made of the definitions of the command line: one for the program, one for each command.

use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;
use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::cli::Cli;

/// The date that the pages bear.
const DATE: &str = "2026-11-28";

/// The program's own page.
pub fn main_page() -> anyhow::Result<Vec<u8>> {
    let mut cli = Cli::command();
    cli.build();
    page(&cli, "clustersnap", &[])
}

/// Writes all pages into a folder, which is made if it is not there; returns their names.
pub fn write_all(folder: &Path) -> anyhow::Result<Vec<String>> {
    std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let mut cli = Cli::command();
    cli.build();
    let mut written = Vec::new();
    write(folder, &cli, "clustersnap", &[], &mut written)?;
    Ok(written)
}

/// Writes the page of a command, and of those below it; `above` are those that it belongs to.
fn write(
    folder: &Path,
    command: &Command,
    name: &str,
    above: &[&str],
    written: &mut Vec<String>,
) -> anyhow::Result<()> {
    let file = format!("{name}.1");
    let path = folder.join(&file);
    std::fs::write(&path, page(command, name, above)?)
        .with_context(|| format!("cannot write {}", path.display()))?;
    written.push(file);
    let above = [above, &[name]].concat();
    for below in own(command) {
        write(folder, below, &format!("{name}-{}", below.get_name()), &above, written)?;
    }
    Ok(())
}

/// The commands below one that have a page.
fn own(command: &Command) -> impl Iterator<Item = &Command> {
    command.get_subcommands().filter(|below| below.get_name() != "help")
}

fn page(command: &Command, name: &str, above: &[&str]) -> anyhow::Result<Vec<u8>> {
    // The long manual leaves nothing out.
    let man = Man::new(command.clone().mut_args(|arg| arg.hide_short_help(false)));
    let mut page = Vec::new();
    writeln!(
        page,
        ".TH \"{}\" \"1\" \"{DATE}\" \"clustersnap {}\" \"clustersnap manual\"",
        name.to_uppercase(),
        env!("CARGO_PKG_VERSION")
    )?;
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    writeln!(page, ".SH NAME\n{} \\- {}", safe(name), safe(about.trim_end_matches('.')))?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    let more = command.get_after_long_help().map(ToString::to_string).unwrap_or_default();
    let (prose, sections) = more.split_at(first_heading(&more));
    for paragraph in prose.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
        writeln!(page, ".PP")?;
        for line in paragraph.lines() {
            writeln!(page, "{}", safe(line))?;
        }
    }
    if command.get_arguments().next().is_some() {
        man.render_options_section(&mut page)?;
    }
    let below: Vec<String> = own(command).map(|below| format!("{name}-{}", below.get_name())).collect();
    if !below.is_empty() {
        writeln!(page, ".SH COMMANDS")?;
        for (command, page_name) in own(command).zip(&below) {
            let about = command.get_about().map(ToString::to_string).unwrap_or_default();
            writeln!(page, ".TP\n\\fB{}\\fR(1)\n{}", safe(page_name), safe(&about))?;
        }
    }
    more_sections(sections, &mut page)?;
    if !above.is_empty() {
        let above: Vec<String> = above.iter().map(|name| format!("\\fB{}\\fR(1)", safe(name))).collect();
        writeln!(page, ".SH \"SEE ALSO\"\n{}", above.join(", "))?;
    }
    Ok(tidy(&String::from_utf8_lossy(&page)).into_bytes())
}

/// The page without breaks beside spaces, which mean nothing and are told of by checkers.
fn tidy(page: &str) -> String {
    let lines: Vec<&str> = page.lines().collect();
    let is = |at: Option<usize>, macros: &[&str]| {
        at.and_then(|at| lines.get(at)).is_some_and(|line| macros.contains(line))
    };
    let kept = lines.iter().enumerate().filter(|(at, line)| {
        let beside = is(at.checked_sub(1), &["", ".sp"]) || is(Some(at + 1), &["", ".sp"]);
        !(**line == ".br" && beside)
    });
    kept.flat_map(|(_, line)| [line, "\n"]).collect()
}

/// Where the sections of a long help begin; what stands before them is prose.
fn first_heading(text: &str) -> usize {
    let before = text.split_inclusive('\n').take_while(|line| !is_heading(line));
    before.map(str::len).sum()
}

fn is_heading(line: &str) -> bool {
    !line.starts_with(' ') && line.trim_end().ends_with(':')
}

/// What the long help says after the options: each heading a section, its lines as they stand.
fn more_sections(text: &str, page: &mut Vec<u8>) -> std::io::Result<()> {
    let mut end = "";
    for line in text.lines().filter(|line| !line.is_empty()) {
        if is_heading(line) {
            let heading = line.trim_end_matches(':').split([',', ';']).next().unwrap_or_default();
            writeln!(page, "{end}.SH \"{}\"\n.EX", safe(&heading.to_uppercase()))?;
            end = ".EE\n";
        } else {
            writeln!(page, "{}", safe(line.strip_prefix("  ").unwrap_or(line)))?;
        }
    }
    write!(page, "{end}")
}

/// A line as roff takes it for text.
fn safe(line: &str) -> String {
    let escaped = line.replace('\\', "\\e").replace('-', "\\-").replace('\'', "\\(aq").replace('`', "\\(ga");
    if escaped.starts_with(['.', '\'']) { format!("\\&{escaped}") } else { escaped }
}
