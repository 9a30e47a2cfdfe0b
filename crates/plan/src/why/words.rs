//! The answer in words.

use realm::load::Lang;

use super::{Cause, Why};
use crate::case::{Basis, Case};
use crate::say::say;

/// A number for people: at most four digits that mean something.
fn number(value: f64) -> String {
    if value != 0.0 && value.abs() < 0.1 { format!("{value:.4}") } else { format!("{:.1}", value) }
}

impl Why {
    /// For people: what is plain, what stands in the way, what would help.
    pub fn to_text(&self, case: &Case, lang: Lang) -> String {
        let mut text = String::new();
        let mut line = |said: String| {
            text.push_str(said.trim_end());
            text.push('\n');
        };
        line(say(lang, "why-none", &[]));
        for it in &self.named {
            let args = [
                ("what", it.what.clone()),
                ("year", it.year.to_string()),
                ("found", number(it.found)),
                ("asked", number(it.asked)),
            ];
            line(format!("  - {}", say(lang, &format!("why-named-{}", it.check), &args)));
        }
        line(say(lang, "why-causes", &[("count", self.causes.len().to_string())]));
        for it in &self.causes {
            line(format!("  - {}", it.to_text(lang)));
        }
        if self.causes.iter().any(|it| it.basis == Some(Basis::Law)) {
            line(say(lang, "why-law", &[]));
            for it in &self.without_law {
                line(format!("  - {}", it.to_text(lang)));
            }
        }
        let from = match self.first_year {
            Some(year) if case.years.first().is_none_or(|first| first.year < year) => {
                say(lang, "why-first-year", &[("year", year.to_string())])
            }
            Some(_) => return text,
            None => say(lang, "why-no-year", &[]),
        };
        text.push_str(from.trim_end());
        text.push('\n');
        text
    }
}

/// Rows that cannot all hold together, for people.
pub fn conflict_text(found: &[super::InConflict], lang: Lang) -> String {
    if found.is_empty() {
        return format!("{}\n", say(lang, "conflict-none", &[]));
    }
    let lines = found.iter().map(|it| format!("  - {}\n", it.to_text(lang)));
    format!("{}\n{}", say(lang, "conflict-head", &[]), lines.collect::<String>())
}

impl Cause {
    /// One limit in words.
    pub fn to_text(&self, lang: Lang) -> String {
        let args = |needed: String| {
            vec![
                ("limit", self.limit.clone()),
                ("allowed", self.allowed.map_or_else(|| "–".to_owned(), number)),
                ("needed", needed),
            ]
        };
        let basis = |basis: Basis| match basis {
            Basis::Physical => "physical",
            Basis::Budget => "budget",
            Basis::Law => "law",
        };
        match (self.basis, self.needed) {
            (Some(Basis::Law), _) => say(lang, "why-limit-law", &args(String::new())),
            // Below what rounds to a tenth of a percent.
            (None, served) if served.unwrap_or(0.0) < 5e-4 => say(lang, "why-demand-none", &args(String::new())),
            (None, served) => say(lang, "why-demand", &args(number(100.0 * served.unwrap_or(0.0)))),
            (Some(Basis::Budget), Some(needed)) if !self.limit.starts_with("budget.") => {
                say(lang, "why-limit-decided", &args(number(needed)))
            }
            (Some(rests), Some(needed)) => say(lang, &format!("why-limit-{}", basis(rests)), &args(number(needed))),
            (Some(_), None) => say(lang, "why-limit-plain", &args(String::new())),
        }
    }
}
