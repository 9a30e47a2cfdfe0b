//! What usage records say of adoption: how many of a sector's apps are in use, and how many tokens they took.
//!
//! Whoever can read records counts; here is only what was counted, and what it says of the share that has adopted.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use crate::dist::Distribution;

/// Records up to a day, by sector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Usage {
    /// From this day on.
    #[serde(serialize_with = "as_text", deserialize_with = "of_text")]
    pub since: Date,
    /// Until this day.
    #[serde(serialize_with = "as_text", deserialize_with = "of_text")]
    pub until: Date,
    /// By the realm's sectors.
    pub sectors: BTreeMap<String, SectorUsage>,
}

/// Records of one sector.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SectorUsage {
    /// Apps that were answered at least once.
    pub active: u64,
    /// Apps that there are.
    pub apps: u64,
    /// Tokens in and out.
    pub tokens: u64,
}

/// What was counted of some sectors together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Counted {
    /// From this day on.
    #[serde(serialize_with = "as_text")]
    pub since: Date,
    /// Until this day.
    #[serde(serialize_with = "as_text")]
    pub until: Date,
    /// The sums.
    #[serde(flatten)]
    pub sum: SectorUsage,
}

fn as_text<S: serde::Serializer>(date: &Date, to: S) -> Result<S::Ok, S::Error> {
    to.collect_str(date)
}

fn of_text<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
}

impl Usage {
    /// Reads what was counted as JSON.
    ///
    /// # Errors
    /// What is wrong with it: not of this form, more active apps than there are, days that run backwards.
    pub fn from_json(text: &str) -> Result<Self, String> {
        let usage: Self = serde_json::from_str(text).map_err(|error| error.to_string())?;
        if let Some((sector, _)) = usage.sectors.iter().find(|(_, it)| it.active > it.apps) {
            return Err(format!("sectors.{sector}: active > apps"));
        }
        if usage.since > usage.until {
            return Err("since > until".to_owned());
        }
        Ok(usage)
    }

    /// What was counted of some sectors; none where they have no app.
    pub(crate) fn of(&self, sectors: &[String]) -> Option<Counted> {
        let mut sum = SectorUsage::default();
        for it in sectors.iter().filter_map(|sector| self.sectors.get(sector)) {
            sum.active = sum.active.saturating_add(it.active);
            sum.apps = sum.apps.saturating_add(it.apps);
            sum.tokens = sum.tokens.saturating_add(it.tokens);
        }
        (sum.apps > 0).then_some(Counted { since: self.since, until: self.until, sum })
    }
}

impl Counted {
    /// The share that has adopted: so many of so many were seen, which says more the more there are (Jeffreys).
    pub(crate) fn share(&self) -> Option<Distribution> {
        let (active, rest) = (self.sum.active as f64, self.sum.apps.saturating_sub(self.sum.active) as f64);
        Distribution::beta(active + 0.5, rest + 0.5, 0.0, 1.0).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::Usage;

    const SOME: &str = r#"{"since":"2026-08-28","until":"2026-11-26","sectors":{"health":{"active":3,"apps":8,"tokens":9},
        "industry":{"active":0,"apps":0,"tokens":0}}}"#;

    #[test]
    fn what_was_counted_is_a_share_with_an_interval() {
        let usage = Usage::from_json(SOME).expect("usage");
        let health = usage.of(&["health".to_owned()]).expect("apps");
        let share = health.share().expect("a share");
        assert!((share.mean() - 3.5 / 9.0).abs() < 1e-9);
        assert!(share.quantile(0.05) < 3.0 / 8.0 && share.quantile(0.95) > 3.0 / 8.0);
        assert!(usage.of(&["industry".to_owned()]).is_none(), "no app says nothing");
        assert!(usage.of(&["finance".to_owned()]).is_none());
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for (from, to) in [("\"active\":3", "\"active\":9"), ("2026-08-28", "2027-08-28"), ("\"apps\":8", "\"app\":8")]
        {
            assert!(Usage::from_json(&SOME.replace(from, to)).is_err(), "{to}");
        }
    }
}
