use bytes::Bytes;
use http::Request;
use jiff::tz::TimeZone;
use realm::load::Lang;

use crate::ask::Ask;
use crate::table::{Cell, Column, Table};
use crate::text::Words;

fn ask(query: &str) -> Ask {
    let request = Request::get(format!("/console/things?{query}")).body(Bytes::new()).unwrap();
    Ask::read("192.0.2.1".parse().unwrap(), request)
}

fn words() -> Words {
    Words { lang: Lang::En, zone: TimeZone::UTC, currency: "EUR".into() }
}

/// Rows 0 to 119, each with its name and its number.
fn table() -> Table {
    let column =
        |key: &'static str, number| Column { key: key.into(), head: key.to_uppercase(), number, ..Column::default() };
    let row = |n: u64| vec![Cell::text(format!("name {}", n % 7)), Cell::of(n.to_string(), n), Cell::text("press")];
    Table {
        name: "things",
        columns: vec![column("name", false), column("n", true), column("action", false)],
        rows: (0..120).map(row).collect(),
        ..Table::default()
    }
}

fn shown(table: &Table, column: usize) -> Vec<&str> {
    table.rows.iter().map(|row| row[column].text.as_str()).collect()
}

#[test]
fn it_is_sorted_and_paged_as_the_address_says() {
    let made = table().arranged(&ask("sort=-n&page=3"), &words(), false);
    assert_eq!(
        shown(&made, 1),
        ["19", "18", "17", "16", "15", "14", "13", "12", "11", "10"]
            .into_iter()
            .chain(["9", "8", "7", "6", "5", "4", "3", "2", "1", "0"])
            .collect::<Vec<_>>()
    );
    assert_eq!((made.columns[1].sorted, made.columns[0].sorted), ("descending", "none"));
    assert_eq!(
        made.columns[0].sort.as_deref(),
        Some("/console/things?sort=name"),
        "a new order begins at its first page"
    );
    assert_eq!(made.columns[2].sort, None, "links have no order");
    assert_eq!(made.pager.unwrap().before.as_deref(), Some("/console/things?sort=-n&page=2"));
    assert_eq!(table().arranged(&ask("sort=-n&page=3"), &words(), true).rows.len(), 120, "programs get all");
}

#[test]
fn rows_that_hold_a_text_are_found_before_they_are_paged() {
    let made = table().arranged(&ask("find=NAME+3"), &words(), false);
    assert_eq!((made.rows.len(), made.pager.is_none()), (17, true));
    assert_eq!(made.tools.find, Some(("find".into(), "NAME 3".into())));
    assert_eq!(made.tools.csv, "/console/things.csv?find=NAME+3&table=things", "files hold what is seen");
}

#[test]
fn columns_are_chosen_in_the_address_and_may_be_chosen_back() {
    for query in ["cols=n,name", "cols=name&cols=n"] {
        let made = table().arranged(&ask(query), &words(), false);
        assert_eq!(made.columns.iter().map(|it| &*it.key).collect::<Vec<_>>(), ["name", "n"]);
        assert_eq!(made.rows[5].len(), 2);
        assert_eq!(made.tools.columns.iter().map(|it| it.2).collect::<Vec<_>>(), [true, true, false]);
    }
    assert_eq!(
        table().arranged(&ask("cols=none"), &words(), false).columns.len(),
        3,
        "a table without columns is none"
    );
}

#[test]
fn a_second_table_of_a_page_listens_to_its_own_parameters() {
    let query = ask("sort=n&things-sort=-n&things-cols=n&page=2");
    let made = table().ordered(&query, &words(), false);
    assert_eq!((made.columns.len(), made.rows[0][0].text.as_str()), (1, "119"));
    let next = made.pager.unwrap().next.unwrap();
    assert!(next.contains("things-page=2") && next.contains("page=2&things-sort") | next.contains("&page=2"), "{next}");
}

#[test]
fn what_grows_may_be_watched_on_its_first_page_in_its_own_order() {
    let grows = || Table { grows: true, ..table() };
    let live = |query: &str| grows().arranged(&ask(query), &words(), false).tools.live;
    assert_eq!(live("app=a"), Some(("/console/things?app=a&live=on".into(), false)));
    assert_eq!(live("live=on"), Some(("/console/things".into(), true)));
    assert_eq!((live("page=2"), live("sort=n")), (None, None));
}
