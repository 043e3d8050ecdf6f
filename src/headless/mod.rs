//! The same rooms without a screen: one module for each command.
//!
//! Results go to standard output and nothing else does; progress and messages go to standard error. What
//! goes wrong is a `problem::Problem` with a code of a closed set, each with its exit code. This room
//! decides nothing about snapshots that [`crate::submit`] or [`crate::journal`] decide.
//!
//! - `list`, `snapshots`, `create` (of many clusters: `change`), `watch`, `ready`, `report`, `history`, `plan`,
//!   `config`, `doctor`, [`sim`], `shell`: the commands. [`linear`]: the form, one question a line.
//! - `problem`, `json`: answers for programs. `streams`, `table`: answers for people.
//! - [`completing`], `manual`: what shells and manuals are told.
//! - `places`: several places at once. `execution`: a run of a plan, for `history`.
//! - `pages`, `follow`, `settling`, `interrupts`, `asking`, `input`, `named_cluster`: what commands share.

mod alter;
mod asking;
mod change;
pub mod completing;
mod config;
mod create;
mod doctor;
mod execution;
mod follow;
mod gaps;
mod hints;
mod history;
mod input;
mod interrupts;
mod json;
pub mod linear;
mod list;
mod manual;
mod mfa;
mod named_cluster;
mod named_snapshot;
mod pages;
mod places;
mod plan;
mod problem;
mod ready;
mod report;
mod settling;
mod shell;
pub mod sim;
mod snapshots;
mod streams;
mod table;
mod watch;

use std::future::Future;
use std::io::{ErrorKind, Write as _};
use std::time::SystemTime;

use jiff::{SignedDuration, Timestamp};
use tokio::sync::oneshot;

use crate::app::{Appearance, TerminalKind};
use crate::cli::{AnswerOptions, Command, Global};
use crate::domain::policy::Policy;
use crate::domain::text::escaped_lines;
use crate::rds::ServiceOptions;
use crate::session::Session;
use crate::{config as configuration, places_wanted};
use interrupts::{Interrupts, NOTHING_SENT};
use problem::{Code, Problem};
use streams::{Stop, Streams};

/// So much later than now are the times that are reckoned with.
const CLOCK_MARGIN: SignedDuration = SignedDuration::from_hours(24 * 366);

/// Runs a command; returns the exit code. `screen` is what the terminal can do, for whoever is told of it.
///
/// # Errors
///
/// When the system refuses a runtime, or the simulator's files or address cannot be used.
pub fn run(command: Command, global: &Global, screen: (Appearance, TerminalKind)) -> anyhow::Result<u8> {
    if !screen.0.unicode {
        streams::show_ascii();
    }
    match command {
        Command::List(args) => drive(args.answer, reading(list::run(&args, global))),
        Command::Snapshots(args) => drive(args.answer, reading(snapshots::run(&args, global))),
        Command::Create(args) => drive(args.answer, create::run(&args, global)),
        Command::Delete(args) => drive(args.answer, alter::delete::run(&args, global)),
        Command::Tag(args) => drive(args.answer, alter::tag::run(&args, global)),
        Command::Watch(args) => drive(args.answer, watch::run(&args, global)),
        Command::Report(args) => drive(report::answer(&args), reading(report::run(&args, global))),
        Command::Ready(args) => drive(args.answer, reading(ready::run(&args, global))),
        Command::History(args) => drive(args.answer, reading(history::run(&args, global))),
        Command::Plan(args) => Ok(conclude(plan::run(&args), AnswerOptions::default())),
        Command::Doctor(answer) => drive(answer, reading(doctor::run(answer, global, screen))),
        Command::Sim(args) => sim::run(args),
        Command::Config(command) => Ok(conclude(config::run(command), AnswerOptions::default())),
        Command::Completions { shell } => Ok(conclude(shell::completions(shell), AnswerOptions::default())),
        Command::Man { folder } => Ok(conclude(shell::man(folder.as_deref()), AnswerOptions::default())),
        Command::Schema => Ok(conclude(shell::schema(), AnswerOptions::default())),
    }
}

/// The places that the screen program is to open, in order, each once and never none, with the code of an MFA device
/// where one of their profiles asks for one.
///
/// # Errors
///
/// The exit code, where the options name no places that can be opened, or whoever was asked for the code wanted to
/// leave.
pub fn places_to_open(global: &Global) -> Result<Vec<ServiceOptions>, u8> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let tokio = tokio.map_err(|error| unexpected(&error.into()))?;
    let places = async { Interrupts::new()?.during(NOTHING_SENT, Box::pin(named(global))).await };
    let places = tokio.block_on(places);
    tokio.shutdown_background();
    places.map_err(|stop| conclude(Err(stop), AnswerOptions::default()))
}

/// Tells what is wrong with the command line, or prints the help that was asked for; returns the exit code.
#[must_use]
pub fn usage(error: &clap::Error) -> u8 {
    if !error.use_stderr() {
        return match error.print().and_then(|()| std::io::stdout().flush()) {
            Err(unwritten) if unwritten.kind() != ErrorKind::BrokenPipe => {
                self::unexpected(&unwritten.into())
            }
            // A reader that went away has read enough.
            _ => 0,
        };
    }
    // clap quotes what it was given as it is. No word of this program's begins with a hyphen, so that its advice to put
    // one behind two hyphens leads nowhere.
    let mut lines = escaped_lines(&error.render().to_string());
    lines.retain(|line| !(line.contains("tip: to pass '") && line.contains(" as a value, use '-- ")));
    lines.dedup_by(|line, before| line.is_empty() && before.is_empty());
    let said = lines.join("\n");
    let _ = writeln!(std::io::stderr(), "{}", said.trim_end());
    if asked_for_json() {
        // Its first paragraph: what it names, such as what is missing, stands on lines of their own.
        let first: Vec<&str> =
            lines.iter().map(|line| line.trim()).take_while(|line| !line.is_empty()).collect();
        let first = first.join(" ");
        let problem = Problem::parameter("command line", "usage", first.trim_start_matches("error: "));
        let _ = writeln!(std::io::stdout(), "{}", json::not_done(&problem));
    }
    Code::ValidationError.exit()
}

