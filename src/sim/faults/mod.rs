//! Faults as data: what goes wrong, at which call of which action.
//!
//! A script is read from TOML (`sim --faults FILE`) or built in a test. It only says what shall go
//! wrong; the simulator and its doors do it.
//!
//! ```toml
//! # An auto-tagger, for every new snapshot.
//! [tagger]
//! after = "200ms"
//! set = { owner = "bot" }
//!
//! # The first create is carried out, and nothing comes back.
//! [[fault]]
//! action = "CreateDBClusterSnapshot"
//! calls = "1"
//! happened = true
//! answer = { kind = "drop" }
//!
//! # The third look-up answers an empty list, whatever there is.
//! [[fault]]
//! action = "DescribeDBClusterSnapshots"
//! calls = "3"
//! edit = [{ element = "DBClusterSnapshot" }]
//!
//! # Every answer is dated an hour ahead of the times in it.
//! [[fault]]
//! action = "*"
//! date_off_s = 3600
//! ```
//!
//! What else an answer may say falsely is an `edit`: another account's ARN (`DBClusterSnapshotArn`), a
//! type (`SnapshotType`), a time (`SnapshotCreateTime`).

mod answer;
mod calls;
mod others;

use serde::Deserialize;
use serde::de::Error as _;

pub use self::answer::{Edit, FaultyAnswer};
use self::calls::Calls;
pub use self::others::{Rival, Tagger};
use super::actions::is_action;
use super::clock::Period;

/// What goes wrong: faults of single calls, and what happens to every new snapshot.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultScript {
    /// What goes wrong with calls.
    #[serde(default, rename = "fault")]
    pub faults: Vec<Fault>,
    /// What changes the tags of every new snapshot, if something does.
    pub tagger: Option<Tagger>,
}

impl FaultScript {
    /// A script of these faults.
    #[must_use]
    pub fn new(faults: Vec<Fault>) -> Self {
        Self { faults, tagger: None }
    }

    /// Reads a script.
    ///
    /// # Errors
    /// What is wrong with the TOML, and where.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        let script: Self = toml::from_str(text)?;
        let is_none = |action: &&str| *action != "*" && !is_action(action);
        match script.faults.iter().map(|fault| fault.action.as_str()).find(is_none) {
            Some(action) => Err(toml::de::Error::custom(format!("there is no action {action} here"))),
            None => Ok(script),
        }
    }

    /// What goes wrong at an action's call; the first call is number 1.
    ///
    /// Several faults that fit a call go wrong together. Of two that say different things of the same,
    /// the first in the script has its way.
    pub(crate) fn of_call(&self, action: &str, call: u64) -> Fault {
        let fits = |fault: &&Fault| (fault.action == "*" || fault.action == action) && fault.calls.has(call);
        self.faults.iter().filter(fits).fold(Fault::on(action), Fault::and)
    }
}

/// One thing that goes wrong, or several at once.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The action, or `*` for any.
    action: String,
    #[serde(default)]
    calls: Calls,
    happened: Option<bool>,
    happens_after: Option<Period>,
    /// How long the answer waits; not at all, if left out.
    pub delay: Option<Period>,
    answer: Option<FaultyAnswer>,
    /// Whether something on the way delivers the request twice, and gives back the second answer only.
    /// To the script and to whoever counts it is one call.
    #[serde(default)]
    pub delivered_twice: bool,
    /// How long a new snapshot is missing in this call's answer, in place of the fleet's `list_lag`.
    pub lag: Option<Period>,
    /// The account that the request's access key belongs to from this call on.
    pub account: Option<String>,
    /// Somebody who takes the name just before this call.
    pub rival: Option<Rival>,
    /// Changes to the true answer.
    #[serde(default, rename = "edit")]
    pub edits: Vec<Edit>,
    /// By how many seconds the header `Date` is ahead of the times in the answer.
    pub date_off_s: Option<i64>,
    /// The header `Date`, word for word.
    pub date: Option<String>,
}

/// Whether the action of a faulty call is carried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Happens {
    /// At once, whatever the caller learns of it.
    Now,
    /// Later: the request was held up on its way.
    After(Period),
    /// Never.
    Never,
}

