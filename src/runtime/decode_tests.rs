//! Bytes of keys, pastes and reports, and what they are.

use proptest::prelude::*;

use super::*;

const ESC: Input = Input::Key(KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE));

/// The bytes in one piece, cut at every place, and one by one: it must be the same.
fn inputs(bytes: &[u8]) -> Vec<Input> {
    let cut = |at: usize| {
        let (head, tail) = bytes.split_at(at);
        let mut decoder = Decoder::default();
        let mut inputs = decoder.feed(head);
        inputs.extend(decoder.feed(tail));
        if decoder.patience().is_some() {
            inputs.extend(decoder.expire());
        }
        inputs
    };
    let whole = cut(0);
    for at in 1..bytes.len() {
        assert_eq!(cut(at), whole, "cut at {at}");
    }
    whole
}

#[test]
fn keys_are_what_terminals_send_for_them() {
    let plain = KeyModifiers::NONE;
    let cases: &[(&[u8], KeyCode, KeyModifiers)] = &[
        (b"a", KeyCode::Char('a'), plain),
        (b"G", KeyCode::Char('G'), KeyModifiers::SHIFT),
        ("é".as_bytes(), KeyCode::Char('é'), plain),
        ("😀".as_bytes(), KeyCode::Char('😀'), plain),
        (b"\r", KeyCode::Enter, plain),
        (b"\t", KeyCode::Tab, plain),
        (b"\x7f", KeyCode::Backspace, plain),
        (b"\x08", KeyCode::Backspace, plain),
        (b"\x13", KeyCode::Char('s'), KeyModifiers::CONTROL),
        (b"\x1b[A", KeyCode::Up, plain),
        (b"\x1bOB", KeyCode::Down, plain),
        (b"\x1b[1;5C", KeyCode::Right, KeyModifiers::CONTROL),
        (b"\x1b[Z", KeyCode::BackTab, KeyModifiers::SHIFT),
        (b"\x1b[3~", KeyCode::Delete, plain),
        (b"\x1b[6~", KeyCode::PageDown, plain),
        (b"\x1b[1~", KeyCode::Home, plain),
        (b"\x1b[11~", KeyCode::F(1), plain),
        (b"\x1b[[A", KeyCode::F(1), plain),
        (b"\x1bOP", KeyCode::F(1), plain),
        (b"\x1bx", KeyCode::Char('x'), KeyModifiers::ALT),
        (b"\x1b", KeyCode::Esc, plain),
        (b"\x1b[115;5u", KeyCode::Char('s'), KeyModifiers::CONTROL),
        (b"\x1b[27;5;115~", KeyCode::Char('s'), KeyModifiers::CONTROL),
        (b"\x1b\x1b[D", KeyCode::Left, KeyModifiers::ALT),
        (b"\x1b\x1bOC", KeyCode::Right, KeyModifiers::ALT),
        (b"\x1b\x1b[1;5A", KeyCode::Up, KeyModifiers::ALT.union(KeyModifiers::CONTROL)),
        (b"\x1bOd", KeyCode::Left, KeyModifiers::CONTROL),
        (b"\x1b[c", KeyCode::Right, KeyModifiers::SHIFT),
        (b"\x1b[7~", KeyCode::Home, plain),
        (b"\x1b[8^", KeyCode::End, plain),
        (b"\x1b[5$", KeyCode::PageUp, plain),
        (b"\x1b[3@", KeyCode::Delete, plain),
        ("\x1bé".as_bytes(), KeyCode::Char('é'), KeyModifiers::ALT),
    ];
    for (bytes, code, modifiers) in cases {
        assert_eq!(inputs(bytes), [key(*code, *modifiers)], "{bytes:?}");
    }
}

#[test]
fn a_release_a_mouse_report_and_a_terminals_answer_are_no_keys() {
    for bytes in
        [&b"\x1b[97;1:3u"[..], b"\x1b[<2;10;10M", b"\x1b[M !!", b"\x1b]11;rgb:00/00/00\x07", b"\x1b[?62;4c"]
    {
        assert_eq!(inputs(bytes), [], "{bytes:?}");
    }
}

#[test]
fn a_marked_paste_is_text_and_nothing_in_it_is_a_key() {
    let pasted = inputs("\x1b[200~a\ry\x13\x1b[A é\x1b[201~q".as_bytes());
    assert_eq!(
        pasted,
        [Input::Paste("a\ry\u{13}\u{1b}[A é".to_owned()), key(KeyCode::Char('q'), KeyModifiers::NONE)]
    );
}

#[test]
fn a_paste_whose_end_was_lost_does_not_keep_anybody_from_leaving() {
    let mut decoder = Decoder::default();
    let control_c = key(KeyCode::Char('c'), KeyModifiers::CONTROL);
    assert_eq!(decoder.feed(b"\x1b[200~three \x03days"), [], "within a paste it is text");
    assert_eq!(decoder.feed(b"\x03"), [Input::Paste("three \u{3}days".to_owned()), control_c]);
    assert_eq!(decoder.feed(b"\x1b[201~q"), [key(KeyCode::Char('q'), KeyModifiers::NONE)]);
}

