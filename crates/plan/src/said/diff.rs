//! Two plans side by side: what the second has more or less of than the first, in words first.

use std::collections::{BTreeMap, BTreeSet};

use realm::load::Lang;
use report::{Block, Cell, Chart, Column, Report, Section, Series, Shape, Table};

use super::account::Purpose;
use super::money::{discounted, money, paid};
use super::pen::{Pen, TRACE_MW, clean, whole};
use crate::case::Case;
use crate::plan::{Plan, Whose};

/// Differences that are named in a sentence, the largest.
const NAMED: usize = 4;

/// Something that both plans may have: by its id and year, how much of it.
type Amounts = BTreeMap<(String, i32), f64>;

/// The report of what a second plan has more or less of than a first.
pub fn diff(first: (&Case, &Plan), second: (&Case, &Plan), lang: Lang) -> Report {
    let (a, b) = (Pen::new(first.0, first.1, lang), Pen::new(second.0, second.1, lang));
    let both = Both { a: &a, b: &b };
    let args = [("first", first.0.name.of(lang).to_owned()), ("second", second.0.name.of(lang).to_owned())];
    let mut sections = vec![
        both.amounts("accelerators", "diff-accelerators", &[units(&a), units(&b)], 0.5),
        both.amounts("power", "diff-power", &[plants(&a), plants(&b)], TRACE_MW),
    ];
    if a.case.gives_way() || b.case.gives_way() {
        sections.push(both.amounts("unserved", "diff-unserved", &[unserved(&a), unserved(&b)], TRACE_MW));
    }
    sections.extend([both.cost(), both.spend()]);
    Report { lang, title: a.with("diff-title", &args), lead: both.lead(), sections }
}

struct Both<'p, 'a> {
    a: &'p Pen<'a>,
    b: &'p Pen<'a>,
}

/// Accelerators that stand, by kind and year.
fn units(pen: &Pen<'_>) -> Amounts {
    let every = (0..pen.case.accelerators.len()).flat_map(|a| (0..pen.years()).map(move |k| (a, k)));
    every.map(|(a, k)| ((pen.case.accelerators[a].id.clone(), pen.year(k)), pen.units(a, k))).collect()
}

/// Hundredths of what is asked that are not served, by class or load and year.
fn unserved(pen: &Pen<'_>) -> Amounts {
    let all = pen.plan.unserved(pen.case).into_iter();
    let id = |of: Whose| match of {
        Whose::Class(at) => pen.case.classes[at].id.clone(),
        Whose::Load(at) => pen.case.loads[at].id.clone(),
    };
    all.map(|it| ((id(it.of), pen.year(it.k)), 100.0 * it.share())).collect()
}

/// MW that serve, by source and year.
fn plants(pen: &Pen<'_>) -> Amounts {
    let mut found = Amounts::new();
    for kind in pen.plants() {
        for k in 0..pen.years() {
            *found.entry((super::power::id(pen, kind).to_owned(), pen.year(k))).or_default() += pen.plant_mw(kind, k);
        }
    }
    found
}

/// Of what there is in the later of both plans' last common years, the differences by id.
fn in_year(amounts: &Amounts, year: i32) -> BTreeMap<&str, f64> {
    amounts.iter().filter(|((_, at), _)| *at == year).map(|((id, _), n)| (id.as_str(), *n)).collect()
}

impl Both<'_, '_> {
    /// The last year that both have.
    fn last(&self) -> Option<i32> {
        let years: BTreeSet<i32> = (0..self.b.years()).map(|k| self.b.year(k)).collect();
        (0..self.a.years()).map(|k| self.a.year(k)).filter(|year| years.contains(year)).max()
    }

    fn same_money(&self) -> bool {
        (&self.a.case.currency, self.a.case.price_year) == (&self.b.case.currency, self.b.case.price_year)
    }

    fn lead(&self) -> Vec<String> {
        let (a, b) = (money(self.a), money(self.b));
        let mut lead = Vec::new();
        if self.same_money() {
            let key = if b > a * (1.0 + 1e-9) {
                "more"
            } else if b < a * (1.0 - 1e-9) {
                "less"
            } else {
                "same"
            };
            let share = self.a.numbers.percent(if a != 0.0 { (b - a).abs() / a.abs() } else { 0.0 });
            let args = [
                ("first", self.a.money(a)),
                ("second", self.b.money(b)),
                ("by", self.a.money((b - a).abs())),
                ("share", share),
            ];
            lead.push(self.a.with(&format!("diff-cost-{key}"), &args));
        } else {
            let args = [("first", self.a.money(a)), ("second", self.b.money(b))];
            lead.push(self.a.with("diff-cost-apart", &args));
        }
        let losses = [self.a, self.b].map(|pen| pen.plan.loss_discounted(pen.case));
        if losses.iter().any(|it| *it > 0.0) {
            let args = [("first", self.a.money(losses[0])), ("second", self.b.money(losses[1]))];
            lead.push(self.a.with("diff-loss", &args));
        }
        let Some(year) = self.last() else {
            lead.push(self.a.say("diff-no-year"));
            return lead;
        };
        lead.push(self.words("diff-lead-accelerators", year, &[units(self.a), units(self.b)], 0.5));
        lead.push(self.words("diff-lead-power", year, &[plants(self.a), plants(self.b)], 0.05));
        lead
    }

