//! A million bytes of text that wants to drive the terminal, through every field and every answer.

use std::num::NonZero;
use std::time::Duration;

use clustersnap::app::keymap::{KeyCode, KeyEvent, KeyModifiers};
use clustersnap::app::message::Msg;
use clustersnap::app::note::{Note, Tone};
use clustersnap::app::{App, Settings};
use clustersnap::domain::context::Target;
use clustersnap::domain::failure::{Failure, FailureKind};
use clustersnap::runtime::backend::FrameBackend;
use clustersnap::sim::faults::{Fault, FaultScript, FaultyAnswer};
use clustersnap::sim::fleet::{ClusterSpec, Fleet, SnapshotSpec};
use clustersnap::view;
use ratatui::Terminal;
use ratatui::buffer::Buffer;

use super::hostile_text::{Numbers, assert_harmless, is_printable};
use super::stage::{Stage, color, plain};

const ENOUGH: usize = 1_000_000;

/// A terminal that is driven by the bytes that the program writes.
struct Screen {
    terminal: Terminal<FrameBackend>,
    parser: vt100::Parser,
    is_ascii: bool,
}

impl Screen {
    fn new((columns, rows): (u16, u16), is_ascii: bool) -> Self {
        let cells = |count| NonZero::new(count).expect("not zero");
        let terminal = Terminal::new(FrameBackend::new((columns, rows))).expect("cannot fail");
        Self { terminal, parser: vt100::Parser::new(cells(rows), cells(columns), 0), is_ascii }
    }

    /// Draws, and looks at every byte and at every row.
    fn check(&mut self, stage: &Stage) {
        let now = stage.now();
        let frame = self.terminal.draw(|frame| view::draw(&stage.app, frame, &now)).expect("cannot fail");
        let frame = frame.buffer.clone();
        let bytes = self.terminal.backend_mut().take().unwrap_or_default();
        assert_harmless(&bytes);
        assert!(!self.is_ascii || bytes.is_ascii());
        self.parser.process(&bytes);
        let width = frame.area.width;
        for (drawn, seen) in rows(&frame).iter().zip(self.parser.screen().rows(0, width)) {
            assert!(drawn.chars().all(is_printable), "{drawn:?}");
            assert_eq!(drawn.trim_end(), seen.trim_end(), "drawn, and what a terminal makes of it");
        }
    }
}

/// The rows of a frame, without the cells that lie under a wide character.
fn rows(frame: &Buffer) -> Vec<String> {
    let row = |y| {
        let mut row = String::new();
        let mut x = 0;
        while x < frame.area.width {
            let symbol = frame[(x, y)].symbol();
            row.push_str(symbol);
            x += u16::try_from(clustersnap::domain::text::width(symbol)).expect("few").max(1);
        }
        row
    };
    (0..frame.area.height).map(row).collect()
}

fn cluster(numbers: &mut Numbers, at: usize) -> ClusterSpec {
    let mut spec = ClusterSpec::new(&format!("orders-{at}"), "aurora-postgresql", &numbers.xml_text(60));
    spec.status = numbers.xml_text(40);
    spec.members = vec![numbers.xml_text(60)];
    spec.storage_type = Some(numbers.xml_text(40));
    spec.engine_mode = Some(numbers.xml_text(40));
    spec.backup_window = numbers.xml_text(40);
    spec.global_cluster = Some(numbers.xml_text(60));
    spec.tags = (0..50).map(|_| (numbers.xml_text(128), numbers.xml_text(256))).collect();
    spec.snapshots = vec![SnapshotSpec {
        identifier: numbers.xml_text(255),
        kind: "manual".to_owned(),
        age: Duration::from_mins(3).into(),
        takes: Duration::from_mins(19).into(),
        fails_at: None,
        status: Some(numbers.xml_text(40)),
        public: false,
        tags: Some(spec.tags.clone()),
    }];
    spec
}

fn bytes_of(fleet: &Fleet) -> usize {
    fleet.clusters.iter().map(|spec| format!("{:?}{:?}", spec.tags, spec.snapshots).len() / 2).sum()
}

async fn type_and_paste(stage: &mut Stage, numbers: &mut Numbers) -> usize {
    let (typed, pasted) = (numbers.text(12), numbers.text(400));
    stage.type_text(&typed).await;
    stage.say(Msg::Paste(pasted.clone())).await;
    typed.len() + pasted.len()
}

