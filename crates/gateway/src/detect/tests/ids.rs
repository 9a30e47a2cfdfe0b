use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, proptest};

use super::check;
use crate::detect::{Detectors, Ids, Kind};

#[test]
fn numbers_of_russia() {
    check(
        &Ids,
        &[
            "ИНН [7707083893], КПП 773601001",
            "ИНН/КПП [7707083893]/773601001",
            "инн организации: [7830002293]; клиента [500100732259]",
            "без слова [500100732259] и 7707083893",
            "[7707083893] (ИНН)",
            "INN: [7707083893]",
            "inn_[7707083893]",
            "ИНН 7707083894, 500100732258 wrong check",
            "СНИЛС [112-233-445 95], [11223344595], [112 233 445 95]",
            "[112-233-445 95] 11223344595 112-233-445 96",
            "паспорт [4508 123456], выдан",
            "Паспорт: серия [45 08 № 123456] выдан 01.02.2010",
            "серия [4508 номер 123456]",
            "passport [4508123456] [71 1234567]",
            "заказ 4508 123456 от 12.12.2020",
            "полис ОМС [7700000000000008], полис 7700000000000009",
            "7700000000000008 без слова",
            "ОГРН [1027700132195], ОГРНИП [304500116000157]",
            "1027700132195 304500116000157 1700000000000",
            "202601011200 100000000000 номер 123456789012",
        ],
    );
}

#[test]
fn numbers_of_the_union() {
    check(
        &Ids,
        &[
            "USt-IdNr. [DE136695976], [DE 136 695 976], DE136695975",
            "TVA [FR40303265045] [FR 40 303 265 045] FR41303265045",
            "P.IVA [IT00743110157], Partita IVA [00743110157], IT00743110158",
            "il numero 00743110157",
            "[ESB58378431], [ES 54362315K], CIF [B58378431], B58378432",
            "model B58378431",
            "[PL8567346215] [PL 856-734-62-15] NIP [856-734-62-15]",
            "numer 8567346215",
            "[NL004495445B01] [NL 0044.95.445.B01] NL004495446B01",
            "Steuer-ID [86095742719], [86 095 742 719]; Steuer-ID 86095742710",
            "die Nummer lautet 86095742719",
            "NIR [255081416802538], [2 55 08 14 168 025 38], 255081416802539",
            "il codice [RSSMRA85T10A562S] e [rss mra 85t10 a562s], RSSMRA85T10A562T",
            "codice [RSSMRA 85T10A 562S], [rssmra-85t10a-562s], RSSMRA 85T10A 562T, CARTAA 85 10 562",
            "DNI [12345678Z], [12.345.678-Z], [12345678-Z]; DNI 12345678A",
            "code 12345678Z, NIE [X1234567L] [x-1234567-l] X1234567A",
            "PESEL [44051401359], PESEL 44051401358",
            "number 44051401359",
            "BSN [111222333], burgerservicenummer [1112.22.333], BSN 111222334",
            "een getal 111222333",
            "111222333 stuks, 111 222 333 euro",
            "Personalausweis [T220001293], Ausweisnummer [L01X00T47], Ausweis T220001294",
            "part T220001293, order L01X00T47, SKU X1234567",
        ],
    );
}

#[test]
fn kinds_have_their_tokens() {
    let text = "ИНН 7707083893, СНИЛС 112-233-445 95, полис ОМС 7700000000000008, ОГРН 1027700132195, DE136695976";
    let found: Vec<_> = Detectors::standard().find(text).into_iter().map(|span| span.kind).collect();
    assert_eq!(found, [Kind::Inn, Kind::Snils, Kind::Oms, Kind::Ogrn, Kind::Vat]);
}

