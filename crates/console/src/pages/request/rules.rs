//! Which rules had a part in a request, and how: as its records say, and where they do not, worked out again.

use std::sync::Arc;

use api::index::{Ended, Row};
use policy::Compiled;
use realm::RuleId;
use realm::record::{Intent, Record, RuleHit};

use crate::ask::encoded;
use crate::context::Context;
use crate::table::{Cell, Table, columns};

/// The rules that had a part in it, each with how.
pub fn table(cx: &Context<'_>, row: &Row, read: &[(u64, Record)]) -> Table {
    let mut parts = Parts::default();
    parts.note(&row.rules, if row.end == Ended::Refused { "denied" } else { "passed-over" });
    let mut then = None;
    for (_, record) in read {
        match record {
            Record::Intent(intent) => then = parts.of_attempt(cx, intent).or(then),
            Record::Refusal(refusal) => parts.note(&refusal.unknown, "unknown"),
            _ => {}
        }
    }
    let compiled = then.unwrap_or_else(|| cx.around.compiled());
    Table {
        name: "rules",
        title: cx.t("request-rules"),
        empty: cx.t("request-no-rule"),
        columns: columns(&cx.words, "rule part title cite"),
        rows: parts.0.iter().map(|part| rule_row(cx, &compiled, part)).collect(),
        ..Table::default()
    }
}

/// A rule's part: which, how, and by what, where something made it so.
#[derive(PartialEq)]
struct Part {
    rule: String,
    how: &'static str,
    by: String,
}

#[derive(Default)]
struct Parts(Vec<Part>);

impl Parts {
    fn note<'a>(&mut self, rules: impl IntoIterator<Item = &'a RuleHit>, how: &'static str) {
        rules.into_iter().for_each(|rule| self.add(Part { rule: rule.to_string(), how, by: String::new() }));
    }

    fn add(&mut self, part: Part) {
        if !self.0.contains(&part) {
            self.0.push(part);
        }
    }

    /// What an attempt's record says, and by which rules it was redacted; those rules, where they are kept.
    fn of_attempt(&mut self, cx: &Context<'_>, intent: &Intent) -> Option<Arc<Compiled>> {
        self.note(&intent.unknown, "unknown");
        self.note(&intent.redacted_by, "redacted");
        let again = cx.desk.decided_again(intent);
        if let Some((_, decision)) = again.as_ref().filter(|_| intent.redacted_by.is_empty()) {
            // Records of releases before did not name them.
            self.note(decision.to_redact().map(|rule| &rule.rule_ref), "redacted");
        }
        let exempt = again.iter().flat_map(|(_, decision)| &decision.exempt);
        let sandbox =
            |rule: &str| exempt.clone().find(|it| it.rule.id.as_str() == rule).map(|it| it.sandbox.to_string());
        for rule in &intent.exempt {
            self.add(Part { rule: rule.to_string(), how: "exempt", by: sandbox(rule).unwrap_or_default() });
        }
        self.note(&intent.oblige, "oblige");
        intent.shadow.iter().for_each(|shadow| self.note(&shadow.rules, "shadow"));
        again.map(|(then, _)| then)
    }
}

fn rule_row(cx: &Context<'_>, compiled: &Compiled, part: &Part) -> Vec<Cell> {
    let Part { rule: id, how, by } = part;
    let rule = RuleId::new(id).ok().and_then(|id| compiled.rule(&id).cloned());
    let tone = if *how == "denied" { "bad" } else { "" };
    let part = Cell::of(cx.t(&format!("part-{how}")), *how).tone(tone).note(by.clone());
    match rule {
        Some(rule) => vec![
            Cell::code(id).to(format!("/console/policies/rules/{}", encoded(id))),
            part,
            Cell::text(rule.title_in(cx.words.lang)),
            Cell::text(rule.cite.as_ref()),
        ],
        // The rules of then may be others than those of now; their text lies in the snapshot.
        None => vec![Cell::code(id), part, Cell::text(cx.t("rule-gone")).tone("quiet"), Cell::none()],
    }
}
