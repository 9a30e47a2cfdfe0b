//! What a drill takes away, as its report says it.

use realm::Jurisdiction;
use realm::load::Lang;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::exposure::text::name;
use crate::level::Key;
use crate::power::Left;
use crate::say::say;
use crate::scenario::{Scenario, Wanted};

/// One cut of a drill.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// What, the largest of a level by its name; none: everything.
    #[serde(flatten)]
    pub what: Option<Key>,
    /// From users there only; none: from everybody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub users: Option<Jurisdiction>,
    /// What is left of it, in hundredths; none: nothing, or [`Taken::left_mw`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_percent: Option<String>,
    /// What is left of it, in megawatts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub left_mw: Option<String>,
}

/// Every cut of a scenario, settled.
pub(super) fn taken(scenario: &Scenario) -> Vec<Taken> {
    let one = |cut: &crate::scenario::Cut| {
        let (left_percent, left_mw) = match cut.left.as_ref().map(|it| it.value) {
            Some(Left::Share(share)) => (Some((share * Decimal::ONE_HUNDRED).normalize().to_string()), None),
            Some(Left::Mw(power_mw)) => (None, Some(power_mw.normalize().to_string())),
            None => (None, None),
        };
        Taken {
            what: cut.what.as_ref().and_then(|it| match &it.value {
                Wanted::Key(key) => Some(key.clone()),
                Wanted::Largest(_) => None,
            }),
            users: cut.users.as_ref().map(|it| it.value.clone()),
            left_percent,
            left_mw,
        }
    };
    scenario.cuts.iter().map(one).collect()
}

impl Taken {
    /// What is taken away, from whom, and what is left of it, for people.
    pub fn to_text(&self, lang: Lang) -> String {
        let what = self.what.as_ref().map_or_else(|| say(lang, "taken-everything", &[]), |key| name(lang, key));
        let users = self.users.as_ref().map(|users| say(lang, "taken-users", &[("users", users.to_string())]));
        let percent = self.left_percent.as_ref().map(|it| say(lang, "taken-left-percent", &[("left", it.clone())]));
        let power = self.left_mw.as_ref().map(|it| say(lang, "taken-left-mw", &[("left", it.clone())]));
        let more: Vec<String> = [users, percent, power].into_iter().flatten().collect();
        if more.is_empty() { what } else { format!("{what} ({})", more.join(", ")) }
    }
}
