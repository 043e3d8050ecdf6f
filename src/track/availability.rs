//! When to look again whether a cluster is available.

use std::time::Duration;

/// How long to wait before the next look, after a request has waited so long: backups and changes mostly
/// take minutes, and a request that waits an hour does not mind a minute more.
pub fn interval(waited: Duration) -> Duration {
    match waited.as_secs() / 60 {
        0..10 => Duration::from_secs(10),
        10..60 => Duration::from_secs(30),
        _ => Duration::from_mins(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_looks_often_at_first_and_each_minute_later() {
        assert_eq!(interval(Duration::ZERO), Duration::from_secs(10));
        assert_eq!(interval(Duration::from_mins(10)), Duration::from_secs(30));
        assert_eq!(interval(Duration::from_hours(20)), Duration::from_mins(1));
    }
}
