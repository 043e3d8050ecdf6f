//! A real client and a real sshd, with the program behind them.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::fd::OwnedFd;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::pty::{Session, command};

/// A configuration for an sshd that lets this user in with a key of its own.
pub struct Ssh {
    /// The home of the one who logs in.
    pub home: tempfile::TempDir,
    sshd: PathBuf,
}

impl Ssh {
    /// Keys and a configuration; `None` where there is no sshd.
    pub fn ready() -> Option<Self> {
        let sshd = ["/usr/sbin/sshd", "/usr/local/sbin/sshd", "/usr/bin/sshd"].map(PathBuf::from);
        let sshd = sshd.into_iter().find(|path| path.exists())?;
        Command::new("ssh").arg("-V").output().ok()?;
        let home = tempfile::tempdir().expect("a folder");
        for name in ["host", "user"] {
            let file = home.path().join(name);
            let made =
                Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(file).status();
            assert!(made.is_ok_and(|status| status.success()), "no key");
        }
        let folder = home.path().display();
        let config = format!(
            "HostKey {folder}/host\nAuthorizedKeysFile {folder}/user.pub\nStrictModes no\nUsePAM no\n\
             PermitRootLogin prohibit-password\nPrintMotd no\nPrintLastLog no\nPidFile none\n"
        );
        fs::write(home.path().join("config"), config).expect("a file");
        // Its packages make this folder when the service starts, which it does not have to.
        let _ = fs::create_dir_all("/run/sshd");
        Some(Self { home, sshd })
    }

    /// Starts the program through a client and a server; returns the server as well.
    pub fn start(&self, script: &str) -> (Session, Child) {
        let listener = listen();
        let session = self.client(&listener, script);
        let (socket, _) = listener.accept().expect("the client comes");
        (session, self.serve(socket))
    }

    /// The same over a link on which everything that is typed takes a while, each piece behind the one before.
    pub fn start_slowly(&self, script: &str, delay: Duration) -> (Session, Child) {
        let (near, far) = (listen(), listen());
        let session = self.client(&near, script);
        let (client, _) = near.accept().expect("the client comes");
        let link = TcpStream::connect(far.local_addr().expect("it is bound")).expect("the server listens");
        let (server, _) = far.accept().expect("the link comes");
        pass_on(&client, &link, delay);
        pass_on(&link, &client, Duration::ZERO);
        (session, self.serve(server))
    }

    fn client(&self, listener: &TcpListener, script: &str) -> Session {
        let port = listener.local_addr().expect("it is bound").port().to_string();
        let user = Command::new("id").arg("-un").output().expect("id starts").stdout;
        let target = format!("{}@127.0.0.1", String::from_utf8_lossy(&user).trim());
        let key = self.path("user");
        let args = [
            "-tt",
            "-F",
            "none",
            "-p",
            &port,
            "-i",
            &key,
            "-o",
            "StrictHostKeyChecking=no",
            "-o",
            "UserKnownHostsFile=/dev/null",
            "-o",
            "LogLevel=ERROR",
            "-o",
            "IdentitiesOnly=yes",
            &target,
            script,
        ];
        Session::start(command("ssh", self.home.path(), &args), 80, 24)
    }

    fn serve(&self, socket: TcpStream) -> Child {
        let output = socket.try_clone().expect("a second handle");
        let log = fs::File::create(self.path("log")).expect("a file");
        Command::new(&self.sshd)
            .args(["-i", "-e", "-f", &self.path("config")])
            .stdin(OwnedFd::from(socket))
            .stdout(OwnedFd::from(output))
            .stderr(Stdio::from(log))
            .spawn()
            .expect("sshd starts")
    }

    fn path(&self, name: &str) -> String {
        self.home.path().join(name).display().to_string()
    }
}

fn listen() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").expect("a port")
}

/// Passes on what arrives, until either side is gone.
fn pass_on(from: &TcpStream, to: &TcpStream, delay: Duration) {
    let (mut from, mut to) = (from.try_clone().expect("a handle"), to.try_clone().expect("a handle"));
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(count @ 1..) = from.read(&mut buffer) {
            std::thread::sleep(delay);
            if to.write_all(&buffer[..count]).is_err() {
                break;
            }
        }
        // Whoever is left sees that the other has gone.
        let _ = to.shutdown(Shutdown::Both);
    });
}
