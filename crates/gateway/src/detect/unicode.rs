//! What characters of Unicode count as, for somebody who looks for ASCII identifiers.

/// What a character is to a detector.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fold {
    /// Itself.
    Keep,
    /// Another spelling of an ASCII character.
    As(char),
    /// Nothing that anybody sees.
    Invisible,
}

/// Folds one character.
pub(super) fn fold(char: char) -> Fold {
    match char {
        '\0'..='\u{ac}' => Fold::Keep,
        '\u{ff01}'..='\u{ff5e}' => Fold::As(ascii(u32::from(char) - 0xff01 + 0x21)),
        // Other full stops, and the small forms.
        '\u{2024}' | '\u{3002}' | '\u{fe52}' | '\u{ff61}' => Fold::As('.'),
        '\u{fe59}' => Fold::As('('),
        '\u{fe5a}' => Fold::As(')'),
        '\u{fe62}' => Fold::As('+'),
        '\u{fe63}' => Fold::As('-'),
        '\u{fe6b}' => Fold::As('@'),
        // Bold, italic and other letters for formulas: the alphabet, capitals first, again and again.
        '\u{1d400}'..='\u{1d6a3}' => match (u32::from(char) - 0x1d400) % 52 {
            place @ 0..26 => Fold::As(ascii(0x41 + place)),
            place => Fold::As(ascii(0x61 + place - 26)),
        },
        _ if is_invisible(char) => Fold::Invisible,
        _ => digit(char).map_or(Fold::Keep, |digit| Fold::As(ascii(0x30 + digit))),
    }
}

fn ascii(code: u32) -> char {
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

/// Unicode's default ignorable code points, what encloses another character, and what decoders put for broken text.
fn is_invisible(char: char) -> bool {
    matches!(char,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{20d0}'..='\u{20ff}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffd}' | '\u{1bca0}'..='\u{1bca3}'
        | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
}

/// The value of a decimal digit of any script.
fn digit(char: char) -> Option<u32> {
    let code = u32::from(char);
    let after = ZEROS.partition_point(|zero| *zero <= code);
    let value = code - ZEROS[after.checked_sub(1)?];
    (value < 10).then_some(value)
}

/// The zeros of Unicode's decimal digits (category Nd, Unicode 17), each followed by its nine; those that are ASCII's
/// and the full-width ones are not in it.
#[rustfmt::skip]
const ZEROS: &[u32] = &[
    0x0660, 0x06f0, 0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66, 0x0ce6, 0x0d66, 0x0de6, 0x0e50,
    0x0ed0, 0x0f20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50,
    0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136,
    0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0,
    0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce, 0x1d7d8,
    0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

/// Whether a character is a letter. The standard library's answer is slow for the scripts that come most after Latin.
pub(super) fn is_letter(char: char) -> bool {
    match char {
        '\0'..='\u{7f}' => char.is_ascii_alphabetic(),
        '\u{410}'..='\u{44f}' | 'Ё' | 'ё' => true,
        _ => char.is_alphabetic(),
    }
}

/// Whether a character is a letter or a digit.
pub(super) fn is_alphanumeric(char: char) -> bool {
    is_letter(char) || char.is_numeric()
}

/// White space within a line, dashes, dots between words: what people put between the groups of a number. Full-width
/// ones and the full stop have ASCII twins.
pub(super) fn is_separator(char: char) -> bool {
    match char {
        ' ' | '-' => true,
        '\n' | '\r' => false,
        '\0'..='\u{9f}' => char.is_control(),
        _ => matches!(char,
            '\u{a0}' | '\u{b7}' | '\u{2d7}' | '\u{58a}' | '\u{5be}' | '\u{1400}' | '\u{1680}' | '\u{1806}'
            | '\u{2000}'..='\u{200a}' | '\u{2010}'..='\u{2015}' | '\u{2022}' | '\u{202f}' | '\u{2043}'
            | '\u{205f}' | '\u{2212}' | '\u{2219}' | '\u{22c5}' | '\u{2800}' | '\u{2e3a}' | '\u{2e3b}'
            | '\u{3000}' | '\u{301c}' | '\u{3030}' | '\u{30a0}' | '\u{30fb}' | '\u{fe31}' | '\u{fe32}'
            | '\u{fe58}' | '\u{10ead}'),
    }
}

#[cfg(test)]
mod tests {
    use super::{Fold, ZEROS, fold};

    #[test]
    fn digits_of_all_scripts_have_their_values() {
        assert!(ZEROS.windows(2).all(|pair| pair[0] + 10 <= pair[1]));
        for zero in ZEROS {
            for value in 0..10 {
                let char = char::from_u32(zero + value).unwrap();
                assert_eq!(fold(char), Fold::As(char::from_digit(value, 10).unwrap()), "{char:?}");
            }
        }
        let folded = |text: &str| text.chars().map(fold).collect::<Vec<_>>();
        assert_eq!(folded("٤۴४４𝟒𝐀𝘇"), ['4', '4', '4', '4', '4', 'A', 'z'].map(Fold::As));
        assert_eq!(folded("\u{200b}\u{ad}\u{feff}\u{20e3}"), [Fold::Invisible; 4]);
        assert_eq!(folded("4a²½①юß中あ«—\u{a0}é"), [Fold::Keep; 13]);
    }
}
