//! The programme: the few figures that it is steered by, each with where it comes from, and who does what together.

use api::programme::{DAYS, Stands, stands};
use realm::world::{Goal, Indicator, Initiative, Query, Source};
use rust_decimal::Decimal;
use serde_json::json;

use crate::block::{Block, Fact, Facts, Page, Why};
use crate::context::{Context, Late, Trouble};
use crate::table::{Cell, Table, columns};

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let (snapshot, today) = (cx.snapshot.clone(), cx.today());
    let look = move |index: &api::index::Index| {
        let world = &snapshot.world;
        world.indicators.values().map(|it| (it.clone(), stands(it, index, world, today))).collect::<Vec<_>>()
    };
    let known = cx.ledger(look).await?;
    let late = known.late(&cx.words, "/console/programme");
    let figures: Vec<Fact> = known.value.iter().map(|(indicator, stands)| figure(cx, indicator, stands)).collect();
    let mut blocks: Vec<Block> = late.into_iter().collect();
    if !figures.is_empty() {
        blocks.push(Block::Facts(Facts { title: cx.t("indicators"), large: true, items: figures }));
    }
    blocks.push(Block::Table(indicators(cx, &known.value)));
    blocks.push(Block::Table(initiatives(cx)));
    let (title, lead) = (cx.t("menu-programme"), cx.t("programme-lead"));
    Ok(Page { menu: "programme", title, lead, blocks, ..Page::default() })
}

/// Characters of a unit that is not parted from its number.
const SHORT_UNIT: usize = 4;

/// A figure as people read it.
fn number(cx: &Context<'_>, value: Decimal, unit: &str) -> String {
    // A short unit stays with its number; a word may go to the next line.
    let space = if unit.chars().count() <= SHORT_UNIT { '\u{202f}' } else { ' ' };
    format!("{}{space}{unit}", cx.words.decimal(value))
}

fn figure(cx: &Context<'_>, indicator: &Indicator, stands: &Stands) -> Fact {
    let value = stands.value().map_or_else(|| cx.t("unknown"), |value| number(cx, value, &indicator.unit));
    let args = [("target", number(cx, indicator.target, &indicator.unit)), ("by", indicator.by.to_string())];
    let ceiling = indicator.goal == Goal::AtMost;
    let (target, way) =
        if ceiling { ("indicator-ceiling", "indicator-used") } else { ("indicator-target", "indicator-way") };
    let percent = stands.percent_of(indicator.target).map(|percent| cx.words.decimal(percent));
    let way = percent.map(|percent| format!(" · {}", cx.words.say(way, &[("percent", percent)])));
    let over = ceiling && stands.value().is_some_and(|value| value > indicator.target);
    Fact {
        name: indicator.name.clone(),
        value,
        note: format!("{}{}", cx.words.say(target, &args), way.unwrap_or_default()),
        tone: if over {
            "bad"
        } else if stands.value().is_none() {
            "warn"
        } else {
            ""
        },
        why: Some(why(cx, indicator, stands)),
        ..Fact::default()
    }
}

/// Where a figure comes from.
fn why(cx: &Context<'_>, indicator: &Indicator, stands: &Stands) -> Why {
    let text = lineage(cx, indicator, stands);
    let Source::Usage(query) = &indicator.source else { return Why { text, ..Why::default() } };
    let (program, data) = (&cx.console.parts.program, cx.parts.data.display());
    let from = match stands {
        Stands::Counted { from, .. } | Stands::Nothing { from } | Stands::Unknown { from, .. } => *from,
        _ => cx.today(),
    };
    let by = if matches!(query, Query::HomeShare | Query::HomeModelsShare) { "deployment" } else { "organisation" };
    let sector = indicator.sector.as_ref().map(|it| format!("&sector={it}")).unwrap_or_default();
    Why {
        text,
        line: format!("{program} usage --by {by} --since {from} --data {data}"),
        links: vec![(format!("/console/usage?by={by}&from={from}{sector}"), cx.t("indicator-see"))],
    }
}

