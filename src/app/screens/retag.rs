//! Tags afterwards: one line for all marked snapshots, and for each of them whether it can be done.

use tui_input::Input;

use crate::app::action::Action;
use crate::app::alterations::{AlterationOrder, AlterationStage};
use crate::app::cursor::Motion;
use crate::app::keymap::Focus;
use crate::app::note::Tone;
use crate::app::request_id::PlaceId;
use crate::app::world::World;
use crate::domain::alteration::AlterationTerms;
use crate::domain::removal::RemovalGround;
use crate::domain::retag::{Retag, RetagItem};
use crate::domain::snapshot::Snapshot;
use crate::domain::tag_text;

use super::alterations::{Meant, meant, send};
use super::filter_line::take_line;
use super::removal::{ground, mark_one, places};
use super::typed::Typed;
use super::{Next, Screen, Text, fit, scroll};
use crate::app::drafts::name::cut_short;

/// What stands for a `#` while a line is split: a character that nobody types.
const HASH: &str = "\u{e000}";

/// The line, and the snapshots that it is for.
#[derive(Debug, Default)]
pub struct RetagScreen {
    /// What is typed: `KEY=VALUE` to add, `-KEY` to take away.
    pub input: Input,
    /// Each marked snapshot as it is, and what would become of its tags.
    pub items: Vec<(PlaceId, Snapshot, Option<RetagItem>)>,
    /// The first row that is shown: the keys are text, so no cursor moves through them.
    pub first: usize,
    /// What is typed of what production asks for, while it does; with whose tags were to be changed then.
    pub typed: Option<Typed<Meant>>,
}

/// Opens the line for the marked snapshots, else for the one under the cursor.
pub fn open(chosen: Option<(PlaceId, String)>, world: &mut World) -> Next {
    if !mark_one(chosen, world) {
        return Next::Stay;
    }
    RetagScreen::default().into()
}

impl RetagScreen {
    /// What is wanted, as far as it is typed.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence.
    pub fn wanted(&self, world: &World) -> Result<Retag, String> {
        if let Some(why) = cut_short(&self.input) {
            return Err(format!("The line {why}."));
        }
        let (mut add, mut remove) = (Vec::new(), Vec::new());
        for word in words(self.input.value())? {
            match word.strip_prefix('-') {
                _ if word.contains('=') => add.extend(
                    tag_text::line(&word).map_err(|error| format!("'{word}': {}.", error.without_line()))?,
                ),
                Some(key) => remove.push(key.to_owned()),
                None => return Err(format!("'{word}' is neither KEY=VALUE nor -KEY.")),
            }
        }
        if add.is_empty() && remove.is_empty() {
            return Err("KEY=VALUE gives a tag, -KEY takes one away; quotes hold blanks together.".to_owned());
        }
        Retag::parse(add, &remove, &world.policy).map_err(|problems| format!("A rule is broken: {problems}."))
    }

    /// Whether something stands before each of the snapshots.
    pub fn is_held(&self) -> bool {
        let is_held = |item: &Option<RetagItem>| item.as_ref().is_some_and(|item| item.why_not.is_some());
        self.items.iter().all(|(.., item)| is_held(item))
    }

    fn judged(&self, world: &World) -> Vec<(PlaceId, Snapshot, Option<RetagItem>)> {
        let wanted = self.wanted(world).ok();
        let mut items = Vec::new();
        for (place, name) in &world.marks.snapshots {
            let at = world.at(*place);
            let Some(snapshot) = at.catalog.snapshots.items.iter().find(|it| it.id == *name) else {
                continue;
            };
            let account = at.account();
            let snapshots = std::slice::from_ref(snapshot);
            let ground = RemovalGround { snapshots, ..ground(world, at, account.as_ref()) };
            let item = wanted.as_ref().and_then(|wanted| ground.retag(|_| true, wanted).pop());
            items.push((*place, snapshot.clone(), item));
        }
        items
    }

