//! What a start holds, where its figures come from and what nobody says, for people and for programs.

use std::collections::BTreeMap;
use std::path::Path;

use ::plan::Diagnostic;
use ::plan::start::{Figure, LeftOut, Start};
use realm::World;
use serde_json::{Value, json};

use crate::lang::{Lang, path_arg, say};
use crate::output::lay_out;

fn units(world: &World) -> BTreeMap<(&str, &str), u64> {
    let mut units = BTreeMap::new();
    for site in world.sites.values() {
        for (kind, count) in site.nodes.iter().filter_map(|it| Some((it.accelerators.as_ref()?, it.count))) {
            let sum: &mut u64 = units.entry((site.id.as_str(), kind.0.as_str())).or_default();
            *sum = sum.saturating_add(count.saturating_mul(kind.1));
        }
    }
    units
}

pub(super) fn json(world: &World, found: &Start, (to_fill_in, rates): (&[Diagnostic], &[String]), out: &Path) -> Value {
    let units = units(world);
    let accelerators =
        units.iter().map(|((site, kind), units)| json!({ "site": site, "accelerator": kind, "units": units }));
    let sources = world.energy_sources.values();
    let sources = sources.map(|it| json!({ "id": it.id, "site": it.site, "mw": it.power_mw.to_string() }));
    let unknown = to_fill_in.iter().map(|it| {
        let args: BTreeMap<&str, &str> = it.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let of = args.get("of").unwrap_or(&"").trim_matches([' ', '(', ')']);
        json!({ "file": it.file, "line": it.line, "field": args.get("field"), "of": of })
    });
    json!({
        "out": out.display().to_string(),
        "sites": world.sites.keys().collect::<Vec<_>>(),
        "accelerators": accelerators.collect::<Vec<_>>(),
        "energy_sources": sources.collect::<Vec<_>>(),
        "taken": found.taken,
        "left_out": found.left_out,
        "to_fill_in": unknown.collect::<Vec<_>>(),
        "rates_wanted": rates,
    })
}

pub(super) fn text(
    lang: Lang,
    world: &World,
    found: &Start,
    (to_fill_in, rates): (&[Diagnostic], &[String]),
    out: &Path,
) -> String {
    let mut lines = vec![stock(lang, world).trim_end().to_owned()];
    lines.extend(found.taken.iter().map(|it| taken(lang, it)));
    lines.extend(found.left_out.iter().map(|it| left_out(lang, it)));
    lines.push(say(lang, "start-nothing-built", &[]));
    if !to_fill_in.is_empty() {
        lines.push(say(lang, "start-unknown", &[("count", to_fill_in.len().to_string())]));
    }
    let unknown = |it: &Diagnostic| format!("  {}:{}: {}", it.file.display(), it.line, it.text(lang).message);
    lines.extend(to_fill_in.iter().map(unknown));
    if !rates.is_empty() {
        lines.push(say(lang, "start-rates", &[("currencies", rates.join(", ")), ("first", rates[0].clone())]));
    }
    lines.push(say(lang, "plan-written", &[path_arg(out)]));
    lines.join("\n") + "\n"
}

/// What stands, by site.
fn stock(lang: Lang, world: &World) -> String {
    let heads = ["site", "stock", "amount"].map(|head| say(lang, &format!("col-{head}"), &[]));
    let machines = units(world);
    let machines =
        machines.iter().map(|((site, kind), units)| vec![(*site).to_owned(), (*kind).to_owned(), units.to_string()]);
    let sources = world.energy_sources.values();
    let sources = sources.map(|it| vec![it.site.to_string(), it.id.to_string(), format!("{} MW", it.power_mw)]);
    let mut rows: Vec<Vec<String>> = machines.chain(sources).collect();
    rows.sort();
    lay_out(&heads, &[2], &rows)
}

fn taken(lang: Lang, it: &Figure) -> String {
    let of = if it.id.is_empty() { it.table.to_owned() } else { it.id.clone() };
    let figure = |value: f64| format!("{}", (value * 1e6).round() / 1e6);
    let args = [
        ("of", of),
        ("field", it.field.to_owned()),
        ("mid", figure(it.mid)),
        ("low", figure(it.low)),
        ("high", figure(it.high)),
        ("source", it.source.clone()),
    ];
    say(lang, "start-taken", &args)
}

fn left_out(lang: Lang, it: &LeftOut) -> String {
    match it {
        LeftOut::Machines { site, kind, count } => {
            let args = [("site", site.clone()), ("kind", kind.clone()), ("count", count.to_string())];
            say(lang, "start-left-machines", &args)
        }
        LeftOut::Outages { energy_source, count } => {
            say(lang, "start-left-outages", &[("source", energy_source.clone()), ("count", count.to_string())])
        }
    }
}
