//! Impact: one change followed along the chain, from requests to the programme. A link that is not built says so.

use realm::load::Lang;
use rust_decimal::Decimal;
use serde::Serialize;

use crate::desk::report::{QualityKnown, Report};
use crate::figure::{Ratio, as_text, as_text_if, index};
use crate::say::{Page, say};

/// One change and what follows from it.
#[derive(Debug, Clone, Serialize)]
pub struct Impact {
    /// The scenario's title.
    pub title: String,
    /// The links, each from the one before.
    pub chain: Vec<Link>,
}

/// One link of the chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Link {
    /// What it is about.
    pub link: &'static str,
    /// How it is known.
    pub known: Known,
    /// As it was; none where nobody knows.
    #[serde(serialize_with = "as_text_if")]
    pub before: Option<Decimal>,
    /// As it would be; none where nobody knows.
    #[serde(serialize_with = "as_text_if")]
    pub after: Option<Decimal>,
    /// In what.
    pub unit: Option<String>,
    /// The difference, with its 90 % interval, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub change: Option<Change>,
}

/// A difference with its 90 % interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The difference.
    #[serde(serialize_with = "as_text")]
    pub value: Decimal,
    /// Lower end.
    #[serde(serialize_with = "as_text")]
    pub low: Decimal,
    /// Upper end.
    #[serde(serialize_with = "as_text")]
    pub high: Decimal,
}

/// How a link is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Known {
    /// Counted from records.
    Recorded,
    /// Counted from records by figures that the realm declares.
    Declared,
    /// The realm declares it, whatever was recorded.
    Stated,
    /// Told from evaluations of both models on the same questions.
    Evaluated,
    /// Told from what others published of both.
    Published,
    /// Something that it takes is not declared or was not measured.
    Unknown,
    /// A plan says so, of a case that the work was put into.
    Planned,
    /// A forecast says so, with the plan's capacity before and after.
    Forecast,
    /// No plan does what the case asks.
    NoPlan,
    /// It takes a case of a plan, or a forecast, which nobody gave.
    NotAsked,
    /// This program has no such link yet.
    NotBuilt,
}

/// Links that a plan knows; training is what initiatives declare, and part of the work on both sides.
pub const PLANNED: [&str; 6] = ["training", "accelerators", "power", "sites", "plan-cost", "first-year"];

/// Links that a forecast knows, with a plan: chance and value of its target, read as one year's and as a sum.
pub const FORECAST: [&str; 4] = ["chance-annual", "chance-cumulative", "value-annual", "value-cumulative"];

/// Links that come after.
const NOT_BUILT: [&str; 1] = ["programme"];

impl Impact {
    /// Follows what a drill found.
    pub fn of(report: &Report) -> Self {
        let mut chain = vec![
            recorded("requests", report.totals.answered, report.totals.unchanged + report.totals.moved),
            critical(report.survival.critical),
            recorded("tokens", report.tokens.before, report.tokens.after),
            recorded("in-clear", report.in_clear.before, report.in_clear.after),
            quality(report),
            cost(report),
            energy(report),
        ];
        chain.extend(PLANNED.into_iter().chain(FORECAST).map(|link| Link::without(link, Known::NotAsked)));
        chain.extend(NOT_BUILT.map(|link| Link::without(link, Known::NotBuilt)));
        Self { title: report.title.clone(), chain }
    }

    /// The same, with links that somebody else worked out in place of those of their name.
    #[must_use]
    pub fn knowing(mut self, links: Vec<Link>) -> Self {
        for known in links {
            self.chain.iter_mut().filter(|link| link.link == known.link).for_each(|link| *link = known.clone());
        }
        self
    }

    /// What it is worth beside what it costs, where both are known; never one less the other: they are unlike.
    fn benefits(&self, page: &mut Page) {
        let find = |name: &str| self.chain.iter().find(|it| it.link == name);
        let Some(cost) = find("plan-cost").and_then(|it| Some((it.after? - it.before?, it.unit.clone()?))) else {
            return;
        };
        for link in ["value-annual", "value-cumulative"].into_iter().filter_map(find) {
            let (Some(change), Some(unit)) = (link.change, &link.unit) else { continue };
            let args = [
                ("link", say(page.lang, &format!("link-{}", link.link), &[])),
                ("change", change.to_text()),
                ("unit", unit.clone()),
                ("cost", signed(cost.0)),
                ("currency", cost.1.clone()),
            ];
            page.line("impact-benefit", &args);
        }
    }

