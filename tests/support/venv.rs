//! The virtual environment with moto, boto3 and the AWS CLI, made once, by the first test that needs it.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The packages, all pinned.
const REQUIREMENTS: &str = include_str!("../python/requirements.txt");
/// What a machine must have; moto wants Python 3.10.
const ADVICE: &str = "these tests need Python: install Python 3.10 or newer with its venv module \
                      (Debian, Ubuntu: apt-get install python3 python3-venv)";
/// What the interpreter must be able to do.
const PROBE: &str = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))";

/// A virtual environment that is ready for use.
pub struct Venv(PathBuf);

impl Venv {
    /// The environment under the target folder, made now if it is not there in these versions.
    ///
    /// Several test binaries may ask at once: one makes it, the others wait for the lock.
    pub fn ready() -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        fs::create_dir_all(folder).expect("the target folder can be written");
        let venv = folder.join("strangers");
        let lock = File::create(folder.join("strangers.lock")).expect("the target folder can be written");
        lock.lock().expect("files can be locked");
        let stamp = venv.join("pins");
        if fs::read_to_string(&stamp).ok().as_deref() != Some(REQUIREMENTS) {
            make(&venv);
            fs::write(stamp, REQUIREMENTS).expect("the target folder can be written");
        }
        Self(venv)
    }

    /// The Python script of that name in `tests/python`.
    pub fn script(&self, name: &str) -> Command {
        let mut command = self.command("python");
        command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python").join(name));
        command
    }

    /// A POSIX shell that runs a line, with the programs of the environment before those of the machine.
    pub fn shell(&self, line: &str) -> Command {
        let mut command = Self::cleaned(Command::new("sh"));
        let machine = std::env::var_os("PATH").unwrap_or_default();
        let path = std::iter::once(self.0.join("bin")).chain(std::env::split_paths(&machine));
        command.env("PATH", std::env::join_paths(path).expect("a search path")).args(["-c", line]);
        command
    }

    /// A program of the environment, with credentials for a simulated service and nothing of the
    /// machine's own AWS or proxy configuration.
    pub fn command(&self, program: &str) -> Command {
        Self::cleaned(Command::new(self.0.join("bin").join(program)))
    }

    fn cleaned(mut command: Command) -> Command {
        for (name, _) in std::env::vars_os() {
            let shown = name.to_string_lossy().to_ascii_uppercase();
            if shown.starts_with("AWS_") || shown.ends_with("_PROXY") || shown.starts_with("PYTHON") {
                command.env_remove(name);
            }
        }
        command
            .env("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_DEFAULT_REGION", "eu-west-1")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_PAGER", "")
            .env("PYTHONDONTWRITEBYTECODE", "1");
        command
    }
}

fn make(venv: &Path) {
    let able = Command::new("python3").args(["-c", PROBE]).output();
    assert!(able.is_ok_and(|probe| probe.status.success()), "{ADVICE}");
    if venv.exists() {
        fs::remove_dir_all(venv).expect("an old virtual environment can be removed");
    }
    run(Command::new("python3").args(["-m", "venv"]).arg(venv));
    let list = venv.join("requirements.txt");
    fs::write(&list, REQUIREMENTS).expect("the target folder can be written");
    let mut pip = Command::new(venv.join("bin/python"));
    pip.args([
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--requirement",
    ]);
    run(pip.arg(list));
}

fn run(command: &mut Command) {
    let output = command.output().expect("Python can be started");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cannot make the tests' virtual environment: {}", said.trim());
}
