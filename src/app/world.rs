//! What the screens look at and act on: the places, the drafts, what is told, and what is wanted of requests.
//!
//! Knows no screen. What it wants done it puts out ([`World::take_effects`]).

use crate::domain::account::AccountId;
use crate::domain::change::ChangePlace;
use crate::domain::cluster_id::ClusterId;
use crate::domain::context;
use crate::domain::failure::Failure;
use crate::domain::mark::RequestNumber;
use crate::domain::notify::Notify;
use crate::domain::policy::{Policy, PolicyStanding};
use crate::domain::profile::Choices;

use super::Now;
use super::alterations::Alterations;
use super::change_requests::ChangeRequests;
use super::changes::Changes;
use super::drafts::Drafts;
use super::effect::{Effect, Effects};
use super::layout::{Layout, PageLayout};
use super::marks::Marks;
use super::note::{About, Note, Tone};
use super::notices::Notices;
use super::open_requests::OpenRequests;
use super::overrides::Keymap;
use super::place::Place;
use super::places::Places;
use super::renewals::Renewals;
use super::request_id::{PlaceId, RequestId, RequestIds};
use super::settings::{Appearance, ListSettings, Settings, Stay, TerminalKind};
use super::typed_tags::TypedTags;
use super::wait_time::WaitTime;

/// What the screens look at and act on.
#[derive(Debug)]
pub struct World {
    /// The places that are open.
    pub places: Places,
    /// The drafts.
    pub drafts: Drafts,
    /// The tags of the requests that were made here lately.
    pub typed_tags: TypedTags,
    /// What is marked in the lists.
    pub marks: Marks,
    /// For how long a request may wait that is armed now.
    pub wait_time: WaitTime,
    /// The changes that were confirmed.
    pub changes: Changes,
    /// What was confirmed to be done to snapshots.
    pub alterations: Alterations,
    /// The requests of this machine of which it is not known what became.
    pub open_requests: OpenRequests,
    /// What the journal has of the change that is being written.
    pub change_requests: ChangeRequests,
    /// What a person is to be asked for new credentials.
    pub renewals: Renewals,
    /// Which profiles and Regions can be opened, once that was read, or why it could not be.
    pub choices: Option<Result<Choices, Failure>>,
    /// What is told.
    pub notices: Notices,
    /// What is wanted of every request.
    pub policy: Policy,
    /// How to tell that a snapshot has ended.
    pub notify: Notify,
    /// For how long what ended well stays in the pane.
    pub stay: Stay,
    /// The keys in force.
    pub keymap: Keymap,
    /// How the list of DB clusters begins.
    pub list: ListSettings,
    /// How things are to look.
    pub look: Appearance,
    /// Columns and rows of the terminal.
    pub viewport: (u16, u16),
    /// How the rows of the terminal are shared out at the moment.
    pub layout: Layout,
    /// When the last message came: for that moment the screen is laid out.
    pub now: Now,
    terminal: TerminalKind,
    ids: RequestIds,
    random: fastrand::Rng,
    effects: Effects,
}

impl World {
    /// The world as the program starts.
    pub fn new(settings: Settings, viewport: (u16, u16)) -> Self {
        let mut random = fastrand::Rng::with_seed(settings.seed);
        let given =
            if settings.places.is_empty() { vec![context::Target::default()] } else { settings.places };
        let open =
            |(id, given)| Place::new(PlaceId(id), given, settings.policy.mark_key.clone(), random.u64(..));
        let places = Places::of((0..).zip(given).map(open).collect());
        let mut notices = Notices::default();
        if let Some(told) = settings.told {
            notices.tell(Tone::Doubt, &told);
        }
        Self {
            places,
            drafts: Drafts::default(),
            typed_tags: TypedTags::default(),
            marks: Marks::default(),
            wait_time: WaitTime::default(),
            changes: Changes::default(),
            change_requests: ChangeRequests::default(),
            alterations: Alterations::default(),
            open_requests: OpenRequests::default(),
            renewals: Renewals::default(),
            choices: None,
            notices,
            policy: settings.policy,
            notify: settings.notify,
            stay: settings.stay,
            keymap: settings.keymap,
            list: settings.list,
            look: settings.look,
            viewport,
            layout: Layout::default(),
            now: Now::default(),
            terminal: settings.terminal,
            ids: RequestIds::default(),
            random,
            effects: Effects::new(),
        }
    }

