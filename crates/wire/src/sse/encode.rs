//! Encoding.

use super::{Event, Frame};

/// Appends a frame.
pub fn encode(frame: &Frame, out: &mut Vec<u8>) {
    match frame {
        Frame::Comment(text) => comment(text, out),
        Frame::Event(event) => whole(event, out),
    }
}

/// Appends a comment line and the empty line after it. Line ends in the text become spaces.
pub fn comment(text: &str, out: &mut Vec<u8>) {
    line(b": ", &text.replace(['\r', '\n'], " "), out);
    out.push(b'\n');
}

/// Appends an event that has only data.
pub fn data(text: &str, out: &mut Vec<u8>) {
    lines(text, out);
    out.push(b'\n');
}

fn whole(event: &Event, out: &mut Vec<u8>) {
    if let Some(name) = &event.name {
        line(b"event: ", &name.replace(['\r', '\n'], " "), out);
    }
    if let Some(id) = &event.id {
        line(b"id: ", &id.replace(['\r', '\n'], " "), out);
    }
    data(&event.data, out);
}

fn lines(text: &str, out: &mut Vec<u8>) {
    let mut rest = text;
    while let Some(end) = memchr::memchr2(b'\n', b'\r', rest.as_bytes()) {
        line(b"data: ", &rest[..end], out);
        let after = &rest[end..];
        rest = after.strip_prefix("\r\n").unwrap_or(&after[1..]);
    }
    line(b"data: ", rest, out);
}

fn line(name: &[u8], value: &str, out: &mut Vec<u8>) {
    out.extend_from_slice(name);
    out.extend_from_slice(value.as_bytes());
    out.push(b'\n');
}