/// Tells that the environment's time zone cannot be read, if it is a device or a pipe: whatever asks for the time
/// of day would read it to its end. Returns the exit code then.
#[must_use]
pub fn refuse_zone() -> Option<u8> {
    let zone = std::env::var_os("TZ")?.to_string_lossy().into_owned();
    let found = std::fs::metadata(zone.strip_prefix(':').unwrap_or(&zone)).ok()?;
    if found.is_file() || found.is_dir() {
        return None;
    }
    let problem = Problem::parameter("TZ", "not-a-time-zone", &format!("{zone} is no file of a time zone"));
    Some(fail(problem))
}

/// Tells that this machine's clock stands where no time can be reckoned with, if it does: nothing here would go on from
/// there. Returns the exit code then.
#[must_use]
pub fn refuse_clock() -> Option<u8> {
    let now = Timestamp::try_from(SystemTime::now());
    if now.and_then(|now| now.checked_add(CLOCK_MARGIN)).is_ok() {
        return None;
    }
    let message = "this machine's clock stands beyond the years that can be reckoned with, which end with 9998: set it \
                   right. Nothing was sent";
    Some(fail(Problem::new(Code::ValidationError, message)))
}

/// Tells what went wrong beside the answer.
pub fn warn(text: &str) {
    Streams::new(AnswerOptions::default()).warn(&format!("clustersnap: {text}"));
}

/// Tells of an error that no command knows how to tell; returns the exit code.
#[must_use]
pub fn unexpected(error: &anyhow::Error) -> u8 {
    fail(Problem::new(Code::Internal, escaped_lines(&format!("{error:#}")).join("\n")))
}

/// Tells that what a parameter names cannot be written; returns the exit code.
#[must_use]
pub fn unwritable(parameter: &str, error: &anyhow::Error) -> u8 {
    fail(Problem::parameter(parameter, "unwritable", &format!("{error:#}")))
}

/// Tells a problem that no command came to; returns the exit code.
fn fail(problem: impl Into<Problem>) -> u8 {
    let problem: Problem = problem.into();
    conclude(Err(problem.into()), AnswerOptions { json: asked_for_json(), quiet: false })
}

fn asked_for_json() -> bool {
    std::env::args_os().any(|argument| argument == "--json")
}

/// Does what only reads, until told to end.
async fn reading(work: impl Future<Output = Result<u8, Stop>>) -> Result<u8, Stop> {
    Interrupts::new()?.during(NOTHING_SENT, Box::pin(work)).await
}

/// Drives a command to its end on this thread: most of its time goes by waiting.
fn drive(answer: AnswerOptions, command: impl Future<Output = Result<u8, Stop>>) -> anyhow::Result<u8> {
    let tokio = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let result = tokio.block_on(command);
    // What still blocks (a credential process, a name server, a reading of standard input) ends with the process.
    tokio.shutdown_background();
    Ok(conclude(result, answer))
}

/// Tells what came of a command; returns the exit code.
fn conclude(result: Result<u8, Stop>, answer: AnswerOptions) -> u8 {
    let streams = Streams::new(answer);
    mfa::give_back();
    match result {
        Ok(code) => code,
        // Whoever closed the pipe has read what they wanted.
        Err(Stop::Unread) => 0,
        Err(Stop::Problem(problem)) => {
            streams.end_progress();
            streams.warn(&format!("clustersnap: {}", problem.to_text()));
            if streams.json {
                let _ = streams::result(&json::not_done(&problem));
            }
            problem.code.exit()
        }
    }
}

/// Connects to the one place that the options of every command name; without a policy, to read only.
async fn connect(global: &Global, policy: Option<Policy>) -> Result<Session, Problem> {
    let place = places_wanted::only(places_wanted::wanted(global, configuration::load)?)?;
    let place = places_wanted::only(with_code(global, vec![place]).await?)?;
    Ok(Session::connect(global.demo, &place, policy).await?)
}

/// These places, with the code of an MFA device where one of them asks for one.
async fn with_code(global: &Global, mut places: Vec<ServiceOptions>) -> Result<Vec<ServiceOptions>, Problem> {
    let code = mfa::code(global, &places).await?;
    for place in &mut places {
        place.mfa_code = code.clone();
    }
    Ok(places)
}

/// The places that the options of every command name, with the code of an MFA device.
async fn named(global: &Global) -> Result<Vec<ServiceOptions>, Problem> {
    with_code(global, places_wanted::wanted(global, configuration::load)?).await
}

/// Does what takes a thread of its own, for it waits for a disk or for whoever types.
async fn blocking<T: Send + 'static, E: From<Problem> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    let unexpected = |why: String| E::from(Problem::new(Code::Internal, why));
    let (answer, answered) = oneshot::channel();
    // Not one of tokio's, which panics where the system lets the program have no further one.
    let thread = std::thread::Builder::new().spawn(|| answer.send(work()));
    thread.map_err(|error| unexpected(format!("no thread can be started: {error}")))?;
    answered.await.unwrap_or_else(|_ended| Err(unexpected("a thread ended before its work".to_owned())))
}
