//! What this month's traffic depends on, level by level, and what would be left without it: as `freehold exposure` tells it.

mod losses;

use drill::report::{CutSet, Dependence, Exposure, Finding, LevelReport, Substitute};
use drill::{Key, Level, Ratio};
use realm::Nano;
use serde_json::json;

use super::map::tabs;
use super::studio;
use crate::ask::encoded;
use crate::block::{Block, Fact, Facts, Page};
use crate::context::{Context, Late, Trouble};
use crate::table::{Cell, Table, columns};

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let known = cx.exposure().await?;
    let late = known.late(&cx.words, "/console/exposure");
    let report = known.value.as_ref();
    let levels = || report.into_iter().flat_map(|report| &report.summary.levels);
    let found = findings(cx, report).arranged(cx.ask, &cx.words, cx.whole());
    let rows = levels().map(|level| level_row(cx, level)).collect();
    let keys = levels().flat_map(|level| level.keys.iter().map(|key| key_row(cx, level, key))).collect();
    let mut tables = vec![found, table(cx, "levels", LEVELS, rows), table(cx, "keys", KEYS, keys)];
    if !cx.is_whole() {
        let cuts = report.into_iter().flat_map(|report| &report.summary.cut_sets);
        tables.push(table(cx, "cuts", CUTS, cuts.map(|cut| cut_row(cx, cut)).collect()));
        let others = report.into_iter().flat_map(|report| &report.summary.substitutes);
        tables.push(table(cx, "substitutes", SUBSTITUTES, others.map(|it| substitute_row(cx, it)).collect()));
    }
    let drawn = report.and_then(|report| losses::chart(cx, report)).map(Block::Chart);
    let blocks = late.into_iter().chain(report.map(|report| facts(cx, report))).chain(drawn);
    let blocks = blocks.chain(tables.into_iter().map(Block::Table)).collect();
    let (title, lead) = (cx.t("menu-map"), cx.t("exposure-lead"));
    Ok(Page { menu: "map", title, lead, tabs: tabs(cx, "tab-exposure"), blocks })
}

fn table(cx: &Context<'_>, name: &'static str, heads: &'static str, rows: Vec<Vec<Cell>>) -> Table {
    Table {
        name,
        title: cx.t(&format!("exposure-{name}")),
        note: cx.t(&format!("exposure-{name}-note")),
        empty: cx.t("exposure-none"),
        columns: columns(&cx.words, heads),
        rows,
        ..Table::default()
    }
}

fn facts(cx: &Context<'_>, report: &Exposure) -> Block {
    let (words, used) = (&cx.words, report.totals.used);
    let fact = |name: &str, value: String| Fact { name: cx.t(name), value, ..Fact::default() };
    let (worst, left) = match &report.summary.worst_cut {
        Some(cut) => {
            let left = if cut.critical.whole > 0 { cut.critical } else { cut.requests };
            (cut.key.to_text(words.lang), words.say("exposure-left", &[("share", percent(left))]))
        }
        None => (cx.t("nothing"), String::new()),
    };
    let items = vec![
        Fact {
            note: words.say("since", &[("date", cx.month().to_string())]),
            ..fact("col-answered", words.count(used.requests))
        },
        fact("col-tokens", words.count(used.tokens)),
        fact("figure-cost", words.money(Nano(i64::try_from(used.cost_nano).unwrap_or(i64::MAX)))),
        Fact { note: left, ..fact("exposure-worst", worst) },
    ];
    Block::Facts(Facts { items, large: true, title: String::new() })
}

/// A share in hundredths; a dash for a share of nothing.
pub fn percent(ratio: Ratio) -> String {
    ratio.share().map_or_else(|| "–".to_owned(), drill::Share::percent)
}

/// A share for people; for programs in parts of one, as a decimal text.
pub fn share(ratio: Ratio) -> Cell {
    Cell { value: json!(ratio.share()), ..Cell::text(percent(ratio)) }
}

fn findings(cx: &Context<'_>, report: Option<&Exposure>) -> Table {
    let row = |finding: &Finding| {
        let told = serde_json::to_value(finding).unwrap_or_default();
        let kind = told["kind"].as_str().unwrap_or_default().to_owned();
        let text = match finding {
            // Of the whole no app is named.
            Finding::SharedParent { parent, operators, apps, .. } if apps.is_empty() => {
                let operators = operators.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
                cx.words.say("exposure-shared-parent", &[("operators", operators), ("parent", parent.to_string())])
            }
            other => other.to_text(cx.words.lang),
        };
        vec![Cell::of(cx.words.word("finding", &kind), kind), Cell::text(text)]
    };
    let rows = report.into_iter().flat_map(|report| &report.findings).map(row).collect();
    Table { empty: cx.t("exposure-findings-none"), ..table(cx, "findings", "finding what", rows) }
}

