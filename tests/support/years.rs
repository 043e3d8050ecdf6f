//! A journal of years, and what it costs to ask it.

use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;
use std::time::{Duration, Instant};

use clustersnap::domain::ending::Ending;
use clustersnap::journal::{Ended, Journal, Line};
use jiff::{SignedDuration, Timestamp};

/// After so many requests one is left open.
const OPEN_EVERY: usize = 10_000;

/// What asking a journal costs.
#[derive(Debug)]
pub struct Cost {
    /// To ask for the first time, when the index is made.
    pub first: Duration,
    /// To open it, append a line, and find the open requests.
    pub ask: Duration,
    /// To read the newest page of requests.
    pub page: Duration,
    /// The most memory that the process had, in MiB.
    pub memory: u64,
}

/// Writes a journal of about `lines` lines into a folder; how many requests in it are open.
pub fn write(folder: &Path, lines: usize) -> io::Result<usize> {
    fs::DirBuilder::new().mode(0o700).create(folder)?;
    let mut file = BufWriter::new(File::create(Journal::open(folder).path())?);
    let requests = lines / 3;
    let begin: Timestamp = "2021-01-01T00:00:00Z".parse().map_err(io::Error::other)?;
    for count in 0..requests {
        let second = i64::try_from(count).unwrap_or_default() * 500;
        write_request(&mut file, begin + SignedDuration::from_secs(second), count)?;
    }
    // Else the first append that is synced would write all of it to the disk.
    file.into_inner().map_err(io::IntoInnerError::into_error)?.sync_all()?;
    Ok(requests / OPEN_EVERY)
}

fn write_request(file: &mut impl io::Write, at: Timestamp, count: usize) -> io::Result<()> {
    let number = format!("{}-{count:016x}", at.strftime("%Y%m%dT%H%M%SZ"));
    let (name, cluster) = (format!("orders-{count}-20261123-0158"), format!("orders-{}", count % 300));
    writeln!(
        file,
        r#"{{"kind":"intent","number":"{number}","at":"{at}","server_time":"{at}","server_ahead_s":0,"caller":"arn:aws:sts::123456789012:assumed-role/dba/bastion-1","account":"123456789012","profile":"production","region":"eu-west-1","endpoint":"https://rds.eu-west-1.amazonaws.com","cluster":"{cluster}","cluster_resource_id":"cluster-ABCDEFGHIJKLMNOP","snapshot":"{name}","tags":[{{"key":"owner","value":"dba"}},{{"key":"ticket","value":"CHG-{count}"}},{{"key":"environment","value":"production"}},{{"key":"clustersnap:request","value":"{number}"}}],"mark":"clustersnap:request","version":"0.1.0"}}"#
    )?;
    if count % OPEN_EVERY == OPEN_EVERY - 1 {
        return Ok(());
    }
    writeln!(
        file,
        r#"{{"kind":"outcome","number":"{number}","at":"{at}","outcome":"created","request_id":"5f1c0c1e-6f0e-4a57-9a3e-2f1d0a9be2e2","snapshot":{{"arn":"arn:aws:rds:eu-west-1:123456789012:cluster-snapshot:{name}","cluster":"{cluster}","created_at":"{at}","status":"creating"}},"attempts":1}}"#
    )?;
    writeln!(
        file,
        r#"{{"kind":"ended","number":"{number}","at":"{at}","status":"available","open_at":"{at}"}}"#
    )
}

/// Asks the journal in a folder, in which so many requests are open.
pub fn cost(folder: &Path, open: usize) -> Cost {
    let now = Timestamp::now();
    let ask = || {
        // As every start of the program does it.
        let journal = Journal::open(folder);
        journal.open_requests(now).expect("it can be read").records.len()
    };
    let first = timed(|| assert_eq!(ask(), open));
    let ask = timed(|| {
        let ended = Ended { number: "none".to_owned(), ending: Ending::seen("available", now, None) };
        Journal::open(folder).append(&Line::Ended(ended)).expect("it can be written");
        assert_eq!(ask(), open);
    });
    let page = timed(|| {
        let page = Journal::open(folder).page(None, 500).expect("it can be read");
        assert_eq!(page.entries.len(), 500);
    });
    Cost { first, ask, page, memory: memory() }
}

/// How long something takes.
pub fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

/// The most memory that this process had, in MiB.
fn memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kib| kib.parse::<u64>().ok()).unwrap_or_default() / 1024
}
