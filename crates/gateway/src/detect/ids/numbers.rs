//! Numbers of digits alone: which rule holds at which length.

use super::{Cut, checks};
use crate::detect::Kind;

/// When a number is one.
struct Rule {
    length: usize,
    kind: Kind,
    check: fn(&[u8]) -> bool,
    /// How it is written in groups, a hexadecimal digit for the size of each. In one piece it always may be.
    forms: &'static [u64],
    /// Forms that need no word beside them: where the check is strong, or nobody else writes so.
    alone: &'static [u64],
    /// Words of which one must stand nearby otherwise; those that end in a star are beginnings.
    words: &'static [&'static str],
}

/// In one piece.
const PIECE: u64 = 0;
const NIR: u64 = 0x122_2332;

/// By length; of one length, the first that fits.
#[rustfmt::skip]
const RULES: &[Rule] = &[
    Rule { length: 9, kind: Kind::NationalId, check: checks::bsn, forms: &[0x333, 0x423, 0x324], alone: &[], words: BSN },
    Rule { length: 10, kind: Kind::Inn, check: checks::inn10, forms: &[0x46, 0x226, 0x334, 0x442, 0x55], alone: &[], words: INN },
    Rule { length: 10, kind: Kind::TaxId, check: checks::nip, forms: &[0x3322, 0x3223], alone: &[], words: NIP },
    Rule { length: 11, kind: Kind::Snils, check: checks::snils, forms: &[0x3332, 0x92], alone: &[0x3332], words: SNILS },
    Rule { length: 11, kind: Kind::NationalId, check: checks::pesel, forms: &[0x65], alone: &[], words: PESEL },
    Rule { length: 11, kind: Kind::TaxId, check: checks::steuer, forms: &[0x2333], alone: &[], words: STEUER },
    Rule { length: 11, kind: Kind::TaxId, check: checks::luhn, forms: &[0x3332], alone: &[], words: PARTITA },
    Rule { length: 12, kind: Kind::Inn, check: checks::inn12, forms: &[0x444, 0x3333, 0x462, 0x66], alone: &[PIECE], words: INN },
    Rule { length: 13, kind: Kind::Ogrn, check: checks::ogrn, forms: &[0x12_2251, 0x3334], alone: &[], words: OGRN },
    Rule { length: 15, kind: Kind::Ogrn, check: checks::ogrnip, forms: &[0x555, 0x3_3333], alone: &[], words: OGRN },
    Rule { length: 15, kind: Kind::NationalId, check: checks::nir, forms: &[NIR, 0xd2], alone: &[PIECE, NIR, 0xd2], words: NIR_WORDS },
    Rule { length: 16, kind: Kind::Oms, check: checks::luhn, forms: &[0x4444], alone: &[], words: OMS },
];

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
    let form = cut.form();
    let of_form =
        RULES.iter().filter(|rule| rule.length == cut.said.len() && (form == PIECE || rule.forms.contains(&form)));
    let fits = |rule: &&Rule| {
        (rule.check)(cut.said)
            && (rule.alone.contains(&form) && !is_time(cut.said) && !is_path(cut) || cut.is_called(rule.words))
    };
    of_form.into_iter().find(fits).map(|rule| rule.kind)
}

/// `/items/500100732259`: a part of a path is a program's.
fn is_path(cut: &Cut<'_>) -> bool {
    cut.text[..cut.range().start].ends_with('/')
}

/// Year, month, day, hour and minute in one piece: what programs write, not what people have.
fn is_time(digits: &[u8]) -> bool {
    let [b'1' | b'2', b'9' | b'0', _, _, month @ .., _, _, _, _, _, _] = digits else { return false };
    digits.len() == 12 && matches!(month, [b'0', b'1'..=b'9'] | [b'1', b'0'..=b'2'])
}
