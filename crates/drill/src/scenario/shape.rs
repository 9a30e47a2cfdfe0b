//! How what is cut off fails: the shape that its clients see.

use realm::load::Lang;
use serde::{Deserialize, Serialize};

use super::Placed;
use super::table::Table;
use crate::say::say;

/// A supplier may ask to be left alone for so long at most; the gateway waits no longer than a minute for it.
const RETRY_AFTER_MAX_S: u64 = 86_400;

/// How what is cut off fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// No connection is taken.
    Refused,
    /// 401: the key or the account is revoked.
    Unauthorized,
    /// 403: it may not be asked by us.
    Forbidden,
    /// 429: too much is asked, with or without a word on when to come again.
    RateLimited,
    /// 503: it is down and says so.
    ServerError,
    /// The connection is taken, and nothing is ever said.
    Silent,
    /// Bytes come, never too late and never enough.
    SlowDrip,
    /// 200, in time, and wrong.
    WrongAnswer,
}

/// A shape, with what it says of when to come again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Failing {
    /// The shape.
    pub shape: Shape,
    /// Of a rate limit: in how many seconds to come again; none where it does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after_s: Option<u64>,
}

impl Shape {
    /// Every shape.
    pub const ALL: [Self; 8] = [
        Self::Refused,
        Self::Unauthorized,
        Self::Forbidden,
        Self::RateLimited,
        Self::ServerError,
        Self::Silent,
        Self::SlowDrip,
        Self::WrongAnswer,
    ];

    /// The word in files and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Refused => "refused",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::RateLimited => "rate_limited",
            Self::ServerError => "server_error",
            Self::Silent => "silent",
            Self::SlowDrip => "slow_drip",
            Self::WrongAnswer => "wrong_answer",
        }
    }

    /// The shape for people.
    pub fn to_text(self, lang: Lang) -> String {
        say(lang, &format!("shape-{}", self.as_str()), &[])
    }
}

/// The shape of one cut, where it says one.
pub(super) fn read(table: &Table<'_>) -> Option<Placed<Failing>> {
    let word = |word: &str| Shape::ALL.into_iter().find(|shape| shape.as_str() == word);
    let shape = table.read("shape", "shape", |value| word(value.as_str()?));
    let again = table.whole("retry_after_s");
    if let Some(again) = &again {
        let is_limit = shape.as_ref().is_some_and(|it| it.value == Shape::RateLimited);
        if !is_limit {
            table.wrong("retry_after_s", "of_rate_limit", again.span.clone());
        } else if !(1..=RETRY_AFTER_MAX_S).contains(&again.value) {
            table.wrong("retry_after_s", "retry_after_s", again.span.clone());
        }
    }
    let Placed { value: shape, span } = shape?;
    Some(Placed { value: Failing { shape, retry_after_s: again.map(|it| it.value) }, span })
}
