//! What the plan costs: in the objective, and as it is paid out.

use std::collections::BTreeMap;

use report::{Block, Cell, Chart, Fact, Section, Series, Shape, Table};

use super::account::Purpose;
use super::pen::{Pen, clean};

/// Cost by purpose: discounted, as the objective counts it.
pub(super) fn discounted(pen: &Pen<'_>) -> BTreeMap<Purpose, f64> {
    let mut sums = BTreeMap::new();
    for it in &pen.entries {
        *sums.entry(it.purpose).or_default() += it.discounted(pen.case);
    }
    sums
}

/// Money paid out by calendar year and purpose.
pub(super) fn paid(pen: &Pen<'_>) -> BTreeMap<i32, BTreeMap<Purpose, f64>> {
    let mut years: BTreeMap<i32, BTreeMap<Purpose, f64>> = BTreeMap::new();
    for it in &pen.entries {
        for (year, money) in it.paid.iter().filter(|(_, money)| money.abs() >= 0.5) {
            *years.entry(*year).or_default().entry(it.purpose).or_default() += money;
        }
    }
    years
}

/// Discounted money: what all purposes come to. The loss of what is not served is none of them: nobody pays it.
pub(super) fn money(pen: &Pen<'_>) -> f64 {
    discounted(pen).values().sum()
}

/// All money that is paid out.
pub(super) fn paid_in_all(pen: &Pen<'_>) -> f64 {
    pen.entries.iter().flat_map(|it| it.paid.values()).sum()
}

pub(super) fn cost(pen: &Pen<'_>) -> Section {
    let split = discounted(pen);
    let years = paid(pen);
    let of = |purpose: Purpose| split.get(&purpose).copied().unwrap_or(0.0);
    let out = |purpose: Purpose| years.values().filter_map(|it| it.get(&purpose)).sum::<f64>();
    let used: Vec<Purpose> =
        Purpose::ALL.into_iter().filter(|it| of(*it).abs() >= 0.5 || out(*it).abs() >= 0.5).collect();
    let (total, loss) = (money(pen), pen.plan.loss_discounted(pen.case));
    let share = |part: f64, all: f64| if all.abs() > 0.0 { Cell::Share(part / all) } else { Cell::Unknown };
    let row = |it: &Purpose| {
        let name = pen.say(&format!("said-purpose-{}", it.word()));
        vec![name.into(), of(*it).into(), share(of(*it), total), out(*it).into()]
    };
    let mut rows: Vec<Vec<Cell>> = used.iter().map(row).collect();
    rows.push(vec![pen.say("said-total").into(), total.into(), share(total, total), paid_in_all(pen).into()]);
    if loss > 0.0 {
        rows.push(vec![pen.say("said-loss").into(), loss.into(), Cell::Unknown, Cell::Unknown]);
        rows.push(vec![pen.say("said-with-loss").into(), pen.plan.objective.into(), Cell::Unknown, Cell::Unknown]);
    }
    let columns = pen.columns(&["purpose", "discounted", "share", "paid_out"]);
    let table = Table { name: "cost", title: pen.say("said-cost-table"), columns, rows };
    Section::new("cost", pen.say("said-cost"))
        .with(Block::Facts(facts(pen, total, loss)))
        .with(Block::Table(table))
        .with(Block::Chart(spend(pen, &years, &used)))
        .with(Block::Note(pen.say("said-cost-note")))
}

/// What it costs discounted and as it is paid, and what is lost beside it.
fn facts(pen: &Pen<'_>, total: f64, loss: f64) -> Vec<Fact> {
    let mut facts = vec![
        pen.fact(
            "said-cost-discounted",
            pen.money(total),
            pen.with(
                "said-cost-discounted-note",
                &[("rate", pen.numbers.percent(pen.case.discount_rate)), ("year", pen.year(0).to_string())],
            ),
        ),
        pen.fact(
            "said-cost-paid",
            pen.money(paid_in_all(pen)),
            pen.with("said-cost-paid-note", &[("price_year", pen.case.price_year.to_string())]),
        ),
    ];
    if loss > 0.0 {
        facts.push(pen.fact("said-loss", pen.money(loss), pen.say("said-loss-note")));
    }
    facts
}

/// Spend by calendar year and purpose, in millions.
fn spend(pen: &Pen<'_>, years: &BTreeMap<i32, BTreeMap<Purpose, f64>>, used: &[Purpose]) -> Chart {
    let m = |year: &BTreeMap<Purpose, f64>, purpose: &Purpose| year.get(purpose).copied().unwrap_or(0.0) / 1e6;
    let name = |it: &Purpose| pen.say(&format!("said-purpose-{}", it.word()));
    let series = used.iter().map(|it| Series::full(name(it), years.values().map(|year| m(year, it)))).collect();
    let mut columns = vec![pen.column("year")];
    columns.extend(used.iter().map(|it| report::Column::new(format!("{}_m", it.word()), name(it))));
    columns.push(pen.column("total_m"));
    let row = |(year, by): (&i32, &BTreeMap<Purpose, f64>)| {
        let mut row = vec![Cell::Year(*year)];
        row.extend(used.iter().map(|it| clean(m(by, it))));
        row.push(Cell::Number(by.values().sum::<f64>() / 1e6));
        row
    };
    let table = Table { name: "spend", title: String::new(), columns, rows: years.iter().map(row).collect() };
    let most = years.iter().map(|(year, by)| (*year, by.values().sum::<f64>())).max_by(|a, b| a.1.total_cmp(&b.1));
    let (year, money) = most.unwrap_or_default();
    let args = [("year", year.to_string()), ("money", pen.money(money)), ("currency", pen.case.currency.clone())];
    Chart {
        title: pen.with("said-spend-chart", &args),
        summary: pen.with("said-spend-summary", &args),
        shape: Shape::Stacked { labels: years.keys().map(ToString::to_string).collect(), series },
        table,
    }
}
