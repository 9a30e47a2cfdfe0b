//! Finding personal data in text: validated detectors behind one cheap look at the bytes.
//!
//! A span found is *located*: it can be redacted. A find where nothing can be replaced (in the payload of a `data:`
//! URL, in a number of a schema) is *diffuse*. Text without an at sign and with few digits costs a few quick passes
//! over its bytes and nothing else.

mod address;
mod card;
mod charset;
mod context;
mod data;
mod digits;
mod email;
mod escape;
mod iban;
mod ids;
mod ip;
mod key;
mod known;
mod label;
mod number;
mod person;
mod phone;
mod row;
mod scan;
#[cfg(test)]
mod tests;
mod told;
mod unicode;
mod view;

use std::ops::Range;
use std::sync::Arc;

use realm::DataClass;

pub use address::Address;
pub use card::Card;
pub use email::Email;
pub use iban::Iban;
pub use ids::Ids;
pub use ip::Ip;
pub use key::Key;
pub(crate) use known::Known;
pub use person::Person;
pub use phone::Phone;
pub(crate) use scan::Bare;
pub use scan::{Hit, Scan};
pub(crate) use told::{Collector, Told};

/// What a span is. The order is the priority among spans of one length.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What opens a door: an API key, a private key, a token.
    Key,
    /// An international bank account number.
    Iban,
    /// A number for value added tax.
    Vat,
    /// A Russian tax number.
    Inn,
    /// A Russian pension insurance number.
    Snils,
    /// A Russian health insurance policy.
    Oms,
    /// A Russian state register number.
    Ogrn,
    /// Another country's tax number.
    TaxId,
    /// Another country's number of a person.
    NationalId,
    /// A passport or an identity card.
    Passport,
    /// A payment card number.
    Card,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// An address on the internet.
    Ip,
    /// The address of a house.
    Address,
    /// The name of a person.
    Person,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 16] = [
        Self::Key,
        Self::Iban,
        Self::Vat,
        Self::Inn,
        Self::Snils,
        Self::Oms,
        Self::Ogrn,
        Self::TaxId,
        Self::NationalId,
        Self::Passport,
        Self::Card,
        Self::Email,
        Self::Phone,
        Self::Ip,
        Self::Address,
        Self::Person,
    ];

    /// The word in tokens (`⟨IBAN_1⟩`) and metrics.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Key => "KEY",
            Self::Iban => "IBAN",
            Self::Vat => "VAT",
            Self::Inn => "INN",
            Self::Snils => "SNILS",
            Self::Oms => "OMS",
            Self::Ogrn => "OGRN",
            Self::TaxId => "TAXID",
            Self::NationalId => "NATIONALID",
            Self::Passport => "PASSPORT",
            Self::Card => "CARD",
            Self::Email => "EMAIL",
            Self::Phone => "PHONE",
            Self::Ip => "IP",
            Self::Address => "ADDRESS",
            Self::Person => "PERSON",
        }
    }
}

/// A piece of text that a detector found, on character boundaries.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// Bytes of the text.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
    /// The data class it raises.
    pub class: DataClass,
}

/// What a text must hold at least for a detector to be worth running.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Needs {
    /// An at sign.
    AtSign,
    /// That many ASCII digits.
    Digits(usize),
    /// Nothing in particular.
    Anything,
}

/// Finds data of some kinds. Built in or an operator's own: one that asks a program for names hands back spans with kind
/// and class like any other, and bounds its own time, as a request waits for it.
pub trait Detector: Send + Sync {
    /// What a text needs to be looked at.
    fn needs(&self) -> Needs;
    /// Appends every find; spans lie on character boundaries.
    fn find(&self, text: &str, out: &mut Vec<Span>);
    /// Whether it reads texts as a person does, and need not be shown what they say in plainer signs.
    fn reads_as_written(&self) -> bool {
        false
    }
}

/// The detectors of a gateway.
#[derive(Clone)]
pub struct Detectors {
    list: Vec<Arc<dyn Detector>>,
}

impl Default for Detectors {
    fn default() -> Self {
        Self::standard()
    }
}

impl Detectors {
    /// The built-in ones.
    pub fn standard() -> Self {
        let list: Vec<Arc<dyn Detector>> = vec![
            Arc::new(Key),
            Arc::new(Iban),
            Arc::new(Ids),
            Arc::new(Card),
            Arc::new(Email),
            Arc::new(Phone),
            Arc::new(Ip),
            Arc::new(Address),
            Arc::new(Person),
        ];
        Self { list }
    }

    /// Nobody but this one.
    pub(crate) fn only(detector: Arc<dyn Detector>) -> Self {
        Self { list: vec![detector] }
    }

    /// Adds one more.
    #[must_use]
    pub fn with(mut self, detector: Arc<dyn Detector>) -> Self {
        self.list.push(detector);
        self
    }

    /// Every find in a text: sorted, free of overlaps (what shares bytes is one, of the longest's kind, then
    /// of the kind that has priority, then of the first's). Looked at are the text and, where it spells digits, letters or signs otherwise than ASCII does or
    /// hides something between them, what it says to a reader.
    pub fn find(&self, text: &str) -> Vec<Span> {
        let mut found = Vec::new();
        self.run(text, false, &mut found);
        for view in view::views(text) {
            let from = found.len();
            self.run(view.text(), true, &mut found);
            found[from..].iter_mut().for_each(|span| span.range = view.back(&span.range));
        }
        if found.len() > 1 { settle(found) } else { found }
    }

    /// Every find in a text as it stands, or in a view of one.
    fn run(&self, text: &str, is_view: bool, found: &mut Vec<Span>) {
        let digits = digits(text);
        for detector in self.list.iter().filter(|detector| !is_view || !detector.reads_as_written()) {
            let worth = match detector.needs() {
                Needs::AtSign => memchr::memchr(b'@', text.as_bytes()).is_some(),
                Needs::Digits(least) => digits >= least,
                Needs::Anything => true,
            };
            if worth {
                detector.find(text, found);
            }
        }
    }
}

/// How many digits a text has. Of short runs, so that sixteen bytes are looked at together.
fn digits(text: &str) -> usize {
    let of = |run: &[u8]| run.iter().fold(0u8, |sum, byte| sum.wrapping_add(u8::from(byte.is_ascii_digit())));
    text.as_bytes().chunks(usize::from(u8::MAX)).map(|run| usize::from(of(run))).sum()
}

/// Resolves overlaps: finds that share bytes become one, of the best one's kind and of the strictest class. Nothing that
/// was found is left in the open because something better stood over a part of it.
fn settle(mut found: Vec<Span>) -> Vec<Span> {
    let rank = |span: &Span| (std::cmp::Reverse(span.range.len()), span.kind, span.range.start);
    found.sort_by_key(|span| span.range.start);
    let mut all = Vec::<(Span, Span)>::new();
    for span in found {
        match all.last_mut().filter(|(whole, _)| span.range.start < whole.range.end) {
            Some((whole, best)) => {
                whole.range.end = whole.range.end.max(span.range.end);
                whole.class = whole.class.max(span.class);
                if rank(&span) < rank(best) {
                    *best = span;
                }
            }
            None => all.push((span.clone(), span)),
        }
    }
    all.into_iter().map(|(whole, best)| Span { kind: best.kind, ..whole }).collect()
}
