//! What is not served: of which work or load, where, in which year, and at what loss; a loss is no payment and stands apart from money.

use realm::load::Lang;
use report::{Block, Cell, Section, Table};

use super::money::money;
use super::pen::Pen;
use crate::case::{Case, Demand};
use crate::plan::{NotServed, Plan, Whose};

/// What a sentence names, the largest losses.
const NAMED: usize = 4;
/// Millions of tokens of a thousand a second for an hour.
const M_TOKENS: f64 = 3.6;

/// One thing that is not served, as people count it.
struct Told {
    what: String,
    site: String,
    /// The word of its unit.
    unit: &'static str,
    amount: f64,
    asked: f64,
}

impl Pen<'_> {
    fn told(&self, it: &NotServed) -> Told {
        match it.of {
            Whose::Class(at) => {
                let class = &self.case.classes[at];
                let (unit, scale) = match class.demand {
                    Demand::Inference(_) if class.counted_in_tokens => ("m-tokens", M_TOKENS),
                    _ => ("pflop-h", 1.0),
                };
                let (amount, asked) = (scale * it.amount, scale * it.asked);
                Told { what: self.class(at).to_owned(), site: self.may_run(at), unit, amount, asked }
            }
            Whose::Load(at) => {
                let load = &self.case.loads[at];
                let what = self.case.stated.title("load", &load.id, self.lang).to_owned();
                let site = self.site(load.site).to_owned();
                Told { what, site, unit: "mwh", amount: it.amount, asked: it.asked }
            }
        }
    }

    /// Where a class may run, where that is not everywhere.
    fn may_run(&self, class: usize) -> String {
        let allowed = &self.case.classes[class].sites;
        if allowed.iter().all(|it| *it) {
            return self.say("said-anywhere");
        }
        let sites = allowed.iter().enumerate().filter(|(_, may)| **may).map(|(site, _)| self.site(site).to_owned());
        sites.collect::<Vec<_>>().join(", ")
    }

    fn sentence(&self, it: &NotServed) -> String {
        let told = self.told(it);
        let args = [
            ("what", told.what),
            ("site", told.site),
            ("year", self.year(it.k).to_string()),
            ("share", self.numbers.percent(it.share())),
            ("amount", self.number(told.amount)),
            ("unit", self.say(&format!("said-unserved-{}", told.unit))),
            ("loss", self.money(it.loss)),
        ];
        self.with("said-unserved-one", &args)
    }
}

/// What is not served, the largest loss first.
fn dearest(case: &Case, plan: &Plan) -> Vec<NotServed> {
    let mut found = plan.unserved(case);
    let loss = |it: &NotServed| case.years[it.k].weight * it.loss;
    found.sort_by(|a, b| loss(b).total_cmp(&loss(a)));
    found
}

/// What is not served, in a sentence; none where nothing may give way.
pub(super) fn lead(pen: &Pen<'_>) -> Option<String> {
    if !pen.case.gives_way() {
        return None;
    }
    let found = dearest(pen.case, pen.plan);
    if found.is_empty() {
        return Some(pen.say("said-unserved-nothing"));
    }
    let named: Vec<String> = found.iter().take(NAMED).map(|it| pen.sentence(it)).collect();
    let more = found.len().saturating_sub(NAMED).to_string();
    let list = if found.len() > NAMED {
        pen.with("said-unserved-more", &[("list", named.join("; ")), ("count", more)])
    } else {
        named.join("; ")
    };
    let loss = pen.money(pen.plan.loss_discounted(pen.case));
    Some(pen.with("said-unserved-lead", &[("loss", loss), ("year", pen.year(0).to_string()), ("list", list)]))
}

/// The section; none where nothing may give way.
pub(super) fn section(pen: &Pen<'_>) -> Option<Section> {
    let lead = lead(pen)?;
    let section = Section::new("unserved", pen.say("said-unserved")).with(Block::Text(lead));
    let names =
        ["year", "what", "site", "unit_unserved", "asked", "unserved", "unserved_share", "loss", "loss_discounted"];
    let row = |it: &NotServed| {
        let told = pen.told(it);
        vec![
            Cell::Year(pen.year(it.k)),
            told.what.into(),
            told.site.into(),
            pen.say(&format!("said-unserved-{}", told.unit)).into(),
            told.asked.into(),
            told.amount.into(),
            Cell::Share(it.share()),
            it.loss.into(),
            (pen.case.years[it.k].weight * it.loss).into(),
        ]
    };
    let rows: Vec<Vec<Cell>> = pen.plan.unserved(pen.case).iter().map(row).collect();
    let section = if rows.is_empty() {
        section
    } else {
        section.with(Block::Table(Table { name: "unserved", title: String::new(), columns: pen.columns(&names), rows }))
    };
    Some(section.with(Block::Note(pen.say("said-unserved-note"))))
}

/// Two plans of a case, before and after something comes late: what each costs and what each does not serve.
pub fn beside(before: (&Case, &Plan), after: (&Case, &Plan), lang: Lang) -> Section {
    let (a, b) = (Pen::new(before.0, before.1, lang), Pen::new(after.0, after.1, lang));
    let fact = |key: &str, pen: &Pen<'_>| {
        let loss = pen.plan.loss_discounted(pen.case);
        let note = if loss > 0.0 { pen.with("said-beside-loss", &[("loss", pen.money(loss))]) } else { String::new() };
        pen.fact(key, pen.money(money(pen)), note)
    };
    let section = Section::new("plans", a.say("said-beside"));
    let section = section.with(Block::Facts(vec![fact("said-beside-before", &a), fact("said-beside-after", &b)]));
    let lines = [("said-beside-before", &a), ("said-beside-after", &b)];
    let lines = lines.into_iter().filter_map(|(key, pen)| Some(format!("{}: {}", pen.say(key), lead(pen)?)));
    let lines: Vec<String> = lines.collect();
    if lines.is_empty() {
        section.with(Block::Note(a.say("said-beside-firm")))
    } else {
        section.with(Block::List(lines))
    }
}
