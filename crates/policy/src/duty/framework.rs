use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use jiff::civil::Date;
use realm::load::Diagnostic;
use realm::world::Pack;
use rust_decimal::Decimal;
use toml::de::DeValue;

use crate::pack::{Reading, Table};

/// The lowest level: no claim that holds.
const SEAL_NONE: u8 = 0;
/// The highest level.
const SEAL_MAX: u8 = 4;

/// A framework that scores suppliers: objectives with their weights, as the pack says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Framework {
    /// What it is called.
    pub title: String,
    /// In the order written.
    pub objectives: Vec<Objective>,
    /// The pack.
    pub pack: String,
}

/// One objective of a framework.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Objective {
    /// Its id, as `SOV-1`.
    pub id: String,
    /// In English.
    pub en: String,
    /// In Russian.
    pub ru: String,
    /// Its share of the score; all together are 100.
    pub weight: Decimal,
    /// The highest level it can have where the operator's ultimate parent is abroad.
    pub parent_abroad: Option<u8>,
    /// The highest level it can have where the operator reaches in from abroad with more than support.
    pub access_abroad: Option<u8>,
}

/// What the realm says of the supplier that is assessed; `None`: not known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Abroad {
    /// Whether the operator's ultimate parent is outside home.
    pub parent: Option<bool>,
    /// Whether the operator administers or updates from outside home.
    pub access: Option<bool>,
}

/// What an operator enters: criteria with points and claimed levels.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Assessment {
    /// The provider of the realm that is assessed, where it is one.
    pub provider: Option<String>,
    /// In the order written.
    pub criteria: Vec<Criterion>,
}

/// One criterion as the operator entered it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Criterion {
    /// Its id.
    pub id: String,
    /// The objective it belongs to.
    pub objective: String,
    /// Points reached.
    pub points: Decimal,
    /// Points that can be reached.
    pub max: Decimal,
    /// The level claimed, 0 to 4.
    pub seal: u8,
    /// Where the evidence is.
    pub evidence: Option<String>,
    /// Who answers for the claim.
    pub owner: Option<String>,
    /// The last day on which it holds.
    pub expires: Option<Date>,
}

/// A framework's verdict on a supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assessed {
    /// The weighted score, 0 to 100; `None` where an objective has no criterion.
    pub score: Option<Decimal>,
    /// The floor: the lowest level over the objectives; `None` where an objective has no criterion.
    pub seal: Option<u8>,
    /// Objective by objective.
    pub objectives: Vec<ObjectiveScore>,
}

/// One objective's part of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectiveScore {
    /// The objective.
    pub id: String,
    /// Its part of the score.
    pub score: Option<Decimal>,
    /// Its level.
    pub seal: Option<u8>,
    /// Criteria whose claim does not count: no evidence, no owner, no last day, or a last day that is over.
    pub not_counted: Vec<String>,
    /// Whether the realm's own facts cap the level.
    pub capped: bool,
}

impl Framework {
    /// Scores an assessment on a day.
    pub fn assess(&self, assessment: &Assessment, abroad: Abroad, date: Date) -> Assessed {
        let objectives: Vec<ObjectiveScore> =
            self.objectives.iter().map(|objective| objective.score(assessment, abroad, date)).collect();
        let score = objectives.iter().map(|it| it.score).sum::<Option<Decimal>>();
        let seals: Option<Vec<u8>> = objectives.iter().map(|it| it.seal).collect();
        Assessed { score, seal: seals.and_then(|seals| seals.into_iter().min()), objectives }
    }
}

impl Objective {
    fn score(&self, assessment: &Assessment, abroad: Abroad, date: Date) -> ObjectiveScore {
        let own: Vec<&Criterion> = assessment.criteria.iter().filter(|it| it.objective == self.id).collect();
        let total = |of: fn(&Criterion) -> Decimal| own.iter().map(|it| of(it)).sum::<Decimal>();
        let (points, max) = (total(|it| it.points), total(|it| it.max));
        let not_counted: Vec<String> = own.iter().filter(|it| !it.holds(date)).map(|it| it.id.clone()).collect();
        let claimed = own.iter().map(|it| if it.holds(date) { it.seal } else { SEAL_NONE }).min();
        let caps = [(abroad.parent, self.parent_abroad), (abroad.access, self.access_abroad)];
        let cap = caps.into_iter().filter(|(is, _)| *is == Some(true)).filter_map(|(_, cap)| cap).min();
        let seal = claimed.map(|claimed| cap.map_or(claimed, |cap| claimed.min(cap)));
        ObjectiveScore {
            id: self.id.clone(),
            score: (!max.is_zero()).then(|| (self.weight * points / max).normalize()),
            capped: seal != claimed,
            seal,
            not_counted,
        }
    }
}

