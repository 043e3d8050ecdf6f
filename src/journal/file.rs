//! Opening the journal's folder and file so that nobody else can read, replace or redirect them:
//! folder 0700, file 0600 whatever the umask, no symbolic link followed, a foreign owner refused.

use std::fs::{DirBuilder, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FallocateFlags, FileType, Mode, OFlags, Stat, fallocate, fchmod, fstat, open, openat};
use rustix::io::Errno;
use rustix::process::geteuid;

use super::error::JournalError;
use crate::domain::text::shown_path;

const FOLDER_MODE: Mode = Mode::RWXU;
const FILE_MODE: Mode = Mode::RUSR.union(Mode::WUSR);
const OPEN_FOLDER: OFlags =
    OFlags::RDONLY.union(OFlags::DIRECTORY).union(OFlags::NOFOLLOW).union(OFlags::CLOEXEC);
/// A pipe in the place of the file must not keep the program waiting: hence `NONBLOCK`.
const OPEN_FILE: OFlags = OFlags::NOFOLLOW.union(OFlags::CLOEXEC).union(OFlags::NONBLOCK);

/// How much the lines of a request take, as a rule.
const ROOM: u64 = 1 << 12;

/// What the journal ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LastLine {
    /// Nothing was ever written.
    Empty,
    /// A whole line.
    Whole,
    /// Part of a line, from a loss of power or a full disk.
    Torn,
}

impl LastLine {
    /// Looks at the last byte.
    pub(super) fn of(file: &File) -> io::Result<Self> {
        let Some(last) = file.metadata()?.len().checked_sub(1) else {
            return Ok(Self::Empty);
        };
        let mut byte = [0];
        file.read_exact_at(&mut byte, last)?;
        Ok(if byte == [b'\n'] { Self::Whole } else { Self::Torn })
    }
}

/// Opens the folder, and makes it if it is absent.
pub(super) fn folder_for_writing(path: &Path) -> Result<OwnedFd, JournalError> {
    DirBuilder::new()
        .recursive(true)
        .mode(FOLDER_MODE.bits())
        .create(path)
        .map_err(|source| JournalError::io(path, "make", source))?;
    let folder = open_folder(path)?;
    let stat = examine(&folder, FileType::Directory, path)?;
    tighten(&folder, &stat, FOLDER_MODE, path)?;
    Ok(folder)
}

/// Opens the file for appending, and makes it if it is absent.
pub(super) fn file_for_writing(folder: &OwnedFd, name: &str, path: &Path) -> Result<File, JournalError> {
    open_file(folder, name, path, OFlags::RDWR | OFlags::APPEND | OFlags::CREATE)
}

fn open_file(folder: &OwnedFd, name: &str, path: &Path, flags: OFlags) -> Result<File, JournalError> {
    let file = openat(folder, name, OPEN_FILE | flags, FILE_MODE)
        .map_err(|errno| refused(errno, path, "plain file"))?;
    let stat = examine(&file, FileType::RegularFile, path)?;
    tighten(&file, &stat, FILE_MODE, path)?;
    Ok(File::from(file))
}

/// Makes sure that the disk has room for the lines of a request, as far as it can tell: in a file without a name, for the
/// journal's times must tell when it was written.
pub(super) fn check_room(folder: &OwnedFd) -> io::Result<()> {
    let Ok(nameless) = openat(folder, ".", OFlags::TMPFILE | OFlags::WRONLY | OFlags::CLOEXEC, FILE_MODE)
    else {
        return Ok(());
    };
    match fallocate(&nameless, FallocateFlags::empty(), 0, ROOM) {
        Err(full @ (Errno::NOSPC | Errno::DQUOT)) => Err(full.into()),
        _ => Ok(()),
    }
}

/// Opens a file that is there for reading, and for writing in any place of it.
pub(super) fn existing(folder: &OwnedFd, name: &str, path: &Path) -> Result<File, JournalError> {
    open_file(folder, name, path, OFlags::RDWR)
}

/// Opens a file for writing anew, and makes it if it is absent.
pub(super) fn fresh(folder: &OwnedFd, name: &str, path: &Path) -> Result<File, JournalError> {
    open_file(folder, name, path, OFlags::RDWR | OFlags::CREATE | OFlags::TRUNC)
}

/// Opens the file for reading; `None` if there is none. Nothing is made or changed.
pub(super) fn file_for_reading(folder: &Path, name: &str, path: &Path) -> Result<Option<File>, JournalError> {
    file_that_is_there(folder, name, path, OFlags::RDONLY)
}

/// The same of a file whose lock is asked for: over NFS only a file that is open for writing can have one (flock(2)).
pub(super) fn file_for_locking(folder: &Path, name: &str, path: &Path) -> Result<Option<File>, JournalError> {
    let writable = file_that_is_there(folder, name, path, OFlags::RDWR);
    writable.or_else(|_read_only| file_for_reading(folder, name, path))
}

