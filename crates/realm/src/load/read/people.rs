use std::collections::BTreeSet;

use crate::load::context::At;
use crate::load::table::Table;
use crate::world::Person;

/// Somebody by name and public key, as often as a field lists them.
pub(super) fn of(table: &Table<'_>, field: &'static str, name: &'static str) -> Option<At<Vec<Person>>> {
    table.subs(field, name, |person| {
        let name = person.require("name", person.shaped("name", "person", crate::ids::is_id));
        let key = person.require("key", person.shaped("key", "person_key", |text| is_key("ed25519:", text)));
        Some(Person { name: name?.value, key: key?.value })
    })
}

/// How many different people these are: one under two names or with two keys is still one.
pub(super) fn count(people: &[Person]) -> usize {
    let names: BTreeSet<_> = people.iter().map(|person| &person.name).collect();
    let keys: BTreeSet<_> = people.iter().map(|person| &person.key).collect();
    names.len().min(keys.len())
}

/// Whether they are two or more, each with a name and a key of their own.
pub(super) fn are_two(people: &[Person]) -> bool {
    let count = count(people);
    count >= 2 && count == people.len()
}

/// Whether a text is a public key: what kind, and 64 hexadecimal digits.
pub(super) fn is_key(prefix: &str, text: &str) -> bool {
    let lower_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    text.strip_prefix(prefix).is_some_and(|digits| digits.len() == 64 && digits.bytes().all(lower_hex))
}
