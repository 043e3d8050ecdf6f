//! The cells of the fault matrix: what is said in each. Held by the engine here, and by a plan's state machine.

use clustersnap::sim::clock::Period;
use clustersnap::sim::faults::{Fault, FaultyAnswer, Rival};

/// The request that changes something.
pub const CREATE: &str = "CreateDBClusterSnapshot";

/// In each cell what is said, and how many creates were on the wire. The fault is the first create's.
///
/// `refused`: no connection was made, so it cannot have happened. From `throttle` on AWS itself refuses; where a
/// copy happened all the same (a proxy sent it twice), its mark proves it. What somebody else made carries no
/// mark: nothing proves whose it is, and nobody is told to choose another name.
const TABLE: &str = "
               |                 nobody else's                   |            somebody takes the name before
fault          | it happened            | it did not             | it would have          | it would not have
---------------+------------------------+------------------------+------------------------+-----------------------
no fault       | Created 1              | -                      | Unproven 1             | -
refused        | -                      | Created 2              | -                      | Unproven 2
dropped        | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
truncated      | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
garbage 200    | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
empty 200      | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
login page 200 | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
500            | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
502            | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
503            | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
504            | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
timeout        | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
slow drip      | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
wrong name     | FoundAgain 1           | Unknown 1              | Unproven 1             | Unproven 1
throttle       | FoundAgain 2           | Created 2              | Unproven 2             | Unproven 2
expired        | FoundAgain 1           | Refused 1              | Refused 1              | Refused 1
busy           | FoundAgain 1           | Refused 1              | Refused 1              | Refused 1
quota          | FoundAgain 1           | Refused 1              | Refused 1              | Refused 1
";

/// What comes back of a create that this fault hits.
pub fn answer(fault: &str) -> FaultyAnswer {
    match fault {
        "refused" => FaultyAnswer::Refuse,
        "dropped" => FaultyAnswer::Drop,
        "truncated" => FaultyAnswer::Truncate { percent: 50 },
        "garbage 200" => FaultyAnswer::Garbage,
        "empty 200" => FaultyAnswer::body(200, ""),
        "login page 200" => FaultyAnswer::body(200, "<html><body>Please log in</body></html>"),
        "500" => FaultyAnswer::error(500, "InternalFailure", "try later"),
        "502" => FaultyAnswer::body(502, "<html><h1>Bad Gateway</h1></html>"),
        "503" => FaultyAnswer::error(503, "ServiceUnavailable", "try later"),
        "504" => FaultyAnswer::body(504, ""),
        "timeout" => FaultyAnswer::Hang,
        "slow drip" => FaultyAnswer::Drip { bytes: 1, every: Period::seconds(1) },
        "throttle" => FaultyAnswer::error(400, "Throttling", "Rate exceeded"),
        "expired" => FaultyAnswer::error(403, "ExpiredToken", "The security token is expired"),
        "busy" => FaultyAnswer::error(400, "InvalidDBClusterStateFault", "not available"),
        "quota" => FaultyAnswer::error(400, "SnapshotQuotaExceeded", "100 of 100"),
        _ => FaultyAnswer::Normal,
    }
}

/// The fault of a cell.
pub fn fault(name: &str, happened: bool, rival: bool) -> Fault {
    let mut fault = Fault::on(CREATE).call(1).happened(happened).answer(answer(name));
    if name == "wrong name" {
        fault = fault.edit("DBClusterSnapshotIdentifier", Some("another"));
    }
    if rival { fault.rival(Rival::default()) } else { fault }
}

/// The cells of the table: fault, whether it happened, whether there is a rival, what is said, how many sent.
pub fn cells() -> Vec<(&'static str, bool, bool, &'static str, u64)> {
    let mut cells = Vec::new();
    for line in TABLE.lines().skip(4) {
        let mut columns = line.split('|').map(str::trim);
        let fault = columns.next().expect("a fault");
        for (index, cell) in columns.enumerate().filter(|(_, cell)| *cell != "-") {
            let (said, sent) = cell.split_once(' ').expect("a word and a count");
            cells.push((fault, index % 2 == 0, index > 1, said, sent.parse().expect("a count")));
        }
    }
    cells
}
