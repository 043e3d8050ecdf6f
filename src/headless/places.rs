//! Several places at once: what a command reads in each, side by side, and what of that failed. A place that is slow or
//! denied hides nothing of the others.

use clap::ValueEnum;
use futures_util::future::join_all;
use serde::Serialize;

use super::problem::{Problem, worst};
use super::streams::{Stop, Streams};
use super::{json, table};
use crate::cli::Global;
use crate::domain::account::{AccountId, Arn};
use crate::domain::change::{ChangePlace, LeftOut};
use crate::domain::policy::Policy;
use crate::domain::text::escape;
use crate::places_wanted::words;
use crate::rds::ServiceOptions;
use crate::session::Session;

/// What came of a command in its places.
pub struct Answers<T> {
    /// What was read, in the order in which the places were named, each account and Region once.
    pub found: Vec<Found<T>>,
    /// The places that failed.
    pub incomplete: Vec<Incomplete>,
    /// Whether more than one place was named.
    pub are_several: bool,
}

/// What was read in a place.
pub struct Found<T> {
    /// The connection.
    pub session: Session,
    /// What was read.
    pub value: T,
}

/// A place that failed.
#[derive(Debug, Serialize)]
pub struct Incomplete {
    profile: Option<String>,
    region: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    /// Why.
    #[serde(flatten)]
    pub problem: Problem,
}

impl Incomplete {
    /// The place that was named, as far as it was got to know.
    pub fn new(named: &ServiceOptions, session: Option<&Session>, problem: Problem) -> Self {
        let place = session.map(Session::target);
        let (profile, region) =
            place.map_or((&named.profile, &named.region), |place| (&place.profile, &place.region));
        let safe = |text: &Option<String>| text.as_deref().map(escape);
        let account = session.and_then(Session::caller).map(|caller| escape(caller.account.as_str()));
        Self { profile: safe(profile), region: safe(region), account, problem }
    }

    /// A place of a connection that failed later.
    pub fn of(session: &Session, problem: Problem) -> Self {
        Self::new(&ServiceOptions::default(), Some(session), problem)
    }

    /// The place, by its name.
    pub fn place(&self) -> String {
        words(self.profile.as_deref(), self.region.as_deref())
    }

    /// That a change could not be sent there.
    pub fn left_out(&self) -> LeftOut {
        let (profile, region) = (self.profile.clone(), self.region.clone());
        LeftOut {
            place: ChangePlace { profile, region, endpoint: None },
            account: self.account.as_deref().and_then(AccountId::reported),
            cluster: String::new(),
            why: format!("the place could not be read: {}", self.problem.message),
            is_requested: false,
        }
    }

    /// The place and what is wrong with it, in a line.
    pub fn line(&self) -> String {
        format!("{}: {}", self.place(), self.problem.message.replace('\n', " "))
    }
}

/// The name of the place of a connection.
pub fn name_of(session: &Session) -> String {
    let place = session.target();
    escape(&words(place.profile.as_deref(), place.region.as_deref()))
}

/// What a line about one of several places begins with.
pub fn prefix(session: &Session, are_several: bool) -> String {
    if are_several { format!("{}: ", name_of(session)) } else { String::new() }
}

/// Asks something in each place that the options name, in all at the same time. What is sent later, a policy may hold
/// back; without one nothing can be. Which of several failed, and why, is
/// told at once.
///
/// # Errors
/// When the options name no places; and where they name one, its own.
pub async fn ask_each<T>(
    global: &Global,
    streams: Streams,
    policy: Option<&Policy>,
    ask: impl AsyncFn(&Session) -> Result<T, Problem>,
) -> Result<Answers<T>, Problem> {
    ask_all(global.demo, super::named(global).await?, streams, policy, ask).await
}

/// The same in places that are given.
///
/// # Errors
/// Where one is given, its own.
pub async fn ask_all<T>(
    is_demo: bool,
    named: Vec<ServiceOptions>,
    streams: Streams,
    policy: Option<&Policy>,
    ask: impl AsyncFn(&Session) -> Result<T, Problem>,
) -> Result<Answers<T>, Problem> {
    let are_several = named.len() > 1;
    let ask_one = async |named: &ServiceOptions| {
        let failed = |session: Option<&Session>, problem| {
            let incomplete = Incomplete::new(named, session, problem);
            if are_several {
                streams.warn(&format!("clustersnap: {}", incomplete.line()));
            }
            incomplete
        };
        let session = Session::connect(is_demo, named, policy.cloned()).await;
        let session = session.map_err(|failure| failed(None, failure.into()))?;
        let (value, account) =
            tokio::join!(ask(&session), async { if are_several { account(&session).await } else { None } });
        match value {
            Ok(value) => Ok((Found { session, value }, account)),
            Err(problem) => Err(failed(Some(&session), problem)),
        }
    };
    let mut answers = Answers { found: Vec::new(), incomplete: Vec::new(), are_several };
    let mut known = Vec::new();
    for answer in join_all(named.iter().map(ask_one)).await {
        match answer {
            Ok((found, account)) => {
                if is_new(&found.session, account, &mut known, streams) {
                    answers.found.push(found);
                }
            }
            Err(incomplete) if are_several => answers.incomplete.push(incomplete),
            Err(incomplete) => return Err(incomplete.problem),
        }
    }
    Ok(answers)
}

/// The account of a place; where STS cannot be asked, the ARN of a cluster tells it.
async fn account(session: &Session) -> Option<AccountId> {
    match session.find_caller().await {
        Some(caller) => Some(caller.account),
        None => session.client().account_of_clusters().await.ok()?,
    }
}

