//! Each table of a realm, as written, into its type.

mod content;
mod detector;
mod hardware;
mod head;
mod pack;
mod party;
mod passport;
mod people;
mod place;
mod programme;
mod provider;
mod quality;
mod sandbox;
mod sign_in;
mod supply;
mod witness;

pub(super) use detector::detector;
pub(super) use hardware::{accelerator, throughput};
pub(super) use head::{blocs, head};
pub(super) use pack::pack;
pub(super) use party::{app, evidence, organisation, sector};
pub(super) use passport::passport;
pub(super) use place::{energy_source, site};
pub(super) use programme::{indicator, initiative};
pub(super) use provider::provider;
pub(super) use sandbox::sandbox;
pub(super) use supply::{deployment, model, route};
pub(super) use witness::witness;

use std::path::PathBuf;

use super::table::Table;
use crate::world::{Budget, Limits};

/// More than any machine does in a minute; what is meant to be unlimited is left out.
const MOST: u64 = 1_000_000_000_000;

fn budget(table: &Table<'_>, name: &'static str) -> Budget {
    table.sub("budget", name, |budget| Budget { per_month: budget.money("per_month") }).unwrap_or_default()
}

fn limits(table: &Table<'_>, name: &'static str) -> Limits {
    let limits = table.sub("limits", name, |limits| {
        let rate = |field| limits.whole(field, 1..=MOST).map(|at| at.value);
        Limits {
            requests_per_min: rate("requests_per_min"),
            tokens_per_min: rate("tokens_per_min"),
            concurrent: rate("concurrent"),
        }
    });
    limits.unwrap_or_default()
}

fn texts(table: &Table<'_>, field: &'static str) -> Vec<String> {
    table.texts(field).map(|texts| texts.value.into_iter().map(plain).collect()).unwrap_or_default()
}

fn path(table: &Table<'_>, field: &'static str) -> Option<PathBuf> {
    table.text(field).map(|text| PathBuf::from(text.value))
}

/// The value without its place.
fn plain<T>(at: super::context::At<T>) -> T {
    at.value
}
