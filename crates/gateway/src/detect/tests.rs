use proptest::prelude::{Strategy, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{Card, Detector, Detectors, Email, Iban, Kind, Phone};

mod evasions;
mod harmless;
mod ids;
mod keys;
mod people;
mod rows;
mod spellings;

fn found(detector: &dyn Detector, text: &str) -> Vec<String> {
    let mut out = Vec::new();
    detector.find(text, &mut out);
    out.into_iter().map(|span| text[span.range].to_owned()).collect()
}

/// Each text holds, between `[` and `]`, what must be found, and nothing else that may be.
fn check(detector: &dyn Detector, marked: &[&str]) {
    let wrong = marked.iter().filter_map(|marked| {
        let text = marked.replace(['[', ']'], "");
        let wanted: Vec<&str> = marked.split('[').skip(1).map(|part| part.split(']').next().unwrap()).collect();
        let found = found(detector, &text);
        (found != wanted).then(|| format!("{text}\n  found {found:?}\n wanted {wanted:?}"))
    });
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn e_mails() {
    check(
        &Email,
        &[
            "write to [ivan.petrov+spam@example.com].",
            "Пишите на [ivan@example.ru], Иван",
            "почта:[ivan_petrov@mail.example.ru]; тел. нет",
            "Адрес [иван@пример.рф].Затем другой",
            "a [x@xn--e1afmkfd.xn--p1ai] b",
            "<[a@b.co]>,([c@d.org])",
            "mailto:[o'neil@example.ie]?subject=x",
            "**[bold@example.com]**",
            "\"mail\":\"[q@example.com]\"",
            "pasted \\n[ivan@example.com]\\n",
            "[ivan@example.com]позвоните",
            "name@[a@b.com]",
            "an [ivan@münchen.de] und [jörg.müller@straße.example] und [zoë@example.museum]",
            "送信先は [taro@例え.jp] です、[a@abc日本.jp]",
            "[name@उदाहरण.परीक्षा]",
            "root@localhost, user@192.168.1.1, a@b, @example.com, x@.com, a@-b.com, price 5 @ 3.50",
            "@@@@ a@@b.com",
        ],
    );
}

#[test]
fn ibans() {
    check(
        &Iban,
        &[
            "IBAN [DE89370400440532013000].",
            "счёт [DE89 3704 0044 0532 0130 00] в банке",
            "[de89-3704-0044-0532-0130-00]",
            "[GB29 NWBK 6016 1331 9268 19] and [FR14 2004 1010 0505 0001 3M02 606]",
            "iban[NL91ABNA0417164300]",
            "перевод на[NO9386011117947]!",
            "nbsp [DE89\u{a0}3704\u{a0}0044\u{a0}0532\u{a0}0130\u{a0}00].",
            "pasted \\n[DE89370400440532013000]\\n",
            "[RU0304452522540817810538091310419] [BY13NBRB3600900000002Z00AB00] [KZ86125KZT5004100100]",
            "[MT84MALT011000012345MTLCAST001S], [SC18SSCB11010000000000001497USD]",
            "DE89370400440532013001 wrong check",
            "DE8937040044053201300 short, DE893704004405320130001 long",
            "XX89370400440532013000 nowhere",
            "XDE89370400440532013000 inside a word",
            "[DE89  3704  0044  0532  0130  00] [DE89.3704.0044.0532.0130.00] [DE89 - 3704 - 0044 - 0532 - 0130 - 00]",
            "over a line end: [DE89 3704 0044\n0532 0130 00], tabs: [DE89\t3704\t0044\t0532\t0130\t00]",
            "letter by letter: [D E 8 9 3 7 0 4 0 0 4 4 0 5 3 2 0 1 3 0 0 0]",
            "DE89    3704 0044 0532 0130 00 four spaces, DE89, 3704, 0044, 0532, 0130, 00 a list",
            "D E and at 10 in the morning, be 12, no 1 2 3, de 89 percent of 3704 people",
            "at 10 people were in the room and no 12 left",
        ],
    );
}

#[test]
fn cards() {
    check(
        &Card,
        &[
            "card [4111111111111111], exp 12/29",
            "карта [4111 1111 1111 1111] 12 2026",
            "[5500-0000-0000-0004] [3400 000000 00009]",
            "мир [2200 0000 0000 0053].",
            "[6011000000000004], [3530111333300000], [30000000000004]",
            "nbsp [4111\u{a0}1111\u{a0}1111\u{a0}1111]",
            "pasted \\n[4111111111111111]\\n",
            "4111111111111112 wrong check, 9111111111111111 no issuer",
            "14111111111111111 or 41111111111111110000000 longer runs",
            "0.4111111111111111 4111111111111111.5 x4111111111111111 4111111111111111y",
            "[4111.1111.1111.1111] [4111\t1111\t1111\t1111] [4111 - 1111 - 1111 - 1111] [4111  1111  1111  1111]",
            "[3400.000000.00009] [4111\u{2011}1111\u{2011}1111\u{2011}1111] [4111\u{b7}1111\u{b7}1111\u{b7}1111]",
            "OID 4.11.1111.111.11.11.11.1, 4111.11111.1111111 an odd row, 5.188.206.130 4.111.111.111.111.111 much",
            "4111    1111 1111 1111 four spaces, 4111, 1111, 1111, 1111 a list, 4111\n1111\n1111\n1111 lines",
            "4606453849508 a barcode, 1700000000000 a time",
        ],
    );
}

#[test]
fn phones() {
    check(
        &Phone,
        &[
            "звоните [+7 916 123-45-67], Анна",
            "[+7(495)123-45-67] и [8 (495) 123-45-67] и [8-916-123-45-67] и [89161234567]",
            "кв. 2 [8 (916) 123 45 67] вход",
            "[79161234567] [+79161234567]",
            "тел. [123-45-67], моб.: [9161234567]",
            "Москва [(495) 123-45-67] ([89161234567])",
            "[+375 29 123-45-67] [+49 30 901820] [+49 (0)30 901820] oder [0049 30 901820] oder [0049 (0)30 901820]",
            "call [212-555-0123] or [(212) 555-0123] or [+1 212 555 0123] or [1-212-555-0123]",
            "appelez [06 12 34 56 78] ou [06.12.34.56.78] ou [+33 6 12 34 56 78]",
            "[+7.916.123.45.67] [+7\t916\t123\t45\t67] [+49\u{2011}30\u{2011}901820], [8\u{2012}916\u{2012}123\u{2012}45\u{2012}67]",
            "UK [020 7946 0958], DE [0171/1234567]",
            "Tel: [612 345 678]",
            "+999 123 456 789, +7 916 123-45-6, +7 916 123-45-678",
            "2024-02-01 01.02.2024 12:30 192.168.100.200 order 123456789012",
            "8 916 123-45-67-890 and 1 000 000 000 and 3.14159265358979",
            "ИНН 7707083893, СНИЛС 112-233-445 95, hotel 123456",
        ],
    );
}

#[test]
fn overlaps_go_to_the_longer_and_spans_stay_on_characters() {
    let text = "Иван: DE89 3704 0044 0532 0130 00, 4111 1111 1111 1111, ivan@example.com, тел. +7 916 123-45-67 — ок";
    let found: Vec<_> =
        Detectors::standard().find(text).into_iter().map(|span| (span.kind, &text[span.range])).collect();
    let wanted = [
        (Kind::Iban, "DE89 3704 0044 0532 0130 00"),
        (Kind::Card, "4111 1111 1111 1111"),
        (Kind::Email, "ivan@example.com"),
        (Kind::Phone, "+7 916 123-45-67"),
    ];
    assert_eq!(found, wanted);
    assert_eq!(Detectors::standard().find("a 89161234567@example.com b").len(), 1);
}

#[test]
fn a_find_that_another_covers_in_part_is_hidden_with_it() {
    // The telephone's last two digits and the card make a valid number of eighteen.
    let text = "т 8 (495) 123-45-67 4111 1111 1111 1111 ";
    let found: Vec<_> = Detectors::standard().find(text).into_iter().map(|span| &text[span.range]).collect();
    assert_eq!(found, ["8 (495) 123-45-67 4111 1111 1111 1111"]);
}

fn luhn_digit(body: &str) -> u32 {
    (0..10).find(|digit| super::card::luhn(format!("{body}{digit}").as_bytes())).unwrap()
}

fn card() -> impl Strategy<Value = String> {
    let body = prop_oneof!["4[0-9]{14}", "5[1-5][0-9]{13}", "220[0-4][0-9]{11}", "3[47][0-9]{12}", "62[0-9]{13}"];
    body.prop_map(|body| format!("{body}{}", luhn_digit(&body)))
}

/// An account number of any country in the registry, with the check digits worked out by the rule of ISO
/// 13616 on decimal strings rather than by the code under test.
fn iban() -> impl Strategy<Value = String> {
    let countries = super::iban::registry::COUNTRIES;
    let parts = (0..countries.len(), proptest::collection::vec(0..36_u8, 30));
    parts.prop_map(move |(country, draws)| {
        let (code, structure) = countries[country];
        let code = String::from_utf8(code.to_vec()).unwrap();
        let account: String = structure
            .chars()
            .zip(draws)
            .map(|(wanted, draw)| match wanted {
                'n' => char::from(b'0' + draw % 10),
                'a' => char::from(b'A' + draw % 26),
                _ => char::from_digit(draw.into(), 36).unwrap().to_ascii_uppercase(),
            })
            .collect();
        let decimal: String =
            format!("{account}{code}00").chars().map(|char| char.to_digit(36).unwrap().to_string()).collect();
        let rest = decimal.bytes().fold(0_u64, |sum, digit| (sum * 10 + u64::from(digit - b'0')) % 97);
        format!("{code}{:02}{account}", 98 - rest)
    })
}

/// Groups of four, or of one size, or none, with a separator of the given kind.
fn spell(number: &str, size: usize, separator: &str, lower: bool) -> String {
    let number = if lower { number.to_lowercase() } else { number.to_owned() };
    let groups: Vec<String> =
        number.chars().collect::<Vec<_>>().chunks(size).map(|group| group.iter().collect()).collect();
    groups.join(separator)
}

fn around() -> impl Strategy<Value = (String, String)> {
    ("(счёт |Card: |\\(|\"|текст, )?", "( и далее|\\)|\"|, ok|\\.)?")
}

proptest! {
    #[test]
    fn every_valid_iban_is_found_in_every_spelling(iban in iban(), size in 2..40_usize, separator in "[ \u{a0}-]", lower: bool, (before, after) in around()) {
        let spelt = spell(&iban, size, &separator, lower);
        prop_assert_eq!(found(&Iban, &format!("{before}{spelt}{after}")), vec![spelt]);
    }

    #[test]
    fn no_iban_with_another_digit_is_found(iban in iban(), at in 2..40_usize, add in 1..10_u8) {
        let mut bytes = iban.into_bytes();
        let at = 2 + at % (bytes.len() - 2);
        if bytes[at].is_ascii_digit() {
            bytes[at] = b'0' + (bytes[at] - b'0' + add) % 10;
            let text = String::from_utf8(bytes).unwrap();
            prop_assert!(found(&Iban, &text).is_empty(), "{}", text);
        }
    }

    #[test]
    fn every_valid_card_is_found_in_every_spelling(card in card(), size in 3..20_usize, separator in "[ \u{a0}-]", (before, after) in around()) {
        let spelt = spell(&card, size, &separator, false);
        prop_assert_eq!(found(&Card, &format!("{before}{spelt}{after}")), vec![spelt]);
    }

    #[test]
    fn no_card_with_another_digit_is_found(card in card(), at in 0..19_usize, add in 1..10_u8) {
        let mut bytes = card.into_bytes();
        let at = at % bytes.len();
        bytes[at] = b'0' + (bytes[at] - b'0' + add) % 10;
        let text = String::from_utf8(bytes).unwrap();
        prop_assert!(found(&Card, &text).is_empty(), "{}", text);
    }

    #[test]
    fn russian_phones_are_found_in_every_spelling(area in "9[0-9]{2}|495|812", rest in "[0-9]{7}", prefix in "\\+7|8", form in 0..5_usize, (before, after) in around()) {
        let (a, b, c) = (&rest[..3], &rest[3..5], &rest[5..]);
        let spelt = match form {
            0 => format!("{prefix}{area}{rest}"),
            1 => format!("{prefix} {area} {a} {b} {c}"),
            2 => format!("{prefix} ({area}) {a}-{b}-{c}"),
            3 => format!("{prefix}-{area}-{a}-{b}-{c}"),
            _ => format!("{prefix}({area}){a}{b}{c}"),
        };
        let text = format!("{before}{spelt}{after}");
        prop_assert_eq!(found(&Phone, &text), vec![spelt]);
    }

    #[test]
    fn finds_are_sorted_apart_and_on_characters(text in "([0-9 +()@.a-zа-я⟨-]|DE|example\\.com|4111 1111 1111 1111){0,40}") {
        let mut end = 0;
        for span in Detectors::standard().find(&text) {
            prop_assert!(span.range.start >= end && !span.range.is_empty());
            prop_assert!(text.get(span.range.clone()).is_some());
            end = span.range.end;
        }
    }
}
