//! The built-in structure, as formulas: adoption × exposure × saving, less complementary investment, no more than the
//! capacity allows.

use super::capacity::Capacity;
use super::input::{Basis, Input, Provenance};
use super::table::{Placed, Table};
use super::words::words;
use super::{Adopted, Words};
use crate::unit::Kind;
use crate::usage::{Counted, Usage};

/// A sector as written: each field a formula of inputs.
pub(super) struct Written {
    pub(super) id: String,
    pub(super) title: Option<Words>,
    pub(super) curve: &'static str,
    pub(super) adopted: Adopted,
    /// What usage records say of adoption so far, where the sector asks for them and they say something.
    pub(super) counted: Option<Counted>,
    pub(super) span: std::ops::Range<usize>,
    value_added: String,
    exposed: String,
    saving: String,
    complement: String,
    intensity: Option<String>,
    pub(super) class: Option<Placed<String>>,
    wanted: String,
}

impl Written {
    /// Whether it needs any capacity.
    pub(super) fn needs_capacity(&self) -> bool {
        self.intensity.is_some()
    }

    /// The input that usage records become: a measured share, with what was counted as its source.
    pub(super) fn counted_input(&self) -> Option<Input> {
        let counted = self.counted?;
        let Counted { since, until, sum } = counted;
        let title = self.title.as_ref().map_or_else(|| self.id.clone(), |it| it.en.clone());
        let ru = self.title.as_ref().and_then(|it| it.ru.clone()).unwrap_or_else(|| self.id.clone());
        let (active, apps, tokens) = (sum.active, sum.apps, sum.tokens);
        let source = Words {
            en: format!("usage records {since} to {until}: {active} of {apps} apps active, {tokens} tokens"),
            ru: Some(format!(
                "записи об использовании {since} – {until}: работают {active} из {apps} приложений, токенов {tokens}"
            )),
        };
        let title = Words {
            en: format!("Adopted so far: {title}"), ru: Some(format!("Внедрено на сегодня: {ru}"))
        };
        Some(Input {
            id: name_of(&self.id),
            title: Some(title),
            distribution: counted.share()?,
            unit: "1".to_owned(),
            provenance: Provenance {
                source,
                owner: "ledger".to_owned(),
                date: until,
                expires: until,
                basis: Basis::Measured,
            },
            is_set: false,
            contract: None,
            scale: 1.0,
            kind: Kind::default(),
        })
    }
}

const CURVES: [(&str, &str); 3] = [("bass", "bass"), ("logistic", "logistic"), ("gompertz", "gompertz")];

/// Reads a sector.
pub(super) fn sector(table: &Table<'_>, inputs: &[Input], first_year: i16, usage: Option<&Usage>) -> Option<Written> {
    let need = |field| table.require(field, table.text(field)).map(|it| it.value);
    let id = table.require("id", table.id("id"));
    let title = words(table, "title");
    let curve = table.require("curve", table.word("curve", &CURVES));
    let (value_added, exposed) = (need("value_added"), need("exposed"));
    let (saving, complement) = (need("saving"), need("complement"));
    are_shares(table, &["exposed", "saving", "ceiling", "adopted"], inputs);
    let intensity = table.text("intensity").map(|it| it.value);
    let class = table.id("class");
    let ceiling = table.text("ceiling").map_or("1".to_owned(), |it| it.value);
    let adopted = table.text("adopted").map(|it| it.value);
    let counted = counted(table, id.as_ref().map_or("", |it| &it.value), usage);
    let so_far = match &counted {
        Some((name, counted)) => Some((name.clone(), counted.until.year() - first_year)),
        None => adopted.clone().map(|adopted| (adopted, 0)),
    };
    let wanted = wanted(table, curve.as_ref()?.value, &ceiling, so_far.as_ref(), first_year);
    table.finish();
    Some(Written {
        id: id?.value,
        title,
        curve: curve?.value,
        adopted: if counted.is_some() { Adopted::Measured } else { said(adopted.as_deref(), inputs) },
        counted: counted.map(|(_, counted)| counted),
        span: table.span.clone(),
        value_added: value_added?,
        exposed: exposed?,
        saving: saving?,
        complement: complement?,
        intensity,
        class,
        wanted: wanted?,
    })
}

