//! From a cluster to a reviewed request: the form is opened, filled in, and confirmed.

use tui_input::Input;

use crate::domain::cluster_id::ClusterId;
use crate::domain::naming::{self, NameParts};
use crate::domain::snapshot_id::SnapshotId;

use super::catalog::NameUse;
use super::effect::Effects;
use super::keymap::Action;
use super::notes::{Note, Tone};
use super::proof::LOST;
use super::requests::Reading;
use super::screens::form::{Field, Form, Way};
use super::{App, Now, Screen};

/// What a person confirms on the review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confirmed {
    /// Send the request.
    Submit,
    /// Send the request without writing it to the journal.
    SubmitUnwritten,
    /// Send the request as soon as its cluster is available.
    Arm,
}

/// The cluster's name, asked for to confirm.
#[derive(Clone, Debug)]
pub struct Typed {
    /// The name, as far as it is typed.
    pub text: Input,
    /// What is done when it is right.
    pub then: Confirmed,
}

impl App {
    /// Whether something is production: the place, or the cluster.
    #[must_use]
    pub fn is_production(&self, cluster: Option<&ClusterId>) -> bool {
        let production = &self.policy.production;
        let of_caller = self.caller.value.as_ref().map(|caller| caller.account.as_str());
        production.is_place(self.place(), self.account().as_deref())
            || production.is_place(self.place(), of_caller)
            || cluster.is_some_and(|cluster| production.is_cluster(cluster.as_str()))
    }

    /// What is offered to complete the field that has the focus: text seen on other clusters.
    #[must_use]
    pub fn offer(&self) -> Option<String> {
        let form = self.form()?;
        let others = self.catalog.clusters.items.iter().filter(|cluster| cluster.id != form.cluster);
        let seen = others.flat_map(|cluster| &cluster.tags).chain(&self.policy.tags);
        form.tags.offer(form.focus, seen)
    }

    /// Opens the form: the draft where there is one, else a new one. What can have changed is read anew.
    pub(super) fn open_form(&mut self, now: &Now) {
        let id = match &self.screen {
            Screen::Details(id) => Some(id.clone()),
            _ => self.list.chosen(&self.catalog).map(|cluster| cluster.id.clone()),
        };
        let Some(id) = id else { return self.nothing_there("There is no cluster under the cursor.") };
        let number = self.fresh_number(now);
        let Some(cluster) = self.catalog.cluster(&id) else { return };
        let known = self.drafts.take_turn(&id);
        let draft = known.unwrap_or_else(|| self.drafts.add(Form::new(number, cluster, &self.policy)));
        // The name of a request that is still open is not to be had.
        let is_used = self.drafts.get(draft).is_some_and(|form| self.is_requested(form.name.value()));
        if known.is_none() || is_used {
            let name = self.proposal(&id, self.drafts.get(draft).and_then(Form::ticket), now);
            if let Some(form) = self.drafts.get_mut(draft) {
                form.rename(name);
            }
        }
        let text = match self.drafts.open_count(&id) {
            0 | 1 => None,
            drafts => Some(format!("There are {drafts} drafts for {id}: s opens them by turns.")),
        };
        self.note = text.map(|text| Note::new(Tone::Neutral, &text));
        self.screen = Screen::Form(draft);
        self.want_open_requests();
        self.want_what_is_shown(now);
    }

    /// Looks again at what may have changed: what the form shows, and what became of open requests for the name.
    fn look_again(&mut self, now: &Now) -> Effects {
        self.want_what_is_shown(now);
        let name = match (&self.screen, self.form()) {
            (Screen::Review(request), _) => request.snapshot.to_string(),
            (_, Some(form)) => form.name.value().to_owned(),
            _ => return Vec::new(),
        };
        self.look_up_open(&name)
    }

