//! What the organisation keeps of prompts and answers, sealed: which there are, who asked to open which and why, and how it is done.
//! Nothing is opened here: the key is the organisation's, and a browser's server is not where it should go.

use realm::UnixMs;
use realm::world::{App, Kept as Rule};
use serde_json::json;
use store::content::{Kept, Opening};

use super::requests::tabs;
use crate::ask::encoded;
use crate::block::{Block, Code, Fact, Facts, Page};
use crate::context::{Context, Trouble};
use crate::table::{Cell, Table, columns};

/// The page, of all that is kept or of one request.
///
/// # Errors
/// The store or the database of sealed items cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let request = cx.ask.param("request").map(str::to_owned);
    let found = cx.desk.content(request.as_deref()).await?;
    let kept: Vec<(&App, Rule<'_>)> = cx.apps().filter_map(|app| Some((app, cx.world().kept(app)?))).collect();
    let items = Table {
        name: "items",
        title: cx.t("content-items"),
        empty: cx.t(if kept.is_empty() { "content-off" } else { "content-none" }),
        columns: columns(&cx.words, "request app ended #bytes state"),
        rows: found.items.iter().map(|(item, there)| row(cx, item, *there)).collect(),
        ..Table::default()
    };
    let openings = Table {
        name: "openings",
        title: cx.t("content-openings"),
        note: cx.t("content-openings-note"),
        empty: cx.t("content-openings-none"),
        columns: columns(&cx.words, "opening request reason asked-by asked approved-by opened-at state"),
        rows: found.openings.iter().map(|opening| wish(cx, opening)).collect(),
        ..Table::default()
    };
    let blocks = vec![
        Block::Facts(facts(cx, &kept)),
        Block::Table(items.arranged(cx.ask, &cx.words, cx.whole())),
        Block::Table(openings.arranged(cx.ask, &cx.words, cx.whole())),
        Block::Code(how(cx, request.as_deref(), found.openings.first())),
    ];
    let (title, lead) = (cx.t("content-title"), cx.t("content-lead"));
    Ok(Page { menu: "requests", title, lead, tabs: tabs(cx, "tab-content"), blocks })
}

fn facts(cx: &Context<'_>, kept: &[(&App, Rule<'_>)]) -> Facts {
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let of = |app: &App, rule: &Rule<'_>| {
        cx.words.say("content-app-days", &[("app", app.id.to_string()), ("days", cx.words.count(rule.days))])
    };
    let apps: Vec<String> = kept.iter().map(|(app, rule)| of(app, rule)).collect();
    let people = kept.first().map_or(&[][..], |(_, rule)| &rule.key.people);
    let people: Vec<&str> = people.iter().map(|person| person.name.as_str()).collect();
    let or_none = |said: String| if said.is_empty() { "–".to_owned() } else { said };
    let items = vec![
        fact("content-apps", or_none(apps.join(", "))),
        Fact { note: cx.t("content-people-note"), ..fact("content-people", or_none(people.join(", "))) },
    ];
    Facts { title: cx.t("content-rule"), large: false, items }
}

fn row(cx: &Context<'_>, item: &Kept, there: bool) -> Vec<Cell> {
    let (word, tone) = if there { ("sealed", "good") } else { ("destroyed", "quiet") };
    vec![
        request(&item.req),
        Cell::text(item.app.as_str()),
        moment(cx, item.at),
        Cell::of(cx.words.count(item.bytes), item.bytes),
        Cell::of(cx.words.word("content", word), word).tone(tone),
    ]
}

fn wish(cx: &Context<'_>, opening: &Opening) -> Vec<Cell> {
    let stage = opening.stage(cx.now);
    let tone = match stage {
        "agreed" => "warn",
        "opened" => "good",
        _ => "quiet",
    };
    vec![
        Cell::code(opening.id.as_str()),
        request(&opening.req),
        Cell::text(opening.reason.as_str()),
        Cell::text(opening.asked_by.as_str()),
        moment(cx, opening.asked),
        opening.agreed.as_ref().map_or_else(Cell::none, |(name, _)| Cell::text(name.as_str())),
        opening.opened.map_or_else(Cell::none, |at| moment(cx, at)),
        Cell::of(cx.words.word("opening", stage), stage).tone(tone),
    ]
}

fn request(id: &str) -> Cell {
    Cell::code(id).to(format!("/console/requests/{}", encoded(id)))
}

fn moment(cx: &Context<'_>, at: UnixMs) -> Cell {
    Cell::of(cx.words.time(at), json!(at.to_string()))
}

/// The three steps, for the request and the opening that are looked at.
fn how(cx: &Context<'_>, request: Option<&str>, opening: Option<&Opening>) -> Code {
    let (program, data) = (&cx.console.parts.program, cx.parts.data.display());
    let request = quoted(request.unwrap_or("REQUEST"));
    let opening =
        opening.filter(|it| matches!(it.stage(cx.now), "asked" | "agreed")).map_or("OPENING", |it| it.id.as_str());
    let text = format!(
        "{program} content request {request} --reason 'WHY' --by NAME --signer NAME.key --data {data}\n\
         {program} content approve {opening} --by OTHER --signer OTHER.key --data {data}\n\
         {program} content open {opening} --identity ORGANISATION.identity --data {data}"
    );
    Code { title: cx.t("content-how"), note: cx.t("content-how-note"), text, ..Code::default() }
}

/// An id from an address as a shell takes it: ids of requests are letters, digits and dashes, anything else is not shown.
fn quoted(id: &str) -> &str {
    if id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')) { id } else { "REQUEST" }
}
