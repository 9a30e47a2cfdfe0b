//! Results that somebody else published: always shown with whose they are and of when.

use std::path::Path;

use jiff::civil::Date;
use realm::load::Diagnostic;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;
use serde_json::{Map, Value};

use super::row::{Reading, Row, Span, lines, object};

/// A published result.
#[derive(Debug, Clone, PartialEq)]
pub struct Published {
    /// Of which model, by the realm's id.
    pub model: String,
    /// On what.
    pub suite: String,
    /// The share of right answers, 0 to 1.
    pub score: f64,
    /// Of how many questions, where that is said.
    pub n: Option<u64>,
    /// When.
    pub date: Date,
    /// By whom, or where.
    pub source: String,
}

impl Published {
    /// Reads results, one JSON object a line.
    ///
    /// # Errors
    /// Every problem of the text, each with its line.
    pub fn parse(path: &Path, text: &str) -> Result<Vec<Self>, Vec<Diagnostic>> {
        let reading = Reading::of(path, text);
        let one = |(_, span, line)| published(&reading, span, &object(&reading, span, line)?);
        let all: Vec<Self> = lines(text).filter_map(one).collect();
        let problems = reading.problems();
        if problems.is_empty() { Ok(all) } else { Err(problems) }
    }

    /// How many of the questions were answered right, where their number is known.
    pub fn passed(&self) -> Option<u64> {
        (self.score * self.n? as f64).round().to_u64()
    }
}

fn published(reading: &Reading, span: Span, fields: &Map<String, Value>) -> Option<Published> {
    let row = Row::new(reading, span, "result", fields);
    let (model, suite, source) = (row.need_text("model"), row.need_text("suite"), row.need_text("source"));
    let score = row.need("score", row.decimal("score"));
    let score = score.filter(|score| {
        let is_share = (Decimal::ZERO..=Decimal::ONE).contains(score);
        if !is_share {
            row.wrong("score", "share");
        }
        is_share
    });
    let n = row.whole("n", u64::from(u32::MAX));
    let date = row.need("date", row.read("date", "date", |value| value.as_str()?.parse().ok()));
    row.finish();
    Some(Published { model: model?, suite: suite?, score: score?.to_f64()?, n, date: date?, source: source? })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use realm::load::Lang;

    use super::Published;

    #[test]
    fn a_result_says_whose_it_is_and_of_when() {
        let line =
            r#"{"model":"a","suite":"MMLU","score":"0.712","n":14042,"date":"2026-05-01","source":"the card of a"}"#;
        let found = Published::parse(Path::new("p.jsonl"), line).unwrap();
        assert_eq!((found[0].passed(), found[0].date.to_string().as_str()), (Some(9_998), "2026-05-01"));
        let wrong = "{\"model\":\"a\",\"suite\":\"MMLU\",\"score\":71.2,\"date\":\"May\"}\n";
        let problems = Published::parse(Path::new("p.jsonl"), wrong).unwrap_err();
        let said: Vec<String> = problems.iter().map(|it| format!("{} {}", it.place(), it.message(Lang::En))).collect();
        assert_eq!(problems.len(), 3, "{said:#?}");
        assert!(said.iter().all(|line| line.starts_with("p.jsonl:1:1 ")), "{said:#?}");
    }
}
