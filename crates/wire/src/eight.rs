//! Passing over bytes eight at a time: most texts are runs in which nothing has to be done.

/// The high bit of every byte.
const HIGH: u64 = 0x8080_8080_8080_8080;
const ONES: u64 = 0x0101_0101_0101_0101;

/// Eight of a byte.
const fn each(byte: u8) -> u64 {
    byte as u64 * ONES
}

/// The first byte from `from` on that `is` wanted; the length where there is none. `may` marks candidates among eight
/// bytes by their high bits (the first byte is the lowest) and may not miss a wanted one.
pub fn find(bytes: &[u8], from: usize, may: impl Fn(u64) -> u64, is: impl Fn(usize) -> bool) -> usize {
    let (eights, rest) = bytes.get(from..).unwrap_or_default().as_chunks();
    let mut at = from;
    for eight in eights {
        let mut marked = may(u64::from_le_bytes(*eight)) & HIGH;
        while marked != 0 {
            let found = at + (marked.trailing_zeros() >> 3) as usize;
            if is(found) {
                return found;
            }
            marked &= marked - 1;
        }
        at += 8;
    }
    (at..at + rest.len()).find(|at| is(*at)).unwrap_or(at + rest.len())
}

/// Marks control characters, quotes and backslashes, and nothing else: what ends a run in a JSON string.
pub fn ends_run(eight: u64) -> u64 {
    // Of bytes under 0x80, those that stay under it when what is missing to the bound is added are under the bound.
    let low = eight & !HIGH;
    let control = !low.wrapping_add(each(0x80 - 0x20));
    let is = |byte: u8| !(low ^ each(byte)).wrapping_add(HIGH - ONES);
    (control | is(b'"') | is(b'\\')) & !eight
}

/// Marks capital letters of ASCII, and everything beyond ASCII.
pub fn may_be_capital(eight: u64) -> u64 {
    let low = eight & !HIGH;
    let from_a = low.wrapping_add(each(0x80 - b'A'));
    let beyond_z = low.wrapping_add(each(0x7f - b'Z'));
    from_a & !beyond_z | eight
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{any, prop_assert_eq, proptest};

    use super::{ends_run, find, may_be_capital};

    fn marks(of: impl Fn(u64) -> u64, eight: [u8; 8]) -> Vec<bool> {
        let marked = of(u64::from_le_bytes(eight));
        (0..8).map(|at| marked >> (at * 8 + 7) & 1 == 1).collect()
    }

    proptest! {
        #[test]
        fn marks_are_what_a_look_at_each_byte_says(eight in any::<[u8; 8]>()) {
            let ends: Vec<bool> = eight.iter().map(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')).collect();
            prop_assert_eq!(marks(ends_run, eight), ends);
            let may: Vec<bool> = eight.iter().map(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()).collect();
            prop_assert_eq!(marks(may_be_capital, eight), may);
        }

        #[test]
        fn the_first_byte_is_found_that_is_wanted(bytes in "[a-zA-Z\"é ]{0,40}", from in 0usize..12) {
            let bytes = bytes.as_bytes();
            let from = from.min(bytes.len());
            let is = |at: usize| bytes[at] == b'Q';
            let found = find(bytes, from, may_be_capital, is);
            prop_assert_eq!(found, (from..bytes.len()).find(|at| is(*at)).unwrap_or(bytes.len()));
        }
    }
}