    /// Wants what the form shows of the service read anew.
    pub(super) fn want_what_is_shown(&mut self, now: &Now) {
        let Some(id) = self.form().map(|form| form.cluster.clone()) else { return };
        if self.cluster_read_of.as_ref() != Some(&id) {
            // What is still to come of another cluster is late.
            self.cluster_read = Reading::default();
            self.cluster_read_of = Some(id);
        }
        self.cluster_read.want(now.mono);
        self.quota.want(now.mono);
    }

    pub(super) fn act_in_form(&mut self, action: Action, now: &Now) -> Effects {
        match action {
            Action::ProposeName => self.propose_name(now),
            Action::ToggleClusterTags => self.toggle_own_tags(),
            Action::ToggleMark => self.toggle_mark(),
            Action::LookAgain => return self.look_again(now),
            Action::FieldRight => self.go_right(),
            Action::Press => self.press(),
            _ => self.with_form(|form| match action {
                Action::NextField => form.go(Way::Next),
                Action::PreviousField => form.go(Way::Previous),
                Action::FieldDown => form.go(Way::Down),
                Action::FieldUp => form.go(Way::Up),
                Action::FieldLeft => go_left(form),
                Action::AddTag => form.add_tag(),
                Action::RemoveTag => form.remove_tag(),
                Action::Undo => {
                    form.undo();
                }
                _ => {}
            }),
        }
        Vec::new()
    }

    /// Goes on to the review, or to what stands in its way.
    pub(super) fn review(&mut self) {
        let Some(form) = self.form() else { return };
        match self.request_of(form) {
            Ok(request) => {
                self.screen = Screen::Review(Box::new(request));
                self.want_open_requests();
                self.review = 0;
                self.note = None;
            }
            Err(blockers) => {
                let text: Vec<&str> = blockers.iter().map(|blocker| blocker.text.as_str()).collect();
                self.note = Some(Note::new(Tone::Bad, &format!("Not yet: {}", text.join(" "))));
                let field = blockers.iter().find_map(|blocker| blocker.field);
                self.with_form(|form| form.go_to(field.unwrap_or(form.focus)));
            }
        }
    }

    /// Takes the confirmation of what is under review. Production wants the cluster's name typed first.
    pub(super) fn confirm(&mut self, confirmed: Confirmed, now: &Now) -> Effects {
        let Screen::Review(request) = &self.screen else { return Vec::new() };
        if let Some(obstacle) = self.open_obstacle(request.snapshot.as_str()) {
            let text = format!("Not sent: {obstacle} l looks what became of it.");
            self.note = Some(Note::new(Tone::Bad, &text));
            return Vec::new();
        }
        if self.is_busy(request) && confirmed != Confirmed::Arm {
            let status = self.catalog.cluster(&request.cluster).map(|cluster| cluster.status.to_string());
            let text = format!(
                "Not sent: {} is {}, and AWS takes snapshots of available clusters only. w waits for it.",
                request.cluster,
                status.unwrap_or_default()
            );
            self.note = Some(Note::new(Tone::Bad, &text));
            return Vec::new();
        }
        self.note = None;
        if self.is_production(Some(&request.cluster)) {
            self.typed = Some(Typed { text: Input::default(), then: confirmed });
            return Vec::new();
        }
        self.carry_out(confirmed, now)
    }

    /// Takes the cluster's name as it was typed to confirm.
    pub(super) fn confirm_typed(&mut self, now: &Now) -> Effects {
        let (Screen::Review(request), Some(typed)) = (&self.screen, self.typed.take()) else {
            return Vec::new();
        };
        if self.has_open_twin(request) {
            return self.confirm(typed.then, now);
        }
        if typed.text.value() == request.cluster.as_str() {
            return self.carry_out(typed.then, now);
        }
        let text = format!(
            "Nothing was sent: '{}' is not {}. Type it again; esc goes back to the review.",
            typed.text.value(),
            request.cluster
        );
        self.note = Some(Note::new(Tone::Bad, &text));
        // Still there, so that the next letters are not keys.
        self.typed = Some(Typed { text: Input::default(), ..typed });
        Vec::new()
    }

