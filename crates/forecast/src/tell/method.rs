//! What ± and 90 % mean, and what it takes to repeat it.

use ::report::{Block, Fact, Section};

use super::voice::Voice;
use crate::run::{Outcome, Sampling};

pub(super) fn section(voice: &Voice<'_>, outcome: &Outcome) -> Option<Section> {
    let sampling = match outcome.sampling {
        Sampling::Latin => "sampling-latin",
        Sampling::Sobol => "sampling-sobol",
    };
    let fact = |key: &str, value: String| Fact { name: voice.word(key), value, note: String::new() };
    let facts = vec![
        fact("fact-draws", voice.number(outcome.draws as f64)),
        fact("fact-repetitions", outcome.repetitions.to_string()),
        fact("fact-seed", outcome.seed.to_string()),
        fact("fact-sampling", voice.word(sampling)),
    ];
    let section = Section::new("method", voice.word("head-method")).with(Block::Facts(facts));
    let told = ["tell-plus-minus", "tell-ninety", "tell-repeat"].map(|key| voice.word(key));
    Some(section.with(Block::List(told.to_vec())))
}