/// A share has its 90 % interval within 0 and 1, where an input alone stands for it. (A tail beyond is what an interval costs.)
pub(super) fn are_shares(table: &Table<'_>, fields: &[&'static str], inputs: &[Input]) {
    for field in fields.iter().filter(|field| table.is_text(field)) {
        let Some(named) = table.text(field) else { continue };
        let Some(input) = inputs.iter().find(|it| it.id == named.value && it.unit == "1") else { continue };
        let [low, high] = [0.05, 0.95].map(|p| input.distribution.quantile(p));
        if low < 0.0 || high > 1.0 {
            let args = [("name", input.id.clone()), ("low", format!("{low:.3}")), ("high", format!("{high:.3}"))];
            table.reading.problem("forecast.share_outside", named.span, &args);
        }
    }
}

/// Whether a source measured or states the adoption so far that a model gives.
fn said(adopted: Option<&str>, inputs: &[Input]) -> Adopted {
    let input = adopted.and_then(|name| inputs.iter().find(|input| input.id == name));
    if input.is_some_and(|it| !it.provenance.basis.is_judged()) { Adopted::Given } else { Adopted::Assumed }
}

/// The words of `adopted_from`.
const FROM: [(&str, ()); 1] = [("usage", ())];

/// What usage records say of a sector that asks for them, and the name of the input that it becomes.
fn counted(table: &Table<'_>, id: &str, usage: Option<&Usage>) -> Option<(String, Counted)> {
    let asks = table.word("adopted_from", &FROM).is_some();
    let named = table.read("usage_sectors", "ids", |value| {
        value.as_array()?.iter().map(|it| it.get_ref().as_str().map(str::to_owned)).collect::<Option<Vec<_>>>()
    });
    let named = named.map_or_else(|| vec![id.to_owned()], |it| it.value);
    let counted = usage.filter(|_| asks)?.of(&named)?;
    Some((name_of(id), counted))
}

/// The name of the input that usage records of a sector become.
fn name_of(sector: &str) -> String {
    format!("usage_{sector}")
}

/// The share that would adopt if capacity were no matter: through the adoption so far where it is given, so many years after the
/// first.
fn wanted(
    table: &Table<'_>,
    curve: &str,
    ceiling: &str,
    adopted: Option<&(String, i16)>,
    first_year: i16,
) -> Option<String> {
    let need = |field| table.require(field, table.text(field)).map(|it| it.value);
    let so_far = adopted.map(|(adopted, _)| format!("min(0.999, ({adopted}) / ({ceiling}))"));
    let after = adopted.map_or(0, |(_, after)| *after);
    if curve == "bass" {
        let (p, q) = (need("p"), need("q"));
        let begun = match so_far {
            Some(so_far) => format!("bass_time({so_far}, ({}), ({})) - {after} * year", p.clone()?, q.clone()?),
            None => {
                let since = table.require("since", table.year("since"))?.value;
                format!("{} * year", (first_year - since).max(0))
            }
        };
        return Some(format!("({ceiling}) * bass(time + {begun}, ({}), ({}))", p?, q?));
    }
    let rate = need("rate")?;
    let middle = match (so_far, curve) {
        (Some(so_far), "logistic") => format!("{after} * year + ln(1 / {so_far} - 1) / ({rate})"),
        (Some(so_far), _) => format!("{after} * year + ln(-ln({so_far})) / ({rate})"),
        (None, _) => need("middle")?,
    };
    Some(format!("({ceiling}) * {curve}(time, {middle}, ({rate}))"))
}

type Named = (String, String, std::ops::Range<usize>);

/// Formulas of all sectors and of the capacity, by name; with the place that made each.
pub(super) fn formulas(sectors: &[Written], capacity: Option<&Capacity>) -> Vec<Named> {
    let mut all = Vec::new();
    for it in sectors {
        let Written { id, value_added, exposed, saving, complement, .. } = it;
        let mut push = |name: &str, formula: String| all.push((format!("{id}.{name}"), formula, it.span.clone()));
        push("wanted", it.wanted.clone());
        push("adoption", format!("{id}.wanted * {}", can_run(it, capacity)));
        push("gross", format!("({value_added}) * ({exposed}) * ({saving}) * {id}.adoption"));
        push("value", format!("{id}.gross * (1 - ({complement}))"));
        if let Some(intensity) = &it.intensity {
            push("need", format!("({value_added}) * ({exposed}) * {id}.wanted * ({intensity})"));
        }
    }
    let place = sectors.first().map_or(0..0, |it| it.span.clone());
    let mut push = |name: String, formula: String| all.push((name, formula, place.clone()));
    if !sectors.is_empty() {
        push("sectors.gross".to_owned(), sum(sectors, "gross", &|_| true));
        push("sectors.value".to_owned(), sum(sectors, "value", &|_| true));
    }
    if let Some(capacity) = capacity {
        let by_class = classes(sectors);
        let formulas = if by_class.is_empty() {
            by_accelerators(sectors, capacity)
        } else {
            by_classes(sectors, capacity, &by_class)
        };
        formulas.into_iter().for_each(|(name, formula)| push(format!("capacity.{name}"), formula));
    }
    all
}

