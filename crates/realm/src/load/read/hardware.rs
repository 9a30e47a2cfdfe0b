use std::collections::BTreeMap;

use rust_decimal::Decimal;

use super::{MOST, plain};
use crate::load::table::Table;
use crate::world::{Accelerator, Known, Load, Throughput};

/// `[[accelerator]]`.
pub(in crate::load) fn accelerator(table: &Table<'_>) -> Option<Accelerator> {
    let id = table.own_id();
    let name = table.require("name", table.text("name"));
    let maker = table.require("maker", table.link("maker"));
    let origin = table.require("origin", table.jurisdiction("origin"));
    let figure = |field| table.decimal(field, Decimal::ZERO..=Decimal::from(10_000_000)).map(plain);
    Some(Accelerator {
        bf16_tflops: figure("bf16_tflops"),
        memory_gb: figure("memory_gb"),
        power_w: figure("power_w"),
        price: table.money("price"),
        id: id?,
        name: name?.value,
        maker: maker?.value,
        origin: origin?.value,
    })
}

/// `[[throughput]]`, kept with the others; a second one of the same load is a contradiction.
pub(in crate::load) fn throughput(table: &Table<'_>, all: &mut BTreeMap<Load, Throughput>) {
    let Some(read) = row(table) else { return };
    if all.contains_key(&read.of) {
        let problem = table.place().error("realm.throughput_twice").arg("model", read.of.model.as_str());
        table.cx.report(problem.arg("accelerator", read.of.accelerator.as_str()));
        return;
    }
    all.insert(read.of.clone(), read);
}

fn row(table: &Table<'_>) -> Option<Throughput> {
    let model = table.require("model", table.link("model"));
    let accelerator = table.require("accelerator", table.link("accelerator"));
    let accelerators = table.whole("accelerators", 1..=100_000).map_or(1, plain);
    let batch = table.whole("batch", 1..=1_000_000).map_or(1, plain);
    let prompt_tokens = table.whole("prompt_tokens", 1..=MOST).map(plain);
    let positive = Decimal::new(1, 6)..=Decimal::from(1_000_000_000u64);
    let tokens_per_s = table.require("tokens_per_s", table.decimal("tokens_per_s", positive));
    let watts = table.decimal("watts", Decimal::ZERO..=Decimal::from(1_000_000_000u64)).map(plain);
    let method = table.require("method", table.word("method", &Known::ALL));
    let source = table.require("source", table.text("source"));
    let date = table.date("date").map(plain);
    let of = Load { model: model?.value, accelerator: accelerator?.value, accelerators, batch, prompt_tokens };
    Some(Throughput {
        of,
        tokens_per_s: tokens_per_s?.value,
        watts,
        method: method?.value,
        source: source?.value,
        date,
    })
}
