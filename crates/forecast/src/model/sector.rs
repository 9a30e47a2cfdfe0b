//! The built-in structure, as formulas: adoption × exposure × saving, less complementary investment, no more than the
//! capacity allows.

use super::capacity::Capacity;
use super::input::Input;
use super::table::Table;
use super::words::words;
use super::{Adopted, Words};

/// A sector as written: each field a formula of inputs.
pub(super) struct Written {
    pub(super) id: String,
    pub(super) title: Option<Words>,
    pub(super) curve: &'static str,
    pub(super) adopted: Adopted,
    pub(super) span: std::ops::Range<usize>,
    value_added: String,
    exposed: String,
    saving: String,
    complement: String,
    intensity: Option<String>,
    wanted: String,
}

const CURVES: [(&str, &str); 3] = [("bass", "bass"), ("logistic", "logistic"), ("gompertz", "gompertz")];

/// Reads a sector.
pub(super) fn sector(table: &Table<'_>, inputs: &[Input], first_year: i16) -> Option<Written> {
    let need = |field| table.require(field, table.text(field)).map(|it| it.value);
    let id = table.require("id", table.id("id"));
    let title = words(table, "title");
    let curve = table.require("curve", table.word("curve", &CURVES));
    let (value_added, exposed) = (need("value_added"), need("exposed"));
    let (saving, complement) = (need("saving"), need("complement"));
    let intensity = table.text("intensity").map(|it| it.value);
    let ceiling = table.text("ceiling").map_or("1".to_owned(), |it| it.value);
    let adopted = table.text("adopted").map(|it| it.value);
    let wanted = wanted(table, curve.as_ref()?.value, &ceiling, adopted.as_deref(), first_year);
    table.finish();
    let is_given = adopted.as_ref().and_then(|name| inputs.iter().find(|input| input.id == *name));
    let is_given = is_given.is_some_and(|it| !it.provenance.basis.is_judged());
    Some(Written {
        id: id?.value,
        title,
        curve: curve?.value,
        adopted: if is_given { Adopted::Given } else { Adopted::Assumed },
        span: table.span.clone(),
        value_added: value_added?,
        exposed: exposed?,
        saving: saving?,
        complement: complement?,
        intensity,
        wanted: wanted?,
    })
}

/// The share that would adopt if capacity were no matter: through the adoption so far where it is given.
fn wanted(table: &Table<'_>, curve: &str, ceiling: &str, adopted: Option<&str>, first_year: i16) -> Option<String> {
    let need = |field| table.require(field, table.text(field)).map(|it| it.value);
    let so_far = adopted.map(|adopted| format!("min(0.999, ({adopted}) / ({ceiling}))"));
    if curve == "bass" {
        let (p, q) = (need("p"), need("q"));
        let begun = match so_far {
            Some(so_far) => format!("bass_time({so_far}, ({}), ({}))", p.clone()?, q.clone()?),
            None => {
                let since = table.require("since", table.year("since"))?.value;
                format!("{} * year", (first_year - since).max(0))
            }
        };
        return Some(format!("({ceiling}) * bass(time + {begun}, ({}), ({}))", p?, q?));
    }
    let rate = need("rate")?;
    let middle = match (so_far, curve) {
        (Some(so_far), "logistic") => format!("ln(1 / {so_far} - 1) / ({rate})"),
        (Some(so_far), _) => format!("ln(-ln({so_far})) / ({rate})"),
        (None, _) => need("middle")?,
    };
    Some(format!("({ceiling}) * {curve}(time, {middle}, ({rate}))"))
}

/// Formulas of all sectors and of the capacity, by name; with the place that made each.
pub(super) fn formulas(
    sectors: &[Written],
    capacity: Option<&Capacity>,
) -> Vec<(String, String, std::ops::Range<usize>)> {
    let mut all = Vec::new();
    let share = if capacity.is_some() { "capacity.share" } else { "1" };
    for it in sectors {
        let Written { id, value_added, exposed, saving, complement, .. } = it;
        let mut push = |name: &str, formula: String| all.push((format!("{id}.{name}"), formula, it.span.clone()));
        push("wanted", it.wanted.clone());
        push("adoption", format!("{id}.wanted * {share}"));
        push("gross", format!("({value_added}) * ({exposed}) * ({saving}) * {id}.adoption"));
        push("value", format!("{id}.gross * (1 - ({complement}))"));
        if let Some(intensity) = &it.intensity {
            push("need", format!("({value_added}) * ({exposed}) * {id}.wanted * ({intensity})"));
        }
    }
    let sum = |what: &str, some: &dyn Fn(&Written) -> bool| {
        let parts: Vec<String> = sectors.iter().filter(|it| some(it)).map(|it| format!("{}.{what}", it.id)).collect();
        if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") }
    };
    let place = sectors.first().map_or(0..0, |it| it.span.clone());
    if !sectors.is_empty() {
        all.push(("sectors.gross".to_owned(), sum("gross", &|_| true), place.clone()));
        all.push(("sectors.value".to_owned(), sum("value", &|_| true), place.clone()));
    }
    if let Some(capacity) = capacity {
        let f = &capacity.factors;
        let by_power = format!("capacity.power / ({})", f.accelerator_power);
        let mut push = |name: &str, formula: String| all.push((format!("capacity.{name}"), formula, place.clone()));
        push("running", format!("min(capacity.accelerators, {by_power})"));
        push("is_power", format!("if_at_least(capacity.accelerators, {by_power}, 1, 0)"));
        push("supply", format!("capacity.running * ({}) * ({}) * ({})", f.throughput, f.utilisation, f.share));
        push("need", sum("need", &|it| it.intensity.is_some()));
        push("share", "capped(capacity.supply, capacity.need)".to_owned());
    }
    all
}
