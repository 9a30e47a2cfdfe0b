//! How alike two texts are in their words: token F1, as question answering is scored with (Rajpurkar et al. 2016).
//!
//! A word is a run of letters and digits, in small letters; a character of a script that writes no spaces is one by
//! itself. F1 looks at which words there are and how often, not at their order and not at what they mean: it tells how
//! much two texts look alike, and nothing of which is better.

use std::collections::HashMap;

/// The words of a text, in their order.
pub(crate) fn words(text: &str) -> Vec<String> {
    let (mut words, mut word) = (Vec::new(), String::new());
    for c in text.chars() {
        if !c.is_alphanumeric() || stands_alone(c) {
            words.extend(Some(std::mem::take(&mut word)).filter(|word| !word.is_empty()));
        }
        if stands_alone(c) {
            words.push(c.to_string());
        } else if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
    }
    words.extend(Some(word).filter(|word| !word.is_empty()));
    words
}

/// Twice the words that both have, over all words of both; in millionths. Two texts without words are alike.
pub(crate) fn f1_ppm(one: &[String], other: &[String]) -> u64 {
    const WHOLE: u64 = 1_000_000;
    let all = (one.len() + other.len()) as u64;
    if all == 0 {
        return WHOLE;
    }
    let mut left: HashMap<&str, u64> = HashMap::new();
    one.iter().for_each(|word| *left.entry(word).or_default() += 1);
    let mut common = 0;
    for word in other {
        if let Some(left) = left.get_mut(word.as_str()).filter(|left| **left > 0) {
            *left -= 1;
            common += 1;
        }
    }
    2 * common * WHOLE / all
}

/// Han, kana, Thai, Lao, Khmer, Burmese.
fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}'
        | '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1780}'..='\u{17ff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::{prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn f1(one: &str, other: &str) -> u64 {
        f1_ppm(&words(one), &words(other))
    }

    #[test]
    fn words_are_runs_of_letters_and_digits() {
        assert_eq!(words("It's 5 o'clock, Ёлка!"), ["it", "s", "5", "o", "clock", "ёлка"]);
        assert_eq!(words("見る no"), ["見", "る", "no"]);
        assert!(words(" …! ").is_empty());
    }

    #[test]
    fn the_figures_of_a_hand() {
        for (one, other, ppm) in [
            ("a b c", "a b c", 1_000_000),
            ("a b c", "C, B; A.", 1_000_000),
            ("a b", "a c", 500_000),
            ("a a a", "a", 500_000),
            ("a", "b", 0),
            ("", "", 1_000_000),
            ("", "a", 0),
        ] {
            assert_eq!(f1(one, other), ppm, "{one} / {other}");
        }
    }

    proptest! {
        #[test]
        fn it_looks_the_same_from_both_sides(one in "[a-c ]{0,30}", other in "[a-c ]{0,30}") {
            prop_assert_eq!(f1(&one, &other), f1(&other, &one));
            prop_assert!(f1(&one, &other) <= 1_000_000);
            prop_assert_eq!(f1(&one, &one), 1_000_000);
        }
    }
}