fn lineage(cx: &Context<'_>, indicator: &Indicator, stands: &Stands) -> String {
    let told = match (stands, &indicator.source) {
        (Stands::Counted { from, requests, .. }, Source::Usage(query)) => {
            let what = cx.words.word("query", query.as_str());
            let args = [
                ("what", what),
                ("from", from.to_string()),
                ("days", DAYS.to_string()),
                ("count", cx.words.count(*requests)),
                ("log", cx.parts.log_id.clone()),
            ];
            cx.words.say("lineage-counted", &args)
        }
        (Stands::Said { as_of, cite, .. }, _) => {
            cx.words.say("lineage-said", &[("date", as_of.to_string()), ("cite", cite.clone())])
        }
        (Stands::Unknown { from, requests }, _) => {
            cx.words.say("lineage-unknown", &[("from", from.to_string()), ("count", cx.words.count(*requests))])
        }
        (Stands::NotBuilt(part), _) => {
            // What there is by now has a page of its own, and is not carried over.
            let key = if *part == "fleet" { "lineage-not-built" } else { "lineage-elsewhere" };
            cx.words.say(key, &[("part", cx.words.word("part", part))])
        }
        _ => cx.words.say("lineage-nothing", &[("days", DAYS.to_string())]),
    };
    match &indicator.sector {
        Some(sector) => format!("{told} {}", cx.words.say("lineage-sector", &[("sector", sector.to_string())])),
        None => told,
    }
}

fn indicators(cx: &Context<'_>, known: &[(Indicator, Stands)]) -> Table {
    let figure = |value: Decimal| Cell::of(cx.words.decimal(value), json!(value.normalize().to_string()));
    let row = |(indicator, stands): &(Indicator, Stands)| {
        vec![
            Cell::code(indicator.id.as_str()),
            Cell::text(indicator.name.as_str()),
            stands.value().map_or_else(|| Cell::none().tone("warn"), figure),
            Cell::of(cx.words.word("goal", indicator.goal.as_str()), indicator.goal.as_str()),
            figure(indicator.target),
            Cell::text(indicator.unit.as_str()),
            Cell::code(indicator.by.to_string()),
            stands.percent_of(indicator.target).map_or_else(Cell::none, figure),
            Cell::text(lineage(cx, indicator, stands)),
        ]
    };
    Table {
        name: "indicators",
        title: cx.t("indicators-table"),
        empty: cx.t("indicators-none"),
        columns: columns(&cx.words, "indicator name #value goal #target unit due #way lineage"),
        rows: known.iter().map(row).collect(),
        ..Table::default()
    }
}

fn initiatives(cx: &Context<'_>) -> Table {
    let day = |date: Option<jiff::civil::Date>| date.map_or_else(Cell::none, |date| Cell::code(date.to_string()));
    let ids = |all: Vec<String>| if all.is_empty() { Cell::none() } else { Cell::text(all.join(", ")) };
    let row = |it: &Initiative| {
        vec![
            Cell::code(it.id.as_str()),
            Cell::text(it.name.as_str()),
            Cell::text(it.lead.as_str()),
            ids(it.partners.iter().map(ToString::to_string).collect()),
            it.sector.as_ref().map_or_else(Cell::none, |sector| Cell::text(sector.as_str())),
            day(it.starts),
            day(it.ends),
            it.budget.map_or_else(Cell::none, |budget| {
                Cell::of(cx.words.amount(budget), json!(budget.to_decimal().to_string()))
            }),
            ids(it.indicators.iter().map(ToString::to_string).collect()),
        ]
    };
    Table {
        name: "initiatives",
        title: cx.t("initiatives"),
        empty: cx.t("initiatives-none"),
        columns: columns(&cx.words, "initiative name lead partners sector starts ends #budget indicators"),
        rows: cx.world().initiatives.values().map(row).collect(),
        ..Table::default()
    }
}
