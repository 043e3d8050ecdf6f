//! Faults as data: what goes wrong, at which call of which action.
//!
//! A script is read from TOML (`sim --faults FILE`) or built in a test. It only says what shall go
//! wrong; the simulator and its doors do it.
//!
//! ```toml
//! [[fault]]
//! action = "CreateDBClusterSnapshot"
//! calls = "1"
//! happened = true
//! answer = { kind = "drop" }
//! ```

use serde::Deserialize;

use super::clock::Period;

/// Faults in the order they are tried: the first that fits a call is the one that happens.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FaultScript {
    #[serde(default, rename = "fault")]
    faults: Vec<Fault>,
}

impl FaultScript {
    /// A script of these faults.
    #[must_use]
    pub fn new(faults: Vec<Fault>) -> Self {
        Self { faults }
    }

    /// Reads a script.
    ///
    /// # Errors
    /// What is wrong with the TOML, and where.
    pub fn from_toml(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// The fault of an action's call; the first call is number 1.
    #[must_use]
    pub fn of_call(&self, action: &str, call: u64) -> Option<&Fault> {
        let fits = |fault: &&Fault| (fault.action == "*" || fault.action == action) && fault.calls.has(call);
        self.faults.iter().find(fits)
    }
}

/// One thing that goes wrong, or several at once.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The action, or `*` for any.
    action: String,
    #[serde(default)]
    calls: Calls,
    happened: Option<bool>,
    happens_after: Option<Period>,
    /// How long the answer waits.
    #[serde(default)]
    pub delay: Period,
    /// Somebody who takes the name just before this call.
    pub rival: Option<Rival>,
    /// Changes to the true answer.
    #[serde(default, rename = "edit")]
    pub edits: Vec<Edit>,
    /// What comes back.
    #[serde(default)]
    pub answer: Answer,
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
        Self {
            action: action.to_owned(),
            calls: Calls::default(),
            happened: None,
            happens_after: None,
            delay: Period::default(),
            rival: None,
            edits: Vec::new(),
            answer: Answer::Normal,
        }
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

    /// What comes back.
    #[must_use]
    pub fn answer(mut self, answer: Answer) -> Self {
        self.answer = answer;
        self
    }

    /// How long the answer waits.
    #[must_use]
    pub fn delay(mut self, period: impl Into<Period>) -> Self {
        self.delay = period.into();
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

    /// Whether the action is carried out.
    ///
    /// Unless the script says so, it is, except where the answer replaces the true one or there is none.
    #[must_use]
    pub fn happens(&self) -> Happens {
        let lost = matches!(
            self.answer,
            Answer::Error { .. } | Answer::Body { .. } | Answer::Garbage | Answer::Drop | Answer::Hang
        );
        match (&self.answer, self.happens_after, self.happened) {
            (Answer::Refuse, _, _) | (_, None, Some(false)) => Happens::Never,
            (_, Some(period), _) => Happens::After(period),
            (_, None, None) if lost => Happens::Never,
            _ => Happens::Now,
        }
    }
}

/// Somebody else's snapshot.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Rival {
    /// Its identifier; the request's, if left out.
    pub identifier: Option<String>,
    /// The cluster it is of; the request's, if left out.
    pub cluster: Option<String>,
    /// Whether it carries the request's tags; it has none otherwise.
    pub same_tags: bool,
}

/// A change to an answer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Edit {
    /// The name of the elements to change.
    pub element: String,
    /// Their new text; they are left out, if it is.
    pub text: Option<String>,
}

/// What comes back from a faulty call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Answer {
    /// The true answer.
    #[default]
    Normal,
    /// A refusal in AWS's form.
    Error {
        /// The HTTP status.
        status: u16,
        /// The wire code.
        code: String,
        /// The message.
        message: String,
    },
    /// Some other document, as a proxy on the way would send.
    Body {
        /// The HTTP status.
        status: u16,
        /// The body, possibly empty.
        body: String,
    },
    /// 200, and bytes that are neither XML nor text.
    Garbage,
    /// The true answer, cut off: its beginning, then the connection breaks.
    Truncate {
        /// How much of it arrives.
        #[serde(default = "half")]
        percent: u8,
    },
    /// The true answer, a little at a time.
    Drip {
        /// How many bytes at once.
        bytes: usize,
        /// How long between them.
        every: Period,
    },
    /// None: the connection breaks after the request was sent.
    Drop,
    /// None: the connection stays open for ever.
    Hang,
    /// None: no connection is made. Over HTTP, where the action is known only after that, the
    /// connection is closed without an answer.
    Refuse,
    /// The true first page, with a marker that leads to itself.
    LoopingMarker,
}

impl Answer {
    /// A refusal in AWS's form.
    #[must_use]
    pub fn error(status: u16, code: &str, message: &str) -> Self {
        Self::Error { status, code: code.to_owned(), message: message.to_owned() }
    }

    /// Some other document.
    #[must_use]
    pub fn body(status: u16, body: &str) -> Self {
        Self::Body { status, body: body.to_owned() }
    }
}

/// The calls that a fault is about, both ends included: `"3"`, `"2-5"`, `"2-"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
struct Calls {
    first: u64,
    last: u64,
}

impl Calls {
    fn has(self, call: u64) -> bool {
        (self.first..=self.last).contains(&call)
    }
}

impl Default for Calls {
    fn default() -> Self {
        Self { first: 1, last: u64::MAX }
    }
}

impl TryFrom<String> for Calls {
    type Error = std::num::ParseIntError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.split_once('-') {
            None => text.parse().map(|only| Self { first: only, last: only }),
            Some((first, "")) => Ok(Self { first: first.parse()?, last: u64::MAX }),
            Some((first, last)) => Ok(Self { first: first.parse()?, last: last.parse()? }),
        }
    }
}

const fn half() -> u8 {
    50
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
            .answer(Answer::Truncate { percent: 50 });
        assert_eq!(script.faults, [built]);
        assert!(script.of_call("CreateDBClusterSnapshot", 1).is_none());
        assert!(script.of_call("CreateDBClusterSnapshot", 3).is_some());
        assert!(script.of_call("DescribeDBClusters", 3).is_none());
    }

    #[test]
    fn a_misspelt_word_is_no_silent_success() {
        for wrong in
            ["acton = \"x\"", "action = \"x\"\nanswer = { kind = \"dorp\" }", "action = \"x\"\ncalls = \"a\""]
        {
            assert!(FaultScript::from_toml(&format!("[[fault]]\n{wrong}")).is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_is_lost_did_not_happen_unless_the_script_says_so() {
        assert_eq!(Fault::on("*").answer(Answer::Drop).happens(), Happens::Never);
        assert_eq!(Fault::on("*").answer(Answer::Drop).happened(true).happens(), Happens::Now);
        assert_eq!(Fault::on("*").answer(Answer::Truncate { percent: 9 }).happens(), Happens::Now);
        let late = Fault::on("*").answer(Answer::Hang).happens_after(Period::seconds(9));
        assert_eq!(late.happens(), Happens::After(Period::seconds(9)));
    }
}
