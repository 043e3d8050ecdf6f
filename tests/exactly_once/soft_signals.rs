//! Every soft signal turned against the program at once: taggers, dates, copies, lists that lag, accounts that
//! change, colleagues. In each cell the word has to be true, at once and until it is the last, with the mark
//! and without.

use std::time::Duration;

use clustersnap::domain::account::AccountId;
use clustersnap::domain::outcome::Outcome;
use clustersnap::domain::outcome_kind::OutcomeKind;
use clustersnap::domain::record::Record;
use clustersnap::domain::tag::Tag;
use clustersnap::sim::faults::{Fault, FaultyAnswer, Tagger};
use tokio::time::Instant;

use super::truth::{OTHER, Truth};
use super::world::{CREATE, LOOK_UP, NAME, Setup, World, pass, word};

const TAGS: &[(&str, &str)] = &[("owner", "dba"), ("ticket", "CHG-1042")];
const BUSY: (u16, &str) = (400, "InvalidDBClusterStateFault");
pub const DATES: [i64; 7] = [-86_400, -3_600, -10, 0, 10, 3_600, 86_400];

/// What becomes of a create.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Create {
    Answered,
    LostAfter,
    LostBefore,
    /// Delivered twice, with the second answer.
    Twice,
    /// Delivered twice, and both answers are lost.
    TwiceLost,
    /// Refused, though a copy was carried out.
    RefusedCopied,
    Refused,
    /// Throttled though a copy was carried out, and sent again.
    ThrottledCopied,
    /// It takes effect so many seconds after its answer was lost.
    Late(u64),
}

impl Create {
    const ALL: [Self; 9] = [
        Self::Answered,
        Self::LostAfter,
        Self::LostBefore,
        Self::Twice,
        Self::TwiceLost,
        Self::RefusedCopied,
        Self::Refused,
        Self::ThrottledCopied,
        Self::Late(200),
    ];

    fn fault(self) -> Fault {
        let fault = Fault::on(CREATE).call(1);
        let refusal = |(status, code): (u16, &str)| FaultyAnswer::error(status, code, "no");
        match self {
            Self::Answered => fault,
            Self::LostAfter => fault.happened(true).answer(FaultyAnswer::Drop),
            Self::LostBefore => fault.happened(false).answer(FaultyAnswer::Drop),
            Self::Twice => fault.delivered_twice(),
            Self::TwiceLost => fault.delivered_twice().answer(FaultyAnswer::Drop),
            Self::RefusedCopied => fault.happened(true).answer(refusal(BUSY)),
            Self::Refused => fault.answer(refusal(BUSY)),
            Self::ThrottledCopied => fault.happened(true).answer(refusal((400, "Throttling"))),
            Self::Late(seconds) => {
                fault.answer(FaultyAnswer::Drop).happens_after(Duration::from_secs(seconds))
            }
        }
    }

    /// Whether the service's own refusal of the request can reach the program.
    fn is_refused(self) -> bool {
        matches!(self, Self::RefusedCopied | Self::Refused | Self::ThrottledCopied)
    }
}

/// What tags new snapshots.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tagging {
    None,
    Overwrites,
    Adds,
    Removes,
    ReplacesAll,
}

impl Tagging {
    pub const ALL: [Self; 5] = [Self::None, Self::Overwrites, Self::Adds, Self::Removes, Self::ReplacesAll];

    pub fn tagger(self) -> Option<Tagger> {
        let set = |key: &str| [(key.to_owned(), "platform".to_owned())].into();
        let remove = ["owner", "ticket"].map(str::to_owned).to_vec();
        match self {
            Self::None => None,
            Self::Overwrites => Some(Tagger { set: set("owner"), ..Tagger::default() }),
            Self::Adds => Some(Tagger { set: set("managed-by"), ..Tagger::default() }),
            Self::Removes => Some(Tagger { remove, ..Tagger::default() }),
            Self::ReplacesAll => {
                Some(Tagger { replaces_all: true, set: set("managed-by"), ..Tagger::default() })
            }
        }
    }
}

/// Who else makes a snapshot of the name, and when, after the request was submitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colleague {
    None,
    /// With the same tags, less the mark.
    Same(u64),
    /// Of another cluster.
    OtherCluster(u64),
    /// With a mark of their own.
    Marked(u64),
}

impl Colleague {
    async fn comes(self, world: &World) {
        let tags = |tags: &[(&str, &str)]| tags.iter().map(|(key, value)| Tag::new(*key, *value)).collect();
        let (seconds, cluster, tags) = match self {
            Self::None => return,
            Self::Same(seconds) => (seconds, "orders", tags(TAGS)),
            Self::OtherCluster(seconds) => (seconds, "billing", tags(TAGS)),
            Self::Marked(seconds) => {
                let mark = (clustersnap::domain::mark::MARK_KEY, "20260101T000000Z-0123456789abcdef");
                (seconds, "orders", tags(&[("owner", "dba"), mark]))
            }
        };
        pass(seconds).await;
        world.simulator.create_by_another(NAME, cluster, tags);
    }
}

