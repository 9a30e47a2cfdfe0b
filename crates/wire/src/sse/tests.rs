use proptest::prelude::{Strategy, any, prop_assert_eq, prop_oneof, proptest};

use super::{Decoder, Event, Frame, TooLong, encode};

const MAX: usize = 1 << 16;

fn decode(pieces: &[&[u8]]) -> (Vec<Frame>, bool) {
    let mut decoder = Decoder::new(MAX);
    let mut out = Vec::new();
    for piece in pieces {
        decoder.push(piece, &mut out).unwrap();
    }
    (out, decoder.is_idle())
}

fn data(text: &str) -> Frame {
    Frame::Event(Event { data: text.to_owned(), ..Event::default() })
}

/// A stream as some server might send it: any line ends, comments, fields, half an event at the end.
fn stream() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        "data: ?[a-zа-я{}\":]{0,12}",
        "data",
        ": ?[a-z]{0,4}",
        "event: [a-z]{1,5}",
        "id: [0-9]{1,3}",
        "retry: 1",
        "[a-z]{1,4}: x",
        "",
    ];
    let end = prop_oneof!["\n", "\r", "\r\n", "\n\n", "\r\n\r\n"];
    let body = proptest::collection::vec((line, end), 0..20);
    (any::<bool>(), body, "(data: x)?").prop_map(|(bom, lines, tail)| {
        let mut out = String::from(if bom { "\u{feff}" } else { "" });
        for (line, end) in lines {
            out.push_str(&line);
            out.push_str(&end);
        }
        (out + &tail).into_bytes()
    })
}

/// Reads a whole stream the slow way: by the lines of the standard.
fn naive(bytes: &[u8]) -> Vec<Frame> {
    let text = String::from_utf8_lossy(bytes).into_owned();
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text).replace("\r\n", "\n").replace('\r', "\n");
    let whole = text.rfind('\n').map_or("", |end| &text[..=end]);
    let mut out = Vec::new();
    let mut event = Event::default();
    let mut lines: Option<Vec<&str>> = None;
    for line in whole.lines() {
        if line.is_empty() {
            if let Some(lines) = lines.take() {
                event.data = lines.join("\n");
                out.push(Frame::Event(event));
            }
            event = Event::default();
            continue;
        }
        let (name, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match name {
            "" => out.push(Frame::Comment(value.to_owned())),
            "data" => lines.get_or_insert_default().push(value),
            "event" => event.name = Some(value.to_owned()),
            "id" => event.id = Some(value.to_owned()),
            _ => {}
        }
    }
    out
}

proptest! {
    #[test]
    fn any_split_decodes_like_the_whole(bytes in stream(), cuts in proptest::collection::vec(any::<usize>(), 0..12)) {
        let mut cuts: Vec<usize> = cuts.into_iter().map(|at| at % (bytes.len() + 1)).collect();
        cuts.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for cut in cuts {
            pieces.push(&bytes[from..cut]);
            from = cut;
        }
        pieces.push(&bytes[from..]);
        let whole = decode(&[&bytes]);
        prop_assert_eq!(&decode(&pieces), &whole);
        let single: Vec<&[u8]> = bytes.chunks(1).collect();
        prop_assert_eq!(&decode(&single), &whole);
        prop_assert_eq!(whole.0, naive(&bytes));
    }

    #[test]
    fn what_is_encoded_decodes(data in "[a-z \nа-я]{0,20}", name in proptest::option::of("[a-z]{1,6}"), id in proptest::option::of("[0-9]{1,4}")) {
        let frames = vec![Frame::Event(Event { name, data, id }), Frame::Comment("receipt 1".to_owned())];
        let mut bytes = Vec::new();
        frames.iter().for_each(|frame| encode(frame, &mut bytes));
        prop_assert_eq!(decode(&[&bytes]), (frames, true));
    }
}

#[test]
fn the_standards_own_cases() {
    let (frames, _) =
        decode(&[b"data: YHOO\ndata: +2\ndata: 10\n\n: test\ndata\n\ndata\ndata\n\ndata:test\n\ndata: test\n\n"]);
    let wanted =
        [data("YHOO\n+2\n10"), Frame::Comment("test".to_owned()), data(""), data("\n"), data("test"), data("test")];
    assert_eq!(frames, wanted);
}

#[test]
fn a_half_sent_event_is_no_event() {
    assert_eq!(decode(&[b"data: a\n\ndata: b\n"]), (vec![data("a")], false));
    assert_eq!(decode(&[b"data: a\n\ndata: b"]), (vec![data("a")], false));
    assert_eq!(decode(&["data: п\n\n".as_bytes(), &[b'd', b'a', b't', b'a', b':', 0xD0]]), (vec![data("п")], false));
}

#[test]
fn memory_is_bounded() {
    let mut out = Vec::new();
    let mut line = Decoder::new(100);
    assert_eq!(line.push(&[b'x'; 101], &mut out), Err(TooLong { bytes_max: 100 }));
    let mut lines = Decoder::new(100);
    let many = b"data: 0123456789\n".repeat(20);
    assert_eq!(lines.push(&many, &mut out), Err(TooLong { bytes_max: 100 }));
    let mut fine = Decoder::new(100);
    assert_eq!(fine.push(&b"data: 0123456789\n\n".repeat(1000), &mut out), Ok(()));
    assert_eq!(out.len(), 1000);
}