#[tokio::test(start_paused = true)]
async fn a_million_hostile_bytes_neither_drive_the_terminal_nor_push_a_column_aside() {
    let mut numbers = Numbers::new(2026);
    let mut pushed = 0;
    let mut round = 0_usize;
    while pushed < ENOUGH {
        let size = [(80, 24), (120, 40), (40, 10), (30, 7)][round % 4];
        let look = if round % 5 == 4 { plain() } else { color() };
        let message = numbers.xml_text(2000);
        let mut clusters: Vec<ClusterSpec> = (0..4).map(|at| cluster(&mut numbers, at)).collect();
        clusters[3].tags.clear();
        let fleet = Fleet {
            caller: format!("arn:aws:sts::123456789012:assumed-role/{}", numbers.xml_text(64)),
            clusters,
            ..Fleet::default()
        };
        pushed += bytes_of(&fleet) + message.len();
        let refusal = match round % 3 {
            0 => FaultyAnswer::error(400, "InvalidDBClusterStateFault", &message),
            1 => FaultyAnswer::error(500, &numbers.xml_text(60), &message),
            _ => FaultyAnswer::body(502, &message),
        };
        let faults = FaultScript::new(vec![Fault::on("CreateDBClusterSnapshot").answer(refusal)]);
        let mut stage = Stage::of_fleet(size, look, fleet, faults).await;
        let mut screen = Screen::new(size, look == plain());
        screen.check(&stage);
        for keys in ["d", "pagedown", "end", "esc", "tab", "tab", "/"] {
            stage.press(keys).await;
            screen.check(&stage);
        }
        pushed += type_and_paste(&mut stage, &mut numbers).await;
        screen.check(&stage);
        stage.press("esc s").await;
        screen.check(&stage);
        for keys in ["ctrl-n", "tab", "tab", "ctrl-s", "esc"] {
            pushed += type_and_paste(&mut stage, &mut numbers).await;
            screen.check(&stage);
            stage.press(keys).await;
            screen.check(&stage);
        }
        // Without tags the request can be sent, and is refused in hostile words.
        stage.press("esc end").await;
        for keys in ["s", "ctrl-s", "y", "esc"] {
            stage.press(keys).await;
            screen.check(&stage);
        }
        assert_eq!(stage.simulator.calls("CreateDBClusterSnapshot"), 1, "round {round}");
        pushed += tell(&mut stage, &mut screen, &mut numbers).await;
        round += 1;
    }
    assert!(round > 4, "{round} rounds");
}

#[tokio::test(start_paused = true)]
async fn what_is_spelled_like_a_key_of_a_sentence_is_shown_as_it_is() {
    let mut clusters: Vec<ClusterSpec> =
        ["orders-0", "orders-1"].map(|id| ClusterSpec::new(id, "aurora-postgresql", "16.4")).into();
    clusters[0].tags = [("owner".to_owned(), "‹s:snapshot›".to_owned())].into();
    clusters[0].status = "‹q:quit›ing".to_owned();
    let refusal = FaultyAnswer::error(400, "KMSKeyNotAccessibleFault", "No key ‹s:snapshot› here");
    let faults = FaultScript::new(vec![Fault::on("CreateDBClusterSnapshot").answer(refusal)]);
    let fleet = Fleet { clusters, ..Fleet::default() };
    let mut stage = Stage::of_fleet((120, 40), color(), fleet, faults).await;
    let mut has = async |keys: &str, wanted: &str| {
        stage.press(keys).await;
        let shown = rows(&stage.frame()).join("\n");
        assert!(shown.contains(wanted), "{wanted}: {shown}");
    };
    has("g", "? ‹q:quit›ing").await;
    has("d", "owner ‹s:snapshot›").await;
    has("esc s", "‹s:snapshot›").await;
    has("esc j s ctrl-s y", r#"AWS says: "No key \u{2039}s:snapshot› here""#).await;
}

/// What comes from this machine: profile names, paths, messages of failures.
async fn tell(stage: &mut Stage, screen: &mut Screen, numbers: &mut Numbers) -> usize {
    let told = numbers.text(600);
    stage.say(Msg::Told(Note::new(Tone::Neutral, &told))).await;
    screen.check(stage);
    let mut failure = Failure::local(FailureKind::Configuration, numbers.text(600));
    failure.code = Some(numbers.text(40));
    failure.request_id = Some(numbers.text(40));
    let place = Target {
        profile: Some(numbers.text(64)),
        region: Some(numbers.text(20)),
        endpoint: Some(numbers.text(80)),
        is_read_only: true,
        ..Target::default()
    };
    let parts = [&place.profile, &place.region, &place.endpoint, &failure.code, &failure.request_id];
    let parts: usize = parts.into_iter().flatten().map(String::len).sum();
    let pushed = told.len() + failure.message.len() + parts;
    let settings =
        Settings { places: vec![place], look: stage.app.world.look, told: Some(told), ..Settings::default() };
    let (app, effects) = App::new(settings, stage.app.world.viewport);
    stage.app = app;
    screen.check(stage);
    if let Some(clustersnap::app::effect::Effect::Connect { id, .. }) = effects.first() {
        stage.update(Msg::Connected(*id, Err(failure.clone())));
        screen.check(stage);
        stage.update(Msg::Key(KeyEvent::new(KeyCode::Char('?'), KeyModifiers::NONE)));
        screen.check(stage);
    }
    pushed
}
