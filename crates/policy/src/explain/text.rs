use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use realm::ClassSet;
use realm::load::Lang;

use super::table::within;
use super::{Explanation, Row};
use crate::compile::MESSAGES;
use crate::decision::{Decision, Denial, Unknown, Verdict};
use crate::rule::{Rule, Status};

/// A word of the tables.
pub(crate) fn word(lang: Lang, name: &str) -> String {
    MESSAGES.text(lang, &format!("explain.{name}"), &[]).message
}

fn words<const N: usize>(lang: Lang, names: [&str; N]) -> Vec<String> {
    names.iter().map(|name| word(lang, name)).collect()
}

const NOTHING: &str = "–";

impl Explanation<'_> {
    /// For people: a table with a line per deployment, and the rules that the table names.
    pub fn to_text(&self, lang: Lang) -> String {
        self.to_text_within(lang, None)
    }

    /// The same for a page of so many columns: a table that is wider becomes a list.
    pub fn to_text_within(&self, lang: Lang, width: Option<usize>) -> String {
        let columns =
            ["deployment", "model", "provider", "host", "verdict", "redact", "rules", "unknown", "duties", "shadow"];
        let header = words(lang, columns);
        let rows: Vec<Vec<String>> = self.rows.iter().map(|row| line(row, lang)).collect();
        let mut page = self.heading(lang);
        page.push('\n');
        page.push_str(&within(&header, &rows, width));
        let rules = self.named();
        if !rules.is_empty() {
            page.push('\n');
            let header = words(lang, ["rule", "title", "cite", "status", "from", "until", "file"]);
            let date = self.question.date;
            let rows: Vec<Vec<String>> = rules.values().map(|rule| legend(rule, date, lang)).collect();
            page.push_str(&within(&header, &rows, width));
        }
        let why: String = self.rows.iter().map(|row| row.why_to_text(lang)).collect();
        if !why.is_empty() {
            page.push('\n');
            page.push_str(&why);
        }
        page
    }

    fn heading(&self, lang: Lang) -> String {
        let question = &self.question;
        let args = [
            ("app", question.app.to_string()),
            ("purpose", question.purpose.to_owned()),
            ("date", question.date.to_string()),
            ("located", set(question.located)),
            ("diffuse", set(question.diffuse)),
            ("user", question.user_jurisdiction.map_or(NOTHING.to_owned(), ToString::to_string)),
        ];
        MESSAGES.text(lang, "explain.heading", &args).message + "\n"
    }

    /// Every rule that a line names, by id.
    fn named(&self) -> BTreeMap<&str, &Rule> {
        self.rows.iter().flat_map(|row| named(&row.decision)).map(|rule| (rule.id.as_str(), &**rule)).collect()
    }
}

pub(super) fn named(decision: &Decision) -> impl Iterator<Item = &Arc<Rule>> {
    let shadow = decision.shadow.as_ref();
    let rules = decision.rules.iter().chain(shadow.into_iter().flat_map(|it| &it.rules));
    let unknown = decision.unknown.iter().chain(shadow.into_iter().flat_map(|it| &it.unknown));
    let exempt = decision.exempt.iter().map(|it| &it.rule);
    rules.chain(unknown.map(|it| &it.rule)).chain(exempt).chain(decision.obligations.iter().map(|it| &it.rule))
}

fn line(row: &Row<'_>, lang: Lang) -> Vec<String> {
    let decision = &row.decision;
    vec![
        row.supply.deployment.id.to_string(),
        row.supply.model.id.to_string(),
        row.supply.provider.id.to_string(),
        row.supply.deployment.host.to_string(),
        verdict(decision, lang),
        set(decision.redact),
        list(decision.rules.iter().map(|rule| rule.id.to_string()).chain(decision.exempt.iter().map(|it| {
            let args = [("rule", it.rule.id.to_string()), ("sandbox", it.sandbox.to_string())];
            MESSAGES.text(lang, "explain.exempt", &args).message
        }))),
        list(decision.unknown.iter().map(unknown)),
        list(decision.obligations.iter().map(|duty| {
            let doubt = if duty.unknown.is_some() { "?" } else { "" };
            format!("{}{doubt} ({})", duty.kind.as_str(), duty.rule.id)
        })),
        shadow(decision, lang),
    ]
}

fn verdict(decision: &Decision, lang: Lang) -> String {
    word(
        lang,
        match decision.verdict {
            Verdict::Permit if decision.redact.is_empty() => "permit",
            Verdict::Permit => "permit_redacted",
            Verdict::Deny(Denial::PolicyDenied) => "denied",
            Verdict::Deny(Denial::NoPermit) => "no_permit",
            Verdict::Deny(Denial::Unknown) => "denied_unknown",
        },
    )
}

fn shadow(decision: &Decision, lang: Lang) -> String {
    let Some(shadow) = &decision.shadow else { return NOTHING.to_owned() };
    let verdict = match (shadow.deny, shadow.redact.is_empty()) {
        (true, _) => word(lang, "would_deny"),
        (false, false) => format!("{} {}", word(lang, "would_redact"), set(shadow.redact)),
        (false, true) => word(lang, "would_permit"),
    };
    let rules = shadow.rules.iter().map(|rule| rule.id.to_string()).chain(shadow.unknown.iter().map(unknown));
    format!("{verdict}: {}", list(rules))
}

fn unknown(unknown: &Unknown) -> String {
    format!("{}: {}", unknown.rule.id, unknown.fact)
}

/// What the rule's status comes to on a day: one that is in force from a later day on decides nothing yet.
fn status(rule: &Rule, date: Date, lang: Lang) -> String {
    let name = match rule.status {
        Status::InForce if rule.from.is_some_and(|from| date < from) => "not_yet_in_force",
        Status::InForce if rule.until.is_some_and(|until| date > until) => "no_longer_in_force",
        status => status.as_str(),
    };
    word(lang, name)
}

pub(crate) fn legend(rule: &Rule, date: Date, lang: Lang) -> Vec<String> {
    let day = |date: Option<jiff::civil::Date>| date.map_or(NOTHING.to_owned(), |date| date.to_string());
    let text = |text: &str| if text.is_empty() { NOTHING.to_owned() } else { text.to_owned() };
    vec![
        rule.id.to_string(),
        text(rule.title_in(lang)),
        text(&rule.cite),
        status(rule, date, lang),
        day(rule.from),
        day(rule.until),
        format!("{}:{}", rule.file.display(), rule.line),
    ]
}

fn set(classes: ClassSet) -> String {
    if classes.is_empty() { NOTHING.to_owned() } else { classes.to_string() }
}

fn list(items: impl Iterator<Item = String>) -> String {
    let items: Vec<String> = items.collect();
    if items.is_empty() { NOTHING.to_owned() } else { items.join(", ") }
}
