//! Limits in words.

use crate::case::{Lost, Plant, Rule, Supplied, Vintage};
use crate::model::Limit;
use crate::said::pen::Pen;

/// A limit in words, and its year.
pub(super) fn words(pen: &Pen<'_>, limit: Limit) -> (String, Option<i32>) {
    let case = pen.case;
    let plant = |at: usize| pen.plant(case.standing[at].plant).to_owned();
    let (key, what, site, k) = match limit {
        Limit::Grid { site, k } => ("grid", String::new(), Some(site), Some(k)),
        Limit::Hall { site, k } => ("hall", String::new(), Some(site), Some(k)),
        Limit::Power { site, k } => ("power", String::new(), Some(site), Some(k)),
        Limit::Area { site, k } => ("area", String::new(), Some(site), Some(k)),
        Limit::Most { at, k } => ("most", plant(at), Some(case.standing[at].site), Some(k)),
        Limit::Least { at, k } => ("least", plant(at), Some(case.standing[at].site), Some(k)),
        Limit::Supply { at } => match &case.supplies[at].of {
            Supplied::Accelerator(a) => ("supply", pen.accelerator(*a).to_owned(), None, Some(case.supplies[at].year)),
            Supplied::Origin(origin) => ("supply-origin", origin.clone(), None, Some(case.supplies[at].year)),
        },
        Limit::Budget { at } => {
            let it = &case.budgets[at];
            let unnamed = || ("budget", format!("{} ({})", it.id, it.source));
            named(pen, ("budget", &it.id), it.year, unnamed)
        }
        Limit::Policy { at } => {
            let it = &case.policies[at];
            let unnamed = || (policy(&it.rule), lost(pen, &it.rule).unwrap_or_else(|| it.id.clone()));
            named(pen, ("policy", &it.id), it.year, unnamed)
        }
        Limit::Source { at } => vintage(pen, &case.sources[at], Plant::Source(case.sources[at].kind)),
        Limit::Store { at } => vintage(pen, &case.stores[at], Plant::Store(case.stores[at].kind)),
        Limit::Line { at } => ("line", case.stated.title("line", &case.lines[at].id, pen.lang).to_owned(), None, None),
        Limit::Class { .. } | Limit::Load { .. } => ("line", String::new(), None, None),
    };
    let year = k.map(|k| pen.year(k));
    let args = [
        ("what", what),
        ("site", site.map_or_else(String::new, |site| pen.site(site).to_owned())),
        ("year", year.map_or_else(String::new, |it| it.to_string())),
    ];
    (pen.with(&format!("said-limit-{key}"), &args), year)
}

/// A message, what it is of, its site and its year.
type Words = (&'static str, String, Option<usize>, Option<usize>);

/// By the name that the case gives it, or else by what it demands.
fn named(
    pen: &Pen<'_>,
    (table, id): (&'static str, &str),
    k: usize,
    unnamed: impl FnOnce() -> (&'static str, String),
) -> Words {
    let name = pen.case.stated.named(table, id, pen.lang);
    let (key, what) = name.map_or_else(unnamed, |name| ("named", name.to_owned()));
    (key, what, None, Some(k))
}

/// What is built to serve from one year on.
fn vintage(pen: &Pen<'_>, it: &Vintage, kind: Plant) -> Words {
    match pen.case.years.iter().position(|year| year.year == it.in_service) {
        Some(k) => ("vintage", pen.plant(kind).to_owned(), Some(it.site), Some(k)),
        None => ("line", it.id.clone(), None, None),
    }
}

/// What must be lost without harm, and how much goes on; none of a policy that loses nothing.
fn lost(pen: &Pen<'_>, rule: &Rule) -> Option<String> {
    let Rule::Stress { lost, share, .. } = rule else { return None };
    let what = match lost {
        Lost::Nothing => return None,
        Lost::Site(at) => pen.site(*at).to_owned(),
        Lost::Technology(at) => pen.technology(*at).to_owned(),
        Lost::Origin(origin) => origin.clone(),
    };
    Some(pen.with("said-lost", &[("what", what), ("share", pen.numbers.percent(*share))]))
}

/// The word of a policy's message.
fn policy(rule: &Rule) -> &'static str {
    match rule {
        Rule::Co2Cap { .. } => "co2",
        Rule::HomeShare { .. } => "home",
        Rule::Stress { lost: Lost::Nothing, .. } => "margin",
        Rule::Stress { .. } => "loss",
    }
}
