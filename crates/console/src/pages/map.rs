//! What depends on what: from an app to whoever can compel the operator behind it, weighted by real traffic.

use std::collections::{BTreeMap, BTreeSet};

use policy::explain::targets;
use realm::world::EnergyMethod;
use realm::{DeploymentId, RouteId};
use serde_json::json;

use super::overview::month;
use super::traffic::number;
use crate::block::{Block, Chart, Page};
use crate::chart::{Flow, Kind};
use crate::context::{Context, Late, Trouble};
use crate::table::{Cell, Table, column, columns};
use api::index::Sum;
use api::usage::member;

/// Whose traffic, by which route, to which deployment.
type Way = (String, RouteId, DeploymentId);

/// What comes after whose it is.
const COLUMNS: &str =
    "route deployment model provider operator parent control residency site accelerator energy #requests #share";

/// The page.
///
/// # Errors
/// If the ledger cannot be read.
pub async fn page(cx: &Context<'_>) -> Result<Page, Trouble> {
    let (seen, snapshot, first) = (cx.seen(), cx.snapshot.clone(), month(cx));
    let (today, who) = (cx.now.date_in(&cx.words.zone), who(cx));
    let known = cx
        .ledger(move |index| {
            let mut ways: BTreeMap<Way, Sum> = BTreeMap::new();
            index.each_use((first, today), &seen, |of, used| {
                if let (Some(route), Some(deployment)) = (of.route, of.deployment) {
                    let way = (member(&snapshot.world, who, &of), route.clone(), deployment.clone());
                    ways.entry(way).or_default().add(&used.sum);
                }
            });
            ways
        })
        .await?;
    let (late, since) = (known.late(&cx.words, "/console/map"), first.to_string());
    let mut ways = known.value;
    for way in declared(cx) {
        ways.entry(way).or_default();
    }
    let all: u64 = ways.values().map(|sum| sum.requests).sum();
    let mut ways: Vec<(Way, Sum)> = ways.into_iter().collect();
    ways.sort_by_key(|(_, sum)| std::cmp::Reverse(sum.requests));
    let first = [column(&cx.words, who)].into_iter();
    let table = Table {
        name: "map",
        note: cx.words.say("map-note", &[("since", since), ("all", cx.words.count(all))]),
        empty: cx.t("map-none"),
        columns: first.chain(columns(&cx.words, COLUMNS)).collect(),
        rows: ways.iter().map(|(way, sum)| row(cx, way, sum, all)).collect(),
        ..Table::default()
    };
    let table = table.arranged(cx.ask, &cx.words, cx.whole());
    let concentration = Block::Table(concentration(cx, &ways, all));
    // Where nothing went anywhere yet there is nothing to draw, but what is declared is there.
    let map = if all == 0 { Block::Table(table) } else { Block::Chart(chart(cx, &ways, all, table)) };
    let blocks = late.into_iter().chain([concentration, map]).collect();
    let (title, lead) = (cx.t("menu-map"), cx.t("map-lead"));
    Ok(Page { menu: "map", title, lead, tabs: tabs(cx, "tab-ways"), blocks })
}

/// The pages about dependence.
pub fn tabs(cx: &Context<'_>, here: &str) -> Vec<(String, String, bool)> {
    let tabs = [("/console/map", "tab-ways"), ("/console/exposure", "tab-exposure")];
    tabs.map(|(path, key)| (path.to_owned(), cx.t(key), key == here)).into()
}