fn file_that_is_there(
    folder: &Path,
    name: &str,
    path: &Path,
    access: OFlags,
) -> Result<Option<File>, JournalError> {
    let folder = match open(folder, OPEN_FOLDER, Mode::empty()) {
        Err(Errno::NOENT) => return Ok(None),
        Err(errno) => return Err(refused(errno, folder, "folder")),
        Ok(opened) => {
            examine(&opened, FileType::Directory, folder)?;
            opened
        }
    };
    match openat(&folder, name, OPEN_FILE | access, Mode::empty()) {
        Err(Errno::NOENT) => Ok(None),
        Err(errno) => Err(refused(errno, path, "plain file")),
        Ok(file) => {
            examine(&file, FileType::RegularFile, path)?;
            Ok(Some(File::from(file)))
        }
    }
}

/// How many folders above the parent of the journal's own may have a new name in them: `.local` and the home.
const HIGHER: usize = 2;

/// Makes the names of a new file and of its folders last: a file that is on disk under no name is lost.
pub(super) fn sync_names(folder: &OwnedFd, path: &Path) -> Result<(), JournalError> {
    let sync = |fd: &OwnedFd| rustix::fs::fsync(fd).map_err(|errno| refused(errno, path, "folder"));
    sync(folder)?;
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let mut ancestors = path.ancestors().skip(1).filter(|path| !path.as_os_str().is_empty());
    if let Some(parent) = ancestors.next() {
        sync(&open(parent, flags, Mode::empty()).map_err(|errno| refused(errno, parent, "folder"))?)?;
    }
    for ancestor in ancestors.take(HIGHER) {
        // Most are old, and not all can be opened or synced: a mount point, a folder of the system's.
        if let Ok(ancestor) = open(ancestor, flags, Mode::empty()) {
            let _ = rustix::fs::fsync(&ancestor);
        }
    }
    Ok(())
}

fn open_folder(path: &Path) -> Result<OwnedFd, JournalError> {
    open(path, OPEN_FOLDER, Mode::empty()).map_err(|errno| refused(errno, path, "folder"))
}

/// Checks what was opened, not what its name stands for: the name can change in between.
fn examine(fd: &OwnedFd, expected: FileType, path: &Path) -> Result<Stat, JournalError> {
    let stat = fstat(fd).map_err(|errno| refused(errno, path, "plain file"))?;
    if FileType::from_raw_mode(stat.st_mode) != expected {
        return Err(JournalError::NotPlain { path: shown_path(path), expected: "plain file" });
    }
    let user = geteuid().as_raw();
    if stat.st_uid == user {
        Ok(stat)
    } else {
        Err(JournalError::ForeignOwner { path: shown_path(path), owner: stat.st_uid, user })
    }
}

/// Gives exactly the wanted permissions, whatever the umask or an earlier program left.
fn tighten(fd: &OwnedFd, stat: &Stat, wanted: Mode, path: &Path) -> Result<(), JournalError> {
    if Mode::from_raw_mode(stat.st_mode) == wanted {
        return Ok(());
    }
    fchmod(fd, wanted).map_err(|errno| JournalError::io(path, "protect", errno.into()))
}

/// What is closed to its own owner.
pub(super) struct Closed {
    pub(super) at: PathBuf,
    pub(super) mode: u32,
    /// What its owner needs, as chmod takes it.
    pub(super) bits: &'static str,
}

/// What on the way to a path, or at its end, belongs to the user and is closed to them: a folder above that cannot be
/// gone through, else the last that is there.
pub(super) fn closed(path: &Path) -> Option<Closed> {
    let above: Vec<&Path> = path.ancestors().collect();
    let mut last = None;
    for at in above.into_iter().rev() {
        let Ok(found) = std::fs::symlink_metadata(at) else { break };
        let mode = found.permissions().mode() & 0o777;
        let (needed, bits) = if found.is_dir() { (0o700, "u+rwx") } else { (0o600, "u+rw") };
        let is_own = found.uid() == geteuid().as_raw();
        last = (is_own && mode & needed != needed).then(|| Closed { at: at.to_owned(), mode, bits });
        if last.is_some() && found.is_dir() && mode & 0o100 == 0 {
            break;
        }
    }
    last
}

fn refused(errno: Errno, path: &Path, expected: &'static str) -> JournalError {
    match errno {
        Errno::LOOP | Errno::NOTDIR | Errno::ISDIR => {
            JournalError::NotPlain { path: shown_path(path), expected }
        }
        other => JournalError::io(path, "open", other.into()),
    }
}