/// One digit is put right so that the check holds: a search, not the code under test's way.
fn completed(kind: &str, digits: &str) -> Option<String> {
    let (word, least) = match kind {
        "inn" => ("ИНН ", 10),
        "inn12" => ("ИНН ", 12),
        "snils" => ("СНИЛС ", 11),
        "pesel" => ("PESEL ", 11),
        "bsn" => ("BSN ", 9),
        _ => ("ОГРН ", 13),
    };
    let body = &digits[..least];
    let tail = if matches!(kind, "inn12" | "snils") { 2 } else { 1 };
    let found = |number: &str| !super::found(&Ids, &format!("{word}{number}")).is_empty();
    let numbers = (0..10_u32.pow(tail))
        .map(|end| format!("{}{end:0width$}", &body[..least - tail as usize], width = tail as usize));
    numbers.into_iter().find(|number| found(number)).map(|number| format!("{word}{number}"))
}

fn number() -> impl Strategy<Value = (usize, String)> {
    (0..6_usize, "[1-9][1-9]0[1-9]1[0-9]{8}")
}

proptest! {
    #[test]
    fn of_all_ends_of_a_number_few_are_right((which, digits) in number()) {
        let kind = ["inn", "inn12", "snils", "pesel", "bsn", "ogrn"][which];
        let digits = if kind == "ogrn" { format!("1{}", &digits[1..]) } else { digits };
        let Some(text) = completed(kind, &digits) else {
            // Eleven rests on ten digits: some numbers have no end.
            prop_assert!(matches!(kind, "bsn" | "snils" | "ogrn"), "{} {}", kind, digits);
            return Ok(());
        };
        let (body, last) = text.split_at(text.len() - 1);
        let last: u32 = last.parse().unwrap();
        let others = (0..10).filter(|digit| *digit != last);
        let wrong: Vec<_> = others.filter(|digit| !super::found(&Ids, &format!("{body}{digit}")).is_empty()).collect();
        prop_assert_eq!(wrong, Vec::<u32>::new());
    }
}

/// Digits cut into groups of these sizes.
fn grouped(digits: &str, sizes: &[usize], separator: &str) -> String {
    let mut from = 0;
    let mut group = |size: &usize| {
        from += size;
        &digits[from - size..from]
    };
    sizes.iter().map(&mut group).collect::<Vec<_>>().join(separator)
}

proptest! {
    #[test]
    fn numbers_are_found_in_every_listed_spelling(draw in "[1-9][1-9]0[1-9]1[0-9]{8}", which in 0..5_usize, form in 0..3_usize, separator in "[ \u{a0}-]", tail in "(\\.|, выдан|\\))?") {
        let (kind, forms): (&str, [&[usize]; 3]) = [
            ("inn", [&[10], &[4, 6], &[3, 3, 4]] as [&[usize]; 3]),
            ("inn12", [&[12], &[4, 4, 4], &[3, 3, 3, 3]]),
            ("snils", [&[11], &[3, 3, 3, 2], &[9, 2]]),
            ("pesel", [&[11], &[6, 5], &[11]]),
            ("bsn", [&[9], &[3, 3, 3], &[4, 2, 3]]),
        ][which];
        if let Some(said) = completed(kind, &draw) {
            let (word, digits) = said.split_once(' ').unwrap();
            let spelt = grouped(digits, forms[form], &separator);
            prop_assert_eq!(super::found(&Ids, &format!("{word}: {spelt}{tail}")), vec![spelt]);
        }
    }

    #[test]
    fn a_number_with_one_wrong_digit_is_not_found(at in 0..10_usize, add in 1..10_u8, which in 0..6_usize) {
        // Checks that tell every single wrong digit.
        let valid = ["СНИЛС 11223344595", "Steuer-ID 86095742719", "PESEL 44051401359", "BSN 111222333", "NIR 255081416802538", "ИНН 500100732259"][which];
        let mut bytes = valid.as_bytes().to_vec();
        let place = bytes.len() - 1 - at % 9;
        bytes[place] = b'0' + (bytes[place] - b'0' + add) % 10;
        let text = String::from_utf8(bytes).unwrap();
        prop_assert_eq!(super::found(&Ids, &text), Vec::<String>::new(), "{}", text);
    }
}
