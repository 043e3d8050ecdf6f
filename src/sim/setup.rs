//! A simulator as `clustersnap sim` is asked for one: files and numbers in, a simulator out.

use std::fs::File;
use std::io::{self, Read as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use super::faults::FaultScript;
use super::fleet::Fleet;
use super::{Simulator, SimulatorOptions};
use crate::domain::text::{escape, line_of, shown_path};

/// The most bytes that are read of a file: ten times what 200,000 clusters take.
const MOST: u64 = 64 * 1024 * 1024;

/// What a person asks for.
#[derive(Clone, Debug, Default)]
pub struct Setup {
    /// A file with a fleet; the demo's, with other clusters in other places, if there is none.
    pub fleet: Option<PathBuf>,
    /// So many like clusters in place of the fleet's own.
    pub clusters: Option<usize>,
    /// A file with faults.
    pub faults: Option<PathBuf>,
    /// How its time runs.
    pub options: SimulatorOptions,
}

/// Why there is no simulator.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A file cannot be read.
    #[error("cannot read {}: {source}", shown_path(.path))]
    Read {
        /// The file.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A file does not say what it should.
    #[error("{}: {}", shown_path(.path), escape(.message))]
    Parse {
        /// The file.
        path: PathBuf,
        /// What is wrong, and in which line.
        message: String,
    },
}

impl Setup {
    /// Reads the files and starts the simulator.
    ///
    /// # Errors
    /// When a file cannot be read, or does not say what it should.
    pub fn simulator(&self) -> Result<Simulator, SetupError> {
        let mut fleet = match &self.fleet {
            Some(path) => read(path, Fleet::from_toml)?,
            None => Fleet::demo().everywhere(),
        };
        if let Some(count) = self.clusters {
            fleet.clusters = Fleet::generated(count).clusters;
            fleet.is_made_up_elsewhere = false;
        }
        let faults = match &self.faults {
            Some(path) => read(path, FaultScript::from_toml)?,
            None => FaultScript::default(),
        };
        Ok(Simulator::new(fleet, faults, self.options))
    }
}

/// How to use a simulator that is served at an address: the lines that `clustersnap sim` prints.
#[must_use]
pub fn hint(simulator: &Simulator, address: SocketAddr) -> String {
    let service = simulator.lock();
    let fleet = service.places.fleet();
    let region = &fleet.region;
    let elsewhere = if fleet.is_made_up_elsewhere {
        "Every Region has DB clusters of its own, and so has every account: "
    } else {
        "Every account has snapshots of its own: "
    };
    format!(
        "Simulated RDS at http://{address}, until ctrl-c. For clustersnap, the AWS CLI or boto3:\n  \
         export AWS_ENDPOINT_URL=http://{address} AWS_DEFAULT_REGION={region}\n  \
         export AWS_ACCESS_KEY_ID=simulated AWS_SECRET_ACCESS_KEY=simulated\n\
         {elsewhere}the key SIM111111111111 is of account\n\
         111111111111, the key SIM222222222222 of account 222222222222, and so on."
    )
}

fn read<T>(path: &Path, parse: impl Fn(&str) -> Result<T, toml::de::Error>) -> Result<T, SetupError> {
    let text = text_of(path).map_err(|source| SetupError::Read { path: path.to_owned(), source })?;
    parse(&text).map_err(|why| SetupError::Parse { path: path.to_owned(), message: one_line(&why, &text) })
}

fn text_of(path: &Path) -> io::Result<String> {
    let mut text = String::new();
    File::open(path)?.take(MOST + 1).read_to_string(&mut text)?;
    if text.len() as u64 > MOST { Err(io::Error::other("it is larger than 64 MiB")) } else { Ok(text) }
}

/// The parser's message with the number of the line, without its drawing of the place.
fn one_line(why: &toml::de::Error, text: &str) -> String {
    let message = why.message().trim();
    match why.span() {
        None => message.to_owned(),
        Some(span) => format!("line {}: {message}", line_of(text.as_bytes(), span.start)),
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("fleet\u{202e}.toml");
        std::fs::write(&path, text).unwrap();
        Setup { fleet: Some(path), ..Setup::default() }.simulator().unwrap_err().to_string()
    }

    #[test]
    fn a_wrong_file_is_refused_with_its_name_and_the_line() {
        let message = refused("[[cluster]]\nidentifier = \"a\"\nengin = \"mysql\"\n");
        assert!(message.contains("fleet\\u{202e}.toml: line 3: unknown field `engin`"), "{message}");
    }

    #[test]
    fn what_there_cannot_be_at_aws_is_refused() {
        let cluster = |more: &str| format!("[[cluster]]\nidentifier = \"a\"\nengine = \"mysql\"\n{more}\n");
        let old = "snapshot = [{ identifier = \"old\", age = \"1d\" }]";
        for (text, told) in [
            (cluster("") + &cluster(""), "two clusters a in a place"),
            (cluster("").replace("mysql", "oracle"), "no engine oracle"),
            (cluster(&old.replace("\"1d\"", "\"1d\", kind = \"weird\"")), "no kind weird"),
            (cluster(old) + &cluster(old).replace("\"a\"", "\"b\""), "two snapshots old in a place"),
        ] {
            let message = refused(&text);
            assert!(message.contains(told), "{message}");
        }
        let elsewhere = cluster("region = \"eu-west-1\"") + &cluster("region = \"us-east-1\"");
        assert!(Fleet::from_toml(&elsewhere).is_ok());
    }

    #[test]
    fn an_absent_file_is_refused_with_its_name() {
        let setup = Setup { faults: Some("no-such-file.toml".into()), ..Setup::default() };
        assert!(setup.simulator().unwrap_err().to_string().starts_with("cannot read no-such-file.toml: "));
    }
}
