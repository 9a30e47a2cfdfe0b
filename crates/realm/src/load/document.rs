//! One file: its syntax, and which of its tables is read by whom.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::context::{Context, Place};
use super::diagnostic::Source;
use super::draft::Draft;
use super::nearest::nearest;
use super::table::Table;
use super::{later, read};

/// Problems of syntax said per file; the rest follows from them more often than not.
const SYNTAX_PROBLEMS_MAX: usize = 10;

/// The tables of a realm, once in a file as `[name]`, or any number of times as `[[name]]`.
const TABLES: &[(&str, bool)] = &[
    ("realm", false),
    ("blocs", false),
    ("sector", true),
    ("organisation", true),
    ("app", true),
    ("model", true),
    ("provider", true),
    ("deployment", true),
    ("route", true),
    ("detector", true),
    ("witness", true),
    ("initiative", true),
    ("indicator", true),
    ("sandbox", true),
    ("passport", true),
    ("site", true),
    ("accelerator", true),
    ("throughput", true),
    ("energy_source", true),
    ("evidence", true),
];

/// Parses a file; says whether its syntax is sound. What can be read of a broken one is read all the same, so
/// that ids declared in it are known.
pub(super) fn parse<'a>(cx: &Context, source: &'a Arc<Source>) -> (Spanned<DeTable<'a>>, bool) {
    let (table, errors) = DeTable::parse_recoverable(&source.text);
    let mut spans = BTreeSet::new();
    for error in &errors {
        let span = error.span().unwrap_or(0..0);
        if spans.len() < SYNTAX_PROBLEMS_MAX && spans.insert((span.start, span.end)) {
            let place = Place { source: Arc::clone(source), span };
            let (why, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), "TOML"));
            cx.report(place.error("realm.syntax").arg("why", why).arg("expected", expected));
        }
    }
    (table, errors.is_empty())
}

/// Reads every table of a file.
pub(super) fn read<'a>(
    cx: &'a Context,
    source: &'a Arc<Source>,
    document: &'a Spanned<DeTable<'a>>,
    draft: &mut Draft,
) {
    for (key, value) in document.get_ref().iter() {
        let name = key.get_ref().as_ref();
        let place = Place { source: Arc::clone(source), span: key.span() };
        let Some((name, many)) = TABLES.iter().find(|(table, _)| *table == name) else {
            unknown(cx, &place, name, value.get_ref());
            continue;
        };
        match (value.get_ref(), many) {
            (DeValue::Table(fields), false) => {
                read_table(&Table::of(cx, source, name, value.span(), fields), name, draft);
            }
            (DeValue::Array(list), true) => {
                for item in list.iter() {
                    let item_place = Place { source: Arc::clone(source), span: item.span() };
                    match item.get_ref() {
                        DeValue::Table(fields) => {
                            read_table(&Table::of(cx, source, name, item.span(), fields), name, draft);
                        }
                        _ => cx.report(item_place.error("realm.many_tables").arg("table", *name)),
                    }
                }
            }
            (_, true) => cx.report(place.error("realm.many_tables").arg("table", *name)),
            (_, false) => cx.report(place.error("realm.one_table").arg("table", *name)),
        }
    }
}

fn unknown(cx: &Context, place: &Place, name: &str, value: &DeValue<'_>) {
    let is_table = match value {
        DeValue::Table(_) => true,
        DeValue::Array(list) => list.iter().any(|item| item.get_ref().is_table()),
        _ => false,
    };
    let names = || TABLES.iter().map(|(table, _)| *table);
    let problem = match later::table(name) {
        Some(version) => place.error("realm.later_table").arg("version", version),
        None if is_table => place.error("realm.unknown_table").arg_if("nearest", nearest(name, names())),
        None => place.error("realm.field_outside_table"),
    };
    cx.report(problem.arg("table", name).arg("tables", names().collect::<Vec<_>>().join(", ")));
}

pub(super) fn read_table(table: &Table<'_>, name: &str, draft: &mut Draft) {
    match name {
        "realm" => {
            let head = read::head(table);
            draft.head = draft.head.take().or(head);
        }
        "blocs" => return read::blocs(table.cx, table, &mut draft.blocs),
        "sector" => keep(&mut draft.sectors, read::sector(table), |it| it.id.clone()),
        "organisation" => keep(&mut draft.organisations, read::organisation(table), |it| it.id.clone()),
        "app" => keep(&mut draft.apps, read::app(table), |it| it.id.clone()),
        "model" => keep(&mut draft.models, read::model(table), |it| it.id.clone()),
        "provider" => keep(&mut draft.providers, read::provider(table), |it| it.id.clone()),
        "deployment" => keep(&mut draft.deployments, read::deployment(table), |it| it.id.clone()),
        "detector" => keep(&mut draft.detectors, read::detector(table), |it| it.id.clone()),
        "witness" => keep(&mut draft.witnesses, read::witness(table), |it| it.id.clone()),
        "route" => keep(&mut draft.routes, read::route(table), |it| it.id.clone()),
        "initiative" => keep(&mut draft.initiatives, read::initiative(table), |it| it.id.clone()),
        "indicator" => keep(&mut draft.indicators, read::indicator(table), |it| it.id.clone()),
        "sandbox" => keep(&mut draft.sandboxes, read::sandbox(table, &mut draft.signatures), |it| it.id.clone()),
        "passport" => keep(&mut draft.passports, read::passport(table), |it| it.model.clone()),
        "site" => keep(&mut draft.sites, read::site(table), |it| it.id.clone()),
        "accelerator" => keep(&mut draft.accelerators, read::accelerator(table), |it| it.id.clone()),
        "throughput" => read::throughput(table, &mut draft.throughput),
        "energy_source" => keep(&mut draft.energy_sources, read::energy_source(table), |it| it.id.clone()),
        _ => draft.evidence.extend(read::evidence(table).map(|at| at.value)),
    }
    table.finish();
}

/// Keeps the first of an id; a second one has been reported.
fn keep<K: Ord, T>(all: &mut BTreeMap<K, T>, item: Option<T>, id: impl Fn(&T) -> K) {
    if let Some(item) = item {
        all.entry(id(&item)).or_insert(item);
    }
}
