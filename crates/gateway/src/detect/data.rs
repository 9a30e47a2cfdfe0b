//! What `data:` URLs and the contents of files say, where it is text.
//!
//! Nothing in such a payload can be replaced by a token, so a find in one is diffuse.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::general_purpose::GeneralPurposeConfig;
use base64::engine::{DecodePaddingMode, GeneralPurpose};

use super::charset;

/// What a payload is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Payload {
    /// Text, as it reads.
    Text(String),
    /// Said to be text, but not to be read as such.
    Unreadable,
    /// A picture, a sound, a document.
    Binary,
}

/// How payloads are written: either alphabet, padded or not.
const ENGINE: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// The longest head of a `data:` URL.
const HEAD_MAX: usize = 256;
/// The longest payload that is also read as it stands.
const SHORT: usize = 4096;
/// The shortest text that is read as Base64 where nothing says so: a word of prose is shorter.
const BARE: usize = 32;
/// How much of a long payload is looked at before all of it is decoded.
const SAMPLE: usize = 2048;

/// A `data:` URL in a text.
struct Url<'t> {
    /// Between the colon and the comma, without spaces, in small letters.
    head: String,
    /// Everything after the comma.
    rest: &'t str,
}

/// The payloads of the `data:` URLs in a text. What stands there in the clear is left out: it is text already.
pub(super) fn payloads(text: &str) -> Vec<Payload> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(colon) = memchr::memchr(b':', &text.as_bytes()[at..]) {
        at += colon + 1;
        let Some(url) = url(text, at) else { continue };
        let start = text.len() - url.rest.len();
        let payload = &url.rest[..extent(&url)];
        if let Some(payload) = read(&url, payload) {
            found.push(payload);
        }
        at = start + payload.len();
    }
    found
}

/// The payload of a text that is one URL or the content of a file, and how much of the text stands there in the clear.
pub(super) fn whole(text: &str) -> (Option<Payload>, usize) {
    let url = memchr::memchr(b':', text.as_bytes()).and_then(|colon| url(text, colon + 1));
    // A short one may be meant as it stands, whatever else it says.
    let clear = |head: usize| if text.len() <= SHORT { text.len() } else { head };
    match url {
        Some(url) if url.is_base64() => (read(&url, url.rest), clear(text.len() - url.rest.len())),
        // `payloads` looks at what it hides.
        Some(_) => (None, text.len()),
        None if text.bytes().all(is_base64) => (Some(decode(text, false)), clear(0)),
        None => (Some(decode(text, false)), text.len()),
    }
}

/// The payload of a text that is Base64 from end to end, wherever it stands: a file's content under another name.
pub(super) fn bare(text: &str) -> Option<Payload> {
    let is_one = text.len() >= BARE && text.bytes().all(|byte| is_base64(byte) || matches!(byte, b'\r' | b'\n'));
    is_one.then(|| decode(text, false))
}

/// The URL whose colon stands right before this byte.
fn url(text: &str, at: usize) -> Option<Url<'_>> {
    let scheme = text.as_bytes().get(at.checked_sub(5)?..at - 1)?;
    if !scheme.eq_ignore_ascii_case(b"data") {
        return None;
    }
    let comma = at + memchr::memchr(b',', text.as_bytes()[at..].get(..HEAD_MAX).unwrap_or(&text.as_bytes()[at..]))?;
    let head: String = text[at..comma].chars().filter(|char| *char != ' ').collect::<String>().to_ascii_lowercase();
    let is_type = head.is_empty() || head.starts_with(';') || head.contains('/');
    let is_head = is_type && head.bytes().all(|byte| byte.is_ascii_graphic());
    is_head.then(|| Url { head, rest: text[comma + 1..].trim_start_matches(' ') })
}

impl Url<'_> {
    fn is_base64(&self) -> bool {
        self.head.contains(";base64")
    }

    fn is_text(&self) -> bool {
        let kinds = ["text/", "json", "xml", "csv", "yaml", "javascript"];
        self.head.is_empty() || self.head.starts_with(';') || kinds.iter().any(|kind| self.head.contains(kind))
    }
}

fn is_base64(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_' | b'%')
}

