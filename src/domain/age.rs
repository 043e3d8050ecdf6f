//! How long ago something was, in words.

use jiff::Timestamp;

/// How long ago something was, in the largest unit that tells it: `now`, `5 min ago`, `2 h ago`.
#[must_use]
pub fn ago(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.duration_since(at).as_secs().max(0);
    match seconds {
        0..60 => "now".to_owned(),
        60..3600 => format!("{} min ago", seconds / 60),
        3600..172_800 => format!("{} h ago", seconds / 3600),
        _ => format!("{} d ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_in_the_unit_that_fits() {
        let now: Timestamp = Timestamp::from_second(10_000_000).expect("a time");
        let told = |seconds: i64| ago(Timestamp::from_second(10_000_000 - seconds).expect("a time"), now);
        assert_eq!(told(-5), "now");
        assert_eq!(told(59), "now");
        assert_eq!(told(60), "1 min ago");
        assert_eq!(told(7300), "2 h ago");
        assert_eq!(told(172_800), "2 d ago");
    }
}
