//! Escapes of JSON in a text that is no JSON as a whole: in a fence, in lines, cut off.

/// Whether a text has an escape that spells a character by its number.
pub(super) fn is_in(text: &str) -> bool {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b'\\', bytes).any(|at| unit(bytes, at + 1).is_some())
}

/// The characters of a text with escapes read, each with the byte where it starts.
pub(super) fn chars(text: &str) -> impl Iterator<Item = (usize, char)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let (char, length) = escaped(&text.as_bytes()[start..])
            .or_else(|| text[start..].chars().next().map(|char| (char, char.len_utf8())))?;
        at += length;
        Some((start, char))
    })
}

/// Each level of text in text doubles the backslashes: so many are there at the fourth.
const SLASHES_MAX: usize = 16;

/// The character that an escape at the beginning spells, and the length of it, backslashes included.
fn escaped(bytes: &[u8]) -> Option<(char, usize)> {
    let slashes = |from: usize| bytes[from..].iter().take(SLASHES_MAX).take_while(|byte| **byte == b'\\').count();
    let first = slashes(0);
    let high = if first == 0 { None } else { unit(bytes, first) }?;
    let end = first + 5;
    if let Some(char) = char::from_u32(high) {
        return Some((char, end));
    }
    let second = end + slashes(end);
    let pair = unit(bytes, second).filter(|_| second > end).map(|low| [high, low].map(|unit| unit as u16));
    let char = pair.and_then(|pair| char::decode_utf16(pair).next()?.ok());
    Some(char.map_or((char::REPLACEMENT_CHARACTER, end), |char| (char, second + 5)))
}

/// The number behind a `u` that stands here.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let hex = bytes.get(at..at + 5)?.strip_prefix(b"u")?;
    hex.iter().try_fold(0, |sum, byte| Some(sum * 16 + char::from(*byte).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::{chars, is_in};

    #[test]
    fn escapes_are_read_at_any_level_and_other_backslashes_stay() {
        let said = |text: &str| chars(text).map(|(_, char)| char).collect::<String>();
        for (text, wanted) in [
            (r"ivan\u0040example.com", "ivan@example.com"),
            (r"a\\\\u0416\u0416b", "aЖЖb"),
            (r"\ud83d\ude00 \ud83d", "😀 \u{fffd}"),
            (r"\n \u12 C:\users \\", r"\n \u12 C:\users \\"),
        ] {
            assert_eq!(said(text), wanted);
        }
        assert!(is_in(r"x\u0040") && !is_in(r"C:\users\u12\n"));
        assert_eq!(chars(r"a\u0040b").map(|(at, _)| at).collect::<Vec<_>>(), [0, 1, 7]);
    }
}
