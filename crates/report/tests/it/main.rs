//! A report read back from what it is written as.

use realm::load::Lang;
use report::{Block, Cell, Chart, Column, Fact, Numbers, Place, Report, Section, Series, Shape, Span, Swing, Table};

fn table(name: &'static str, rows: Vec<Vec<Cell>>) -> Table {
    let columns = vec![Column::new("what", "What <b>".into()), Column::new("power_mw", "Power, MW".into())];
    Table { name, title: String::new(), columns, rows }
}

fn chart(name: &'static str, shape: Shape) -> Block {
    let rows = vec![vec!["=1+1".into(), Cell::Number(1234.6)], vec!["a,\"b\"".into(), Cell::Unknown]];
    Block::Chart(Chart { title: "T & t".into(), summary: "'<script>' said".into(), shape, table: table(name, rows) })
}

fn shapes() -> Vec<Shape> {
    let labels: Vec<String> = (2026..2032).map(|it| it.to_string()).collect();
    let some = |by: f64| Series::full(format!("s{by}"), (0..6).map(|it| by * f64::from(it)));
    let gap = Series { name: "gap".into(), values: vec![Some(1.0), None, Some(3.0), Some(4.0), None, Some(f64::NAN)] };
    vec![
        Shape::Lines { labels: labels.clone(), series: vec![some(1.0), gap] },
        Shape::Stacked { labels: labels.clone(), series: (0..10).map(|it| some(f64::from(it) - 2.0)).collect() },
        Shape::Fan { labels, bands: vec![(some(1.0), some(3.0))], median: some(2.0), mark: Some(7.0) },
        Shape::Tornado { swings: vec![Swing { name: "x".repeat(60), low: 1.0, high: 4.0 }], middle: 2.0 },
        Shape::Timeline {
            years: (2026, 2031),
            spans: vec![Span { name: "unit".into(), ordered: 2024, serves: 2030, ends: None, amount: "55 MW".into() }],
        },
        Shape::Map {
            places: vec![
                Place { name: "A".into(), latitude: 55.7, longitude: 37.6, size: 10.0, amount: "10 MW".into() },
                Place { name: "B".into(), latitude: 55.7, longitude: 37.6, size: 0.0, amount: "0 MW".into() },
            ],
        },
        Shape::Map { places: vec![] },
        Shape::Boundary {
            across: "adoption".into(),
            up: "saving".into(),
            points: vec![(0.1, 0.9), (0.5, 0.2)],
            here: (0.3, 0.3),
        },
        Shape::Lines { labels: vec![], series: vec![] },
        Shape::Tornado { swings: vec![], middle: f64::NAN },
    ]
}

fn sample(lang: Lang) -> Report {
    const NAMES: [&str; 10] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
    let section = Section::new("first", "One".into())
        .with(Block::Facts(vec![Fact { name: "n".into(), value: "<v>".into(), note: "why".into() }]))
        .with(Block::List(vec!["one".into()]));
    let mut sections = vec![section];
    for (shape, name) in shapes().into_iter().zip(NAMES) {
        sections.push(Section::new(name, name.into()).with(chart(name, shape)));
    }
    Report { lang, title: "R <1>".into(), lead: vec!["First & last".into()], sections }
}

#[test]
fn a_page_is_well_formed_and_holds_no_text_unescaped() {
    for lang in [Lang::En, Lang::Ru] {
        let page = sample(lang).to_html(true);
        for wrong in ["<script", "<1>", "<v>", "<b>\"", "NaN", "inf", "http"] {
            assert!(!page.contains(wrong), "{wrong} in {page}");
        }
        let xml = page.replace("<!doctype html>", "").replace("<br>", "<br/>").replace(" download", "");
        let xml = xml
            .replace("<meta charset=\"utf-8\">", "")
            .replace("<meta name=\"viewport\" content=\"width=device-width\">", "");
        balanced(&xml);
        assert_eq!(page.matches("<svg").count(), 10);
        assert_eq!(page.matches("aria-label=\"&#39;&lt;script&gt;&#39; said\"").count(), 10);
    }
}

/// Every element that is opened is closed, in order.
fn balanced(xml: &str) {
    let mut open: Vec<&str> = Vec::new();
    for part in xml.split('<').skip(1) {
        let tag = part.split('>').next().unwrap_or_default();
        let name = tag.trim_start_matches('/').split([' ', '\n']).next().unwrap_or_default();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name), "closed out of order");
        } else if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "{open:?} stay open");
}

#[test]
fn numbers_are_written_as_people_of_a_language_write_them() {
    let (en, ru) = (Numbers::of(Lang::En), Numbers::of(Lang::Ru));
    let cases = [
        (0.0, "0", "0"),
        (0.000_123_46, "0.0001235", "0,0001235"),
        (0.5, "0.5", "0,5"),
        (12.345, "12.35", "12,35"),
        (1234.6, "1,235", "1235"),
        (-1_234_567.0, "−1,234,567", "−1\u{a0}234\u{a0}567"),
        (f64::NAN, "–", "–"),
        (f64::INFINITY, "∞", "∞"),
    ];
    for (value, english, russian) in cases {
        assert_eq!((en.number(value).as_str(), ru.number(value).as_str()), (english, russian));
    }
    assert_eq!(en.percent(0.1234), "12.3\u{a0}%");
    assert_eq!(en.percent(0.000_01), "0.001\u{a0}%");
    assert_eq!(ru.percent(0.999_96), "99,996\u{a0}%");
    assert_eq!(en.percent(1.0), "100.0\u{a0}%");
}

#[test]
fn tables_keep_numbers_in_full_and_formulas_as_texts() {
    let rows = vec![
        vec!["=1+1".into(), Cell::Number(1_234.567_891)],
        vec!["a,\"b\"".into(), Cell::Unknown],
        vec!["-3".into(), Cell::Share(0.25)],
    ];
    let csv = table("t", rows).to_csv();
    assert_eq!(csv, "what,power_mw\r\n'=1+1,1234.567891\r\n\"a,\"\"b\"\"\",\r\n-3,0.25\r\n");
}

#[test]
fn the_terminal_says_what_the_page_says() {
    let text = sample(Lang::Ru).to_text();
    for said in ["R <1>", "First & last", "One", "<v>  (why)", "'<script>' said", "1235"] {
        assert!(text.contains(said), "{said} is missing in {text}");
    }
}
