//! Whether an answer is what was expected.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::item::{Expect, Item};
use super::number::last_number;

/// What an answer was found to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Grade {
    /// All that was expected.
    Right,
    /// Not that, and this is the first thing that it is not.
    Wrong(Miss),
    /// Only a judge can tell.
    NeedsJudge,
}

/// What an answer fails by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Miss {
    /// It is another text.
    Exact,
    /// It lacks something.
    Contains,
    /// The expression is not found in it.
    Regex,
    /// It holds no number, or its last one is too far off.
    Numeric,
    /// It is not JSON.
    Json,
    /// It is JSON, and the schema refuses it.
    Schema,
    /// A judge says that it does not meet the reference.
    Judge,
}

impl Miss {
    /// The word for programs, and the end of the messages' keys.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "exact",
            Self::Contains => "contains",
            Self::Regex => "regex",
            Self::Numeric => "numeric",
            Self::Json => "json",
            Self::Schema => "schema",
            Self::Judge => "judge",
        }
    }
}

impl Item {
    /// Grades an answer. All that is expected must hold; what a judge must say is asked for only where the rest does.
    pub fn grade(&self, answer: &str) -> Grade {
        match self.first_miss(answer) {
            Some(miss) => Grade::Wrong(miss),
            None if self.expect.reference.is_some() => Grade::NeedsJudge,
            None => Grade::Right,
        }
    }

    fn first_miss(&self, answer: &str) -> Option<Miss> {
        let expect = &self.expect;
        if expect.exact.as_ref().is_some_and(|text| !expect.same(text, answer)) {
            return Some(Miss::Exact);
        }
        if !expect.contains.iter().all(|part| expect.folded(answer).contains(&expect.folded(part))) {
            return Some(Miss::Contains);
        }
        if expect.regex.as_ref().is_some_and(|regex| !regex.is_match(answer)) {
            return Some(Miss::Regex);
        }
        if let Some(numeric) = expect.numeric {
            let is_near =
                |found| (numeric.value - found) <= numeric.tolerance && (found - numeric.value) <= numeric.tolerance;
            if !last_number(answer, self.digits).is_some_and(is_near) {
                return Some(Miss::Numeric);
            }
        }
        let schema = expect.schema.as_ref()?;
        match serde_json::from_str::<Value>(unfenced(answer)) {
            Err(_) => Some(Miss::Json),
            Ok(value) if !schema.is_valid(&value) => Some(Miss::Schema),
            Ok(_) => None,
        }
    }
}

impl Expect {
    fn same(&self, expected: &str, answer: &str) -> bool {
        self.folded(expected.trim()) == self.folded(answer.trim())
    }

    fn folded(&self, text: &str) -> String {
        if self.ignore_case { text.to_lowercase() } else { text.to_owned() }
    }
}

/// An answer without the fence of a code block around all of it: models put JSON in one without being asked.
fn unfenced(answer: &str) -> &str {
    let text = answer.trim();
    let inner = text.strip_prefix("```").and_then(|rest| rest.strip_suffix("```"));
    inner.and_then(|inner| inner.split_once('\n')).map_or(text, |(_, body)| body.trim())
}
