//! A scene in every way that it is to be looked at, in one file.

use std::fmt::Write as _;

use clustersnap::app::Appearance;

use super::shown;
use super::stage::{Stage, color, plain};

/// The sizes: two roomy ones, usual, tiny, and one that only has to be survived.
const SIZES: [(u16, u16); 5] = [(200, 60), (120, 40), (80, 24), (40, 10), (1, 1)];

/// Plays a scene for a size and a look.
pub trait Play: AsyncFn((u16, u16), Appearance) -> Stage {}
impl<T: AsyncFn((u16, u16), Appearance) -> Stage> Play for T {}

/// Shows a scene at five sizes in colour, without colour, and in ASCII.
pub async fn shown(play: impl Play) -> String {
    let mut all = String::new();
    for size in SIZES {
        // On the smallest nothing is confirmed.
        let mut stage = play(if size == (1, 1) { (80, 24) } else { size }, color()).await;
        stage.resize(size).await;
        let text = shown::text_and_styles(&stage.frame());
        // Keys are named by their row of the table until the frame: no part of that may be left in it.
        assert!(!text.contains(['‹', '›']), "{text}");
        let _ = writeln!(all, "=== {}x{}\n{text}\n", size.0, size.1);
    }
    let colored = shown::text(&play((80, 24), color()).await.frame());
    let frame = play((80, 24), Appearance { color: false, ..color() }).await.frame();
    assert_eq!(shown::text(&frame), colored, "NO_COLOR changes no word");
    let styles = shown::styles(&frame);
    assert!(!styles.contains("green") && !styles.contains("yellow") && !styles.contains("red "), "{styles}");
    let _ = writeln!(all, "=== 80x24, NO_COLOR: the same text\n{styles}\n");
    let frame = play((80, 24), plain()).await.frame();
    let text = shown::text(&frame);
    assert!(text.is_ascii(), "{text}");
    let _ = write!(all, "=== 80x24, ASCII\n{text}");
    all
}

/// A test that shows a scene: of the demo's fleet, or of a stage that is set otherwise.
macro_rules! scene {
    ($name:ident, $play:expr) => {
        scene!($name, $crate::stage::Stage::list, $play);
    };
    ($name:ident, $set:expr, $play:expr) => {
        #[tokio::test(start_paused = true)]
        async fn $name() {
            let play = async |size, look| {
                let mut stage = ($set)(size, look).await;
                ($play)(&mut stage).await;
                stage
            };
            insta::assert_snapshot!(stringify!($name), $crate::scene::shown(play).await);
        }
    };
}
