//! clustersnap: manual snapshots of Amazon Aurora and Multi-AZ DB clusters, exactly once.
//!
//! The rooms, from the inside out; a room knows only those above it, and `tests/architecture.rs`
//! holds them to it:
//!
//! - [`domain`]: values and their rules. Knows nobody: no I/O, no clock, no terminal, no AWS.
//! - [`track`]: when to look again at what is in progress. Pure, with the time passed in.
//! - [`app`]: the pure core of the screen program: what happened in, what is to be done out.
//! - [`view`]: the state as a frame. Reads, never decides.
//! - [`sim`]: an embedded RDS with two doors, in-process and HTTP. Knows [`domain`]'s rules, no other room.
//! - [`journal`]: what was asked and what became of it, on disk. Knows the domain, and where its folder is.
//! - [`submit`]: one confirmed request, one outcome. Knows no AWS and no screen.
//! - [`plan`]: what [`submit`] does, written out as a template for AWS's own engine. Pure; knows [`domain`] and the
//!   tables of [`submit`].
//! - [`rds`]: AWS. The only room that names `aws_*`; decides nothing, retries nothing that changes anything.
//! - [`config`]: the configuration file, in its folder. Knows the domain and [`app`]'s keys and looks; reads, never
//!   writes.
//! - `places_wanted`: which places the command line and the configuration ask for. Reads and asks nothing else.
//! - [`session`]: a connection with its journal, for the two below. Knows no screen and no stream.
//! - `choices`: which places were chosen last, on disk. Knows where its folder is.
//! - [`names`]: what was listed last, on disk, for completion in the shell. Knows the domain only.
//! - [`process`]: what this process was given at its start: ignored signals, the terminal. Knows nobody.
//! - [`xdg`]: where the program's files are. Knows nobody.
//! - [`cli`]: what may stand on the command line. Definitions only.
//! - [`headless`]: the commands without a screen.
//! - [`runtime`]: the edge of the screen program: event loop, terminal, effects. Decides nothing.

pub mod app;
mod choices;
pub mod cli;
mod config;
pub mod domain;
pub mod headless;
pub mod journal;
pub mod names;
mod places_wanted;
pub mod plan;
pub mod process;
pub mod rds;
pub mod runtime;
mod session;
pub mod sim;
pub mod submit;
pub mod track;
pub mod view;
mod xdg;

// The tests beside the code and those in `tests/` begin with the same values and keys.
#[cfg(test)]
extern crate self as clustersnap;
#[cfg(test)]
#[path = "../tests/testkit/fixtures.rs"]
mod fixtures;
#[cfg(test)]
#[path = "../tests/testkit/keys.rs"]
mod keys;