/// What traffic is of: an app; across organisations, an organisation.
pub fn who(cx: &Context<'_>) -> &'static str {
    if cx.is_whole() { "organisation" } else { "app" }
}

/// Ways that the realm declares, whether or not anything went there.
fn declared(cx: &Context<'_>) -> BTreeSet<Way> {
    let mut ways = BTreeSet::new();
    for app in cx.apps() {
        let who = if cx.is_whole() { app.organisation.to_string() } else { app.id.to_string() };
        for route in cx.world().routes_of(app) {
            ways.extend(targets(route).into_iter().map(|id| (who.clone(), route.id.clone(), id.clone())));
        }
    }
    ways
}

/// The picture of the ways that anything went, with the table of them all as its twin.
fn chart(cx: &Context<'_>, ways: &[(Way, Sum)], all: u64, table: Table) -> Chart {
    Chart {
        title: cx.t("chart-map"),
        summary: cx.words.say("chart-map-summary", &[("total", cx.words.count(all))]),
        kind: Kind::Sankey,
        labels: Vec::new(),
        series: Vec::new(),
        flows: flows(cx, ways),
        stopped: String::new(),
        whole: true,
        views: Vec::new(),
        table,
    }
}

/// From whoever asked over deployment, provider and ultimate parent to whoever can compel it.
fn flows(cx: &Context<'_>, ways: &[(Way, Sum)]) -> Vec<Flow> {
    let mut parts: BTreeMap<(usize, String, String), u64> = BTreeMap::new();
    for ((asked, _, deployment), sum) in ways.iter().filter(|(_, sum)| sum.requests > 0) {
        let mut chain = vec![format!("{}:{asked}", who(cx)), format!("deployment:{deployment}")];
        if let Some(supply) = cx.world().supply_of(deployment) {
            let control: Vec<&str> = supply.operator.controllers.iter().map(|it| it.as_str()).collect();
            let control = if control.is_empty() { cx.t("unknown") } else { control.join(", ") };
            chain.push(format!("provider:{}", supply.provider.id));
            chain.push(format!("parent:{}", supply.operator.ultimate_parent));
            chain.push(format!("control:{control}"));
        }
        for (place, pair) in chain.windows(2).enumerate() {
            *parts.entry((place, pair[0].clone(), pair[1].clone())).or_default() += sum.requests;
        }
    }
    let flow = |((_, from, to), requests)| Flow { from, to, value: number(requests) };
    parts.into_iter().map(flow).collect()
}

/// Parts of all traffic in percent; what is not nothing is not shown as nothing.
fn share(cx: &Context<'_>, requests: u64, all: u64) -> Cell {
    let tenths = requests.saturating_mul(1_000).saturating_add(all / 2).checked_div(all).unwrap_or(0);
    let text = if tenths == 0 && requests > 0 {
        "<0.1".to_owned()
    } else {
        #[expect(clippy::cast_precision_loss, reason = "at most a thousand")]
        cx.words.tenth(tenths as f64 / 10.0)
    };
    Cell::of(format!("{text}\u{202f}%"), tenths)
}

fn row(cx: &Context<'_>, (who, route, deployment): &Way, sum: &Sum, all: u64) -> Vec<Cell> {
    let (words, undeclared) = (&cx.words, || Cell::of(cx.t("not-declared"), json!(null)).tone("quiet"));
    let mut cells = vec![Cell::text(who.as_str()), Cell::text(route.as_str()), Cell::text(deployment.as_str())];
    match cx.world().supply_of(deployment) {
        Some(supply) => {
            let control: Vec<&str> = supply.operator.controllers.iter().map(|it| it.as_str()).collect();
            cells.extend([
                Cell::text(supply.model.id.as_str()),
                Cell::text(supply.provider.id.as_str()),
                Cell::text(supply.operator.id.as_str()),
                Cell::text(supply.operator.ultimate_parent.as_str()),
                Cell { value: json!(control), ..Cell::text(control.join(", ")) },
                Cell::text(supply.deployment.host.as_str()),
                supply.deployment.site.as_ref().map_or_else(undeclared, |site| Cell::text(site.as_str())),
                supply.deployment.accelerator.as_ref().map_or_else(undeclared, |kind| Cell::text(kind.as_str())),
                supply.deployment.energy.map_or_else(undeclared, |energy| {
                    let method = if energy.method == EnergyMethod::Measured { "measured" } else { "declared" };
                    let text = format!("{}\u{202f}J/token", words.tenth(energy.j_per_token));
                    Cell::of(text, json!(energy.j_per_token)).note(cx.t(method))
                }),
            ]);
        }
        // The realm of then may have been another.
        None => cells.extend((0..9).map(|_| undeclared())),
    }
    cells.extend([Cell::of(words.count(sum.requests), sum.requests), share(cx, sum.requests, all)]);
    cells
}

/// Which part of the traffic rests on one operator's parent, one jurisdiction, one model: the greatest first.
fn concentration(cx: &Context<'_>, ways: &[(Way, Sum)], all: u64) -> Table {
    let mut parts: BTreeMap<(&str, String), u64> = BTreeMap::new();
    for ((_, _, deployment), sum) in ways {
        let Some(supply) = cx.world().supply_of(deployment) else { continue };
        let on = [
            ("parent", supply.operator.ultimate_parent.to_string()),
            ("jurisdiction", supply.operator.jurisdiction.to_string()),
            ("residency", supply.deployment.host.to_string()),
            ("model", supply.model.id.to_string()),
        ];
        on.into_iter().for_each(|part| *parts.entry(part).or_default() += sum.requests);
    }
    let mut parts: Vec<_> = parts.into_iter().collect();
    parts.sort_by_key(|(_, requests)| std::cmp::Reverse(*requests));
    let row = |((kind, name), requests): ((&str, String), u64)| {
        vec![
            Cell::of(cx.words.say(&format!("col-{kind}"), &[]), kind),
            Cell::text(name),
            Cell::of(cx.words.count(requests), requests),
            share(cx, requests, all),
        ]
    };
    Table {
        name: "concentration",
        title: cx.t("concentration"),
        note: cx.t("concentration-note"),
        empty: cx.t("map-none"),
        columns: columns(&cx.words, "kind name #requests #share"),
        rows: parts.into_iter().map(row).collect(),
        ..Table::default()
    }
}