    /// The largest differences of a year in a sentence.
    fn words(&self, key: &str, year: i32, [a, b]: &[Amounts; 2], least: f64) -> String {
        let (a, b) = (in_year(a, year), in_year(b, year));
        let ids: BTreeSet<&str> = a.keys().chain(b.keys()).copied().collect();
        let of = |of: &BTreeMap<&str, f64>, id: &str| of.get(id).copied().unwrap_or(0.0);
        let mut differ: Vec<(&str, f64)> = ids.into_iter().map(|id| (id, of(&b, id) - of(&a, id))).collect();
        differ.retain(|(_, by)| by.abs() >= least);
        differ.sort_by(|x, y| y.1.abs().total_cmp(&x.1.abs()));
        let one = |(id, by): &(&str, f64)| {
            let key = if *by > 0.0 { "diff-more-of" } else { "diff-less-of" };
            let by = if least >= 0.5 { by.abs().round() } else { by.abs() };
            self.a.with(key, &[("what", (*id).to_owned()), ("by", self.a.number(by))])
        };
        let named: Vec<String> = differ.iter().take(NAMED).map(one).collect();
        let list = if named.is_empty() { self.a.say("diff-none") } else { named.join("; ") };
        let total = |of: &BTreeMap<&str, f64>| self.a.number(of.values().sum::<f64>().round());
        let args = [("year", year.to_string()), ("first", total(&a)), ("second", total(&b)), ("list", list)];
        self.a.with(key, &args)
    }

    /// A table of amounts by year and id, with their difference.
    fn amounts(&self, name: &'static str, key: &str, [a, b]: &[Amounts; 2], least: f64) -> Section {
        let keys: BTreeSet<(i32, &str)> = a.keys().chain(b.keys()).map(|(id, year)| (*year, id.as_str())).collect();
        let of = |of: &Amounts, id: &str, year: i32| of.get(&(id.to_owned(), year)).copied();
        let cell = |value: Option<f64>| value.map_or(Cell::Unknown, if least >= 0.5 { whole } else { clean });
        let mut rows = Vec::new();
        for (year, id) in keys {
            let (first, second) = (of(a, id, year), of(b, id, year));
            if first.unwrap_or(0.0).abs() < least && second.unwrap_or(0.0).abs() < least {
                continue;
            }
            let differ = first.zip(second).map(|(first, second)| second - first);
            rows.push(vec![Cell::Year(year), id.into(), cell(first), cell(second), cell(differ)]);
        }
        let columns = self.a.columns(&["year", "what", "first", "second", "difference"]);
        let title = self.a.say(key);
        Section::new(name, title).with(Block::Table(Table { name, title: String::new(), columns, rows }))
    }

    /// Cost by purpose.
    fn cost(&self) -> Section {
        let (a, b) = (discounted(self.a), discounted(self.b));
        let row = |it: Purpose| {
            let (first, second) = (a.get(&it).copied().unwrap_or(0.0), b.get(&it).copied().unwrap_or(0.0));
            let differ = if self.same_money() { Some(second - first) } else { None };
            (first != 0.0 || second != 0.0).then(|| {
                let name = self.a.say(&format!("said-purpose-{}", it.word()));
                vec![name.into(), first.into(), second.into(), differ.into()]
            })
        };
        let mut rows: Vec<Vec<Cell>> = Purpose::ALL.into_iter().filter_map(row).collect();
        let [first, second] = [self.a, self.b].map(|pen| pen.plan.loss_discounted(pen.case));
        if first > 0.0 || second > 0.0 {
            let differ = self.same_money().then_some(second - first);
            rows.push(vec![self.a.say("said-loss").into(), first.into(), second.into(), differ.into()]);
        }
        let columns = self.a.columns(&["purpose", "first", "second", "difference"]);
        let args = [("currency", self.a.case.currency.clone())];
        let table = Table { name: "cost", title: self.a.with("diff-cost-table", &args), columns, rows };
        Section::new("cost", self.a.say("said-cost")).with(Block::Table(table))
    }

    /// Money paid out by calendar year: what the second pays more.
    fn spend(&self) -> Section {
        let (a, b) = (paid(self.a), paid(self.b));
        let section = Section::new("spend", self.a.say("diff-spend"));
        if !self.same_money() {
            return section.with(Block::Text(self.a.say("diff-money-apart")));
        }
        let years: BTreeSet<i32> = a.keys().chain(b.keys()).copied().collect();
        let of = |of: &BTreeMap<i32, BTreeMap<Purpose, f64>>, year: i32, it: Purpose| {
            of.get(&year).and_then(|by| by.get(&it)).copied().unwrap_or(0.0) / 1e6
        };
        let by = |year: i32, it: Purpose| of(&b, year, it) - of(&a, year, it);
        let used: Vec<Purpose> =
            Purpose::ALL.into_iter().filter(|it| years.iter().any(|year| by(*year, *it).abs() > 1e-6)).collect();
        let name = |it: Purpose| self.a.say(&format!("said-purpose-{}", it.word()));
        let series = used.iter().map(|it| Series::full(name(*it), years.iter().map(|year| by(*year, *it)))).collect();
        let mut columns = vec![self.a.column("year")];
        columns.extend(used.iter().map(|it| Column::new(format!("{}_m", it.word()), name(*it))));
        columns.push(self.a.column("total_m"));
        let row = |year: &i32| {
            let mut row = vec![Cell::Year(*year)];
            row.extend(used.iter().map(|it| Cell::Number(by(*year, *it))));
            row.push(Cell::Number(Purpose::ALL.into_iter().map(|it| by(*year, it)).sum()));
            row
        };
        let table = Table { name: "spend", title: String::new(), columns, rows: years.iter().map(row).collect() };
        let args = [("currency", self.a.case.currency.clone())];
        let chart = Chart {
            title: self.a.with("diff-spend-chart", &args),
            summary: self.a.say("diff-spend-summary"),
            shape: Shape::Stacked { labels: years.iter().map(ToString::to_string).collect(), series },
            table,
        };
        section.with(Block::Chart(chart))
    }
}