impl Fault {
    /// Nothing wrong with every call of an action, yet.
    #[must_use]
    pub fn on(action: &str) -> Self {
        Self { action: action.to_owned(), ..Self::default() }
    }

    /// At this call only.
    #[must_use]
    pub fn call(self, number: u64) -> Self {
        self.calls(number, number)
    }

    /// From one call to another, both included.
    #[must_use]
    pub fn calls(mut self, first: u64, last: u64) -> Self {
        self.calls = Calls { first, last };
        self
    }

    /// Whether the action is carried out all the same.
    #[must_use]
    pub fn happened(mut self, happened: bool) -> Self {
        self.happened = Some(happened);
        self
    }

    /// The action is carried out so much later, whether the caller still waits or not.
    #[must_use]
    pub fn happens_after(mut self, period: impl Into<Period>) -> Self {
        self.happens_after = Some(period.into());
        self
    }

    /// The request is delivered twice, and the second answer comes back.
    #[must_use]
    pub fn delivered_twice(mut self) -> Self {
        self.delivered_twice = true;
        self
    }

    /// What comes back.
    #[must_use]
    pub fn answer(mut self, answer: FaultyAnswer) -> Self {
        self.answer = Some(answer);
        self
    }

    /// How long the answer waits.
    #[must_use]
    pub fn delay(mut self, period: impl Into<Period>) -> Self {
        self.delay = Some(period.into());
        self
    }

    /// How long a new snapshot is missing in the answer.
    #[must_use]
    pub fn lag(mut self, period: impl Into<Period>) -> Self {
        self.lag = Some(period.into());
        self
    }

