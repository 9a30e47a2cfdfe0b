use jiff::civil::Date;
use rust_decimal::Decimal;

use super::{MOST, plain};
use crate::AcceleratorId;
use crate::load::context::At;
use crate::load::table::Table;
use crate::world::{EnergyKind, EnergySource, Nodes, Site};

/// More than any source of energy gives.
const POWER_MW_MOST: u64 = 1_000_000;

/// `[[site]]`.
pub(in crate::load) fn site(table: &Table<'_>) -> Option<Site> {
    let id = table.own_id();
    let name = table.require("name", table.text("name"));
    let jurisdiction = table.require("jurisdiction", table.jurisdiction("jurisdiction"));
    let nodes = table.subs("nodes", "site.nodes", nodes);
    Some(Site {
        degrees: degrees(table),
        power_mw: power_mw(table).map(plain),
        pue: table.decimal("pue", Decimal::ONE..=Decimal::TEN).map(plain),
        nodes: nodes.map(plain).unwrap_or_default(),
        id: id?,
        name: name?.value,
        jurisdiction: jurisdiction?.value,
    })
}

fn power_mw(table: &Table<'_>) -> Option<At<Decimal>> {
    table.decimal("power_mw", Decimal::ZERO..=Decimal::from(POWER_MW_MOST))
}

/// Where on earth: both degrees or none.
fn degrees(table: &Table<'_>) -> Option<(Decimal, Decimal)> {
    let within = |field, most: u64| table.decimal(field, -Decimal::from(most)..=Decimal::from(most));
    let (latitude, longitude) = (within("latitude", 90), within("longitude", 180));
    if table.has("latitude") != table.has("longitude") {
        let (field, other) = if table.has("latitude") { ("latitude", "longitude") } else { ("longitude", "latitude") };
        half(table, field, other);
    }
    Some((latitude?.value, longitude?.value))
}

/// Reports a field that says nothing without another.
fn half(table: &Table<'_>, field: &'static str, other: &'static str) {
    if let Some(place) = table.field_place(field) {
        table.cx.report(place.error("realm.half_said").arg("field", field).arg("other", other));
    }
}

fn nodes(table: &Table<'_>) -> Option<Nodes> {
    let kind = table.require("kind", table.text("kind"));
    let count = table.require("count", table.whole("count", 1..=MOST));
    let each = table.whole("accelerators", 1..=1024).map(plain);
    let which: Option<At<AcceleratorId>> = table.link("accelerator");
    match (table.has("accelerators"), table.has("accelerator")) {
        (true, false) => half(table, "accelerators", "accelerator"),
        (false, true) => half(table, "accelerator", "accelerators"),
        _ => {}
    }
    let accelerators = which.map(plain).zip(each);
    let since = table.date("since").map(plain);
    Some(Nodes { kind: kind?.value, count: count?.value, accelerators, since })
}

/// `[[energy_source]]`.
pub(in crate::load) fn energy_source(table: &Table<'_>) -> Option<EnergySource> {
    let id = table.own_id();
    let site = table.require("site", table.link("site"));
    let kind = table.require("kind", table.word("kind", &EnergyKind::ALL));
    let power_mw = table.require("power_mw", power_mw(table));
    let outages = table.subs("outages", "energy_source.outages", outage);
    let emitted = table.decimal("gco2_per_kwh", Decimal::ZERO..=Decimal::from(10_000));
    let available_from = table.date("available_from").map(plain);
    Some(EnergySource {
        available_from,
        stands: available_from.is_none_or(|from| from <= table.cx.today),
        outages: outages.map(plain).unwrap_or_default(),
        gco2_per_kwh: emitted.map(plain),
        fuel: table.jurisdictions("fuel").unwrap_or_default(),
        control: table.jurisdictions("control").unwrap_or_default(),
        id: id?,
        site: site?.value,
        kind: kind?.value,
        power_mw: power_mw?.value,
    })
}

fn outage(table: &Table<'_>) -> Option<(Date, Date)> {
    let from = table.require("from", table.date("from"));
    let until = table.require("until", table.date("until"));
    let (from, until) = (from?, until?);
    if until.value < from.value {
        table.cx.report(until.place.error("realm.ends_before_it_starts").arg("starts", from.value.to_string()));
    }
    Some((from.value, until.value))
}
