//! The rules: what they say, what they stand on, what they decided.

use std::sync::Arc;

use jiff::civil::Date;
use policy::explain::{Cell as Square, Line, Tone};
use policy::{Effect, Rule, Status};
use realm::{DataClass, RuleId};
use serde_json::json;

use super::requests::time;
use crate::ask::encoded;
use crate::block::{Block, Code, Fact, Facts, Field, Filter, Page};
use crate::context::{Context, Late, Trouble};
use crate::table::{Cell, Column, Table, column, columns};
use api::index::RuleUse;

/// The pages about rules.
pub fn tabs(cx: &Context<'_>, here: &str) -> Vec<(String, String, bool)> {
    let tabs = [
        ("/console/policies", "tab-rules"),
        ("/console/policies/matrix", "tab-matrix"),
        ("/console/policies/explain", "tab-explain"),
        ("/console/packs", "tab-packs"),
    ];
    // Apps are one organisation's, and so are questions about them.
    let tabs = tabs.into_iter().filter(|(_, key)| ["tab-rules", "tab-packs"].contains(key) || !cx.is_whole());
    tabs.map(|(path, key)| (path.to_owned(), cx.t(key), key == here)).collect()
}

/// The day in the realm.
pub fn today(cx: &Context<'_>) -> Date {
    cx.desk.today()
}

/// Every rule.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let compiled = cx.around.compiled();
    let known = cx.rule_uses(compiled.rules().iter().map(|rule| rule.id.to_string())).await?;
    let late = known.late(&cx.words, "/console/policies");
    let words = &cx.words;
    let rows = compiled.rules().iter().zip(&known.value).map(|(rule, used)| row(cx, rule, used)).collect();
    let table = Table {
        name: "rules",
        note: cx.t("rules-note"),
        empty: cx.t("rules-none"),
        columns: columns(words, "rule state effect cite #denied #passed_over #redacted_by #shadow #unknown last"),
        rows,
        ..Table::default()
    };
    let table = table.arranged(cx.ask, words, cx.whole());
    let exempt = super::sandboxes::table(cx).map(Block::Table);
    let blocks = late.into_iter().chain([Block::Table(table)]).chain(exempt).collect();
    let (title, lead) = (cx.t("menu-policies"), cx.t("policies-lead"));
    Ok(Page { menu: "policies", title, lead, tabs: tabs(cx, "tab-rules"), blocks })
}

/// Status, first and last day of something that a law says.
type Stated = (Status, Option<Date>, Option<Date>);

/// Whether something that a law says binds on a day, in a word and its tone.
pub fn state(cx: &Context<'_>, (status, from, until): Stated, day: Date) -> Cell {
    let word = if status != Status::InForce {
        status.as_str()
    } else if from.is_some_and(|from| day < from) {
        "later"
    } else if until.is_some_and(|until| until < day) {
        "over"
    } else {
        "binds"
    };
    let dates = [from.map(|date| ("from", date)), until.map(|date| ("until", date))];
    let dates = dates
        .into_iter()
        .flatten()
        .map(|(key, date)| cx.words.say(&format!("date-{key}"), &[("date", date.to_string())]));
    let note = dates.collect::<Vec<_>>().join(" ");
    Cell::of(cx.words.word("rule", word), word).tone(if word == "binds" { "good" } else { "quiet" }).note(note)
}

fn row(cx: &Context<'_>, rule: &Arc<Rule>, used: &RuleUse) -> Vec<Cell> {
    let id = rule.id.as_str();
    let effect = if rule.effect == Effect::Permit { "permit" } else { "forbid" };
    let effect = rule.obligation.map_or(effect, |_| "oblige");
    let mut cells = vec![
        Cell::code(id).to(format!("/console/policies/rules/{}", encoded(id))).note(rule.title_in(cx.words.lang)),
        state(cx, (rule.status, rule.from, rule.until), today(cx)),
        Cell::of(cx.words.word("effect", effect), effect),
        Cell::text(rule.cite.as_ref()),
    ];
    cells.extend(counts(cx, id, used));
    cells
}

/// What a rule decided, since the log began: the columns `#denied #passed_over #redacted_by #shadow #unknown last`.
pub fn counts(cx: &Context<'_>, id: &str, used: &RuleUse) -> [Cell; 6] {
    let count = |n: u64| Cell::of(cx.words.count(n), n);
    let led = |n: u64, decision: &str| match requests_of(cx, id, n, decision) {
        Some(href) => count(n).to(href),
        None => count(n),
    };
    let last = used.last.map_or_else(Cell::none, |at| time(at, &cx.words));
    let (denied, redacted) = (led(used.denied, "deny"), led(used.redacted, "redact"));
    [denied, count(used.passed_over), redacted, count(used.shadow), count(used.unknown), last]
}

/// Where the requests are that a rule decided so; nowhere of none, and of the whole deployment.
fn requests_of(cx: &Context<'_>, id: &str, n: u64, decision: &str) -> Option<String> {
    (n > 0 && !cx.is_whole()).then(|| format!("/console/requests?decision={decision}&rule={}", encoded(id)))
}

