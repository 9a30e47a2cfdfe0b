//! What somebody outside the program says of the texts of one request: collected once, asked once, then found like
//! anything else.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Detector, Needs, Span};

/// Words of the request's form, which stand where a text could.
const ROLES: [&str; 6] = ["system", "developer", "user", "assistant", "tool", "function"];

/// The finds in the texts of one request, by text.
#[derive(Debug, Default)]
pub(crate) struct Told(HashMap<String, Vec<Span>>);

/// Finds nothing and keeps what it is shown: every text that there is to ask about, once, in order.
#[derive(Default)]
pub(crate) struct Collector(Mutex<HashMap<String, usize>>);

impl Told {
    /// Adds the finds of one text.
    pub(crate) fn add(&mut self, text: String, spans: impl IntoIterator<Item = Span>) {
        self.0.entry(text).or_default().extend(spans);
    }
}

impl Detector for Told {
    fn needs(&self) -> Needs {
        Needs::Anything
    }

    fn reads_as_written(&self) -> bool {
        true
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        out.extend(self.0.get(text).into_iter().flatten().cloned());
    }
}

impl Collector {
    /// The texts seen.
    pub(crate) fn texts(&self) -> Vec<String> {
        let seen = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        let mut texts: Vec<(String, usize)> = seen.into_iter().collect();
        texts.sort_unstable_by_key(|(_, place)| *place);
        texts.into_iter().map(|(text, _)| text).collect()
    }
}

impl Detector for Collector {
    fn needs(&self) -> Needs {
        Needs::Anything
    }

    fn reads_as_written(&self) -> bool {
        true
    }

    fn find(&self, text: &str, _: &mut Vec<Span>) {
        let mut texts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // Numbers and signs alone name nobody; those are for the detectors inside.
        if text.chars().any(char::is_alphabetic) && !ROLES.contains(&text) && !texts.contains_key(text) {
            let place = texts.len();
            texts.insert(text.to_owned(), place);
        }
    }
}