    /// The chain for people.
    pub fn to_text(&self, lang: Lang) -> String {
        let mut page = Page::new(lang);
        page.line("impact-title", &[("title", self.title.clone())]);
        let row = |link: &Link| {
            let figure = |it: Option<Decimal>| it.map_or_else(|| "–".to_owned(), |it| it.to_string());
            vec![
                say(lang, &format!("link-{}", link.link), &[]),
                say(lang, link.known.key(), &[]),
                figure(link.before),
                figure(link.after),
                link.unit.clone().unwrap_or_default(),
                link.change_text(),
            ]
        };
        let rows: Vec<_> = self.chain.iter().map(row).collect();
        page.table(&["link", "known", "before", "after", "unit", "change"], 2, &rows);
        self.benefits(&mut page);
        page.line("impact-note", &[]);
        page.finish()
    }
}

impl Link {
    /// A link of which nothing is known but why.
    pub fn without(link: &'static str, known: Known) -> Self {
        Self { link, known, before: None, after: None, unit: None, change: None }
    }

    /// By how much it changes: with its interval where it has one; of two figures their difference, in hundredths too.
    fn change_text(&self) -> String {
        if let Some(change) = self.change {
            return change.to_text();
        }
        let (Some(before), Some(after)) = (self.before, self.after) else { return String::new() };
        let difference = (after - before).normalize();
        // Of years and of points a share says nothing.
        let is_of_itself =
            !["first-year", "quality"].contains(&self.link) && !before.is_zero() && !difference.is_zero();
        let share = is_of_itself.then(|| (difference / before * Decimal::ONE_HUNDRED).round_dp(1).normalize());
        match share {
            Some(percent) => format!("{} ({} %)", signed(difference), signed(percent)),
            None => signed(difference),
        }
    }
}

impl Change {
    fn to_text(self) -> String {
        let half = (self.high - self.low) / Decimal::TWO;
        format!("{} ± {}", signed(self.value), half.round_dp(self.value.scale()).normalize())
    }
}

fn signed(value: Decimal) -> String {
    if value > Decimal::ZERO { format!("+{value}") } else { value.to_string() }
}

impl Known {
    fn key(self) -> &'static str {
        match self {
            Self::Recorded => "known-recorded",
            Self::Declared => "known-declared",
            Self::Stated => "known-stated",
            Self::Evaluated => "known-evaluated",
            Self::Published => "known-published",
            Self::Unknown => "unknown",
            Self::Planned => "known-planned",
            Self::Forecast => "known-forecast",
            Self::NoPlan => "known-no-plan",
            Self::NotAsked => "known-not-asked",
            Self::NotBuilt => "known-not-built",
        }
    }
}

fn recorded(link: &'static str, before: u64, after: u64) -> Link {
    Link { before: Some(before.into()), after: Some(after.into()), ..Link::without(link, Known::Recorded) }
}

fn critical(survival: Ratio) -> Link {
    Link { link: "critical", ..recorded("critical", survival.whole, survival.part) }
}

/// Points of right answers more or fewer, of the requests that move.
fn quality(report: &Report) -> Link {
    let (known, after) = match report.quality.known {
        QualityKnown::Unknown => (Known::Unknown, None),
        QualityKnown::NothingMoves => (Known::Recorded, Some(Decimal::ZERO)),
        QualityKnown::Evaluated => (Known::Evaluated, report.quality.difference_percent()),
        QualityKnown::Published => (Known::Published, report.quality.difference_percent()),
    };
    let unit = after.map(|_| "%".to_owned());
    Link { before: after.map(|_| Decimal::ZERO), after, unit, ..Link::without("quality", known) }
}

fn cost(report: &Report) -> Link {
    let is_known = report.cost.unknown_requests == 0;
    Link {
        link: "cost",
        known: if is_known { Known::Declared } else { Known::Unknown },
        before: Some(report.cost.before),
        after: is_known.then_some(report.cost.after),
        unit: report.cost.currency.clone(),
        change: None,
    }
}

fn energy(report: &Report) -> Link {
    let energy = report.energy;
    let declared = |joules: f64, unknown: u64| (unknown == 0).then(|| index(joules));
    let before = declared(energy.before_j, energy.unknown_tokens_before);
    let after = declared(energy.after_j, energy.unknown_tokens_after);
    let known = if before.is_some() && after.is_some() { Known::Declared } else { Known::Unknown };
    Link { before, after, unit: Some("J".to_owned()), ..Link::without("energy", known) }
}
