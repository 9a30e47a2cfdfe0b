//! The words of addresses.

use super::WORDS_MAX;
use crate::detect::unicode::{is_alphanumeric, is_letter};

/// Before the street's name: `ул. Ленина`, `via Roma`.
#[rustfmt::skip]
const BEFORE: &[&str] = &[
    "ул", "улица", "улице", "улицы", "улицу", "пр-т", "пр-кт", "пр", "просп", "проспект", "проспекте", "проспекта", "пер",
    "переулок", "переулке", "ш", "шоссе", "наб", "набережная", "набережной", "пл", "площадь", "площади", "б-р", "бул",
    "бульвар", "бульваре", "проезд", "проезде", "мкр", "микрорайон", "тупик", "аллея", "аллее", "via", "viale", "piazza",
    "piazzale", "corso", "largo", "vicolo", "strada", "calle", "c", "avenida", "avda", "plaza", "paseo", "ronda", "rambla",
    "ul", "ulica", "ulicy", "aleja", "aleje", "al", "plac", "os", "osiedle", "rue", "boulevard", "bd", "allée", "place",
    "chemin", "impasse", "quai", "contrada", "rotonda", "borgo", "urbanización", "pasaje", "alameda", "cuesta", "pl", "cañada", "glorieta", "acceso", "camino", "carrer", "travesía", "vía", "urb",
];
/// Behind it: `Невский проспект`, `Baker Street`.
#[rustfmt::skip]
const BEHIND: &[&str] = &[
    "улица", "улице", "улицы", "ул", "проспект", "проспекте", "пр-т", "пр", "переулок", "переулке", "шоссе", "ш",
    "набережная", "набережной", "наб", "площадь", "площади", "бульвар", "бульваре", "б-р", "проезд", "аллея",
];
const ENGLISH: &[&str] = &[
    "street",
    "st",
    "avenue",
    "ave",
    "road",
    "rd",
    "lane",
    "ln",
    "drive",
    "boulevard",
    "blvd",
    "court",
    "square",
    "way",
    "place",
    "terrace",
    "parkway",
    "pkwy",
    "highway",
    "hwy",
    "crescent",
    "close",
    "gardens",
    "grove",
    "row",
    "mews",
    "circle",
    "trail",
    "pike",
    "loop",
    "alley",
    "corner",
    "corners",
    "junction",
    "ridge",
    "spur",
    "track",
    "walk",
    "plaza",
    "heights",
    "crossing",
    "bypass",
    "expressway",
    "freeway",
    "causeway",
    "turnpike",
    "underpass",
    "overpass",
    "estates",
    "manor",
    "meadow",
    "meadows",
    "hollow",
    "knoll",
    "knolls",
];
/// What one word for a street ends in: German and Dutch.
const ENDINGS: &[&str] = &[
    "straße",
    "strasse",
    "str",
    "weg",
    "platz",
    "allee",
    "gasse",
    "ring",
    "ufer",
    "damm",
    "straat",
    "laan",
    "plein",
    "gracht",
    "kade",
    "dreef",
    "steeg",
    "singel",
    "hof",
    "pad",
    "baan",
    "boulevard",
];
const FRENCH: &[&str] =
    &["rue", "avenue", "boulevard", "bd", "place", "chemin", "impasse", "quai", "allée", "allee", "route", "cours"];
/// Between the name and the number.
const HOUSE: &[&str] = &[
    "д",
    "дом",
    "дома",
    "доме",
    "no",
    "nr",
    "n",
    "number",
    "№",
    "num",
    "numero",
    "número",
    "hausnummer",
    "вл",
    "владение",
    "стр",
    "уч",
];
const PARTICLES: &[&str] =
    &["de", "la", "le", "les", "du", "des", "del", "della", "dei", "di", "d", "l", "van", "der", "den", "y"];

/// Where the street at the end of a text starts.
pub(super) fn street(text: &str) -> Option<usize> {
    if !text.chars().any(char::is_uppercase) {
        return None;
    }
    let mut words = words(text);
    if words.last().is_some_and(|(_, word)| HOUSE.contains(&word.to_lowercase().as_str())) {
        words.pop();
    }
    let (_, last) = words.last()?;
    let lower = last.to_lowercase();
    let ending =
        |word: &str| ENDINGS.iter().any(|end| word.strip_suffix(end).is_some_and(|stem| stem.chars().count() > 2));
    // `Hauptstraße 5`, `Невский проспект, 45`.
    if ending(&lower) && begins(last) {
        return words.last().map(|(at, _)| *at);
    }
    if BEHIND.contains(&lower.as_str()) || lower == "straße" || lower == "str" {
        let names = words[..words.len() - 1].iter().rev().take(2).take_while(|(_, word)| begins(word));
        return names.last().map(|(at, _)| *at);
    }
    // `ул. Ленина, д. 5`: the word for a street stands a few words before, a name follows it.
    let names = words.iter().rev().take(WORDS_MAX).take_while(|(_, word)| begins(word) || is_small(word)).count();
    let from = words.len() - names;
    let kinds = (from.saturating_sub(1)..words.len() - 1).rev();
    let is_kind = |at: &usize| BEFORE.contains(&words[*at].1.to_lowercase().as_str());
    // `via TCP 8080`, `via Port 80` in English: a name of capitals alone is none.
    let is_name = |word: &str| begins_name(word) && !is_shouted(word) && word != "Port";
    let at = kinds.into_iter().find(|at| is_kind(at) && is_name(words[at + 1].1))?;
    Some(words[at].0)
}

