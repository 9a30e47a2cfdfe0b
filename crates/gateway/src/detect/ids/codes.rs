//! Numbers with letters in them: their form is rarer, so most need no word beside them.

use super::{Cut, checks};
use crate::detect::Kind;

const DNI: &[&str] = &["dni", "nif", "nie", "documento", "identidad", "identity", "id", "удостоверени*"];
const CIF: &[&str] = &["cif", "nif", "vat", "iva"];
const DOCUMENT: &[&str] = &[
    "personalausweis*",
    "ausweis*",
    "reisepass*",
    "passport*",
    "pass",
    "passnummer*",
    "identity",
    "id",
    "паспорт*",
    "удостоверени*",
];

/// What a cut of letters and digits is.
pub(super) fn kind(cut: &Cut<'_>, digits: usize) -> Option<Kind> {
    // A code that goes on in lower case after capitals, or the reverse, is a word with a number.
    if digits < 2 || is_mixed(cut) {
        return None;
    }
    vat(cut).or_else(|| match cut.said.len() {
        9 => spanish(cut, digits).or_else(|| serial(cut, digits)),
        10 => document(cut, digits),
        15 => (digits == 14 && checks::nir(cut.said)).then_some(Kind::NationalId),
        16 => (is_code(cut) && checks::codice_fiscale(cut.said)).then_some(Kind::TaxId),
        _ => None,
    })
}

/// In one piece, or as cards print it.
fn is_code(cut: &Cut<'_>) -> bool {
    cut.groups.len() == 1 || matches!(cut.form(), 0x3355 | 0x664)
}

fn is_mixed(cut: &Cut<'_>) -> bool {
    let mut letters = cut.text[cut.range()].bytes().filter(u8::is_ascii_alphabetic);
    let Some(first) = letters.next() else { return false };
    letters.any(|letter| letter.is_ascii_uppercase() != first.is_ascii_uppercase())
}

/// A number for value added tax, with its country before it.
fn vat(cut: &Cut<'_>) -> Option<Kind> {
    let (country, number) = cut.said.split_at_checked(2)?;
    let digits = |range: &[u8]| range.iter().all(u8::is_ascii_digit);
    let fits = match (country, number.len()) {
        (b"DE", 9) => digits(number) && number[0] != b'0' && checks::mod_11_10(number),
        (b"FR", 11) => checks::siren_with_key(number),
        (b"IT", 11) => digits(number) && checks::luhn(number),
        (b"PL", 10) => digits(number) && checks::nip(number),
        (b"ES", 9) => digits(&number[1..8]) && checks::nif(number),
        (b"NL", 12) => number[9] == b'B' && digits(&number[..9]) && digits(&number[10..]) && checks::btw(cut.said),
        _ => false,
    };
    fits.then_some(Kind::Vat)
}

/// A Spanish number: a foreigner's letters are rare enough, a citizen's one letter wants a dash, dots or a word.
fn spanish(cut: &Cut<'_>, digits: usize) -> Option<Kind> {
    let middle = cut.said[1..8].iter().all(u8::is_ascii_digit);
    if !middle || !checks::nif(cut.said) {
        return None;
    }
    match (cut.said[0], digits) {
        (b'0'..=b'9', 8) => {
            let apart = matches!(cut.form(), 0x81 | 0x2331);
            (apart || cut.is_called(DNI)).then_some(Kind::NationalId)
        }
        (b'X'..=b'Z', 7) => Some(Kind::NationalId),
        (b'A'..=b'W', _) => cut.is_called(CIF).then_some(Kind::TaxId),
        _ => None,
    }
}

/// The letters of German documents: no vowels, nothing that looks like another.
fn is_serial(said: &[u8]) -> bool {
    said[0].is_ascii_uppercase() && said.iter().all(|char| char.is_ascii_digit() || b"CFGHJKLMNPRTVWXYZ".contains(char))
}

/// A document's number with its check digit.
fn document(cut: &Cut<'_>, digits: usize) -> Option<Kind> {
    let fits = digits >= 4 && is_serial(&cut.said[..9]) && checks::document(cut.said);
    (fits && cut.is_called(DOCUMENT)).then_some(Kind::Passport)
}

/// The same without: only a word tells.
fn serial(cut: &Cut<'_>, digits: usize) -> Option<Kind> {
    (digits >= 4 && cut.groups.len() == 1 && is_serial(cut.said) && cut.is_called(DOCUMENT)).then_some(Kind::Passport)
}
