//! The filter of every list.

use super::super::message::Msg;
use super::super::screens::AnyScreen;
use super::desk::Desk;

/// The clusters on the screen, in their order.
fn shown(desk: &Desk) -> Vec<String> {
    let rows = desk.app.ui.home.list.visible(u16::MAX, &desk.app.world);
    rows.map(|(_, (_, cluster))| cluster.id.to_string()).collect()
}

#[test]
fn clusters_are_found_by_their_tags_and_by_words_that_they_have_not_by_letters_in_between() {
    let mut desk = Desk::ready();
    desk.press("/");
    desk.type_text("owner=dba -busy");
    assert_eq!(shown(&desk), ["billing", "orders-prod"]);
    desk.press("esc /");
    desk.type_text("bsy");
    assert!(shown(&desk).is_empty(), "{:?}", shown(&desk));
    desk.press("esc /");
    desk.type_text("~ord");
    assert_eq!(shown(&desk).first().map(String::as_str), Some("orders-prod"));
}

#[test]
fn a_filter_that_says_nothing_leaves_the_list_and_the_cursor_as_they_were() {
    let mut desk = Desk::ready();
    desk.press("j /");
    desk.type_text("-");
    assert_eq!((shown(&desk).len(), desk.app.ui.home.list.cursor.at()), (3, 1));
    let problem = desk.app.ui.home.list.filter.doubt();
    assert_eq!(problem.as_deref(), Some("- says nothing: not used yet"));
    desk.type_text("status");
    desk.press("enter j /");
    desk.type_text(":");
    // What was in force before is so no more, however the text came about.
    assert_eq!((shown(&desk).len(), desk.app.ui.home.list.cursor.at()), (3, 0));
    // Nobody is done with it: the list's own keys do nothing yet.
    desk.press("enter");
    assert!(desk.app.ui.home.list.filter.is_open);
    desk.type_text("backing");
    assert_eq!((shown(&desk).len(), desk.app.ui.home.list.filter.doubt()), (2, None));
    desk.press("esc");
    assert_eq!((shown(&desk).len(), desk.app.ui.home.list.filter.text()), (3, ""));
}

#[test]
fn what_stands_at_the_end_of_a_long_filter_counts_and_one_that_may_have_lost_its_end_is_not_used() {
    let mut desk = Desk::ready();
    desk.press("/");
    desk.type_text(&format!("status:a{} -billing", " status:a".repeat(30)));
    assert_eq!(shown(&desk), ["busy", "orders-prod"]);
    desk.say(Msg::Paste(" -nothing".repeat(40_000)));
    let doubt = desk.app.ui.home.list.filter.doubt().unwrap_or_default();
    assert!(doubt.contains("its end may be missing: not used yet"), "{doubt}");
    assert_eq!(shown(&desk).len(), 3);
}

#[test]
fn snapshots_and_the_history_are_filtered_in_the_same_language() {
    let mut desk = Desk::ready();
    desk.press("v /");
    let count = |desk: &Desk| match desk.app.ui.top() {
        Some(AnyScreen::Snapshots(screen)) => screen.list.rows.len(),
        other => panic!("{other:?}"),
    };
    for (typed, fitting) in
        [("type:manual", 1), (" cluster:orders", 1), (" age<1d", 1), (" -age<1h", 0), ("0d", 1)]
    {
        desk.type_text(typed);
        assert_eq!(count(&desk), fitting, "{typed}");
    }
}

#[test]
fn what_stands_on_lines_of_its_own_in_a_paste_stays_words_of_its_own_in_a_line() {
    let mut desk = Desk::ready();
    desk.press("v t");
    for paste in [Msg::Paste("owner=bob\r\nticket=CHG-1\n".to_owned()), Msg::Burst(" a=b\nc=d\n".to_owned())]
    {
        desk.say(paste);
    }
    let Some(AnyScreen::Retag(line)) = desk.app.ui.top() else { panic!("{:?}", desk.app.ui.top()) };
    assert_eq!(line.input.value(), "owner=bob  ticket=CHG-1 a=b c=d");
    desk.press("esc esc /");
    desk.say(Msg::Burst("orders\tprod\n".to_owned()));
    assert_eq!(
        (shown(&desk), desk.app.ui.home.list.filter.text()),
        (vec!["orders-prod".to_owned()], "orders prod")
    );
}
