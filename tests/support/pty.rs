//! The real binary in a pseudo-terminal: keys in, screen and raw bytes out.

use std::fs::File;
use std::io::{Read as _, Write};
use std::num::NonZero;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal};

use super::program::{self, PROGRAM};

/// How long the screen may take to show something, on a machine that is busy with other tests.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// What came out of the terminal so far.
struct Output {
    bytes: Vec<u8>,
    /// When each read came, and how many bytes there were in all after it.
    reads: Vec<(Instant, usize)>,
    screen: vt100::Parser,
    is_paused: bool,
    is_over: bool,
}

struct Shared {
    output: Mutex<Output>,
    changed: Condvar,
}

/// A program in a terminal of its own.
pub struct Session {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    /// The program's side: tells which keys it has not read yet. Held open, so that the terminal's settings can be looked
    /// at after the program has ended.
    slave: File,
    shared: Arc<Shared>,
    /// The settings of the terminal before the program started.
    pub settings_before: String,
    /// When the program was started.
    pub started: Instant,
}

/// The binary under test, with an empty environment apart from what a terminal program needs.
pub fn clustersnap(home: &Path, args: &[&str]) -> CommandBuilder {
    command(PROGRAM, home, args)
}

/// The same, sent to a service.
pub fn clustersnap_at(url: &str, home: &Path, args: &[&str]) -> CommandBuilder {
    let mut command = clustersnap(home, args);
    for (name, value) in program::service(url) {
        command.env(name, value);
    }
    command
}

/// Any program, in the same environment.
pub fn command(program: &str, home: &Path, args: &[&str]) -> CommandBuilder {
    let mut command = CommandBuilder::new(program);
    command.args(args);
    command.env_clear();
    command.cwd(home);
    for (name, value) in program::environment(home) {
        command.env(name, value);
    }
    command
}

