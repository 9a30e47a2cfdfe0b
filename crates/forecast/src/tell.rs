//! Results as a report, in English and in Russian: one source for the page, the terminal, the tables and the console.

mod adoption;
mod backcast;
mod beliefs;
mod boundary;
mod capacity;
mod difference;
mod figures;
mod inputs;
mod lead;
mod method;
mod observatory;
mod sensitive;
mod targets;
mod track;
mod voice;

use ::report::{Report, Section};
use realm::load::Lang;

use crate::run::{Difference, Outcome};
use voice::Voice;

impl Outcome {
    /// Everything that people should read, the most important first.
    pub fn report(&self, lang: Lang) -> Report {
        let voice = Voice::of(self, lang);
        let mut parts: Vec<fn(&Voice<'_>, &Outcome) -> Option<Section>> = vec![
            beliefs::published,
            targets::section,
            capacity::section,
            beliefs::section,
            figures::section,
            sensitive::section,
            boundary::section,
            backcast::section,
            adoption::section,
            inputs::assumed,
            inputs::section,
            method::section,
        ];
        // Where the model holds none of them against its target, they come after all that is about it.
        if self.beliefs.is_empty() {
            parts.rotate_left(1);
        }
        let sections = parts.into_iter().filter_map(|part| part(&voice, self)).collect();
        Report { lang, title: self.title.of(lang).to_owned(), lead: lead::lead(&voice, self), sections }
    }
}

impl Difference {
    /// What changes, by which change, and what binds before and after.
    pub fn report(&self, lang: Lang) -> Report {
        difference::report(self, lang)
    }
}
