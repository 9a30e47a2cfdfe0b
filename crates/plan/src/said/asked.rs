//! What a plan has to serve, and how long what it may build takes: the ground that everything else stands on.

use report::{Block, Cell, Column, Section, Table};

use super::pen::{Kind, Pen, TRACE_MW};
use crate::case::{Cost, Demand, Series, Size, Vintage};

/// Work and other loads, by year.
pub(super) fn asked(pen: &Pen<'_>) -> Section {
    let rows = classes(pen).chain(loads(pen)).collect();
    let mut columns = pen.columns(&["what", "kind", "site", "unit"]);
    columns.extend(pen.labels().into_iter().map(|year| Column::new(year.clone(), year)));
    columns.push(pen.column("highest_hour"));
    let table = Table { name: "asked", title: String::new(), columns, rows };
    Section::new("asked", pen.say("said-asked"))
        .with(Block::Table(table))
        .with(Block::Note(pen.with("said-asked-note", &[("year", pen.year(pen.last()).to_string())])))
}

fn classes<'p>(pen: &'p Pen<'_>) -> impl Iterator<Item = Vec<Cell>> + 'p {
    pen.case.classes.iter().enumerate().map(|(at, it)| {
        let (kind, unit) = match &it.demand {
            Demand::Training(_) => ("training", "pflop-hours"),
            Demand::Inference(_) if it.counted_in_tokens => ("inference", "tokens"),
            Demand::Inference(_) => ("inference", "pflops"),
        };
        let site = Cell::Text(String::new());
        let mut cells = vec![pen.class(at).into(), pen.say(&format!("said-asked-{kind}")).into(), site];
        cells.push(pen.say(&format!("said-asked-in-{unit}")).into());
        match &it.demand {
            Demand::Training(total) => {
                cells.extend((0..pen.years()).map(|k| Cell::Number(total.at(pen.year(k)))));
                cells.push(Cell::Unknown);
            }
            Demand::Inference(series) => over_years(pen, series, &mut cells),
        }
        cells
    })
}

fn loads<'p>(pen: &'p Pen<'_>) -> impl Iterator<Item = Vec<Cell>> + 'p {
    pen.case.loads.iter().map(|it| {
        let name = pen.case.stated.title("load", &it.id, pen.lang);
        let (kind, unit) = (pen.say("said-asked-load"), pen.say("said-unit-mw"));
        let mut cells = vec![name.into(), kind.into(), pen.site(it.site).into(), unit.into()];
        over_years(pen, &it.mw, &mut cells);
        cells
    })
}

/// The mean of each year, and the highest hour of the last.
fn over_years(pen: &Pen<'_>, series: &Series, cells: &mut Vec<Cell>) {
    let hours = &pen.case.hours;
    let all: f64 = hours.energy_weight.iter().sum();
    let mean = |k: usize| (0..hours.count()).map(|t| hours.energy_weight[t] * series.at(k, t)).sum::<f64>() / all;
    cells.extend((0..pen.years()).map(|k| Cell::Number(mean(k))));
    cells.push(Cell::Number(series.highest(pen.last(), hours.count())));
}

/// From order to service, longest first: only what the case lets build.
pub(super) fn lead_times(pen: &Pen<'_>) -> Vec<Block> {
    let mut all: Vec<(i32, String, &Cost)> = built(pen).map(|(name, cost)| (cost.lead_years, name, cost)).collect();
    all.sort_by(|a, b| b.0.cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let Some((most, ..)) = all.first() else { return Vec::new() };
    let slowest: Vec<&str> = all.iter().filter(|it| it.0 == *most).map(|it| it.1.as_str()).collect();
    let args = [("what", slowest.join(", ")), ("years", most.to_string())];
    let said = Block::Text(pen.with("said-lead-times-longest", &args));
    let row = |(years, name, cost): &(i32, String, &Cost)| {
        vec![name.as_str().into(), Cell::Number(f64::from(*years)), cost.module_mw.into()]
    };
    let columns = pen.columns(&["what", "lead_years", "module_mw"]);
    let rows = all.iter().map(row).collect();
    vec![said, Block::Table(Table { name: "lead-times", title: pen.say("said-lead-times"), columns, rows })]
}

/// What comes without being decided here: sources that the case has in service after its first year.
pub(super) fn given(pen: &Pen<'_>) -> Option<Block> {
    let later = pen.case.sources.iter().filter(|it| it.in_service > pen.year(0));
    let later = later.filter_map(|it| match it.size {
        Size::Fixed(mw) if mw > TRACE_MW => Some((it, mw)),
        _ => None,
    });
    let one = |(it, mw): (&Vintage, f64)| {
        let args = [
            ("what", pen.technology(it.kind).to_owned()),
            ("site", pen.site(it.site).to_owned()),
            ("mw", pen.number(mw)),
            ("year", it.in_service.to_string()),
        ];
        pen.with("said-given-one", &args)
    };
    let all: Vec<String> = later.map(one).collect();
    (!all.is_empty()).then(|| Block::Text(pen.with("said-given", &[("list", all.join("; "))])))
}

fn built<'p>(pen: &'p Pen<'_>) -> impl Iterator<Item = (String, &'p Cost)> {
    let case = pen.case;
    let source = move |at: &usize| case.sources.iter().any(|it| it.kind == *at && it.size.is_built());
    let store = move |at: &usize| case.stores.iter().any(|it| it.kind == *at && it.size.is_built());
    let named = move |kind: Kind, cost: &'p Cost| (pen.plant(kind).to_owned(), cost);
    let sources = (0..case.technologies.len()).filter(source);
    let stores = (0..case.storages.len()).filter(store);
    let halls = case.sites.iter().filter_map(|it| it.hall.as_ref()).max_by_key(|it| it.cost.lead_years);
    sources
        .map(move |at| named(Kind::Source(at), &case.technologies[at].cost))
        .chain(stores.map(move |at| named(Kind::Store(at), &case.storages[at].cost)))
        .chain(halls.map(|it| (pen.say("said-hall"), &it.cost)))
}