    /// The access key belongs to that account from then on.
    #[must_use]
    pub fn account(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    /// Somebody takes the name just before.
    #[must_use]
    pub fn rival(mut self, rival: Rival) -> Self {
        self.rival = Some(rival);
        self
    }

    /// Every element of that name in the true answer gets this text, or is left out.
    #[must_use]
    pub fn edit(mut self, element: &str, text: Option<&str>) -> Self {
        self.edits.push(Edit { element: element.to_owned(), text: text.map(str::to_owned) });
        self
    }

    /// The header `Date` is so many seconds ahead of the times in the answer.
    #[must_use]
    pub fn date_off_s(mut self, seconds: i64) -> Self {
        self.date_off_s = Some(seconds);
        self
    }

    /// The header `Date` is that text.
    #[must_use]
    pub fn date(mut self, text: &str) -> Self {
        self.date = Some(text.to_owned());
        self
    }

    /// What comes back; the true answer, unless the script says otherwise.
    pub(crate) fn answers(&self) -> &FaultyAnswer {
        self.answer.as_ref().unwrap_or(&FaultyAnswer::Normal)
    }

    /// Whether the action is carried out.
    ///
    /// Unless the script says so, it is, except where the answer replaces the true one or there is none.
    pub(crate) fn happens(&self) -> Happens {
        let lost = matches!(
            self.answers(),
            FaultyAnswer::Error { .. }
                | FaultyAnswer::Body { .. }
                | FaultyAnswer::Garbage
                | FaultyAnswer::Drop
                | FaultyAnswer::Hang
        );
        match (self.answers(), self.happens_after, self.happened) {
            (FaultyAnswer::Refuse, _, _) | (_, None, Some(false)) => Happens::Never,
            (_, Some(period), _) => Happens::After(period),
            (_, None, None) if lost => Happens::Never,
            _ => Happens::Now,
        }
    }

    /// What both say.
    fn and(self, other: &Self) -> Self {
        let mut other = other.clone();
        other.edits.retain(|edit| self.edits.iter().all(|own| own.element != edit.element));
        Self {
            happened: self.happened.or(other.happened),
            happens_after: self.happens_after.or(other.happens_after),
            delay: self.delay.or(other.delay),
            answer: self.answer.or(other.answer),
            delivered_twice: self.delivered_twice || other.delivered_twice,
            lag: self.lag.or(other.lag),
            account: self.account.or(other.account),
            rival: self.rival.or(other.rival),
            edits: self.edits.into_iter().chain(other.edits).collect(),
            date_off_s: self.date_off_s.or(other.date_off_s),
            date: self.date.or(other.date),
            ..self
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
mod tests {
    use super::*;

    #[test]
    fn a_script_reads_as_it_is_built() {
        let script = FaultScript::from_toml(
            r#"
            [[fault]]
            action = "CreateDBClusterSnapshot"
            calls = "2-3"
            happened = true
            delay = "5s"
            rival = { cluster = "billing" }
            edit = [{ element = "PercentProgress", text = "-1" }]
            answer = { kind = "truncate" }
            "#,
        )
        .unwrap();
        let built = Fault::on("CreateDBClusterSnapshot")
            .calls(2, 3)
            .happened(true)
            .delay(Period::seconds(5))
            .rival(Rival { cluster: Some("billing".into()), ..Rival::default() })
            .edit("PercentProgress", Some("-1"))
            .answer(FaultyAnswer::Truncate { percent: 50 });
        assert_eq!(script.faults, [built]);
        let of = |action, call| script.of_call(action, call);
        for (action, call) in [("CreateDBClusterSnapshot", 1), ("DescribeDBClusters", 3)] {
            assert_eq!(of(action, call), Fault::on(action));
        }
        assert!(of("CreateDBClusterSnapshot", 3).happened == Some(true));
    }

    #[test]
    fn what_the_service_does_to_every_call_and_snapshot_is_written_so() {
        let script = FaultScript::from_toml(
            r#"
            [tagger]
            after = "200ms"
            replaces_all = true
            remove = ["ticket"]
            set = { owner = "bot" }
            [[fault]]
            action = "*"
            delivered_twice = true
            lag = "10m"
            account = "210987654321"
            date_off_s = -86400
            date = "Fri, 31 Dec 9999 23:59:59 GMT"
            "#,
        )
        .unwrap();
        let tagger = Tagger {
            after: std::time::Duration::from_millis(200).into(),
            replaces_all: true,
            remove: vec!["ticket".to_owned()],
            set: [("owner".to_owned(), "bot".to_owned())].into(),
        };
        assert_eq!(script.tagger, Some(tagger));
        let built = Fault::on("*").delivered_twice().lag(Period::seconds(600)).account("210987654321");
        let built = built.date_off_s(-86_400).date("Fri, 31 Dec 9999 23:59:59 GMT");
        assert_eq!(script.faults, [built]);
    }

    #[test]
    fn faults_of_one_call_go_wrong_together_and_the_first_has_its_way() {
        let script = FaultScript::new(vec![
            Fault::on("A").call(1).answer(FaultyAnswer::Normal).edit("Status", None),
            Fault::on("*").answer(FaultyAnswer::Drop).edit("Status", Some("x")).edit("Type", Some("y")),
            Fault::on("A").call(2).answer(FaultyAnswer::Hang),
            Fault::on("*").date_off_s(9),
        ]);
        let first = Fault::on("A").answer(FaultyAnswer::Normal).edit("Status", None).edit("Type", Some("y"));
        assert_eq!(script.of_call("A", 1), first.date_off_s(9));
        assert_eq!(script.of_call("A", 2).answers(), &FaultyAnswer::Drop);
        assert_eq!(script.of_call("B", 1).happens(), Happens::Never);
    }

    #[test]
    fn a_misspelt_word_is_no_silent_success() {
        for wrong in [
            "acton = \"*\"",
            "action = \"Nope\"",
            "action = \"*\"\nanswer = { kind = \"dorp\" }",
            "action = \"*\"\ncalls = \"a\"",
            "action = \"*\"\ncalls = \"0\"",
            "action = \"*\"\ncalls = \"5-2\"",
        ] {
            assert!(FaultScript::from_toml(&format!("[[fault]]\n{wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_lost_did_not_happen_unless_the_script_says_so() {
        assert_eq!(Fault::on("*").answer(FaultyAnswer::Drop).happens(), Happens::Never);
        assert_eq!(Fault::on("*").answer(FaultyAnswer::Drop).happened(true).happens(), Happens::Now);
        assert_eq!(Fault::on("*").answer(FaultyAnswer::Truncate { percent: 9 }).happens(), Happens::Now);
        let late = Fault::on("*").answer(FaultyAnswer::Hang).happens_after(Period::seconds(9));
        assert_eq!(late.happens(), Happens::After(Period::seconds(9)));
    }
}
