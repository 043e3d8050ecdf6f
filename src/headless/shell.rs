//! `clustersnap completions` and `clustersnap man`: made of the definitions of the command line.

use clap::CommandFactory as _;
use clap_complete::Shell;

use super::problem::{Code, Problem};
use super::streams::{Stop, result};
use crate::cli::Cli;

/// Prints the completion script of a shell.
///
/// # Errors
/// If nobody reads it.
pub fn completions(shell: Shell) -> Result<u8, Stop> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Cli::command(), "clustersnap", &mut script);
    print(&script)
}

/// Prints the manual page: the program's, and each command's after it.
///
/// # Errors
/// If nobody reads it.
pub fn man() -> Result<u8, Stop> {
    let mut page = Vec::new();
    let mut cli = Cli::command();
    cli.build();
    let unwritten = |error: std::io::Error| Problem::new(Code::Internal, error.to_string());
    clap_mangen::Man::new(cli.clone()).render(&mut page).map_err(unwritten)?;
    for command in cli.get_subcommands().filter(|command| command.get_name() != "help") {
        let name = command.get_name().to_uppercase();
        page.extend(format!(".SH \"COMMAND {name}\"\n").into_bytes());
        let man = clap_mangen::Man::new(command.clone());
        man.render_description_section(&mut page).map_err(unwritten)?;
        man.render_synopsis_section(&mut page).map_err(unwritten)?;
        man.render_options_section(&mut page).map_err(unwritten)?;
    }
    print(&page)
}

fn print(bytes: &[u8]) -> Result<u8, Stop> {
    let text = String::from_utf8_lossy(bytes);
    result(text.trim_end())?;
    Ok(0)
}
