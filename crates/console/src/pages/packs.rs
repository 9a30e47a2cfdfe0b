//! Packs of law: what each says, what of it binds, what it decided, and what the realm can show of its duties.

use api::index::RuleUse;
use api::law::{Law, law, laws, word};
use jiff::civil::Date;
use policy::duty::Standing;
use policy::{EvidenceKey, Rule};
use realm::PackId;
use serde_json::json;

use super::policies::{counts, state, tabs};
use crate::ask::encoded;
use crate::block::{Block, Fact, Facts, Field, Filter, Page};
use crate::context::{Context, Late, Trouble};
use crate::table::{Cell, Table, columns};

/// The day that is asked about; today where none is.
fn date(cx: &Context<'_>) -> Date {
    cx.ask.param("on").and_then(|date| date.parse().ok()).unwrap_or_else(|| cx.today())
}

/// Every pack of the realm.
pub fn page(cx: &Context<'_>) -> Page {
    let (compiled, date, words) = (cx.around.compiled(), date(cx), &cx.words);
    let laws = laws(&compiled, &cx.guest.scope, date);
    let table = Table {
        name: "packs",
        note: words.say("packs-note", &[("date", date.to_string())]),
        empty: cx.t("packs-none"),
        columns: columns(words, PACKS),
        rows: laws.iter().map(|law| pack_row(cx, law)).collect(),
        ..Table::default()
    };
    let table = table.arranged(cx.ask, words, cx.whole());
    let blocks = vec![Block::Filter(filter(cx, date)), Block::Table(table)];
    let (title, lead) = (cx.t("menu-policies"), cx.t("packs-lead"));
    Page { menu: "policies", title, lead, tabs: tabs(cx, "tab-packs"), blocks }
}

const PACKS: &str = "pack version jurisdiction verified_on #in_force #in_shadow next_change \
                     #duties_met #duties_not_met #duties_unknown #duties_not_binding sources";

fn day(date: Option<Date>) -> Cell {
    date.map_or_else(Cell::none, |date| Cell::text(date.to_string()))
}

fn pack_row(cx: &Context<'_>, law: &Law<'_>) -> Vec<Cell> {
    let (pack, duties) = (law.pack, law.count());
    let count = |n: u64| Cell::of(cx.words.count(n), n);
    let href = format!("/console/packs/{}", encoded(pack.id.as_str()));
    // The day that was asked about is kept on the way.
    let href = cx.ask.param("on").map_or(href.clone(), |on| format!("{href}?on={}", encoded(on)));
    vec![
        Cell::code(pack.id.as_str()).to(href).note(pack.title.as_str()),
        Cell::text(pack.version.as_str()),
        pack.jurisdiction.as_ref().map_or_else(Cell::none, |it| Cell::text(it.as_str())),
        day(pack.verified_on),
        count(law.in_force()),
        count(law.in_shadow()),
        day(law.next_change()),
        count(duties.met),
        count(duties.not_met).tone(if duties.not_met > 0 { "bad" } else { "" }),
        count(duties.unknown).tone(if duties.unknown > 0 { "warn" } else { "" }),
        count(duties.not_binding),
        Cell { value: json!(pack.sources), tone: "quiet", ..Cell::text(pack.sources.join("; ")) },
    ]
}

/// One pack.
///
/// # Errors
/// The realm uses none of that id, or the ledger cannot be read.
pub async fn one(cx: &Context<'_>) -> Result<Page, Trouble> {
    let (compiled, date) = (cx.around.compiled(), date(cx));
    let id = PackId::new(cx.name()).map_err(|_| Trouble::NotFound)?;
    let law = law(&compiled, &id, &cx.guest.scope, date).ok_or(Trouble::NotFound)?;
    let known = cx.rule_uses(law.rules.iter().map(|rule| rule.id.to_string())).await?;
    let late = known.late(&cx.words, &cx.ask.here());
    let rules = law.rules.iter().zip(&known.value).map(|(rule, used)| rule_row(cx, rule, used, date));
    let rules = Table {
        name: "rules",
        title: cx.t("tab-rules"),
        note: cx.t("rules-note"),
        empty: cx.t("pack-no-rules"),
        columns: columns(&cx.words, RULES),
        rows: rules.collect(),
        ..Table::default()
    };
    let duties = Table {
        name: "duties",
        title: cx.t("pack-duties"),
        note: cx.t("pack-duties-note"),
        empty: cx.t("pack-no-duties"),
        columns: columns(&cx.words, DUTIES),
        rows: law.duties.iter().map(|it| duty_row(cx, it, date)).collect(),
        ..Table::default()
    };
    let blocks = [Block::Filter(filter(cx, date)), facts(cx, &law)];
    let blocks = late.into_iter().chain(blocks).chain([Block::Table(rules), Block::Table(duties)]).collect();
    Ok(Page { menu: "policies", title: id.to_string(), lead: law.pack.title.clone(), blocks, ..Page::default() })
}

