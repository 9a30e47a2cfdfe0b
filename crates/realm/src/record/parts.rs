use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{DeploymentId, Nano};

/// HMAC-SHA256 of a text under a salt that only the app's record secret can make again; base64 without padding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Mac(pub String);

/// A rule that decided, by id; title and citation stand in the archived snapshot.
pub type RuleHit = Arc<str>;

/// What was set aside before an attempt, and is charged if its end is never known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Estimate {
    /// Prompt and completion tokens at most.
    #[serde(rename = "tok")]
    pub tokens: u64,
    /// Their cost.
    #[serde(rename = "cost")]
    pub cost_nano: Nano,
}

/// More tokens than any request has. A record that says more tells no use: an older version wrote down what a client had
/// asked for without a bound.
const TOKENS_MAX: u64 = 1 << 40;

impl Estimate {
    /// What may be charged: nothing where the figure cannot be true.
    pub fn believed(self) -> Self {
        if self.tokens <= TOKENS_MAX { self } else { Self::default() }
    }
}

/// How one attempt ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// The index of its intent in the same log.
    #[serde(rename = "i")]
    pub intent: u64,
    /// Where it went.
    #[serde(rename = "d")]
    pub deployment: DeploymentId,
    /// The upstream's HTTP status; none where there was no answer.
    #[serde(rename = "s", default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why it failed, from the stable list of error codes; none where it succeeded.
    #[serde(rename = "e", default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// How long it took, in milliseconds.
    #[serde(rename = "ms")]
    pub took_ms: u64,
    /// The attempt, from 1, whose answer was cut and went on with this one: the client has a piece of each.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub resumed_from: Option<u32>,
    /// A live drill had it fail so: no byte went there.
    #[serde(rename = "f", default, skip_serializing_if = "is_false")]
    pub feigned: bool,
}

/// Tokens of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Tokens {
    /// Of the prompt.
    #[serde(rename = "in")]
    pub input: u64,
    /// Of the answer.
    #[serde(rename = "out")]
    pub output: u64,
    /// Whether the provider sent none and they are estimated.
    #[serde(rename = "est", default, skip_serializing_if = "is_false")]
    pub estimated: bool,
}

impl Tokens {
    /// Prompt and answer; held at the largest number.
    pub fn total(&self) -> u64 {
        self.input.saturating_add(self.output)
    }

    /// Whether a request can have so many.
    pub fn believable(&self) -> bool {
        self.input <= TOKENS_MAX && self.output <= TOKENS_MAX
    }
}

/// Energy of an answer, with how it is known.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "m", rename_all = "lowercase")]
pub enum EnergyFigure {
    /// Read from a meter.
    Measured {
        /// Joules, written to a thousandth.
        #[serde(serialize_with = "to_thousandth")]
        j: f64,
    },
    /// From the realm's declared joules per token.
    Declared {
        /// Joules, written to a thousandth.
        #[serde(serialize_with = "to_thousandth")]
        j: f64,
    },
    /// Nobody knows.
    Unknown,
}

/// When things happened, in milliseconds after the request was accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Timings {
    /// The first byte of the answer left; none where there was no answer.
    #[serde(rename = "first", default, skip_serializing_if = "Option::is_none")]
    pub first_ms: Option<u64>,
    /// The end.
    #[serde(rename = "total")]
    pub total_ms: u64,
}

/// What rules in draft or of another date would have done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shadow {
    /// Whether the attempt would have been denied.
    pub deny: bool,
    /// By which rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleHit>,
}

/// Which request is repeated, for which drill in shadow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mirrors {
    /// The drill's id.
    pub drill: String,
    /// The id of the request that a client made.
    pub req: String,
}

/// How a request ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum End {
    /// The client has the whole answer.
    Ok,
    /// The client has an error.
    Error,
    /// The client left.
    ClientClosed,
    /// Nobody knows: the process died, and recovery wrote this.
    Unknown,
}

/// No meter is finer; and a number of so few digits reads back as exactly itself.
fn to_thousandth<S: serde::Serializer>(joules: &f64, to: S) -> Result<S::Ok, S::Error> {
    let rounded = (joules * 1000.0).round() / 1000.0;
    // What is not finite would be written as `null` and make the record unreadable.
    to.serialize_f64(if rounded.is_finite() { rounded } else { f64::MAX })
}

fn is_false(flag: &bool) -> bool {
    !flag
}