/// One cell of a table.
#[derive(Clone, Copy, Debug)]
struct Cell {
    unmarked: bool,
    create: Create,
    tagging: Tagging,
    date: i64,
    lag: i64,
    colleague: Colleague,
}

const PLAIN: Cell = Cell {
    unmarked: false,
    create: Create::Answered,
    tagging: Tagging::None,
    date: 0,
    lag: 0,
    colleague: Colleague::None,
};

impl Cell {
    fn world(self) -> World {
        let faults = vec![self.create.fault(), Fault::on("*").date_off_s(self.date)];
        let Self { unmarked, lag, tagging, .. } = self;
        World::new(Setup { faults, lag, unmarked, tagger: tagging.tagger(), ahead: 0 })
    }

    fn truth<'a>(&self, world: &'a World, context: &'a str) -> Truth<'a> {
        Truth { world, context, is_refused: self.create.is_refused(), changes_account: false }
    }

    /// Submits, and looks what became of it until it is known; all that is said on the way has to be true. The
    /// word at the end.
    async fn holds(self) -> OutcomeKind {
        let world = self.world();
        let context = format!("{self:?}");
        let truth = self.truth(&world, &context);
        let ((submitted, _), ()) = tokio::join!(world.submit(TAGS), self.colleague.comes(&world));
        truth.holds_true(&submitted.outcome);
        if submitted.intent.is_none() {
            assert_eq!(world.sent(), 0, "sent without a trace: {context}");
            return word(&submitted.outcome);
        }
        settle(&truth).await;
        let [said] = world.words()[..] else { panic!("{:?}: {context}", world.words()) };
        truth.word_holds_true(said);
        assert_eq!(world.sent(), 1 + u64::from(self.create == Create::ThrottledCopied), "{context}");
        if word(&submitted.outcome) != OutcomeKind::Unknown
            && word(&submitted.outcome) != OutcomeKind::Refused
        {
            assert_eq!(said, word(&submitted.outcome), "taken back: {context}");
        }
        said
    }

    /// The same; and what was made is known to be this request's, where its mark is there to prove it.
    async fn is_proved(self) {
        let said = self.holds().await;
        let made = !matches!(self.create, Create::LostBefore | Create::Refused);
        if made && !self.unmarked && self.tagging != Tagging::ReplacesAll {
            assert!(matches!(said, OutcomeKind::Created | OutcomeKind::FoundAgain), "{said:?}: {self:?}");
        }
        assert_ne!(said, OutcomeKind::Unknown, "never known: {self:?}");
    }
}

/// Looks what became of a request every two minutes, until nothing is open any more that time can tell.
async fn settle(truth: &Truth<'_>) {
    let last = Instant::now() + Duration::from_mins(32);
    while !truth.world.open().iter().all(Record::is_unfinished) && Instant::now() < last {
        pass(120).await;
        for outcome in truth.world.settle().await {
            truth.holds_true(&outcome);
        }
    }
}

