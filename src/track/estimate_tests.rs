//! The estimator against simulated histories: where it dares to answer, it is right in four of five cases.

use super::*;

/// Numbers that look random and are the same in every run (xorshift).
struct Dice(u64);

impl Dice {
    /// Evenly from 0 to 1.
    fn even(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        f64::from(u32::try_from(self.0 >> 32).expect("32 bits")) / f64::from(u32::MAX)
    }

    /// Between two bounds.
    fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.even()
    }

    /// Normal, by the sum of twelve.
    fn bell(&mut self) -> f64 {
        (0..12).map(|_| self.even()).sum::<f64>() - 6.0
    }
}

fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

/// How often it was asked, dared, and was right.
#[derive(Debug, Default)]
struct Score {
    asked: f64,
    dared: f64,
    right: f64,
}

impl Score {
    fn take(&mut self, estimate: Option<Estimate>, left: Duration) {
        self.asked += 1.0;
        if let Some(estimate) = estimate {
            self.dared += 1.0;
            self.right += f64::from(u8::from((estimate.least..=estimate.most).contains(&left)));
        }
    }

    fn holds(&self, what: &str, least_dared: f64) {
        assert!(self.right / self.dared >= 0.8, "{what}: {self:?}");
        assert!(self.dared / self.asked >= least_dared, "{what}: it says too little: {self:?}");
    }
}

/// How long the snapshots of a cluster take, one after the other.
type Kind = (&'static str, f64, fn(&mut Dice, usize) -> f64);

const KINDS: [Kind; 5] = [
    ("much alike", 0.7, |dice, _| 600.0 * (0.1 * dice.bell()).exp()),
    ("by factors", 0.2, |dice, _| 1800.0 * (0.35 * dice.bell()).exp()),
    ("evenly between 10 and 20 minutes", 0.4, |dice, _| dice.between(600.0, 1200.0)),
    ("growing by 5 % each time", 0.3, |dice, at| {
        300.0 * 1.05_f64.powi(i32::try_from(at).expect("few")) * (0.08 * dice.bell()).exp()
    }),
    ("one in ten three times as long", 0.2, |dice, _| {
        let factor = if dice.even() < 0.1 { 3.0 } else { 1.0 };
        900.0 * factor * (0.1 * dice.bell()).exp()
    }),
];

#[test]
fn from_earlier_snapshots_it_is_right_in_four_of_five_cases_at_any_moment() {
    let mut dice = Dice(42);
    for (what, least_dared, takes) in KINDS {
        let mut score = Score::default();
        for round in 0..4000 {
            let count = 2 + round % 11;
            let earlier: Vec<Duration> = (0..count).map(|at| seconds(takes(&mut dice, at))).collect();
            let took = seconds(takes(&mut dice, count));
            let age = took.mul_f64(dice.even());
            let none = Progress::default();
            score.take(estimate(&earlier, &none, age), took.saturating_sub(age));
        }
        score.holds(what, least_dared);
    }
}

/// The share that is done, after a share of the time.
type Course = (&'static str, f64, fn(f64) -> f64);

const COURSES: [Course; 5] = [
    ("at an even speed", 0.5, |time| time),
    ("slower and slower", 0.3, |time| time.powf(0.8)),
    ("faster and faster", 0.3, |time| time.powf(1.25)),
    ("half as fast from the middle on", 0.2, |time| {
        if time < 0.4 { time * 1.43 } else { 0.572 + (time - 0.4) * 0.713 }
    }),
    ("in steps of ten", 0.1, |time| (time * 10.0).floor() / 10.0),
];

#[test]
fn from_progress_it_is_right_in_four_of_five_cases_at_any_moment() {
    let mut dice = Dice(7);
    for (what, least_dared, course) in COURSES {
        let mut score = Score::default();
        for _ in 0..2000 {
            let took = dice.between(120.0, 7200.0);
            let end = took * dice.even();
            let mut progress = Progress::default();
            let mut age = 0.0;
            while age < end {
                let noise = 1.0 + 0.01 * dice.bell();
                #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is 0 to 100")]
                let percent = (100.0 * course(age / took) * noise).clamp(0.0, 99.0) as u8;
                let highest = progress.points().last().map_or(0, |point| point.percent);
                progress.observe(percent.max(highest), seconds(age));
                age += dice.between(4.5, 5.5).max(took / 300.0);
            }
            score.take(estimate(&[], &progress, seconds(end)), seconds(took - end));
        }
        score.holds(what, least_dared);
    }
}

#[test]
fn without_ground_it_says_nothing() {
    let mut progress = Progress::default();
    let minutes = Duration::from_mins;
    assert_eq!(estimate(&[], &progress, minutes(5)), None);
    assert_eq!(estimate(&[minutes(10)], &progress, minutes(5)), None, "one is none");
    assert_eq!(
        estimate(&[minutes(1), minutes(60), minutes(5)], &progress, minutes(1)),
        None,
        "they differ too much"
    );
    assert_eq!(estimate(&[minutes(10); 5], &progress, minutes(60)), None, "it has outlived them");
    progress.observe(0, Duration::ZERO);
    assert_eq!(estimate(&[], &progress, minutes(20)), None, "it sits at 0");
    progress.observe(80, minutes(20));
    assert_eq!(estimate(&[], &progress, minutes(20)), None, "one jump is no speed");
}

#[test]
fn a_percentage_that_stands_still_ends_what_progress_can_say() {
    let mut progress = Progress::default();
    for minute in 0..10_u8 {
        progress.observe(minute * 5, Duration::from_mins(u64::from(minute)));
    }
    assert!(estimate(&[], &progress, Duration::from_mins(10)).is_some());
    assert_eq!(estimate(&[], &progress, Duration::from_mins(30)), None);
}

#[test]
fn the_range_names_its_ground_and_lies_about_the_truth() {
    let earlier = [14, 15, 16].map(Duration::from_mins);
    let told = estimate(&earlier, &Progress::default(), Duration::from_mins(5)).expect("three are enough");
    assert_eq!(told.ground, EstimateSource::Earlier(3));
    assert!(told.least > Duration::from_mins(4) && told.most < Duration::from_mins(17), "{told:?}");
}