    /// What is to be done, by the places and besides.
    pub fn take_effects(&mut self) -> Effects {
        let mut effects = std::mem::take(&mut self.effects);
        self.places.iter_mut().for_each(|place| effects.extend(place.take_effects()));
        effects
    }

    /// Wants something done.
    pub fn put(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// Wants several things done.
    pub fn put_all(&mut self, effects: Effects) {
        self.effects.extend(effects);
    }

    /// A fresh id for a question about this machine.
    pub fn issue(&mut self) -> RequestId {
        self.ids.issue()
    }

    /// Shows these places and no others: those that were shown before as they were left, and read anew.
    pub fn open(&mut self, wanted: Vec<context::Target>) {
        let mut shown = Vec::new();
        for given in wanted {
            if let (Some(region), false) = (given.region.clone(), given.is_demo) {
                self.effects.push(Effect::NoteChoice(given.profile.clone(), region));
            }
            let known = self.places.iter().find(|place| *place.given() == given).map(|place| place.id);
            shown.extend(known.or_else(|| self.add_place(given)));
        }
        self.places.show(shown);
        self.places.refresh(&self.now);
        self.gather_marks();
        // What was told before is of other places.
        let labels: Vec<String> = self.places.shown().map(Place::label).collect();
        self.notices.say(&format!("From now on: {}.", labels.join(", ")));
    }

    /// Keeps what is marked in several places that are one account and Region in one of them, which is shown if one is:
    /// what remains of a cluster is counted among all of it, and a cluster is in a change once.
    pub fn gather_marks(&mut self) {
        for marked in self.marks.places() {
            let place = self.at(marked);
            let mut of = self.places.shown().chain(self.places.iter());
            let is_it = |other: &&Place| other.id == marked || other.is_same_as(place);
            if let Some(kept) = of.find(is_it).map(|it| it.id).filter(|kept| *kept != marked) {
                self.marks.move_to(kept, marked);
            }
        }
    }

    /// The place that a request of an earlier run goes to: one that is open, else one that is opened quietly.
    pub fn place_for(&mut self, wanted: &ChangePlace, account: Option<&AccountId>) -> Option<PlaceId> {
        let is_it = |place: &&Place| {
            let context::Target { region, endpoint, is_demo, .. } = place.target();
            let is_account = place.account().zip(account).is_some_and(|(own, wanted)| own == *wanted);
            let is_whose = is_account || place.given().profile == wanted.profile;
            !is_demo && (region, endpoint) == (&wanted.region, &wanted.endpoint) && is_whose
        };
        let open = self.places.iter().find(is_it).map(|place| place.id);
        let id = open.or_else(|| {
            let ChangePlace { profile, region, endpoint } = wanted.clone();
            let is_read_only = self.place().given().is_read_only;
            self.add_place(context::Target { profile, region, endpoint, is_read_only, ..Default::default() })
        })?;
        self.places.get_mut(id).is_of_change = true;
        Some(id)
    }

    /// A further place, which is not shown yet; `None` after 65,536 of them.
    fn add_place(&mut self, given: context::Target) -> Option<PlaceId> {
        let (mark_key, seed) = (self.policy.mark_key.clone(), self.random.u64(..));
        self.places.add(|id| Place::new(id, given, mark_key, seed))
    }

    /// The place of an id.
    pub fn at(&self, place: PlaceId) -> &Place {
        self.places.get(place)
    }

    /// The place that the screen on top is about.
    pub fn place(&self) -> &Place {
        self.places.current()
    }

    /// The same, to ask something of it.
    pub fn place_mut(&mut self) -> &mut Place {
        let id = self.place().id;
        self.places.get_mut(id)
    }

    /// What everything in a place is by the policy.
    pub fn standing_of_place(&self, place: &Place) -> PolicyStanding {
        let of = |account: Option<&AccountId>| self.policy.of_place(place.target(), account);
        let of_caller = place.caller.value.as_ref().map(|caller| &caller.account);
        of(place.account().as_ref()).and(of(of_caller))
    }

    /// What a place is by the policy, or a cluster of it.
    pub fn standing(&self, place: &Place, cluster: Option<&ClusterId>) -> PolicyStanding {
        let policy = &self.policy;
        let of_cluster = cluster.and_then(|id| place.catalog.cluster(id)).map(|it| policy.of_cluster(it));
        let of_name = cluster.map(|id| PolicyStanding {
            is_production: policy.production.of_cluster(id.as_str(), &[]).is_some(),
            is_read_only: policy.read_only.of_cluster(id.as_str(), &[]).is_some(),
        });
        self.standing_of_place(place).and(of_cluster.or(of_name).unwrap_or_default())
    }

    /// Whether something is production: the place, or the cluster.
    pub fn is_production(&self, place: &Place, cluster: Option<&ClusterId>) -> bool {
        self.standing(place, cluster).is_production
    }

    /// What everything of a profile is, by its name and the account that its files name.
    pub fn standing_of_profile(&self, profile: &str, account: Option<&AccountId>) -> PolicyStanding {
        let place = context::Target { profile: Some(profile.to_owned()), ..context::Target::default() };
        self.policy.of_place(&place, account)
    }

    /// Whether a request for a snapshot of this name is open, so that no other one may be sent to the place: it is
    /// settled by looking what became of it.
    pub fn is_open(&self, place: PlaceId, name: &str) -> bool {
        let at = self.at(place);
        at.is_requested(name) || !self.open_requests.numbers(at, name).is_empty()
    }

    /// Looks again at what stands against a request for a cluster, and what became of the open requests for a snapshot
    /// of this name.
    pub fn look_again(&mut self, place: PlaceId, cluster: &ClusterId, name: &str) {
        self.places.get_mut(place).want_for_form(cluster, &self.now);
        let looking = Note::new(Tone::Neutral, "Looking at the cluster and the quota again.");
        self.notices.answer(Note { about: Some(About::Cluster(place)), ..looking });
        let numbers = self.open_requests.numbers(self.at(place), name);
        self.open_requests.want();
        // What is on its way from here settles itself.
        if numbers.is_empty() || self.at(place).followed.is_under_way(name) {
            return;
        }
        let told = format!("Looking what became of the request for {name}; nothing is sent.");
        self.notices.answer(Note::new(Tone::Neutral, &told).about(place, name));
        self.put(Effect::LookUp(place, numbers));
    }

    /// Asks for the open requests of this machine, and for those of the change that is written, if they are wanted.
    pub fn ask_journal(&mut self) {
        let Self { open_requests, change_requests, ids, effects, .. } = self;
        effects.extend(open_requests.ask(|| ids.issue()).map(Effect::ReadOpenRequests));
        effects
            .extend(change_requests.ask(|| ids.issue()).map(|(id, change)| Effect::ReadChange(id, change)));
    }

    /// The number of a new request.
    pub fn fresh_number(&mut self) -> RequestNumber {
        RequestNumber::new(self.now.at(), self.random.u64(..))
    }

    /// Sends text to the clipboard, if there is one, and says so. Whether a terminal takes it, none tells; where it may
    /// be lost on the way, the text is shown, to be selected by hand.
    pub fn copy(&mut self, text: String, told: &str) {
        let by_hand = || text.replace(" \\\n", " ").lines().map(str::trim).collect::<Vec<_>>().join(" | ");
        let note = match self.terminal {
            TerminalKind::Console => {
                format!("This terminal has no clipboard. To select by hand: {}", by_hand())
            }
            TerminalKind::Screen => {
                let told = told.trim_end_matches('.');
                format!("{told}. GNU screen may have dropped it; to select by hand: {}", by_hand())
            }
            TerminalKind::Tmux => "tmux is asked to take it.".to_owned(),
            TerminalKind::Desktop => told.to_owned(),
        };
        self.notices.say(&note);
        if self.terminal != TerminalKind::Console {
            self.put(Effect::Copy(text));
        }
    }

    /// Whether something may be copied: an identifier, or an ARN where it is known.
    pub fn copy_one(&mut self, text: Option<String>) {
        match text {
            Some(text) => {
                let told = format!("Sent to the terminal's clipboard: {text}");
                self.copy(text, &told);
            }
            None => self.notices.say("The ARN is not known."),
        }
    }

    /// Why nothing is confirmed: on so small a terminal nobody reads what it is, of what and whose.
    pub fn no_room(&self) -> Option<String> {
        let (columns, rows) = self.viewport;
        let has_room = columns >= 30 && rows >= 6;
        (!has_room).then(|| "Not sent: no room for the review here; a larger terminal shows it.".to_owned())
    }

    /// How wide a page is, and what its times are told for.
    pub fn page(&self) -> PageLayout<'_> {
        PageLayout { columns: self.viewport.0, now: &self.now.wall }
    }
}