/// How far a URL goes in a longer text.
fn extent(url: &Url<'_>) -> usize {
    let ends = |byte: u8| match url.is_base64() {
        true => !is_base64(byte),
        false => byte.is_ascii_whitespace() || matches!(byte, b'"' | b'\'' | b'<' | b'>' | b'`'),
    };
    url.rest.bytes().position(ends).unwrap_or(url.rest.len())
}

fn read(url: &Url<'_>, payload: &str) -> Option<Payload> {
    match (url.is_base64(), payload.contains('%')) {
        (true, false) => Some(decode(payload, url.is_text())),
        (true, true) => Some(decode(&String::from_utf8_lossy(&percent_decoded(payload)), url.is_text())),
        (false, true) => Some(judge(Some(percent_decoded(payload)), url.is_text())),
        (false, false) => None,
    }
}

/// Reads Base64. Of a long payload that is not said to be text, the beginning mostly shows that it is none.
fn decode(payload: &str, is_text: bool) -> Payload {
    let plain = |byte: u8| match byte {
        b'-' => Some(b'+'),
        b'_' => Some(b'/'),
        b'=' => None,
        _ => (!byte.is_ascii_whitespace()).then_some(byte),
    };
    let bytes = |from: &str| {
        let mut letters: Vec<u8> = from.bytes().filter_map(plain).collect();
        letters.truncate(letters.len() - usize::from(letters.len() % 4 == 1));
        ENGINE.decode(letters).ok()
    };
    if let (false, Some(sample)) = (is_text, payload.get(..SAMPLE))
        && !bytes(sample).is_some_and(|sample| charset::is_text(&sample))
    {
        return Payload::Binary;
    }
    judge(bytes(payload), is_text)
}

fn judge(bytes: Option<Vec<u8>>, is_text: bool) -> Payload {
    match bytes.map(String::from_utf8) {
        Some(Ok(text)) => Payload::Text(text),
        Some(Err(error)) if charset::is_text(error.as_bytes()) => Payload::Text(charset::read(error.as_bytes())),
        _ if is_text => Payload::Unreadable,
        _ => Payload::Binary,
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let hex = |at: usize| text.get(at + 1..at + 3).and_then(|pair| u8::from_str_radix(pair, 16).ok());
    let bytes = text.as_bytes();
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        let said = if bytes[at] == b'%' { hex(at) } else { None };
        out.push(said.unwrap_or(bytes[at]));
        at += if said.is_some() { 3 } else { 1 };
    }
    out
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::{Payload, payloads, whole};

    fn text(text: &str) -> Payload {
        Payload::Text(text.to_owned())
    }

    #[test]
    fn urls_are_read_wherever_they_stand_and_however_they_are_written() {
        let said = "pay to DE89 3704?>";
        let (plain, safe) = (STANDARD.encode(said), URL_SAFE_NO_PAD.encode(said));
        for url in [
            format!("data:text/plain;base64,{plain}"),
            format!("DATA:text/plain; charset=utf-8; BASE64,{safe}"),
            format!("data:;base64,{}", plain.replace('=', "%3D")),
            format!("data:image/png;base64,{plain}"),
            "data:,pay%20to%20DE89%203704?%3e".to_owned(),
        ] {
            assert_eq!(payloads(&format!("see <{url}> and data: n/a, x")), [text(said)], "{url}");
            let (payload, clear) = whole(&url);
            assert!(payload == Some(text(said)) || clear == url.len(), "{url}");
        }
    }

    #[test]
    fn what_is_no_text_is_told_apart() {
        let picture = STANDARD.encode([0x89, b'P', b'N', b'G', 0xff, 0xfe].repeat(2000));
        assert_eq!(payloads(&format!("data:image/png;base64,{picture}")), [Payload::Binary]);
        assert_eq!(payloads(&format!("data:text/plain;base64,{picture}")), [Payload::Unreadable]);
        assert_eq!(whole(&picture), (Some(Payload::Binary), 0));
        for text in ["the data: 5, 6 and 7", "data:text/plain,in the clear", "metadata:a,b", "data:", "a:data"] {
            assert_eq!(payloads(text), [], "{text}");
        }
        assert_eq!(whole("not Base64: DE89"), (Some(Payload::Binary), 16));
    }
}
