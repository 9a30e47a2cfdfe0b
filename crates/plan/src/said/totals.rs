//! The plan in a few sentences: what a reader in a hurry, or a terminal, is told.

use realm::load::Lang;

use super::account::Purpose;
use super::build::built;
use super::limits::{bounds, sentence};
use super::money::{discounted, money, paid_in_all};
use super::pen::{Pen, TRACE_MW};
use super::tokens::{Per, of_year};
use crate::case::{Basis, Case};
use crate::plan::Plan;

/// Limits that are named in a sentence.
const NAMED: usize = 3;
/// New plants that are named, the largest.
const NEW: usize = 6;

/// Sentences: accelerators, halls, energy, cost, what is not served, limits, proof, price of tokens.
pub fn totals(case: &Case, plan: &Plan, lang: Lang) -> Vec<String> {
    let pen = Pen::new(case, plan, lang);
    let mut said = vec![accelerators(&pen), power(&pen), cost(&pen)];
    said.extend(super::unserved::lead(&pen));
    said.extend([binds(&pen), proof(&pen)]);
    said.extend(ordered(&pen));
    said.extend(tokens(&pen));
    said
}

fn listed(mut parts: Vec<String>, pen: &Pen<'_>) -> String {
    if parts.is_empty() {
        parts.push(pen.say("said-nothing"));
    }
    parts.join("; ")
}

fn accelerators(pen: &Pen<'_>) -> String {
    let k = pen.last();
    let kinds = 0..pen.case.accelerators.len();
    let some = kinds.clone().filter(|a| pen.units(*a, k) >= 0.5);
    let named = some.map(|a| format!("{} {}", pen.number(pen.units(a, k).round()), pen.accelerator(a))).collect();
    let sites = 0..pen.case.sites.len();
    let stands = |site: &usize| kinds.clone().any(|a| pen.plan.units_standing(pen.case, a, *site, k) >= 0.5);
    let args = [
        ("year", pen.year(k).to_string()),
        ("n", pen.number(kinds.clone().map(|a| pen.units(a, k)).sum::<f64>().round())),
        ("kinds", listed(named, pen)),
        ("sites", sites.clone().filter(stands).count().to_string()),
        ("full", pen.number(sites.clone().map(|site| pen.full_mw(site, k)).sum::<f64>())),
        ("halls", pen.number(sites.map(|site| pen.halls_mw(site, k)).sum::<f64>())),
    ];
    pen.with("said-lead-accelerators", &args)
}

fn power(pen: &Pen<'_>) -> String {
    let k = pen.last();
    let some = pen.plants().into_iter().filter(|it| pen.plant_mw(*it, k) > TRACE_MW);
    let named = some.map(|it| format!("{} {}", pen.plant(it), pen.number(pen.plant_mw(it, k)))).collect();
    let (all, home, tonnes) = super::power::energy(pen, k);
    let args = [
        ("year", pen.year(k).to_string()),
        ("list", listed(named, pen)),
        ("home", pen.numbers.percent(if all > 0.0 { home / all } else { 0.0 })),
        ("co2", pen.number(tonnes)),
    ];
    pen.with("said-lead-power", &args)
}

/// What is ordered and built new, where energy is: with its years.
fn ordered(pen: &Pen<'_>) -> Option<String> {
    let all = built(pen);
    let mut plants: Vec<_> = all.iter().filter(|it| it.of == "source" || it.of == "store").collect();
    plants.sort_by(|a, b| b.amount.total_cmp(&a.amount));
    let (more, more_mw) = (plants.len().saturating_sub(NEW), plants.iter().skip(NEW).map(|it| it.amount).sum::<f64>());
    plants.truncate(NEW);
    plants.sort_by_key(|it| (it.ordered, it.serves));
    let one = |it: &super::build::Built| {
        let args = [
            ("what", it.what.clone()),
            ("site", pen.site(it.site).to_owned()),
            ("amount", pen.amount(it)),
            ("ordered", it.ordered.to_string()),
            ("serves", it.serves.to_string()),
        ];
        pen.with("said-lead-ordered-one", &args)
    };
    let mut list: Vec<String> = plants.into_iter().map(one).collect();
    if more > 0 {
        list.push(pen.with("said-lead-ordered-more", &[("count", more.to_string()), ("mw", pen.number(more_mw))]));
    }
    (!list.is_empty()).then(|| pen.with("said-lead-ordered", &[("list", list.join("; "))]))
}

fn cost(pen: &Pen<'_>) -> String {
    let split = discounted(pen);
    let total = money(pen);
    let part = |it: &Purpose| split.get(it).copied().filter(|money| money.abs() > 1e-4 * total.abs());
    let named = Purpose::ALL.iter().filter_map(|it| Some((it, part(it)?)));
    let named = named.map(|(it, money)| {
        let args = [("money", pen.money(money)), ("share", pen.numbers.percent(money / total))];
        format!("{} {}", pen.say(&format!("said-purpose-{}", it.word())), pen.with("said-part", &args))
    });
    let args = [
        ("total", pen.money(total)),
        ("paid", pen.money(paid_in_all(pen))),
        ("year", pen.year(0).to_string()),
        ("list", listed(named.collect(), pen)),
    ];
    pen.with("said-lead-cost", &args)
}

fn binds(pen: &Pen<'_>) -> String {
    let bounds = bounds(pen);
    let named: Vec<String> = bounds.iter().filter_map(|it| sentence(pen, it)).take(NAMED).collect();
    let count = |basis: Basis| bounds.iter().filter(|it| it.basis == basis).count().to_string();
    let args = [
        ("physical", count(Basis::Physical)),
        ("budget", count(Basis::Budget)),
        ("law", count(Basis::Law)),
        ("list", named.join(" ")),
    ];
    pen.with("said-lead-binds", &args).trim_end().to_owned()
}

fn proof(pen: &Pen<'_>) -> String {
    let key = if pen.plan.bound.is_some() { "said-lead-proof-modules" } else { "said-lead-proof-linear" };
    pen.with(key, &[("gap", pen.gap())])
}

fn tokens(pen: &Pen<'_>) -> Option<String> {
    let k = pen.last();
    let classes = of_year(pen, k);
    let priced = classes.iter().enumerate().filter(|(_, it)| it.per == Per::Tokens);
    let named = priced.filter_map(|(class, it)| {
        let args = [
            ("class", pen.class(class).to_owned()),
            ("energy", pen.number(it.energy_each()?)),
            ("total", pen.number(it.total / it.work)),
            ("currency", pen.case.currency.clone()),
        ];
        Some(pen.with("said-lead-tokens-one", &args))
    });
    let list: Vec<String> = named.collect();
    (!list.is_empty())
        .then(|| pen.with("said-lead-tokens", &[("year", pen.year(k).to_string()), ("list", list.join("; "))]))
}