/// Whether no other profile led to the same account and Region, which is the same place. `known` are the names of those
/// so far, each with its account, host and Region.
fn is_new(
    session: &Session,
    account: Option<AccountId>,
    known: &mut Vec<(String, (AccountId, String))>,
    streams: Streams,
) -> bool {
    let Some(account) = account else { return true };
    let target = session.target();
    let place = (account, target.url() + target.region.as_deref().unwrap_or_default());
    if let Some((first, _)) = known.iter().find(|(_, other)| *other == place) {
        streams.say(&format!("{} is the same account and Region as {first}.", name_of(session)));
        return false;
    }
    known.push((name_of(session), place));
    true
}

impl<T> Answers<T> {
    /// Why places failed.
    pub fn problems(&self) -> impl DoubleEndedIterator<Item = &Problem> {
        self.incomplete.iter().map(|place| &place.problem)
    }

    /// The exit code: the highest of the places'.
    pub fn exit(&self) -> u8 {
        worst(self.problems()).map_or(0, |problem| problem.code.exit())
    }

    /// Says that nothing of a kind was found, and where: an empty table tells neither. Who the caller is stays untold
    /// where it cannot be asked.
    pub async fn say_nothing(&self, what: &str, streams: Streams) {
        let mut demo = "";
        match self.found.as_slice() {
            [] => return,
            [Found { session, .. }] => {
                session.find_caller().await;
                demo = if session.target().is_demo { ", the embedded simulator" } else { "" };
            }
            _ => {}
        }
        streams.say(&escape(&format!("{what} in {}{demo}.", self.looked_at())));
    }

    /// Where it was looked, as far as it is known.
    pub fn looked_at(&self) -> String {
        let [only] = self.found.as_slice() else {
            return format!("the {} places that answered", self.found.len());
        };
        let region = only.session.target().region.as_deref().unwrap_or_default();
        match only.session.caller() {
            Some(caller) => format!("account {}, Region {region}", caller.account),
            // Another one of this Region may have failed.
            None if self.are_several => name_of(&only.session),
            None => format!("Region {region}"),
        }
    }

    /// Writes the same of many rows, one after the other: the whole of it is never in memory.
    ///
    /// # Errors
    /// If nobody reads it.
    pub fn write_rows<R: Serialize>(&self, rows: impl Iterator<Item = R>) -> Result<(), Stop> {
        let nothing: [R; 0] = [];
        json::write_rows(&json::answer(&nothing, worst(self.problems()), &self.incomplete), rows)
    }

    /// A table with the columns that were chosen, the words of the column STATUS in their colours.
    pub fn columns<C: ValueEnum + Copy, R>(
        &self,
        columns: &[C],
        rows: impl Iterator<Item = (Where, R)>,
        cell: impl Fn(&R, C) -> String,
        streams: Streams,
    ) -> String {
        let headings: Vec<String> = columns.iter().map(table::heading).collect();
        let headings: Vec<&str> = headings.iter().map(String::as_str).collect();
        let cells = |row: &R| columns.iter().map(|column| cell(row, *column)).collect();
        self.table(&headings, rows.map(|(place, row)| (place, cells(&row))), Some(streams))
    }

    /// A table of rows and where each is; that is told where several places were named and the rows differ in it.
    pub fn table(
        &self,
        headings: &[&str],
        rows: impl Iterator<Item = (Where, Vec<String>)>,
        colors: Option<Streams>,
    ) -> String {
        self.table_of(headings, rows, colors, false)
    }

    /// The same of what is to be confirmed: of several places that are named, each row tells its own.
    pub fn table_to_confirm(
        &self,
        headings: &[&str],
        rows: impl Iterator<Item = (Where, Vec<String>)>,
    ) -> String {
        self.table_of(headings, rows, None, true)
    }

    fn table_of(
        &self,
        headings: &[&str],
        rows: impl Iterator<Item = (Where, Vec<String>)>,
        colors: Option<Streams>,
        is_told: bool,
    ) -> String {
        type Part = fn(&Where) -> Option<&str>;
        let region: Part = |place| place.region.as_deref();
        let account: Part = |place| place.account.as_ref().map(AccountId::as_str);
        let (places, mut rows): (Vec<Where>, Vec<Vec<String>>) = rows.unzip();
        let mut headings = headings.to_vec();
        for (heading, of) in [("REGION", region), ("ACCOUNT", account)] {
            let is_one =
                places.iter().all(|place| places.first().is_some_and(|first| of(first) == of(place)));
            if is_one && !is_told || !self.are_several {
                continue;
            }
            headings.insert(0, heading);
            for (row, place) in rows.iter_mut().zip(&places) {
                row.insert(0, of(place).map_or_else(table::dash, str::to_owned));
            }
        }
        table::lay_out(&headings, rows, colors)
    }
}

/// Where a row is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Where {
    /// The account, where it is known.
    pub account: Option<AccountId>,
    /// The Region.
    pub region: Option<String>,
}

impl Where {
    /// Where AWS says that something is by its ARN, else where it was asked for.
    pub fn of(arn: Option<&str>, session: &Session) -> Self {
        let arn = Arn::reported(arn);
        let (account, region) = arn.map_or((None, None), |arn| (arn.account, arn.region));
        Self {
            account: account.or_else(|| session.account()),
            region: region.or_else(|| session.target().region.clone()),
        }
    }
}
