use bytes::Bytes;
use http::Request;
use jiff::tz::TimeZone;
use realm::load::Lang;

use crate::ask::Ask;
use crate::block::{Block, Code, Fact, Facts, Field, Form, Page, Why};
use crate::text::Words;

/// A page of one block, as a browser gets it.
fn shown(block: Block) -> String {
    let request = Request::get("/console/things").body(Bytes::new()).unwrap();
    let ask = Ask::read("192.0.2.1".parse().unwrap(), request);
    let words = Words { lang: Lang::En, zone: TimeZone::UTC, currency: "EUR".into() };
    let page = Page { title: "Things".into(), blocks: vec![block], ..Page::default() };
    let reply = super::page(&page, &words, &ask, None, "House");
    String::from_utf8(reply.into_body().to_vec()).unwrap()
}

#[test]
fn what_came_and_what_went_is_marked_and_stays_text() {
    let text = "@@ 1 @@\n stays\n-<b>old</b>\n+new";
    let page = shown(Block::Code(Code { text: text.into(), diff: true, ..Code::default() }));
    for part in ["<ins>+new</ins>", "<del>-&#60;b&#62;old&#60;/b&#62;</del>", "<span class=\"where\">@@ 1 @@</span>"] {
        assert!(page.contains(part), "{part}: {page}");
    }
    let plain = shown(Block::Code(Code { text: text.into(), ..Code::default() }));
    assert!(!plain.contains("<ins>"));
}

#[test]
fn what_was_wrong_stands_beside_its_field_with_what_was_sent() {
    let wrong = Field {
        name: "days",
        label: "Days".into(),
        value: "\"900\"".into(),
        kind: "text",
        error: "At most 365.".into(),
        ..Field::default()
    };
    let hinted = Field { name: "who", kind: "text", hint: "As on the pass".into(), ..Field::default() };
    let page = shown(Block::Form(Form { fields: vec![wrong, hinted], ..Form::default() }));
    let field = page.split("<input id=\"i1-days\"").nth(1).and_then(|rest| rest.split('>').next()).unwrap();
    assert!(field.contains("value=\"&#34;900&#34;\"") && field.contains("aria-invalid=\"true\""), "{field}");
    assert!(field.contains("aria-describedby=\"d1-days\"") && page.contains("id=\"d1-days\">At most 365.<"));
    assert!(page.contains("<label for=\"i1-days\">Days</label>") && page.contains("id=\"d1-who\">As on the pass<"));
}

#[test]
fn a_number_tells_where_it_comes_from() {
    let why =
        Why { text: "Summed".into(), line: "freehold usage".into(), links: vec![("/console".into(), "See".into())] };
    let fact = Fact { name: "Spent".into(), value: "1".into(), why: Some(why), ..Fact::default() };
    let page = shown(Block::Facts(Facts { title: String::new(), large: true, items: vec![fact] }));
    assert!(
        page.contains("<p>Summed</p>")
            && page.contains("freehold usage</code>")
            && page.contains("href=\"/console\">See")
    );
}