/// The part of what a sector wants that can run.
fn can_run(it: &Written, capacity: Option<&Capacity>) -> String {
    match (capacity, &it.class) {
        (None, _) => "1".to_owned(),
        (Some(_), None) => "capacity.share".to_owned(),
        (Some(_), Some(class)) => format!("capacity.fleet * capacity.{}_served", class.value),
    }
}

fn sum(sectors: &[Written], what: &str, some: &dyn Fn(&Written) -> bool) -> String {
    let parts: Vec<String> = sectors.iter().filter(|it| some(it)).map(|it| format!("{}.{what}", it.id)).collect();
    if parts.is_empty() { "0".to_owned() } else { parts.join(" + ") }
}

/// Classes of work that sectors name, each once.
pub(super) fn classes(sectors: &[Written]) -> Vec<&str> {
    let mut all: Vec<&str> = sectors.iter().filter_map(|it| it.class.as_ref()).map(|it| it.value.as_str()).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Accelerators are alike: those that run, times what each does.
fn by_accelerators(sectors: &[Written], capacity: &Capacity) -> Vec<(String, String)> {
    let f = &capacity.factors;
    let (Some(power), Some(throughput)) = (&f.accelerator_power, &f.throughput) else { return Vec::new() };
    let all = [
        ("running", format!("min(capacity.accelerators, capacity.power / ({power}))")),
        ("is_power", format!("if_at_least(capacity.accelerators, capacity.power / ({power}), 1, 0)")),
        ("supply", format!("capacity.running * ({throughput}) * ({}) * ({})", f.utilisation, f.share)),
        ("need", sum(sectors, "need", &|it| it.intensity.is_some())),
        ("share", "capped(capacity.supply, capacity.need)".to_owned()),
    ];
    all.into_iter().map(|(name, formula)| (name.to_owned(), formula)).collect()
}

/// A plan says what all its units could serve of each class alone: a class's work over that is its share of the fleet, and shares
/// add up to at most 1. Beyond it every class gets the same part of what it wants. A class that no unit serves gets none, and
/// takes none.
fn by_classes(sectors: &[Written], capacity: &Capacity, classes: &[&str]) -> Vec<(String, String)> {
    let f = &capacity.factors;
    let mut all = Vec::new();
    let mut push = |name: String, formula: String| all.push((name, formula));
    for class in classes {
        let least = format!("capacity.{class}_least");
        push(format!("{class}_supply"), format!("capacity.{class}_per_s * ({}) * ({})", f.utilisation, f.share));
        push(format!("{class}_served"), format!("if_at_least(capacity.{class}_supply, {least}, 1, 0)"));
        push(
            format!("{class}_need"),
            sum(sectors, "need", &|it| it.class.as_ref().is_some_and(|it| it.value == *class)),
        );
        let of_fleet = format!("capacity.{class}_need / max(capacity.{class}_supply, {least})");
        push(format!("{class}_share"), format!("capacity.{class}_served * {of_fleet}"));
    }
    let add = |part: &dyn Fn(&&str) -> String| classes.iter().map(part).collect::<Vec<_>>().join(" + ");
    push("fleet".to_owned(), format!("capped(1, {})", add(&|class| format!("capacity.{class}_share"))));
    push("need".to_owned(), add(&|class| format!("capacity.{class}_need")));
    let run = add(&|class| format!("capacity.{class}_need * capacity.{class}_served"));
    push("share".to_owned(), format!("capped(capacity.fleet * ({run}), capacity.need)"));
    if let Some(power) = &f.accelerator_power {
        let by_power = format!("capacity.power / ({power})");
        push("is_power".to_owned(), format!("if_at_least(capacity.accelerators, {by_power}, 1, 0)"));
    }
    all
}
