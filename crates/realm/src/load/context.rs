use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use jiff::civil::Date;

use super::diagnostic::{Diagnostic, Source};
use super::text::MESSAGES;

/// Bytes of a file.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) source: Arc<Source>,
    pub(super) span: Range<usize>,
}

impl Place {
    /// A problem here that stops the realm from being used.
    pub(super) fn error(&self, code: &'static str) -> Diagnostic {
        Diagnostic::error(code, &MESSAGES).at(&self.source, self.span.clone())
    }

    /// A problem here that somebody should look at.
    pub(super) fn warning(&self, code: &'static str) -> Diagnostic {
        Diagnostic::warning(code, &MESSAGES).at(&self.source, self.span.clone())
    }

    /// `file:line:column`.
    pub(super) fn name(&self) -> String {
        let (line, column) = self.source.line_column(self.span.start);
        format!("{}:{line}:{column}", self.source.path.display())
    }
}

/// A value and where it was written.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub(super) value: T,
    pub(super) place: Place,
}

/// A table with an id: where it stands, and where each of its fields does.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) place: Place,
    pub(super) fields: BTreeMap<String, Range<usize>>,
}

/// An id that must be declared somewhere.
#[derive(Debug)]
pub(super) struct Link {
    pub(super) kind: &'static str,
    pub(super) id: String,
    pub(super) place: Place,
}

/// What the readers of one run gather: problems, the ids declared, and what must resolve once all is read.
#[derive(Debug)]
pub(super) struct Context {
    pub(super) today: Date,
    pub(super) problems: RefCell<Vec<Diagnostic>>,
    pub(super) items: RefCell<BTreeMap<&'static str, BTreeMap<String, Item>>>,
    pub(super) links: RefCell<Vec<Link>>,
    /// Jurisdictions named, which may be blocs that a later file declares.
    pub(super) jurisdictions: RefCell<Vec<At<String>>>,
}

impl Context {
    pub(super) fn new(today: Date) -> Self {
        Self {
            today,
            problems: RefCell::default(),
            items: RefCell::default(),
            links: RefCell::default(),
            jurisdictions: RefCell::default(),
        }
    }

    pub(super) fn report(&self, problem: Diagnostic) {
        self.problems.borrow_mut().push(problem);
    }

    /// Notes a declared id; a second one of its kind is a problem that names the first.
    pub(super) fn declare(&self, kind: &'static str, id: &str, id_place: &Place, item: Item) {
        let mut items = self.items.borrow_mut();
        let of_kind = items.entry(kind).or_default();
        if let Some(first) = of_kind.get(id) {
            let first = first.fields.get("id").map_or_else(
                || first.place.name(),
                |span| Place { source: Arc::clone(&first.place.source), span: span.clone() }.name(),
            );
            self.report(id_place.error("realm.duplicate_id").arg("kind", kind).arg("id", id).arg("first", first));
            return;
        }
        of_kind.insert(id.to_owned(), item);
    }

    /// Where a field of a declared item stands; the item itself where the field is not written.
    pub(super) fn place(&self, kind: &'static str, id: &str, field: &str) -> Option<Place> {
        let items = self.items.borrow();
        let item = items.get(kind)?.get(id)?;
        let span = item.fields.get(field).unwrap_or(&item.place.span).clone();
        Some(Place { source: Arc::clone(&item.place.source), span })
    }

    /// Whether a declared item has a field written, readable or not.
    pub(super) fn has_field(&self, kind: &'static str, id: &str, field: &str) -> bool {
        let items = self.items.borrow();
        items.get(kind).and_then(|of_kind| of_kind.get(id)).is_some_and(|item| item.fields.contains_key(field))
    }

    /// The ids of a kind.
    pub(super) fn ids(&self, kind: &str) -> Vec<String> {
        self.items.borrow().get(kind).map(|items| items.keys().cloned().collect()).unwrap_or_default()
    }
}
