use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;
use toml::de::DeValue;

use super::plain;
use crate::Jurisdiction;
use crate::load::codes;
use crate::load::context::{Context, Item};
use crate::load::nearest::nearest;
use crate::load::table::Table;
use crate::world::{Content, Head, LedgerSettings, Person, Unknown};

/// `[realm]`.
pub(in crate::load) fn head(table: &Table<'_>) -> Option<Head> {
    table.cx.declare("realm", "realm", &table.place(), Item { place: table.place(), fields: BTreeMap::new() });
    let name = table.require("name", table.text("name"));
    let home = table.require("home", table.jurisdiction("home"));
    let timezone = timezone(table);
    let currency = currency(table);
    let languages = table.shaped_texts("languages", "language", is_language).map(plain);
    let packs = table.links("packs").map(|packs| packs.value.into_iter().map(plain).collect());
    let unknown = table.word("unknown", &[("deny", Unknown::Deny), ("flag", Unknown::Flag)]).map(plain);
    let content = table.word("content", super::content::WORDS).map(plain);
    let content_days = table.whole("content_days", super::content::DAYS).map(plain);
    let drill_people = two_people(table, ("drill_people", "realm.drill_people"), "realm.drill_needs_two");
    let sandbox_people = two_people(table, ("sandbox_people", "realm.sandbox_people"), "realm.sandbox_needs_two");
    let sign_in = table.sub("sign_in", "realm.sign_in", super::sign_in::sign_in).flatten();
    let ledger = table.sub("ledger", "realm.ledger", ledger);
    let (timezone_name, timezone) = timezone?;
    Some(Head {
        name: name?.value,
        home: home?.value,
        timezone,
        timezone_name,
        currency: currency?,
        languages: languages.filter(|all| !all.is_empty()).unwrap_or_else(|| vec!["en".to_owned()]),
        packs: packs.unwrap_or_default(),
        unknown: unknown.unwrap_or(Unknown::Deny),
        content: content.unwrap_or(Content::None),
        content_days: content_days.unwrap_or(super::content::DAYS_DEFAULT),
        drill_people,
        sandbox_people,
        sign_in,
        ledger: ledger.unwrap_or_else(default_ledger),
    })
}

/// People of whom it takes two.
fn two_people(table: &Table<'_>, (field, name): (&'static str, &'static str), code: &'static str) -> Vec<Person> {
    let people = super::people::of(table, field, name);
    if let Some(people) = people.as_ref().filter(|people| !super::people::are_two(&people.value)) {
        let count = super::people::count(&people.value).to_string();
        table.cx.report(people.place.error(code).arg("count", count));
    }
    people.map(plain).unwrap_or_default()
}

fn default_ledger() -> LedgerSettings {
    LedgerSettings { public: false, publish_ms: 500, witness_s: 60 }
}

fn ledger(table: &Table<'_>) -> LedgerSettings {
    let default = default_ledger();
    LedgerSettings {
        public: table.flag("public").map_or(default.public, plain),
        publish_ms: table.whole("publish_ms", 100..=1000).map_or(default.publish_ms, plain),
        witness_s: table.whole("witness_s", 1..=86_400).map_or(default.witness_s, plain),
    }
}

fn timezone(table: &Table<'_>) -> Option<(String, TimeZone)> {
    let Some(name) = table.text("timezone") else {
        return (!table.has("timezone")).then(|| ("Etc/UTC".to_owned(), TimeZone::UTC));
    };
    if let Ok(zone) = TimeZone::get(&name.value) {
        return Some((name.value, zone));
    }
    let zones: Vec<String> = jiff::tz::db().available().map(|zone| zone.to_string()).collect();
    let near = nearest(&name.value, zones.iter().map(String::as_str));
    table.cx.report(name.place.error("realm.unknown_timezone").arg("zone", name.value).arg_if("nearest", near));
    None
}

fn currency(table: &Table<'_>) -> Option<String> {
    let Some(code) = table.text("currency") else {
        return (!table.has("currency")).then(|| "EUR".to_owned());
    };
    if codes::currencies().any(|known| known == code.value) {
        return Some(code.value);
    }
    let near = nearest(&code.value, codes::currencies());
    table.cx.report(code.place.error("realm.unknown_currency").arg("code", code.value).arg_if("nearest", near));
    None
}

/// Two or three letters, and more parts after hyphens.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// `[blocs]`: names of blocs and the countries in each.
pub(in crate::load) fn blocs(
    cx: &Context,
    table: &Table<'_>,
    all: &mut BTreeMap<Jurisdiction, BTreeSet<Jurisdiction>>,
) {
    for (name, value) in table.entries() {
        let item = Item { place: name.place.clone(), fields: BTreeMap::new() };
        cx.declare("bloc", &name.value, &name.place, item);
        if codes::is_country(&name.value) {
            cx.report(name.place.error("realm.bloc_is_country").arg("bloc", &*name.value));
        }
        if name.value.is_empty() || !name.value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
            cx.report(name.place.error("realm.bad_bloc").arg("bloc", &*name.value));
        }
        let Some(list) = table.parse(&name.value, value, "strings", DeValue::as_array) else { continue };
        if list.value.is_empty() {
            cx.report(list.place.error("realm.empty_list").arg("field", &*name.value));
        }
        let mut members = BTreeSet::new();
        for value in list.value.iter() {
            let Some(code) = table.parse(&name.value, value, "string", DeValue::as_str) else { continue };
            if !codes::is_country(code.value) {
                let near = codes::country_meant(code.value);
                cx.report(code.place.error("realm.not_a_country").arg("code", code.value).arg_if("nearest", near));
            } else if !members.insert(Jurisdiction::new(code.value)) {
                let problem = code.place.error("realm.duplicate_entry");
                cx.report(problem.arg("field", &*name.value).arg("entry", code.value));
            }
        }
        all.entry(Jurisdiction::new(&name.value)).or_insert(members);
    }
}
