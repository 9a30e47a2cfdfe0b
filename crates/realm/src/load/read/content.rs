use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use super::plain;
use crate::load::context::At;
use crate::load::table::Table;
use crate::world::{Content, ContentKey, Person};

/// Values of `content`.
pub(super) const WORDS: &[(&str, Content)] = &[("none", Content::None), ("encrypted", Content::Encrypted)];
/// Values of `content_days`: up to ten years.
pub(super) const DAYS: RangeInclusive<u64> = 1..=3_650;
/// `content_days` where nobody says.
pub(super) const DAYS_DEFAULT: u64 = 30;

/// The fields of an organisation that say how its content is sealed.
pub(super) fn content_key(table: &Table<'_>) -> Option<ContentKey> {
    let key = table.shaped("content_key", "content_key", |text| is_key("x25519:", text));
    let days = table.whole("content_days", DAYS).map(plain);
    let people = table.subs("content_people", "organisation.content_people", |person| {
        let name = person.require("name", person.shaped("name", "person", crate::ids::is_id));
        let key = person.require("key", person.shaped("key", "person_key", |text| is_key("ed25519:", text)));
        Some(Person { name: name?.value, key: key?.value })
    });
    let key = key?;
    let place = people.as_ref().map_or_else(|| key.place.clone(), |people| people.place.clone());
    let people = people.map_or_else(Vec::new, |At { value, .. }| value);
    // One person under two names or with two keys is still one person.
    let names: BTreeSet<_> = people.iter().map(|person| &person.name).collect();
    let keys: BTreeSet<_> = people.iter().map(|person| &person.key).collect();
    if names.len() < 2 || names.len() != people.len() || keys.len() != people.len() {
        table.cx.report(place.error("realm.content_needs_two").arg("count", names.len().min(keys.len()).to_string()));
    }
    Some(ContentKey { key: key.value, days, people })
}

fn is_key(prefix: &str, text: &str) -> bool {
    let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.strip_prefix(prefix).is_some_and(|digits| digits.len() == 64 && digits.bytes().all(lower_hex))
}
