//! Caps on supply, budgets, policies.

use super::Time;
use super::table::{Table, Want};
use crate::case::{Budget, Item, Lost, Policy, Rule, Supplied, Supply};

/// What a supply is of: a kind of accelerator, or everything of an origin; one of the two.
pub(super) fn supplied(table: &Table<'_>) -> Option<Supplied> {
    let origin = table.jurisdiction("origin");
    let of = match (table.has("accelerator"), origin) {
        (true, None) => table.named("accelerator", "accelerator").map(Supplied::Accelerator),
        (false, Some(origin)) => Some(Supplied::Origin(origin)),
        _ => {
            table.reading.at("case.supply_of", &table.place(), &[]);
            None
        }
    };
    let _ = table.text("accelerator");
    of
}

pub(super) fn supplies(root: &Table<'_>, time: &Time) -> Vec<Supply> {
    let read = |table: &Table<'_>| {
        let id = table.own_id();
        let _ = table.names();
        let year = table.year_index("year", time);
        let units_max = table.require("units_max", table.number("units_max", Want::NotNegative));
        let basis = table.require("basis", table.basis("basis"));
        let of = supplied(table);
        table.cited("source");
        table.nothing_else();
        Some(Supply { id: id?, of: of?, year: year?, units_max: units_max?, basis: basis? })
    };
    root.tables("supply").iter().filter_map(read).collect()
}

pub(super) fn budgets(root: &Table<'_>, time: &Time) -> Vec<Budget> {
    let read = |table: &Table<'_>| {
        let id = table.own_id();
        let _ = table.names();
        let source = table.require("source", table.text("source"));
        let year = table.year_index("year", time);
        let limit_m = table.require("limit_m", table.number("limit_m", Want::NotNegative));
        let words = table.require("covers", table.texts("covers"));
        let mut covers = std::collections::BTreeSet::new();
        for (word, place) in words.unwrap_or_default() {
            match Item::ALL.into_iter().find(|it| it.word() == word) {
                Some(item) => {
                    covers.insert(item);
                }
                None => table.wrong_type("covers", place_span(&place), "covers"),
            }
        }
        if table.has("basis") && table.basis("basis").is_some_and(|it| it != crate::case::Basis::Budget) {
            table.wrong_type("basis", table.place_of("basis").span, "basis_budget");
        }
        let _ = table.text("basis");
        table.cited("limit_source");
        table.nothing_else();
        Some(Budget { id: id?, source: source?, year: year?, limit_m: limit_m?, covers })
    };
    root.tables("budget").iter().filter_map(read).collect()
}

fn place_span(place: &super::Place) -> std::ops::Range<usize> {
    place.span.clone()
}

pub(super) fn policies(root: &Table<'_>, time: &Time) -> Vec<Policy> {
    let read = |table: &Table<'_>| {
        let id = table.own_id();
        let _ = table.names();
        let year = table.year_index("year", time);
        let basis = table.require("basis", table.basis("basis"));
        let kind = table.require("kind", table.text("kind"));
        let rule = kind.and_then(|kind| rule(table, &kind));
        table.cited("source");
        table.nothing_else();
        Some(Policy { id: id?, year: year?, basis: basis?, rule: rule? })
    };
    root.tables("policy").iter().filter_map(read).collect()
}

fn rule(table: &Table<'_>, kind: &str) -> Option<Rule> {
    match kind {
        "co2_cap" => {
            let t_max = table.require("t_max", table.number("t_max", Want::NotNegative))?;
            Some(Rule::Co2Cap { t_max })
        }
        "home_share" => {
            let share = table.require("share", table.number("share", Want::Share))?;
            Some(Rule::HomeShare { share })
        }
        "reserve_margin" => {
            let margin = table.require("margin", table.number("margin", Want::NotNegative))?;
            Some(Rule::Stress { lost: Lost::Nothing, share: 1.0, margin })
        }
        "loss_of" => {
            let share = table.number("share", Want::Share).unwrap_or(1.0);
            let of = table.require("of", table.text("of"))?;
            let lost = lost(table, &of)?;
            Some(Rule::Stress { lost, share, margin: 0.0 })
        }
        _ => {
            table.wrong_type("kind", table.place_of("kind").span, "policy_kind");
            for field in ["t_max", "share", "margin", "of"] {
                let _ = table.get(field);
            }
            None
        }
    }
}

fn lost(table: &Table<'_>, of: &str) -> Option<Lost> {
    let place = table.place_of("of");
    match of.split_once(':') {
        Some(("site", id)) => table.reading.resolve("site", id, &place).map(Lost::Site),
        Some(("technology", id)) => table.reading.resolve("technology", id, &place).map(Lost::Technology),
        Some(("origin", origin)) if origin.len() == 2 => Some(Lost::Origin(origin.to_owned())),
        _ => {
            table.wrong_type("of", place.span, "lost");
            None
        }
    }
}
