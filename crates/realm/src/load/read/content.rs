use std::ops::RangeInclusive;

use super::people::is_key;
use super::plain;
use crate::load::context::At;
use crate::load::table::Table;
use crate::world::{Content, ContentKey};

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
    let people = super::people::of(table, "content_people", "organisation.content_people");
    let key = key?;
    let place = people.as_ref().map_or_else(|| key.place.clone(), |people| people.place.clone());
    let people = people.map_or_else(Vec::new, |At { value, .. }| value);
    if !super::people::are_two(&people) {
        let count = super::people::count(&people).to_string();
        table.cx.report(place.error("realm.content_needs_two").arg("count", count));
    }
    Some(ContentKey { key: key.value, days, people })
}
