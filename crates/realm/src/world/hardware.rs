use jiff::civil::Date;
use rust_decimal::Decimal;

use crate::{AcceleratorId, Jurisdiction, ModelId, Nano, OrganisationId};

/// A kind of accelerator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accelerator {
    /// Its id.
    pub id: AcceleratorId,
    /// What people call it.
    pub name: String,
    /// Who makes it.
    pub maker: OrganisationId,
    /// Whose export law it falls under.
    pub origin: Jurisdiction,
    /// Dense peak at bf16.
    pub bf16_tflops: Option<Decimal>,
    /// Its memory.
    pub memory_gb: Option<Decimal>,
    /// What one draws at most, alone.
    pub power_w: Option<Decimal>,
    /// What one costs, in the realm's currency.
    pub price: Option<Nano>,
}

/// How fast a model answers on accelerators of a kind: the one bridge from tokens to accelerator-hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Throughput {
    /// On what, of what and how it was loaded.
    pub of: Load,
    /// Tokens of prompts and answers in a second, from all of these accelerators together.
    pub tokens_per_s: Decimal,
    /// What they draw together meanwhile.
    pub watts: Option<Decimal>,
    /// How it is known.
    pub method: Known,
    /// Where it stands, or who measured it.
    pub source: String,
    /// Of which day.
    pub date: Option<Date>,
}

/// What a throughput is one of: two rows about the same are a contradiction.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Load {
    /// Whose weights.
    pub model: ModelId,
    /// On accelerators of which kind.
    pub accelerator: AcceleratorId,
    /// How many of them answer together.
    pub accelerators: u64,
    /// Requests at once.
    pub batch: u64,
    /// Tokens of each prompt; none where the figure is a mean over many.
    pub prompt_tokens: Option<u64>,
}

/// How a figure is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Known {
    /// By whoever runs it.
    Measured,
    /// By somebody who published it.
    Published,
    /// By reckoning.
    Estimated,
}

impl Known {
    /// Each, with the word of realm files.
    pub const ALL: [(&str, Self); 3] =
        [("measured", Self::Measured), ("published", Self::Published), ("estimated", Self::Estimated)];

    /// The word of realm files.
    pub fn as_str(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(word, _)| word)
    }
}
