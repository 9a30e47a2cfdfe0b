//! Demand as tables and series of a case.

use std::fmt::Write as _;

use super::{Demand, Training};
use crate::start::quoted;

/// The file of series that the tables name.
const FILE: &str = "recorded.csv";

/// Classes and rates, to stand after a case's other tables: `growth` is a factor by year, `jurisdictions` where the work may be
/// done (everywhere where there are none). What it rests on is their source.
pub fn tables(demand: &Demand, growth: &[(i32, f64)], jurisdictions: &[String]) -> String {
    let said = said(demand);
    let it = demand.represents;
    let mut text = format!("\n# Work from {said}.\n");
    let factor: Vec<String> = growth.iter().map(|(year, factor)| format!("{year} = {}", factor * it.mid)).collect();
    let factor = if factor.is_empty() { it.mid.to_string() } else { format!("{{ {} }}", factor.join(", ")) };
    for class in &demand.classes {
        let _ = write!(text, "\n[[class]]\nid = {:?}\nkind = \"inference\"\n", id(&class.model));
        let _ = writeln!(
            text,
            "demand_tokens_per_s = {{ file = {FILE:?}, column = {:?}, factor = {factor} }}",
            id(&class.model)
        );
        let _ = writeln!(text, "source = {}", quoted(&said));
        if !jurisdictions.is_empty() {
            let _ = writeln!(text, "jurisdictions = {jurisdictions:?}");
        }
        for rate in &class.rates {
            let _ = write!(
                text,
                "\n[[throughput]]\naccelerator = {:?}\nclass = {:?}\ntokens_per_s = {}\nsource = {}\n",
                rate.accelerator,
                id(&class.model),
                rate.tokens_per_s,
                quoted(&rate.source)
            );
        }
    }
    demand.training.iter().for_each(|it| text.push_str(&training_tables(it, jurisdictions)));
    text
}

/// The class of a training, and how fast each accelerator does it.
fn training_tables(it: &Training, jurisdictions: &[String]) -> String {
    let id = format!("training-{}", it.initiative);
    let said = format!(
        "initiative {} of the realm: 10^{} operations from {} to {}, the same each day{}",
        it.initiative,
        it.flop_log10,
        it.from,
        it.by,
        if it.from_declared { "" } else { " (no first day is declared: the first of that year)" }
    );
    let by_year: Vec<String> = it.by_year.iter().map(|(year, work)| format!("{year} = {work}")).collect();
    let mut text = format!("\n[[class]]\nid = {id:?}\nkind = \"training\"\n");
    let _ = writeln!(text, "demand_pflop_hours = {{ {} }}", by_year.join(", "));
    let _ = writeln!(text, "source = {}", quoted(&said));
    if !jurisdictions.is_empty() {
        let _ = writeln!(text, "jurisdictions = {jurisdictions:?}");
    }
    for takes in &it.accelerators {
        // As many digits as a share and a peak have.
        let pflops = (takes.tflops * it.mfu.mid * 1e6).round() / 1e9;
        let (low, mid, high) = (it.mfu.low, it.mfu.mid, it.mfu.high);
        let source =
            format!("{} TFLOPS at the peak, {mid} of it in use ({low} to {high}): {}", takes.tflops, it.mfu.source);
        let _ = write!(
            text,
            "\n[[throughput]]\naccelerator = {:?}\nclass = {id:?}\npflops = {pflops}\nsource = {}\n",
            takes.accelerator,
            quoted(&source)
        );
    }
    text
}

/// What the figures of demand rest on.
fn said(demand: &Demand) -> String {
    let it = demand.represents;
    format!(
        "records of {} hours, {}; each stands for {} times as much ({} to {})",
        demand.recorded_hours,
        if demand.flat { "their mean in every hour" } else { "by hour of the day in UTC" },
        it.mid,
        it.low,
        it.high
    )
}

/// The series of hours that the tables name: so many rows, the hour of the day beginning anew with each of `starts`.
pub fn demand_rows(demand: &Demand, hours: usize, starts: &[usize]) -> (&'static str, String) {
    let mut text = String::from("hour");
    demand.classes.iter().for_each(|class| {
        let _ = write!(text, ",{}", id(&class.model));
    });
    text.push('\n');
    for hour in 0..hours {
        let begun = starts.iter().rev().find(|start| **start <= hour).copied().unwrap_or(0);
        let _ = write!(text, "{hour}");
        for class in &demand.classes {
            let _ = write!(text, ",{}", class.tokens_per_s[(hour - begun) % class.tokens_per_s.len()]);
        }
        text.push('\n');
    }
    (FILE, text)
}

/// What a model's work is called in a case.
fn id(model: &str) -> String {
    format!("tokens-{model}")
}
