//! One table as written, and what is common to reading any field of it.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::context::{At, Context, Item, Link, Place};
use super::diagnostic::Source;
use super::later;
use super::nearest::nearest;
use crate::ids::Id;

/// One table as written. Every field that is asked for is known; what is left over at the end is not.
pub(super) struct Table<'a> {
    pub(super) cx: &'a Context,
    source: &'a Arc<Source>,
    /// As `app` or `app.limits`.
    name: &'static str,
    span: Range<usize>,
    fields: &'a DeTable<'a>,
    asked: RefCell<Vec<&'static str>>,
}

impl<'a> Table<'a> {
    pub(super) fn new(
        cx: &'a Context,
        source: &'a Arc<Source>,
        name: &'static str,
        fields: &'a Spanned<DeTable<'a>>,
    ) -> Self {
        Self::of(cx, source, name, fields.span(), fields.get_ref())
    }

    pub(super) fn of(
        cx: &'a Context,
        source: &'a Arc<Source>,
        name: &'static str,
        span: Range<usize>,
        fields: &'a DeTable<'a>,
    ) -> Self {
        Self { cx, source, name, span, fields, asked: RefCell::default() }
    }

    /// Where the table begins.
    pub(super) fn place(&self) -> Place {
        self.at(self.span.clone())
    }

    fn at(&self, span: Range<usize>) -> Place {
        Place { source: Arc::clone(self.source), span }
    }

    /// The fields as written, for tables whose names are free.
    pub(super) fn entries(&self) -> impl Iterator<Item = (At<String>, &'a Spanned<DeValue<'a>>)> {
        self.fields
            .iter()
            .map(|(key, value)| (At { value: key.get_ref().to_string(), place: self.at(key.span()) }, value))
    }

    /// Whether a field is written at all. Does not make it known.
    pub(super) fn has(&self, field: &str) -> bool {
        self.fields.contains_key(field)
    }

    /// Where a field's value stands, if it is written. Does not make it known.
    pub(super) fn field_place(&self, field: &str) -> Option<Place> {
        self.fields.get(field).map(|value| self.at(value.span()))
    }

    fn get(&self, field: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.borrow_mut().push(field);
        self.fields.get(field)
    }

    /// Reads a field by a function that knows one type; another type is a problem.
    pub(super) fn read<T>(
        &self,
        field: &'static str,
        want: &'static str,
        parse: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<At<T>> {
        let value = self.get(field)?;
        self.parse(field, value, want, parse)
    }

    /// Reads one value by a function that knows one type.
    pub(super) fn parse<T>(
        &self,
        field: &str,
        value: &'a Spanned<DeValue<'a>>,
        want: &'static str,
        parse: impl FnOnce(&'a DeValue<'a>) -> Option<T>,
    ) -> Option<At<T>> {
        let place = self.at(value.span());
        let Some(parsed) = parse(value.get_ref()) else {
            let found = value.get_ref().type_str();
            let problem = place.error("realm.wrong_type").arg("field", field).arg("want", want).arg("found", found);
            // A credential written in place of its name must not be shown.
            self.cx.report(if matches!(field, "credential" | "client_secret") {
                problem.without_source()
            } else {
                problem
            });
            return None;
        };
        Some(At { value: parsed, place })
    }

    /// Makes a field's absence a problem.
    pub(super) fn require<T>(&self, field: &'static str, read: Option<T>) -> Option<T> {
        if read.is_none() && !self.has(field) {
            self.cx.report(self.place().error("realm.missing_field").arg("table", self.name).arg("field", field));
        }
        read
    }

    /// Makes a list without entries a problem.
    pub(super) fn not_empty(&self, field: &'static str) {
        let Some(value) = self.fields.get(field) else { return };
        if value.get_ref().as_array().is_some_and(|list| list.is_empty()) {
            self.cx.report(self.at(value.span()).error("realm.empty_list").arg("field", field));
        }
    }

    /// The table's own id: declares it.
    pub(super) fn own_id<T: Id>(&self) -> Option<T> {
        let id = self.require("id", self.id::<T>("id"))?;
        let fields = self.fields.iter().map(|(key, value)| (key.get_ref().to_string(), value.span())).collect();
        self.cx.declare(T::KIND, &id.value.to_string(), &id.place, Item { place: self.place(), fields });
        Some(id.value)
    }

    /// An id, of the right shape.
    pub(super) fn id<T: Id>(&self, field: &'static str) -> Option<At<T>> {
        let text = self.text(field)?;
        self.shape_id(text)
    }

    fn shape_id<T: Id>(&self, text: At<String>) -> Option<At<T>> {
        match T::from_text(&text.value) {
            Ok(id) => Some(At { value: id, place: text.place }),
            Err(_) => {
                self.cx.report(text.place.error("realm.bad_id").arg("id", text.value).arg("kind", T::KIND));
                None
            }
        }
    }

    /// An id that must be declared in some table.
    pub(super) fn link<T: Id>(&self, field: &'static str) -> Option<At<T>> {
        let id = self.id::<T>(field)?;
        self.note_link(&id);
        Some(id)
    }

    /// Ids that must be declared in some table.
    pub(super) fn links<T: Id>(&self, field: &'static str) -> Option<At<Vec<At<T>>>> {
        let texts = self.texts(field)?;
        let ids: Vec<_> = texts.value.into_iter().filter_map(|text| self.shape_id::<T>(text)).collect();
        ids.iter().for_each(|id| self.note_link(id));
        Some(At { value: ids, place: texts.place })
    }

    fn note_link<T: Id>(&self, id: &At<T>) {
        let link = Link { kind: T::KIND, id: id.value.to_string(), place: id.place.clone() };
        self.cx.links.borrow_mut().push(link);
    }

    /// A table within this one.
    pub(super) fn sub<T>(
        &self,
        field: &'static str,
        name: &'static str,
        read: impl FnOnce(&Table<'a>) -> T,
    ) -> Option<T> {
        let fields = self.read(field, "table", DeValue::as_table)?;
        let table = Table::of(self.cx, self.source, name, fields.place.span, fields.value);
        let result = read(&table);
        table.finish();
        Some(result)
    }

    /// A list of tables within this one: those that could be read.
    pub(super) fn subs<T>(
        &self,
        field: &'static str,
        name: &'static str,
        read: impl Fn(&Table<'a>) -> Option<T>,
    ) -> Option<At<Vec<T>>> {
        let list = self.read(field, "tables", DeValue::as_array)?;
        let mut result = Vec::new();
        for value in list.value.iter() {
            let Some(fields) = self.parse(field, value, "table", DeValue::as_table) else { continue };
            let table = Table::of(self.cx, self.source, name, fields.place.span, fields.value);
            result.extend(read(&table));
            table.finish();
        }
        Some(At { value: result, place: list.place })
    }

    /// Makes fields that nobody asked for problems.
    pub(super) fn finish(&self) {
        let known = self.asked.borrow();
        for key in self.fields.keys() {
            let name = key.get_ref().as_ref();
            if known.contains(&name) {
                continue;
            }
            let place = self.at(key.span());
            let problem = match later::field(self.name, name) {
                Some(version) => place.error("realm.later_field").arg("version", version),
                None => place
                    .error("realm.unknown_field")
                    .arg("fields", known.join(", "))
                    .arg_if("nearest", nearest(name, known.iter().copied())),
            };
            self.cx.report(problem.arg("table", self.name).arg("field", name));
        }
    }
}
