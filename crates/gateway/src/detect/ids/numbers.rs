//! Numbers of digits alone: which rule holds at which length.

use super::{Cut, checks};
use crate::detect::Kind;

/// When a number is one.
struct Rule {
    length: usize,
    kind: Kind,
    check: fn(&[u8]) -> bool,
    /// Forms that need no word beside them, as sizes of groups: where the check is strong, or nobody else writes so.
    alone: &'static [&'static [usize]],
    /// Words of which one must stand nearby otherwise; those that end in a star are beginnings.
    words: &'static [&'static str],
}

/// By length; of one length, the first that fits.
const RULES: &[Rule] = &[
    Rule { length: 9, kind: Kind::NationalId, check: checks::bsn, alone: &[], words: BSN },
    Rule { length: 10, kind: Kind::Inn, check: checks::inn10, alone: &[], words: INN },
    Rule { length: 10, kind: Kind::TaxId, check: checks::nip, alone: &[], words: NIP },
    Rule { length: 11, kind: Kind::Snils, check: checks::snils, alone: &[&[3, 3, 3, 2]], words: SNILS },
    Rule { length: 11, kind: Kind::NationalId, check: checks::pesel, alone: &[], words: PESEL },
    Rule { length: 11, kind: Kind::TaxId, check: checks::steuer, alone: &[], words: STEUER },
    Rule { length: 11, kind: Kind::TaxId, check: checks::luhn, alone: &[], words: PARTITA },
    Rule { length: 12, kind: Kind::Inn, check: checks::inn12, alone: &[&[12]], words: INN },
    Rule { length: 13, kind: Kind::Ogrn, check: checks::ogrn, alone: &[], words: OGRN },
    Rule { length: 15, kind: Kind::Ogrn, check: checks::ogrnip, alone: &[], words: OGRN },
    Rule { length: 15, kind: Kind::NationalId, check: checks::nir, alone: &[&[15], NIR], words: NIR_WORDS },
    Rule { length: 16, kind: Kind::Oms, check: checks::luhn, alone: &[], words: OMS },
];

const NIR: &[usize] = &[1, 2, 2, 2, 3, 3, 2];
const INN: &[&str] = &["инн", "inn", "tin", "налогоплательщик*", "taxpayer*"];
const SNILS: &[&str] = &["снилс", "snils", "страхов*", "пенсионн*", "pension*", "insurance"];
const OGRN: &[&str] = &["огрн", "огрнип", "ogrn", "ogrnip", "егрюл", "егрип", "psrn*"];
const OMS: &[&str] = &["омс", "oms", "полис*", "policy", "енп", "enp", "медстрах*", "медицинск*"];
const BSN: &[&str] = &["bsn", "burgerservicenummer*", "sofinummer*", "sofi", "citizen"];
const PESEL: &[&str] = &["pesel*", "песель", "ewidencyjn*"];
const NIP: &[&str] = &["nip", "vat", "podatkow*"];
const PARTITA: &[&str] = &["iva", "piva", "partita", "vat"];
const NIR_WORDS: &[&str] = &["nir", "insee", "sécu*", "secu*", "social*", "insurance"];
const STEUER: &[&str] = &["steuer*", "idnr", "tin", "tax", "identifikationsnummer*", "steuerid*", "идентификационн*"];

/// What a cut of digits is.
pub(super) fn kind(cut: &Cut<'_>) -> Option<Kind> {
    let of_length = RULES.iter().filter(|rule| rule.length == cut.said.len());
    let fits = |rule: &&Rule| {
        (rule.check)(cut.said)
            && (rule.alone.iter().any(|sizes| cut.is_in(sizes)) && !is_time(cut.said) || cut.is_called(rule.words))
    };
    of_length.into_iter().find(fits).map(|rule| rule.kind)
}

/// Year, month, day, hour and minute in one piece: what programs write, not what people have.
fn is_time(digits: &[u8]) -> bool {
    let [b'1' | b'2', b'9' | b'0', _, _, month @ .., _, _, _, _, _, _] = digits else { return false };
    digits.len() == 12 && matches!(month, [b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2'])
}