impl Session {
    /// Starts a program in a terminal of that many columns and rows.
    pub fn start(command: CommandBuilder, columns: u16, rows: u16) -> Self {
        let pair = native_pty_system().openpty(size(columns, rows)).expect("a pseudo-terminal");
        let settings_before = settings(&*pair.master);
        let mut reader = pair.master.try_clone_reader().expect("a reader");
        let writer = pair.master.take_writer().expect("a writer");
        let cells = |count| NonZero::new(count).expect("not zero");
        let shared = Arc::new(Shared {
            output: Mutex::new(Output {
                bytes: Vec::new(),
                reads: Vec::new(),
                screen: vt100::Parser::new(cells(rows), cells(columns), 0),
                is_paused: false,
                is_over: false,
            }),
            changed: Condvar::new(),
        });
        let shared_with_reader = Arc::clone(&shared);
        std::thread::spawn(move || {
            let mut buffer = [0; 16384];
            loop {
                let shared = &shared_with_reader;
                let output = shared.output.lock().unwrap_or_else(PoisonError::into_inner);
                let output = shared
                    .changed
                    .wait_while(output, |output| output.is_paused && !output.is_over)
                    .unwrap_or_else(PoisonError::into_inner);
                if output.is_over {
                    return;
                }
                drop(output);
                let count = reader.read(&mut buffer).unwrap_or(0);
                let mut output = shared.output.lock().unwrap_or_else(PoisonError::into_inner);
                let bytes = &buffer[..count];
                output.bytes.extend_from_slice(bytes);
                output.screen.process(bytes);
                let total = output.bytes.len();
                output.reads.push((Instant::now(), total));
                output.is_over |= count == 0;
                shared.changed.notify_all();
            }
        });
        let slave = open_terminal(&pair.master.tty_name().expect("the terminal has a name"));
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).expect("the program starts");
        Self {
            child,
            master: Some(pair.master),
            writer: Some(writer),
            slave,
            shared,
            settings_before,
            started,
        }
    }

    /// Presses keys.
    pub fn send(&mut self, keys: &str) {
        self.send_bytes(keys.as_bytes());
    }

    /// Presses keys, or parts of them.
    pub fn send_bytes(&mut self, keys: &[u8]) {
        let writer = self.writer.as_mut().expect("the terminal is open");
        writer.write_all(keys).expect("the terminal takes keys");
        writer.flush().expect("the terminal takes keys");
    }

    /// Presses keys as hands do: each when the one before has shown something, or nothing for half a second. What a busy
    /// machine reads together is a paste, and confirms nothing.
    pub fn press(&mut self, keys: &[&str]) {
        for key in keys {
            let (mark, since) = (self.mark(), Instant::now());
            self.send(key);
            while self.mark() == mark && since.elapsed() < Duration::from_millis(500) {
                std::thread::sleep(Duration::from_millis(5));
            }
            self.settle(Duration::from_millis(30));
        }
    }

    /// Waits until the screen shows a text; when it was seen.
    #[track_caller]
    pub fn wait_for(&self, text: &str) -> Instant {
        self.wait_until(&format!("{text:?} on the screen"), |screen| screen.contents().contains(text))
    }

    /// Waits until the screen is as it should be; when it was.
    #[track_caller]
    pub fn wait_until(&self, what: &str, is_so: impl Fn(&vt100::Screen) -> bool) -> Instant {
        let deadline = Instant::now() + PATIENCE;
        let mut output = self.output();
        loop {
            if is_so(output.screen.screen()) {
                return output.reads.last().map_or_else(Instant::now, |(at, _)| *at);
            }
            let left = deadline.saturating_duration_since(Instant::now());
            assert!(
                !left.is_zero(),
                "waited {PATIENCE:?} for {what}; the screen:\n{}",
                output.screen.screen().contents()
            );
            output = self.shared.changed.wait_timeout(output, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// What the screen shows.
    pub fn screen(&self) -> String {
        self.output().screen.screen().contents()
    }

    /// How many bytes came so far.
    pub fn mark(&self) -> usize {
        self.output().bytes.len()
    }

    /// The bytes that came since a mark.
    pub fn since(&self, mark: usize) -> Vec<u8> {
        self.output().bytes.get(mark..).unwrap_or_default().to_vec()
    }

    /// When the first of the bytes since a mark came.
    pub fn first_since(&self, mark: usize) -> Option<Instant> {
        self.output().reads.iter().find(|(_, total)| *total > mark).map(|(at, _)| *at)
    }

    /// The bytes since a mark, as they were read.
    pub fn pieces_since(&self, mark: usize) -> Vec<Vec<u8>> {
        let output = self.output();
        let ends: Vec<usize> =
            output.reads.iter().map(|(_, total)| *total).filter(|total| *total > mark).collect();
        let begins = std::iter::once(mark).chain(ends.iter().copied());
        begins.zip(&ends).map(|(begin, end)| output.bytes[begin..*end].to_vec()).collect()
    }

    /// Everything that came, with its times, as an asciicast of version 2.
    pub fn asciicast(&self, title: &str) -> String {
        let output = self.output();
        let (rows, columns) = output.screen.screen().size();
        let header = serde_json::json!({ "version": 2, "width": columns, "height": rows, "title": title });
        let mut lines = vec![header.to_string()];
        let mut from = 0;
        for (at, to) in &output.reads {
            // A read may end within a character: the next one completes it.
            let Ok(text) = std::str::from_utf8(&output.bytes[from..*to]) else { continue };
            let seconds = at.saturating_duration_since(self.started).as_secs_f64();
            lines.push(serde_json::json!([seconds, "o", text]).to_string());
            from = *to;
        }
        lines.join("\n") + "\n"
    }

    /// Waits until all keys are read and nothing came for a while, which must not take forever; returns how many bytes
    /// there were. Keys that a busy machine left unread would come together with the next, as a paste does.
    pub fn settle(&self, quiet: Duration) -> usize {
        let since = Instant::now();
        let mut before = self.mark();
        loop {
            std::thread::sleep(quiet);
            let now = self.mark();
            let unread = rustix::io::ioctl_fionread(&self.slave).expect("the terminal counts");
            if now == before && unread == 0 {
                return now;
            }
            assert!(since.elapsed() < PATIENCE, "it is never quiet for {quiet:?}:\n{}", self.screen());
            before = now;
        }
    }

    /// Gives the terminal another size.
    pub fn resize(&self, columns: u16, rows: u16) {
        self.output()
            .screen
            .screen_mut()
            .set_size(NonZero::new(rows).expect("not zero"), NonZero::new(columns).expect("not zero"));
        self.master.as_ref().expect("the terminal is open").resize(size(columns, rows)).expect("a new size");
    }

    /// Stops reading, as a link does that has stalled.
    pub fn stall(&self) {
        self.output().is_paused = true;
    }

    /// Closes the terminal under the program.
    pub fn hang_up(&mut self) {
        self.output().is_over = true;
        self.shared.changed.notify_all();
        self.writer = None;
        if let Some(master) = self.master.take() {
            // The reader has its own handle: a last frame wakes it, so that it lets go of it.
            let before = self.mark();
            master.resize(size(70, 20)).expect("a new size");
            // It may have let go already, with a frame that came in between: then nothing more arrives.
            let deadline = Instant::now() + Duration::from_secs(1);
            while self.mark() == before && self.exit_code().is_none() && Instant::now() < deadline {
                std::thread::sleep(Duration::from_millis(1));
            }
        }
    }

    /// The terminal's settings now.
    pub fn settings(&self) -> String {
        settings(&**self.master.as_ref().expect("the terminal is open"))
    }

    /// The process id.
    pub fn pid(&self) -> Pid {
        let id = self.child.process_id().expect("it was started");
        Pid::from_raw(i32::try_from(id).expect("a process id")).expect("a process id")
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: Signal) {
        rustix::process::kill_process(self.pid(), signal).expect("it takes signals");
    }

    /// The exit code, once it has ended.
    pub fn exit_code(&mut self) -> Option<u32> {
        self.child.try_wait().expect("it can be waited for").map(|status| status.exit_code())
    }

    /// Waits for it to end; the exit code.
    #[track_caller]
    pub fn wait_for_end(&mut self, within: Duration) -> u32 {
        let deadline = Instant::now() + within;
        loop {
            if let Some(code) = self.exit_code() {
                return code;
            }
            assert!(
                Instant::now() < deadline,
                "it has not ended within {within:?}; the screen:\n{}",
                self.screen()
            );
            std::thread::sleep(Duration::from_millis(2));
        }
    }

    /// How long its threads have used the processor.
    pub fn cpu_time(&self) -> Duration {
        cpu_time(self.pid())
    }

    fn output(&self) -> std::sync::MutexGuard<'_, Output> {
        self.shared.output.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.output().is_over = true;
        self.shared.changed.notify_all();
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// How long a process has used the processor, to the hundredth of a second.
pub fn cpu_time(pid: Pid) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
    // The name, in brackets, may hold anything; user and system time are the 12th and 13th field after it.
    let fields = stat.rsplit_once(')').map(|(_, fields)| fields).unwrap_or_default();
    let ticks: u64 =
        fields.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().expect("a number")).sum();
    Duration::from_millis(ticks * 10)
}

/// Opens a terminal without making it the one that rules this process.
fn open_terminal(name: &Path) -> File {
    let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
    rustix::fs::open(name, flags, rustix::fs::Mode::empty()).expect("the terminal opens").into()
}

fn settings(master: &(dyn MasterPty + Send)) -> String {
    format!("{:?}", master.get_termios().expect("the terminal has settings"))
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 }
}