    /// Takes the line; where production is among the snapshots, their count is typed first.
    fn confirm(&mut self, world: &mut World) -> Next {
        let orders = match self.wanted(world) {
            Ok(wanted) => self.orders(&wanted, world),
            Err(problem) => {
                world.notices.tell(Tone::Bad, &problem);
                return Next::Stay;
            }
        };
        if orders.is_empty() {
            world.notices.tell(Tone::Bad, "Nothing is changed: something stands before each of them.");
            return Next::Stay;
        }
        world.notices.clear();
        let is_production = |order: &AlterationOrder| {
            world.is_production(world.at(order.place), order.snapshot.cluster.as_ref())
        };
        if orders.iter().any(is_production) {
            let (wanted, meant) = to_type(&orders);
            self.typed = Some(Typed::new(wanted, meant));
            return Next::Stay;
        }
        send(orders, world)
    }

    fn confirm_typed(&mut self, world: &mut World) -> Next {
        let Some(typed) = Typed::confirmed(&mut self.typed, "Nothing was changed", world) else {
            return Next::Stay;
        };
        let orders = self.wanted(world).map(|wanted| self.orders(&wanted, world)).unwrap_or_default();
        if !typed.is_still("Nothing was changed", &to_type(&orders), world) {
            return Next::Stay;
        }
        send(orders, world)
    }

    fn orders(&self, wanted: &Retag, world: &World) -> Vec<AlterationOrder> {
        let can = |item: &Option<RetagItem>| item.as_ref().is_some_and(|item| item.why_not.is_none());
        let order = |(place, snapshot, _)| AlterationOrder {
            place,
            snapshot,
            deed: wanted.deed(),
            terms: AlterationTerms::default(),
            stage: AlterationStage::Queued,
        };
        self.judged(world).into_iter().filter(|(.., item)| can(item)).map(order).collect()
    }
}

/// What is to be typed to change tags of production, and whose are changed then.
fn to_type(orders: &[AlterationOrder]) -> (String, Meant) {
    let meant = meant(orders.iter().map(|order| (order.place, &order.snapshot)));
    (format!("{} production", orders.len()), meant)
}

/// The words of a line, with quotes as a shell has them. No `#` begins a comment: what is typed is never passed over.
fn words(line: &str) -> Result<Vec<String>, String> {
    let words = shlex::split(&line.replace('#', HASH)).ok_or("A quote is not closed.")?;
    Ok(words.iter().map(|word| word.replace(HASH, "#")).collect())
}

impl Screen for RetagScreen {
    fn is_plan(&self) -> bool {
        true
    }

    fn focus(&self, _world: &World) -> Focus {
        if self.typed.is_some() { Focus::Typing } else { Focus::Retag }
    }

    fn act(&mut self, action: Action, world: &mut World) -> Next {
        match action {
            Action::SubmitTyped if self.typed.is_some() => self.confirm_typed(world),
            Action::SubmitTyped => self.confirm(world),
            Action::Back if self.typed.take().is_some() => {
                world.notices.clear();
                Next::Stay
            }
            _ => Next::Pass,
        }
    }

    fn offers(&self, action: Action) -> bool {
        action != Action::SubmitTyped || self.typed.is_some() || !self.is_held()
    }

    fn go(&mut self, motion: Motion, world: &World) {
        scroll(&mut self.first, motion, self.items.len(), world.layout.body_rows().saturating_sub(1));
    }

    fn take_text(&mut self, text: Text<'_>, world: &mut World) -> bool {
        if !Typed::take(&mut self.typed, text, world) {
            take_line(&mut self.input, text);
            world.notices.clear();
        }
        true
    }

    fn is_of(&self, place: PlaceId, world: &World) -> bool {
        places(world).contains(&place)
    }

    fn fit(&mut self, world: &mut World) {
        self.items = self.judged(world);
        fit(&mut self.first, self.items.len(), world.layout.body_rows().saturating_sub(1));
    }
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn nothing_that_is_typed_is_passed_over_as_a_comment() {
        let split = |line: &str| words(line).expect("words");
        assert_eq!(split("owner=dba #ticket=42"), ["owner=dba", "#ticket=42"]);
        assert_eq!(split("'a b'=1 x=\"# 2\" -#"), ["a b=1", "x=# 2", "-#"]);
        assert!(words("'a").is_err());
    }
}