#[tokio::test(start_paused = true)]
async fn taggers_dates_and_copies_make_no_word_false() {
    let mut dates = DATES.into_iter().cycle();
    for unmarked in [false, true] {
        for create in Create::ALL {
            for tagging in Tagging::ALL {
                let date = dates.next().unwrap();
                let cell = Cell { unmarked, create, tagging, date, ..PLAIN };
                cell.is_proved().await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn lists_that_lag_up_to_ten_minutes_make_no_word_false() {
    for lag in [10, 80, 600] {
        for unmarked in [false, true] {
            for create in Create::ALL {
                Cell { unmarked, create, lag, ..PLAIN }.is_proved().await;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn colleagues_make_no_word_false() {
    let colleagues = [0, 3, 100, 600, 1_500].into_iter().flat_map(|seconds| {
        [Colleague::Same(seconds), Colleague::OtherCluster(seconds), Colleague::Marked(seconds)]
    });
    let ways = [(false, 0, 0), (true, 0, 0), (false, 90, -10), (true, 90, 3_600)];
    let mut ways = ways.into_iter().cycle();
    for colleague in colleagues {
        for create in Create::ALL {
            let (unmarked, lag, date) = ways.next().unwrap();
            Cell { unmarked, create, date, lag, colleague, ..PLAIN }.holds().await;
        }
    }
}

#[tokio::test(start_paused = true)]
async fn an_account_that_changes_at_any_step_makes_no_word_false() {
    let steps = [
        ("GetCallerIdentity", 1),
        ("GetCallerIdentity", 2),
        ("DescribeDBClusters", 1),
        ("DescribeDBClusters", 2),
        (LOOK_UP, 1),
        (LOOK_UP, 2),
        (LOOK_UP, 3),
        (CREATE, 1),
        (CREATE, 2),
    ];
    let answers =
        [FaultyAnswer::Normal, FaultyAnswer::error(403, "AccessDenied", "not you"), FaultyAnswer::Hang];
    let mut answers = answers.into_iter().cycle();
    for (action, call) in steps {
        // A throttled one is sent again, to whichever account it is by then.
        for create in Create::ALL.into_iter().filter(|create| *create != Create::ThrottledCopied) {
            for unmarked in [false, true] {
                let change = Fault::on(action).call(call).account(OTHER);
                changes(change, create, answers.next().unwrap(), unmarked).await;
            }
        }
    }
}

async fn changes(change: Fault, create: Create, sts: FaultyAnswer, unmarked: bool) {
    let context = format!("{change:?}, {create:?}, {sts:?}, unmarked: {unmarked}");
    let faults = vec![change, create.fault(), Fault::on("GetCallerIdentity").answer(sts)];
    let world = World::new(Setup { faults, unmarked, ..Setup::default() });
    let truth =
        Truth { world: &world, context: &context, is_refused: create.is_refused(), changes_account: true };
    let (submitted, _) = world.submit_for(TAGS, AccountId::reported("123456789012")).await;
    truth.holds_true(&submitted.outcome);
    if matches!(submitted.outcome, Outcome::Created { .. } | Outcome::FoundAgain { .. }) {
        let arns = world.simulator.snapshots_named(NAME);
        assert!(
            arns.iter().all(|arn| arn.contains(":123456789012:")),
            "not where it was confirmed: {context}"
        );
    }
    settle(&truth).await;
}

/// Two people with a journal each, or with one, ask for the same name; the second a while after the first.
#[tokio::test(start_paused = true)]
async fn two_users_with_two_journals_never_both_claim_one_snapshot() {
    let ways = [(false, 0, false), (true, 0, false), (false, 80, true), (true, 80, true), (true, 0, true)];
    let mut ways = ways.into_iter().cycle();
    for later in [1, 5, 100, 700] {
        for (first, second) in pairs() {
            let (unmarked, lag, shares) = ways.next().unwrap();
            both(first, second, later, Setup { lag, unmarked, ..Setup::default() }, shares).await;
        }
    }
}

fn pairs() -> Vec<(Create, Create)> {
    let kinds =
        [Create::Answered, Create::LostAfter, Create::LostBefore, Create::Twice, Create::RefusedCopied];
    kinds.into_iter().flat_map(|first| kinds.map(|second| (first, second))).collect()
}

async fn both(first: Create, second: Create, later: u64, mut setup: Setup, shares: bool) {
    // Who comes first takes effect first; the second create is only sent if the second look-up finds nothing.
    setup.faults = vec![first.fault(), second.fault().calls(2, 2)];
    let context = format!("{first:?}, then {second:?} {later} s later, {setup:?}, one journal: {shares}");
    let one = World::new(setup);
    let folder = one.home().join("another");
    let other = if shares { one.clone() } else { one.with_journal(&folder) };
    let comes_later = async {
        pass(later).await;
        other.submit(TAGS).await
    };
    let ((said, _), (also, _)) = tokio::join!(one.submit(TAGS), comes_later);
    let is_success =
        |outcome: &Outcome| matches!(outcome, Outcome::Created { .. } | Outcome::FoundAgain { .. });
    let context = format!("{:?}, {:?}: {context}", word(&said.outcome), word(&also.outcome));
    for _ in 0..16 {
        one.settle().await;
        other.settle().await;
        pass(120).await;
    }
    let made = one.simulator.creates();
    assert!(made <= 1, "{made}: {context}");
    let successes = [is_success(&said.outcome), is_success(&also.outcome)];
    assert!(successes != [true, true], "both claim it: {context}");
    assert!(made == 1 || successes == [false, false], "nobody made it: {context}");
    // Only a create that takes effect makes it: the first that does.
    let effective = |create: Create| !matches!(create, Create::LostBefore | Create::Refused);
    if effective(first) {
        assert!(!successes[1], "it is the first one's: {context}");
        assert_ne!(one.words().first(), Some(&OutcomeKind::Taken), "it is: {context}");
        assert_ne!(one.words().first(), Some(&OutcomeKind::NotListed), "it is: {context}");
    } else {
        assert!(!successes[0], "the first never arrived: {context}");
    }
}