/// How far a street that follows a number goes.
pub(super) fn leads(text: &str) -> Option<usize> {
    let rest = text.strip_prefix(' ').or_else(|| text.strip_prefix(", "))?;
    let first = rest.chars().next().filter(|char| is_letter(*char))?;
    let lower = matches!(first, 'r' | 'a' | 'b' | 'p' | 'c' | 'i' | 'q');
    if !(first.is_uppercase() || lower) {
        return None;
    }
    let words = words(rest);
    let skipped = text.len() - rest.len();
    let end = |index: usize| skipped + words[index].0 + words[index].1.len();
    if FRENCH.contains(&words.first()?.1.to_lowercase().as_str()) {
        let name = |(_, word): &&(usize, &str)| begins(word) || PARTICLES.contains(&word.to_lowercase().as_str());
        let count = words[1..].iter().take(WORDS_MAX).take_while(name).count();
        let last = (1..=count).rev().find(|index| begins(words[*index].1))?;
        return Some(end(last));
    }
    if !first.is_uppercase() {
        return None;
    }
    let names = words.iter().take(WORDS_MAX).take_while(|(_, word)| begins(word)).count();
    let last = (1..names).find(|index| ENGLISH.contains(&words[*index].1.to_lowercase().as_str()))?;
    Some(end(last))
}

/// Parts of a house.
#[rustfmt::skip]
const PARTS: &[&str] = &[ "к", "корп", "корпус", "стр", "строение", "кв", "квартира", "оф", "офис", "под", "подъезд", "apt", "suite", "flat", "unit", "apartment", "лит", "литера", "этаж", "пом", "ком", "piso", "piano", "puerta", "interno", "appartamento", "m", "lok", "д", "дом",
];

/// Where an address ends that goes on behind its number: a letter, a building, a flat.
pub(super) fn behind(text: &str, end: usize) -> usize {
    let mut end = end;
    // `5а`, `5/2`, `12-14`
    let sticks = |char: char| is_alphanumeric(char) || matches!(char, '/' | '-');
    let tail: usize = text[end..].chars().take(6).take_while(|char| sticks(*char)).map(char::len_utf8).sum();
    if !text[..end].ends_with(char::is_alphabetic) {
        end += text[end..end + tail].trim_end_matches(['-', '/']).len();
    }
    for _ in 0..4 {
        let rest = &text[end..];
        let led = rest.trim_start_matches([' ', ',', '\u{a0}']);
        let word: usize = led.chars().take(12).take_while(|char| is_letter(*char)).map(char::len_utf8).sum();
        let number = led[word..].trim_start_matches(['.', ' ', '\u{a0}', '№']);
        let digits: usize = number.chars().take(6).take_while(|char| sticks(*char)).map(char::len_utf8).sum();
        if !PARTS.contains(&led[..word].to_lowercase().as_str())
            || !number.starts_with(|char: char| char.is_ascii_digit())
        {
            break;
        }
        end = text.len() - number.len() + digits;
    }
    end
}

/// Whether a text is a town, as Russian addresses write one.
pub(super) fn is_town(text: &str) -> bool {
    let short = text.chars().count() <= 40 && !text.contains(|char: char| char.is_ascii_digit());
    short && (begins_town(text) || (text.split(' ').count() <= 2 && text.split(' ').all(begins)))
}

pub(super) fn begins_town(text: &str) -> bool {
    const TOWNS: &[&str] = &[
        "г.",
        "г ",
        "гор.",
        "город ",
        "пос.",
        "п. ",
        "с. ",
        "село ",
        "дер.",
        "деревня ",
        "ст. ",
        "клх ",
        "к. ",
        "д. ",
        "Москва",
        "Санкт-Петербург",
        "Россия",
        "РФ",
    ];
    TOWNS.iter().any(|town| text.starts_with(town))
}

/// The words of a text, with their places.
fn words(text: &str) -> Vec<(usize, &str)> {
    let is_inner = |char: char| is_alphanumeric(char) || char == '-';
    let mut words = Vec::new();
    let mut start = None;
    for (at, char) in text.char_indices().chain([(text.len(), ' ')]) {
        match (is_inner(char), start) {
            (true, None) => start = Some(at),
            (false, Some(from)) => {
                words.push((from, &text[from..at]));
                start = None;
            }
            _ => {}
        }
    }
    words
}

/// Whether a word begins with a capital.
fn begins(word: &str) -> bool {
    word.starts_with(char::is_uppercase)
}

/// A name, or `1-я` and `8 Марта`.
fn begins_name(word: &str) -> bool {
    word.starts_with(|char: char| char.is_uppercase() || char.is_ascii_digit()) || PARTICLES.contains(&word)
}

fn is_shouted(word: &str) -> bool {
    word.len() > 1 && word.is_ascii() && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

fn is_small(word: &str) -> bool {
    word.starts_with(|char: char| char.is_ascii_digit()) || PARTICLES.contains(&word.to_lowercase().as_str())
}