    fn carry_out(&mut self, confirmed: Confirmed, now: &Now) -> Effects {
        match confirmed {
            Confirmed::Submit => self.submit(false, now),
            Confirmed::SubmitUnwritten => self.submit(true, now),
            Confirmed::Arm => self.arm(now),
        }
    }

    pub(super) fn with_form(&mut self, act: impl FnOnce(&mut Form)) {
        if let Screen::Form(id) = &self.screen
            && let Some(form) = self.drafts.get_mut(*id)
        {
            act(form);
        }
    }

    /// Presses the switch or button that has the focus.
    fn press(&mut self) {
        match self.form().map(|form| form.focus) {
            Some(Field::OwnTags) => self.toggle_own_tags(),
            Some(Field::AddTag) => self.with_form(Form::add_tag),
            Some(Field::Review) => self.review(),
            _ => {}
        }
    }

    fn toggle_own_tags(&mut self) {
        let Screen::Form(id) = &self.screen else { return };
        if let Some(form) = self.drafts.get_mut(*id)
            && let Some(cluster) = self.catalog.cluster(&form.cluster)
        {
            form.toggle_own_tags(cluster);
        }
    }

    /// Takes the mark out, and says what that costs; or takes it back in.
    fn toggle_mark(&mut self) {
        let Some(form) = self.form() else { return };
        let text = match &form.tags.mark.0 {
            None => "There is no mark: the configuration turns it off for all requests.".to_owned(),
            Some(key) if form.tags.with_mark => {
                format!("The mark {key} is left out of this request: {LOST}. ctrl-y brings it back.")
            }
            Some(key) => format!("The mark {key} is given with this request."),
        };
        self.with_form(Form::toggle_mark);
        self.note = Some(Note::new(Tone::Neutral, &text));
    }

    /// A character to the right; at the end of the text takes what is offered, or goes on.
    fn go_right(&mut self) {
        if let Some(rest) = self.offer() {
            self.with_form(|form| form.tags.accept(form.focus, &rest));
            return;
        }
        self.with_form(|form| match form.input() {
            Some(input) if input.cursor() < input.value().chars().count() => {
                form.edit(tui_input::InputRequest::GoToNextChar);
            }
            Some(_) if form.focus == Field::Name => {}
            _ => form.go(Way::Next),
        });
    }

    /// Proposes another name: a free variant of the typed one if that is taken, else from the template.
    fn propose_name(&mut self, now: &Now) {
        let Some(form) = self.form() else { return };
        let typed = form.name.value();
        let name = match SnapshotId::parse(typed) {
            Ok(taken) if self.is_taken(typed) => naming::free_variant(&taken, |name| self.is_taken(name)),
            _ => self.proposal(&form.cluster, form.ticket(), now),
        };
        self.with_form(|form| form.rename(name));
    }

    fn is_taken(&self, name: &str) -> bool {
        matches!(self.catalog.name_use(name), NameUse::Taken(_))
            || self.pane.rows.iter().any(|row| row.id.eq_ignore_ascii_case(name))
    }

    /// A name from the template that is free, as far as is known.
    fn proposal(&self, cluster: &ClusterId, ticket: Option<&str>, now: &Now) -> String {
        let user = self.caller.value.as_ref().map(|caller| naming::user_of(&caller.arn));
        let known = self.catalog.cluster(cluster);
        let parts = NameParts {
            cluster,
            at: now.wall.datetime(),
            ticket,
            user,
            engine_version: known.and_then(|cluster| cluster.engine_version.as_deref()),
        };
        self.policy.name_template.propose(&parts, |name| self.is_taken(name))
    }
}

/// A character to the left; at the start of the text goes back.
fn go_left(form: &mut Form) {
    match form.input() {
        Some(input) if input.cursor() > 0 => form.edit(tui_input::InputRequest::GoToPrevChar),
        Some(_) if form.focus == Field::Name => {}
        _ => form.go(Way::Previous),
    }
}
