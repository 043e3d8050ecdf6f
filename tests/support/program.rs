//! The program under test in an environment of its own: nothing of this machine's AWS or proxy configuration.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};

/// The program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_clustersnap");

/// What any program has in its environment.
pub fn environment(home: &Path) -> [(&'static str, OsString); 6] {
    [
        ("HOME", home.into()),
        ("PATH", std::env::var_os("PATH").unwrap_or_default()),
        ("TERM", "xterm-256color".into()),
        ("LANG", "C.UTF-8".into()),
        ("TZ", "UTC".into()),
        ("AWS_EC2_METADATA_DISABLED", "true".into()),
    ]
}

/// What leads to a service at a URL; any keys will do there.
pub fn service(url: &str) -> [(&'static str, &str); 4] {
    let [id, secret, region] = KEYS;
    [("AWS_ENDPOINT_URL", url), id, secret, region]
}

/// Keys of nobody, and a Region.
pub const KEYS: [(&str, &str); 3] =
    [("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"), ("AWS_SECRET_ACCESS_KEY", "secret"), ("AWS_REGION", "eu-west-1")];

/// Any program, with nothing to read, in a home.
pub fn command(program: &str, home: &Path) -> Command {
    let mut command = Command::new(program);
    command.env_clear().envs(environment(home)).current_dir(home).stdin(Stdio::null());
    command
}