fn facts(cx: &Context<'_>, law: &Law<'_>) -> Block {
    let (pack, none) = (law.pack, || "–".to_owned());
    let told = |date: Option<Date>| date.map_or_else(none, |date| date.to_string());
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let items = vec![
        fact("col-on", law.date.to_string()),
        fact("col-version", pack.version.clone()),
        fact("col-jurisdiction", pack.jurisdiction.as_ref().map_or_else(none, ToString::to_string)),
        fact("col-sources", pack.sources.join("; ")),
        fact("col-verified_on", told(pack.verified_on)),
        fact("col-in_force", cx.words.count(law.in_force())),
        fact("col-in_shadow", cx.words.count(law.in_shadow())),
        fact("col-next_change", told(law.next_change())),
    ];
    Block::Facts(Facts { items, large: false, title: String::new() })
}

const RULES: &str =
    "rule state cite verified_on plain remedy evidence #denied #passed_over #redacted_by #shadow #unknown last";

fn rule_row(cx: &Context<'_>, rule: &Rule, used: &RuleUse, date: Date) -> Vec<Cell> {
    let (id, lang) = (rule.id.as_str(), cx.words.lang);
    let said = |text: fn(&policy::Told) -> &String| {
        rule.told(lang).map_or_else(Cell::none, |told| Cell::text(text(told).as_str()))
    };
    let mut cells = vec![
        Cell::code(id).to(format!("/console/policies/rules/{}", encoded(id))).note(rule.title_in(lang)),
        state(cx, (rule.status, rule.from, rule.until), date),
        Cell::text(rule.cite.as_ref()),
        day(rule.verified_on),
        said(|told| &told.plain),
        said(|told| &told.remedy),
        evidence(&rule.evidence),
    ];
    cells.extend(counts(cx, id, used));
    cells
}

const DUTIES: &str = "duty met state cite verified_on about evidence lacking";

fn duty_row(cx: &Context<'_>, it: &Standing<'_>, date: Date) -> Vec<Cell> {
    let (duty, words, met) = (it.duty, &cx.words, word(it.met));
    let tone = match met {
        "met" => "good",
        "not_met" => "bad",
        _ => "warn",
    };
    let lacking: Vec<String> = it.lacking.iter().map(ToString::to_string).collect();
    vec![
        Cell::code(duty.id.as_str()).note(duty.title(words.lang)),
        // What binds nobody is nobody's fault.
        Cell::of(words.word("met", met), met).tone(if it.binds { tone } else { "quiet" }),
        state(cx, (duty.status, duty.from, duty.until), date),
        Cell::text(duty.cite.as_str()),
        day(duty.verified_on),
        Cell::of(words.word("about", duty.scope.as_str()), duty.scope.as_str()),
        evidence(&duty.evidence),
        Cell { value: json!(lacking), ..Cell::text(lacking.join(", ")) },
    ]
}

fn evidence(keys: &[EvidenceKey]) -> Cell {
    let keys: Vec<String> = keys.iter().map(ToString::to_string).collect();
    Cell { value: json!(keys), tone: "quiet", ..Cell::text(keys.join(", ")) }
}

fn filter(cx: &Context<'_>, date: Date) -> Filter {
    let on = Field { name: "on", label: cx.t("col-on"), value: date.to_string(), kind: "date", ..Field::default() };
    // Whose page it is goes on to be said, where the address said it.
    let scope = cx.ask.param("organisation").map(|value| Field {
        name: "organisation",
        value: value.to_owned(),
        kind: "hidden",
        ..Field::default()
    });
    let clear = cx.ask.param("on").map(|_| cx.ask.here());
    Filter { action: cx.ask.here(), fields: [on].into_iter().chain(scope).collect(), clear }
}
