//! Names of people in Russian and English, from a list of given names, the shapes of surnames and words that announce
//! a person.
//!
//! One sign is not enough, as many names are words and many words begin with a capital: a given name needs a surname
//! beside it, a surname needs a given name, a patronymic, initials or a title.

mod english;
mod russian;
mod titles;
mod word;

use std::ops::Range;

use realm::DataClass;

use super::{Detector, Kind, Needs, Span};
use word::Word;

/// Finds names of people.
pub struct Person;

/// Words that can make one name: title, given names, surname.
const WORDS_MAX: usize = 4;

/// What one word says about a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sign {
    /// Only names are written so.
    Given,
    /// A name that is also a word, a month or a place: Mark, May, Вера.
    GivenOrWord,
    Patronymic,
    /// A listed surname, or one whose ending few words have.
    Surname,
    Initial,
    /// Begins with a capital; could be a surname.
    Maybe,
    /// Begins with a capital; not a name.
    Other,
}

/// Whether a word names a field that may hold a name.
pub(super) fn is_field(word: &str) -> bool {
    titles::is_one(word)
}

impl Detector for Person {
    fn needs(&self) -> Needs {
        Needs::Anything
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        let (mut at, mut free, mut words) = (0, 0, Vec::new());
        while let Some(word) = word::next(text, at) {
            at = word.range.end;
            word::row(text, word, WORDS_MAX, &mut words);
            if let Some(range) = name(text, free, &words) {
                (at, free) = (range.end, range.end);
                out.push(Span { range, kind: Kind::Person, class: DataClass::Personal });
            }
        }
    }
}

/// The name that starts with the first of some words.
fn name(text: &str, free: usize, words: &[Word<'_>]) -> Option<Range<usize>> {
    let title = titles::before(&text[free..words[0].range.start]);
    // One capital by itself begins most sentences.
    if words.len() == 1 && title.is_none() {
        return None;
    }
    let signs: Vec<Sign> = words.iter().map(sign).collect();
    let count = by_signs(&signs, words).filter(|_| !is_listed(text, words, &signs));
    let count = count.max(title.and_then(|title| announced(title, &signs)))?;
    Some(words[0].range.start..words[count - 1].range.end)
}

fn sign(word: &Word<'_>) -> Sign {
    match word.initials() {
        true => Sign::Initial,
        // `Пациент Иван Петров`: the title is no surname.
        false if titles::is_one(word.said) => Sign::Other,
        false if word.is_cyrillic() => russian::sign(word.said),
        false => english::sign(word.said),
    }
}

/// How many words are a name by what they themselves say.
fn by_signs(signs: &[Sign], words: &[Word<'_>]) -> Option<usize> {
    use Sign::{Given, GivenOrWord, Initial, Maybe, Patronymic, Surname};
    let cyrillic = words[0].is_cyrillic();
    let count = match signs {
        [Surname | Maybe, Given | GivenOrWord, Patronymic, ..] | [Surname, Maybe, Patronymic, ..] => 3,
        [Given | GivenOrWord | Maybe, Patronymic, Surname, ..] => 3,
        [Given | GivenOrWord, Given | GivenOrWord | Initial, Surname, ..] => 3,
        [Surname | Maybe, Initial, Initial, ..] | [Initial, Initial, Surname, ..] if cyrillic => 3,
        [Given | GivenOrWord | Maybe, Patronymic, ..] => 2,
        [Given | GivenOrWord, Surname, ..] | [Surname, Given, ..] => 2,
        [Initial, Surname, ..] => 2,
        [Given, Given, Maybe, ..] if !cyrillic => 3,
        [Given, Given, ..] if !cyrillic => 2,
        [Given, Initial, Maybe, ..] if !cyrillic => 3,
        [Given, Maybe, ..] if !cyrillic => 2,
        _ => return None,
    };
    Some(count)
}

/// Whether an initial is the letter of a list: `A. Price`.
fn is_listed(text: &str, words: &[Word<'_>], signs: &[Sign]) -> bool {
    let before = text[..words[0].range.start].trim_end_matches(' ');
    matches!(signs, [Sign::Initial, Sign::Surname, ..])
        && (before.is_empty() || before.ends_with(['\n', '.', ':', ';']))
}

/// How many words are a name because a title stands before them, or a field is named so.
fn announced(title: titles::Title, signs: &[Sign]) -> Option<usize> {
    let named = signs.iter().take_while(|sign| **sign != Sign::Other).count();
    let initials = signs.iter().take(named).filter(|sign| **sign == Sign::Initial).count();
    let count = named.min(3 + initials);
    let known = |sign: &Sign| matches!(sign, Sign::Given | Sign::GivenOrWord | Sign::Surname | Sign::Patronymic);
    let fits = match title {
        titles::Title::Strong => count > initials,
        // A client may be a firm, and a name that of a file.
        titles::Title::Field => count > 1 && signs[..count].iter().any(known),
        titles::Title::Role => known(signs.first()?),
    };
    fits.then_some(count)
}