impl Criterion {
    /// Whether a claim counts: somebody answers for it, there is something to see, and it has not run out.
    fn holds(&self, date: Date) -> bool {
        self.evidence.is_some() && self.owner.is_some() && self.expires.is_some_and(|last| date <= last)
    }
}

/// The framework of a catalogue.
pub(super) fn read(top: &Table<'_>, pack: &Pack) -> Option<Framework> {
    let title = top.text("framework");
    let mut objectives = Vec::new();
    for table in top.many("objective") {
        let id = table.require("id", table.text("id"));
        let en = table.require("en", table.text("en"));
        let ru = table.require("ru", table.text("ru"));
        let weight = table.require("weight", decimal(&table, "weight"));
        let (parent_abroad, access_abroad) = (level(&table, "parent_abroad"), level(&table, "access_abroad"));
        table.finish();
        if let (Some(id), Some(en), Some(ru), Some(weight)) = (id, en, ru, weight) {
            objectives.push(Objective { id, en, ru, weight, parent_abroad, access_abroad });
        }
    }
    let sum: Decimal = objectives.iter().map(|it| it.weight).sum();
    if !objectives.is_empty() && sum != Decimal::ONE_HUNDRED {
        top.reading.problem("policy.framework_weights", 0..0, &[("sum", sum.to_string())]);
    }
    title.map(|title| Framework { title, objectives, pack: pack.id.to_string() })
}

impl Assessment {
    /// Reads what an operator entered.
    ///
    /// # Errors
    /// Every problem of the file, with its line.
    pub fn read(path: &Path, text: &str, framework: &Framework) -> Result<Self, Vec<Diagnostic>> {
        let reading = Reading::new(path, text);
        let mut assessment = Self::default();
        {
            let document = reading.document();
            let top = Table::new(&reading, "assessment", 0..0, document.get_ref());
            assessment.provider = top.text("provider");
            let mut seen: BTreeMap<String, ()> = BTreeMap::new();
            for table in top.many("criterion") {
                let Some(criterion) = criterion(&table, framework) else { continue };
                if seen.insert(criterion.id.clone(), ()).is_some() {
                    reading.problem("policy.duty_twice", table.span.clone(), &[("id", criterion.id)]);
                } else {
                    assessment.criteria.push(criterion);
                }
            }
            top.finish();
        }
        let problems = reading.problems.into_inner();
        if problems.is_empty() { Ok(assessment) } else { Err(problems) }
    }
}

fn criterion(table: &Table<'_>, framework: &Framework) -> Option<Criterion> {
    let id = table.require("id", table.text("id"));
    let objective = table.require("objective", table.text("objective"));
    if let Some(named) = objective.as_ref().filter(|named| !framework.objectives.iter().any(|it| it.id == **named)) {
        let known: Vec<&str> = framework.objectives.iter().map(|it| it.id.as_str()).collect();
        let args = [("field", "objective".to_owned()), ("words", known.join(", ")), ("value", named.clone())];
        table.reading.problem("policy.toml_word", table.span.clone(), &args);
    }
    let (points, max) =
        (table.require("points", decimal(table, "points")), table.require("max", decimal(table, "max")));
    if let (Some(points), Some(max)) = (points, max)
        && (max.is_zero() || points > max)
    {
        table.wrong("points", "0 ≤ points ≤ max, max > 0", table.span.clone());
    }
    let seal = table.require("seal", level(table, "seal"));
    let (evidence, owner, expires) = (table.text("evidence"), table.text("owner"), table.date("expires"));
    table.finish();
    Some(Criterion {
        id: id?,
        objective: objective?,
        points: points?,
        max: max?,
        seal: seal?,
        evidence,
        owner,
        expires,
    })
}

fn level(table: &Table<'_>, field: &'static str) -> Option<u8> {
    table.read(field, "0, 1, 2, 3, 4", |value| {
        value.as_integer()?.to_string().parse().ok().filter(|level: &u8| *level <= SEAL_MAX)
    })
}

fn decimal(table: &Table<'_>, field: &'static str) -> Option<Decimal> {
    table.read(field, "a number that is not negative", |value| {
        let written = match value {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => number.to_string(),
            DeValue::Float(number) => number.to_string(),
            _ => return None,
        };
        Decimal::from_str(&written).ok().filter(|number| !number.is_sign_negative())
    })
}
