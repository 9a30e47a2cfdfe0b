//! Telling text in another encoding, or with a few broken bytes, from pictures, sound and archives.

/// Two bytes a character: the low one first, or last.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Order {
    Little,
    Big,
}

/// One odd byte in so many is still text.
const ODD: usize = 32;

/// Whether bytes read as text: UTF-8, UTF-16, or one byte a letter. Other files have control characters all over.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    if std::str::from_utf8(bytes).err().is_none_or(|error| error.error_len().is_none()) {
        return true;
    }
    if wide(bytes).is_some() {
        let text = read(bytes);
        let odd = text.chars().filter(|char| is_odd(*char)).count();
        return odd * ODD <= text.chars().count();
    }
    let control = |byte: &&u8| matches!(byte, 0..=8 | 0xb | 0xe..=0x1f | 0x7f..=0x9f);
    // Bytes of broken UTF-8 look like control characters of the upper half, so what is whole does not count.
    let odd: usize = bytes.utf8_chunks().map(|chunk| odd_in(chunk.valid(), chunk.invalid())).sum();
    let lossy = odd * ODD <= bytes.len();
    lossy || bytes.iter().filter(control).count() * ODD <= bytes.len()
}

fn odd_in(valid: &str, invalid: &[u8]) -> usize {
    valid.chars().filter(|char| is_odd(*char)).count() + invalid.len()
}

fn is_odd(char: char) -> bool {
    char.is_control() && !matches!(char, '\t' | '\n' | '\r' | '\u{c}') || char == char::REPLACEMENT_CHARACTER
}

/// Reads text of any of these encodings. Letters of an old code page are lost; digits and Latin letters are not.
pub(super) fn read(bytes: &[u8]) -> String {
    let Some(order) = wide(bytes) else { return String::from_utf8_lossy(bytes).into_owned() };
    let unit = |pair: &[u8; 2]| match order {
        Order::Little => u16::from_le_bytes(*pair),
        Order::Big => u16::from_be_bytes(*pair),
    };
    let units = bytes.as_chunks::<2>().0.iter().map(unit);
    char::decode_utf16(units).map(|char| char.unwrap_or(char::REPLACEMENT_CHARACTER)).collect()
}

/// Whether bytes are UTF-16: a mark says so, or every other byte is zero, mostly.
fn wide(bytes: &[u8]) -> Option<Order> {
    match bytes {
        [0xff, 0xfe, ..] => return Some(Order::Little),
        [0xfe, 0xff, ..] => return Some(Order::Big),
        _ => {}
    }
    let zeros = |from: usize| bytes.iter().skip(from).step_by(2).take(1024).filter(|byte| **byte == 0).count();
    let (even, odd, half) = (zeros(0), zeros(1), bytes.len().div_ceil(2).min(1024));
    match (even * 3 > half, odd * 3 > half) {
        (false, true) => Some(Order::Little),
        (true, false) => Some(Order::Big),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_text, read};

    #[test]
    fn text_is_told_in_every_encoding() {
        let said = "Grüße, zahlen Sie an DE89 3704, Straße 5";
        let latin: Vec<u8> = said.chars().map(|char| char as u32 as u8).collect();
        let wide = |bytes: fn(u16) -> [u8; 2]| said.encode_utf16().flat_map(bytes).collect::<Vec<u8>>();
        let marked = [&[0xff, 0xfe], wide(u16::to_le_bytes).as_slice()].concat();
        let broken = [said.as_bytes(), &[0xc3]].concat();
        for bytes in [latin, wide(u16::to_le_bytes), wide(u16::to_be_bytes), marked, broken] {
            assert!(is_text(&bytes) && read(&bytes).contains("DE89 3704"), "{}", read(&bytes));
        }
        // In the code page of Windows for Cyrillic.
        assert!(is_text(&[0xcf, 0xf0, 0xe8, 0xe2, 0xe5, 0xf2, b' ', b'5', b'\n'].repeat(20)));
    }

    #[test]
    fn other_files_are_none() {
        for bytes in [
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\x80\0\0\x01\xe0\x08\x02\xff\xfe".as_slice(),
            &[0xff, 0xd8, 0xff, 0xe0, 0, 0x10, b'J', b'F', b'I', b'F', 0, 1, 2, 0x9d, 0x13, 0x88].repeat(9),
            &(0..=255).cycle().map(|at: u8| at.wrapping_mul(37) ^ 0x5a).take(2048).collect::<Vec<u8>>(),
        ] {
            assert!(!is_text(bytes), "{bytes:?}");
        }
    }
}
