//! Hostile text on its way through the real binary: answers, tags, profile, paths.

use std::path::Path;
use std::time::Duration;

use clustersnap::sim::faults::FaultScript;
use clustersnap::sim::fleet::{ClusterSpec, Fleet};

use super::END;
use super::hostile_text::{Numbers, assert_harmless};
use super::pty::{Session, clustersnap, clustersnap_at};
use super::support::servers::simulated;

fn fleet(numbers: &mut Numbers) -> Fleet {
    let mut fleet = Fleet { caller: format!("arn:aws:sts::1:{}", numbers.xml_text(40)), ..Fleet::default() };
    for at in 0..12 {
        let mut spec = ClusterSpec::new(&format!("orders-{at:02}"), "aurora-mysql", &numbers.xml_text(30));
        spec.status = numbers.xml_text(30);
        spec.tags = (0..20).map(|_| (numbers.xml_text(40), numbers.xml_text(80))).collect();
        fleet.clusters.push(spec);
    }
    fleet
}

#[test]
fn hostile_answers_and_pastes_drive_no_terminal_and_move_no_column() {
    let mut numbers = Numbers::new(7);
    let (_, served) = simulated(fleet(&mut numbers), FaultScript::default(), 1.0);
    let home = tempfile::tempdir().expect("a folder");
    let command = clustersnap_at(&served.url, home.path(), &[]);
    let mut session = Session::start(command, 100, 30);
    session.wait_for("orders-11");
    session.settle(Duration::from_millis(300));
    assert_columns(&session);
    for keys in ["d", "G", "\x1b", "s", "\x0e", "\t", "\t", "\x13", "\x1b", "?", "q", "/"] {
        session.send(keys);
        session.settle(Duration::from_millis(150));
        if matches!(keys, "s" | "\x0e" | "\t" | "/") {
            session.send(&format!("\x1b[200~{}\x1b[201~", numbers.text(200).replace('\u{1b}', "")));
            session.settle(Duration::from_millis(150));
        }
    }
    session.send("\x1b");
    session.settle(Duration::from_millis(150));
    assert_columns(&session);
    session.send("q");
    assert_eq!(session.wait_for_end(END), 0);
    assert_harmless(&session.since(0));
}

/// Every row of the list has the symbol of its status in the same column, whatever stands before it.
#[track_caller]
fn assert_columns(session: &Session) {
    session.wait_until("every status in its column", |screen| {
        let text = |row| screen.rows(0, 100).nth(row).unwrap_or_default();
        let rows: Vec<u16> = (0..30_u16).filter(|row| text(usize::from(*row)).contains("orders-")).collect();
        // The heads are plain letters, so that a byte is a column.
        let head = (0..30).find_map(|row| text(row).find("STATUS")).and_then(|at| u16::try_from(at).ok());
        let symbol = |row: u16| head.and_then(|at| screen.cell(row, at)).map(vt100::Cell::contents);
        rows.len() >= 10 && rows.iter().all(|row| symbol(*row).is_some_and(|symbol| symbol == "?"))
    });
}

#[test]
fn hostile_names_of_profiles_folders_and_regions_drive_no_terminal() {
    let mut numbers = Numbers::new(11);
    for _ in 0..4 {
        let folder = tempfile::tempdir().expect("a folder");
        let part = numbers.text(60).replace(['/', '\0'], "");
        let home = folder.path().join(&part);
        std::fs::create_dir_all(home.join(".config/clustersnap")).expect("a folder");
        std::fs::write(home.join(".config/clustersnap/config.toml"), "x = \u{1}\n").expect("a file");
        std::fs::create_dir_all(home.join(".aws")).expect("a folder");
        std::fs::write(home.join(".aws/config"), "[profile").expect("a file");
        let argument = |numbers: &mut Numbers| numbers.text(60).replace('\0', "");
        let args = [
            "--profile",
            &argument(&mut numbers),
            "--region",
            &argument(&mut numbers),
            "--endpoint-url",
            &argument(&mut numbers),
        ];
        let mut command = clustersnap(Path::new(&home), &args);
        command.env("AWS_CA_BUNDLE", home.join(argument(&mut numbers).replace('/', "")));
        let mut session = Session::start(command, 80, 24);
        session.wait_for("In progress");
        session.settle(Duration::from_millis(500));
        session.send("q");
        session.wait_for_end(END);
        assert_harmless(&session.since(0));
    }
}