#[test]
fn a_paste_of_megabytes_is_cut_and_ends_all_the_same() {
    let mut bytes = b"\x1b[200~".to_vec();
    bytes.resize(LONGEST_PASTE + 1000, b'x');
    bytes.extend_from_slice(b"\x1b[201~q");
    let inputs = Decoder::default().feed(&bytes);
    assert!(matches!(&inputs[0], Input::Paste(text) if text.len() <= LONGEST_PASTE));
    assert_eq!(inputs[1..], [key(KeyCode::Char('q'), KeyModifiers::NONE)]);
}

#[test]
fn focus_and_two_escapes_are_told_apart() {
    assert_eq!(inputs(b"\x1b[I\x1b[O"), [Input::Focus(true), Input::Focus(false)]);
    assert_eq!(inputs(b"\x1b\x1b"), [ESC, ESC]);
    assert_eq!(inputs(b"\x1b\x1b\x1b"), [ESC, ESC, ESC]);
    assert_eq!(inputs(b"\x1b\x1b[I"), [ESC, Input::Focus(true)]);
    assert_eq!(inputs(b"\x1b\x1b[200~a\x1b[201~"), [ESC, Input::Paste("a".to_owned())]);
}

/// The bytes in pieces, between which the time passes that the decoder gives each.
fn late(pieces: &[&[u8]]) -> Vec<Input> {
    let mut decoder = Decoder::default();
    let mut inputs = Vec::new();
    for piece in pieces {
        inputs.extend(decoder.feed(piece));
        if decoder.patience() == Some(Patience::Escape) {
            inputs.extend(decoder.expire());
        }
    }
    inputs
}

#[test]
fn the_late_rest_of_a_sequence_is_neither_typed_nor_run() {
    let q = key(KeyCode::Char('q'), KeyModifiers::NONE);
    for pieces in [
        [&b"\x1b"[..], b"[D", b"q"],
        [b"\x1b", b"[1;5D", b"q"],
        [b"\x1b", b"OD", b"q"],
        [b"\x1b", b"[", b"Dq"],
        [b"\x1b", b"[1;", b"5Dq"],
        [b"\x1b", b"[[", b"Aq"],
    ] {
        assert_eq!(late(&pieces), [ESC, q.clone()], "{pieces:?}");
    }
    assert_eq!(late(&[b"\x1b\x1b", b"[Aq"]), [ESC, ESC, q.clone()]);
    assert_eq!(late(&[b"\x1b", b"[I", b"q"]), [ESC, Input::Focus(true), q.clone()]);
    assert_eq!(late(&[b"\x1b", b"[200~x\x1b[201~"]), [ESC, Input::Paste("x".to_owned())]);
    // What nobody can take for the key is waited for.
    assert_eq!(late(&[b"\x1b[", b"D"]), [key(KeyCode::Left, KeyModifiers::NONE)]);
    assert_eq!(late(&[b"\x1b[1", b";", b"5D"]), [key(KeyCode::Left, KeyModifiers::CONTROL)]);
    assert_eq!(late(&[b"\x1b[1", b"\x1b[Dq"]), [key(KeyCode::Left, KeyModifiers::NONE), q]);
}

#[test]
fn what_is_typed_after_the_escape_key_is_typed() {
    let typed = |c: char| key(KeyCode::Char(c), KeyModifiers::NONE);
    assert_eq!(late(&[b"\x1b", b"q"]), [ESC, typed('q')]);
    assert_eq!(late(&[b"\x1b", b"O", b"r"]), [ESC, ascii(b'O', KeyModifiers::NONE), typed('r')]);
    assert_eq!(late(&[b"\x1b", b"\x1b", b"j"]), [ESC, ESC, typed('j')]);
}

#[test]
fn a_character_that_is_cut_is_waited_for_however_long() {
    let mut decoder = Decoder::default();
    assert_eq!(decoder.feed(&"😀".as_bytes()[..1]), []);
    assert_eq!(decoder.patience(), None, "nothing is given up");
    assert_eq!(decoder.feed(&"😀".as_bytes()[1..]), [key(KeyCode::Char('😀'), KeyModifiers::NONE)]);
    assert_eq!(decoder.feed(b"\xc3q"), [key(KeyCode::Char('q'), KeyModifiers::NONE)]);
}

#[test]
fn a_long_answer_of_the_terminal_is_dropped_to_its_end() {
    let answer = [b"\x1b]52;c;".as_slice(), &b"QUFB".repeat(1000), b"\x1b\\q"].concat();
    assert_eq!(Decoder::default().feed(&answer), [key(KeyCode::Char('q'), KeyModifiers::NONE)]);
}

proptest! {
    #[test]
    fn no_bytes_stop_it_for_good(noise in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut decoder = Decoder::default();
        decoder.feed(&noise);
        decoder.feed(PASTE_END);
        decoder.expire();
        prop_assert_eq!(decoder.feed(b"q"), [key(KeyCode::Char('q'), KeyModifiers::NONE)]);
    }
}