fn figure<T: ToString>(value: Option<T>) -> Cell {
    value.map_or_else(Cell::none, |it| Cell::text(it.to_string()))
}

const LEVELS: &str = "level #undeclared #hhi_requests #effective_requests #hhi_critical #effective_critical";

fn level_row(cx: &Context<'_>, level: &LevelReport) -> Vec<Cell> {
    vec![
        Cell::of(level.level.to_text(cx.words.lang), level.level.as_str()),
        share(level.undeclared),
        figure(level.hhi_requests),
        figure(level.effective_requests),
        figure(level.hhi_critical),
        figure(level.effective_critical),
    ]
}

const KEYS: &str =
    "level name home #of_requests #of_tokens #of_cost #of_critical #left_critical #left_requests cut_off";

fn key_row(cx: &Context<'_>, level: &LevelReport, key: &Dependence) -> Vec<Cell> {
    let undeclared = || Cell::of(cx.t("not-declared"), json!(null)).tone("quiet");
    let left = |of: fn(&drill::report::SurvivedCut) -> Ratio| {
        key.without.as_ref().map_or_else(Cell::none, |cut| share(of(cut)))
    };
    let requests = share(key.requests);
    vec![
        Cell::of(level.level.to_text(cx.words.lang), level.level.as_str()),
        key.name.as_deref().map_or_else(undeclared, Cell::text),
        Cell::of(cx.t(if key.is_home { "yes" } else { "no" }), key.is_home),
        match behind(cx, level.level, key) {
            Some(href) => requests.to(href),
            None => requests,
        },
        share(key.tokens),
        share(key.cost_nano),
        share(key.critical),
        left(|cut| cut.critical),
        left(|cut| cut.requests),
        cut_off(cx, level.level, key),
    ]
}

/// The requests behind a share; of the whole no request is shown.
fn behind(cx: &Context<'_>, level: Level, key: &Dependence) -> Option<String> {
    let word = Key::new(level, key.name.as_deref()?).word().filter(|_| !cx.is_whole())?;
    Some(format!("/console/requests?end=answered&from={}&needs={}", cx.month(), encoded(&word)))
}

/// Leads to the studio, with this filled in as what is cut off.
fn cut_off(cx: &Context<'_>, level: Level, key: &Dependence) -> Cell {
    let key = key.name.as_deref().map(|name| Key::new(level, name));
    let href = key.as_ref().and_then(studio::cut_off);
    let word = key.and_then(|key| key.word());
    href.map_or_else(Cell::none, |href| Cell::of(cx.t("cut-this"), json!(word)).to(href))
}

const CUTS: &str = "app route #criticality cut_sets";

fn cut_row(cx: &Context<'_>, cut: &CutSet) -> Vec<Cell> {
    let said = |set: &Vec<Key>| set.iter().map(|key| key.to_text(cx.words.lang)).collect::<Vec<_>>().join(" + ");
    let sets: Vec<String> = cut.sets.iter().map(said).collect();
    vec![
        Cell::text(cut.app.as_str()),
        cut.route.as_ref().map_or_else(Cell::none, |route| Cell::text(route.as_str())),
        Cell::of(cx.words.count(cut.criticality), cut.criticality),
        Cell { value: json!(cut.sets), ..Cell::text(sets.join(", ")) },
    ]
}

const SUBSTITUTES: &str = "app route substitute permitted as_of #requests";

fn substitute_row(cx: &Context<'_>, it: &Substitute) -> Vec<Cell> {
    let (word, tone) = match it.level {
        0 => ("none", "warn"),
        1 => ("named", ""),
        2 => ("evaluated", "good"),
        3 => ("shadow", "good"),
        _ => ("live", "good"),
    };
    let tried = it.shown_by(cx.words.lang).join("; ");
    let permitted: Vec<String> = it.permitted.iter().map(ToString::to_string).collect();
    vec![
        Cell::text(it.app.as_str()),
        it.route.as_ref().map_or_else(Cell::none, |route| Cell::text(route.as_str())),
        Cell::of(cx.words.word("substitute", word), it.level).tone(tone).note(tried),
        Cell { value: json!(permitted), ..Cell::text(permitted.join(", ")) },
        it.as_of.map_or_else(Cell::none, |day| Cell::text(day.to_string())),
        Cell::of(cx.words.count(it.requests), it.requests),
    ]
}