/// One rule.
///
/// # Errors
/// There is none of that id.
pub async fn rule(cx: &Context<'_>) -> Result<Page, Trouble> {
    let compiled = cx.around.compiled();
    let id = RuleId::new(cx.name()).map_err(|_| Trouble::NotFound)?;
    let rule = compiled.rule(&id).ok_or(Trouble::NotFound)?;
    let (named, seen) = (id.to_string(), cx.seen());
    let used = cx.ledger(move |index| index.rule_use(&named, &seen)).await?.value;
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let or = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    let state = state(cx, (rule.status, rule.from, rule.until), today(cx));
    let pack = rule.pack.as_ref().map(|pack| format!("/console/packs/{}", encoded(pack.as_str())));
    let href = |n: u64, decision: &str| requests_of(cx, id.as_str(), n, decision);
    let told = rule.told(cx.words.lang);
    let said = |name: &str, text: fn(&policy::Told) -> &String| told.map(|told| fact(name, text(told).clone()));
    let mut items: Vec<Fact> = [said("rule-plain", |told| &told.plain), said("rule-remedy", |told| &told.remedy)]
        .into_iter()
        .flatten()
        .collect();
    items.extend([
        Fact { tone: state.tone, note: state.note, ..fact("col-state", state.text) },
        fact("col-cite", or(Some(rule.cite.to_string()).filter(|cite| !cite.is_empty()))),
        Fact { href: pack, ..fact("rule-pack", or(rule.pack.as_ref().map(ToString::to_string))) },
        fact("rule-verified", or(rule.verified_on.map(|date| date.to_string()))),
        Fact { code: true, ..fact("rule-file", format!("{}:{}", rule.file.display(), rule.line)) },
        Fact { href: href(used.denied, "deny"), ..fact("col-denied", cx.words.count(used.denied)) },
        fact("col-passed_over", cx.words.count(used.passed_over)),
        Fact { href: href(used.redacted, "redact"), ..fact("col-redacted_by", cx.words.count(used.redacted)) },
        fact("col-shadow", cx.words.count(used.shadow)),
        fact("col-unknown", cx.words.count(used.unknown)),
        fact("col-last", or(used.last.map(|at| cx.words.time(at)))),
    ]);
    let code = Code { title: cx.t("rule-text"), text: rule.text().to_owned(), ..Code::default() };
    let blocks = vec![Block::Facts(Facts { items, large: false, title: String::new() }), Block::Code(code)];
    Ok(Page {
        menu: "policies",
        title: id.to_string(),
        lead: rule.title_in(cx.words.lang).to_owned(),
        blocks,
        ..Page::default()
    })
}

/// Who may send what where, today.
///
/// # Errors
/// Too many look at it now.
pub async fn matrix(cx: &Context<'_>) -> Result<Page, Trouble> {
    let (words, date) = (&cx.words, today(cx));
    let wanted = cx.ask.param("app").unwrap_or_default();
    let apps = cx.apps().filter(|app| wanted.is_empty() || app.id.as_str() == wanted).map(|app| app.id.clone());
    let matrix = cx.desk.matrix(apps.collect()).await?;
    let mut columns: Vec<Column> = ["app", "route", "deployment", "no_class"].map(|key| column(words, key)).into();
    columns.extend(DataClass::ALL.map(|class| Column {
        key: class.as_str().into(),
        head: words.word("class", class.as_str()),
        sorted: "none",
        ..Column::default()
    }));
    columns.push(column(words, "rules"));
    let row = |line: &Line| matrix_row(cx, line);
    let table = Table {
        name: "matrix",
        note: words.say("matrix-note", &[("date", date.to_string())]),
        empty: cx.t("matrix-none"),
        columns,
        rows: matrix.lines().iter().map(row).collect(),
        ..Table::default()
    };
    let table = table.arranged(cx.ask, words, cx.whole());
    let any = (String::new(), cx.t("any"));
    let apps = cx.apps().map(|app| (app.id.to_string(), app.id.to_string()));
    let field = Field {
        name: "app",
        label: cx.t("col-app"),
        value: wanted.to_owned(),
        choices: [any].into_iter().chain(apps).collect(),
        kind: "text",
        ..Field::default()
    };
    let clear = (!wanted.is_empty()).then(|| cx.ask.here());
    let filter = Filter { action: cx.ask.here(), fields: vec![field], clear };
    let blocks = vec![Block::Filter(filter), Block::Table(table)];
    let (title, lead) = (cx.t("menu-policies"), cx.t("matrix-lead"));
    Ok(Page { menu: "policies", title, lead, tabs: tabs(cx, "tab-matrix"), blocks })
}

fn matrix_row(cx: &Context<'_>, line: &Line) -> Vec<Cell> {
    let mut cells =
        vec![Cell::text(line.app.as_str()), Cell::text(line.route.as_str()), Cell::text(line.deployment.as_str())];
    cells.extend(line.cells.iter().map(|square| square_cell(cx, *square)));
    let rules: Vec<&str> = line.rules.iter().map(String::as_str).collect();
    cells.push(Cell { value: json!(rules), tone: "quiet", ..Cell::text(rules.join(", ")) });
    cells
}

fn square_cell(cx: &Context<'_>, square: Square) -> Cell {
    let (word, mark, tone) = match square.tone {
        Tone::Permit => ("permit", "✔", "good"),
        Tone::Redact => ("redact", "◐", "warn"),
        Tone::Deny => ("deny", "✘", "bad"),
    };
    let mut text = format!("{mark} {}", cx.words.word("square", word));
    if square.unknown {
        text.push('?');
    }
    if square.shadow {
        text.push('*');
    }
    if square.exempt {
        text.push('°');
    }
    Cell::of(text, json!(word)).tone(tone)
}
