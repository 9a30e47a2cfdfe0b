//! The chart of where requests went: from app (across organisations: from organisation) to deployment to whoever can compel its operator.

use std::collections::BTreeMap;

use super::map::who;
use super::traffic::{count, number};
use crate::block::Chart;
use crate::chart::{Flow, Kind};
use crate::context::Context;
use crate::table::{Cell, Table, column, columns};

/// How many requests went from whom to which deployment; none: they were refused.
pub type Flows = BTreeMap<(String, Option<String>), u64>;

/// The chart.
pub fn chart(cx: &Context<'_>, seen: &Flows) -> Chart {
    let total: u64 = seen.values().sum();
    let stopped: u64 = seen.iter().filter(|((_, to), _)| to.is_none()).map(|(_, count)| count).sum();
    let args = [("total", cx.words.count(total)), ("stopped", cx.words.count(stopped))];
    Chart {
        title: cx.t("chart-went"),
        summary: cx.words.say("chart-went-summary", &args),
        kind: Kind::Sankey,
        labels: Vec::new(),
        series: Vec::new(),
        flows: flows(cx, seen),
        stopped: format!("to:{}", cx.t("chart-stopped")),
        whole: true,
        views: Vec::new(),
        table: table(cx, seen),
    }
}

/// From whoever asked to deployments, and from these onward.
fn flows(cx: &Context<'_>, seen: &Flows) -> Vec<Flow> {
    let mut onward: BTreeMap<(&str, String), u64> = BTreeMap::new();
    let mut flows = Vec::new();
    for ((from, to), requests) in seen {
        let target = to.clone().unwrap_or_else(|| cx.t("chart-stopped"));
        flows.push(Flow { from: format!("{}:{from}", who(cx)), to: format!("to:{target}"), value: number(*requests) });
        if let Some(to) = to {
            *onward.entry((to, control(cx, to))).or_default() += requests;
        }
    }
    let onward = onward.into_iter().map(|((from, to), requests)| Flow {
        from: format!("to:{from}"),
        to: format!("control:{to}"),
        value: number(requests),
    });
    flows.into_iter().chain(onward).collect()
}

fn table(cx: &Context<'_>, seen: &Flows) -> Table {
    let row = |((from, to), requests): (&(String, Option<String>), &u64)| {
        let stopped = || Cell { tone: "bad", ..Cell::of(cx.t("chart-stopped"), serde_json::Value::Null) };
        vec![
            Cell::text(from.as_str()),
            to.as_ref().map_or_else(stopped, Cell::text),
            to.as_ref().map_or_else(Cell::none, |to| Cell::text(control(cx, to))),
            count(cx, *requests),
        ]
    };
    let first = [column(&cx.words, who(cx))].into_iter();
    Table {
        name: "went",
        columns: first.chain(columns(&cx.words, "deployment control #requests")).collect(),
        rows: seen.iter().map(row).collect(),
        ..Table::default()
    }
}

/// Who can compel a deployment's operator today.
fn control(cx: &Context<'_>, deployment: &str) -> String {
    let supply = realm::DeploymentId::new(deployment).ok().and_then(|id| cx.world().supply_of(&id));
    let named = supply
        .map(|supply| supply.operator.controllers.iter().map(|place| place.as_str()).collect::<Vec<_>>().join(", "));
    named.filter(|named| !named.is_empty()).unwrap_or_else(|| cx.t("unknown"))
}
