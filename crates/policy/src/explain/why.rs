use std::sync::Arc;

use realm::load::Lang;
use serde_json::{Value, json};

use super::Row;
use super::text::{named, word};
use crate::facts::Used;
use crate::rule::{Effect, Rule};

/// A rule that had a part in a decision, and what it looked at.
#[derive(Debug)]
pub struct Why {
    /// The rule: a forbid or a duty, satisfied, unknown or in shadow.
    pub rule: Arc<Rule>,
    /// What it looked at.
    pub used: Vec<Used>,
}

impl Row<'_> {
    /// Finds why: each forbid and duty with a part in the decision, once.
    pub(super) fn rules_with_a_part(decision: &crate::Decision) -> Vec<Arc<Rule>> {
        let mut all: Vec<Arc<Rule>> = Vec::new();
        for rule in named(decision).filter(|rule| rule.effect == Effect::Forbid) {
            if !all.iter().any(|it| it.id == rule.id) {
                all.push(Arc::clone(rule));
            }
        }
        all
    }

    /// For people: each rule with a part in it, what it says, what it looked at and what would help.
    pub(super) fn why_to_text(&self, lang: Lang) -> String {
        let mut page = String::new();
        for why in &self.why {
            let rule = &why.rule;
            page.push_str(&format!("{}: {} — {}", self.supply.deployment.id, rule.id, rule.title_in(lang)));
            page.push_str(&if rule.cite.is_empty() { "\n".to_owned() } else { format!(" ({})\n", rule.cite) });
            let facts: Vec<String> = why.used.iter().map(|used| fact(used, lang)).collect();
            let told = rule.told(lang);
            let lines = [
                ("says", told.map(|told| told.plain.clone())),
                ("facts", (!facts.is_empty()).then(|| facts.join("; "))),
                ("remedy", told.map(|told| told.remedy.clone())),
            ];
            for (name, text) in lines {
                let Some(text) = text else { continue };
                page.push_str(&format!("  {}: {text}\n", word(lang, name)));
            }
        }
        page
    }

    /// For programs.
    pub(super) fn why_to_json(&self) -> Vec<Value> {
        let one = |why: &Why| json!({ "rule": why.rule.id, "facts": why.used, "texts": why.rule.texts_to_json() });
        self.why.iter().map(one).collect()
    }
}

fn fact(used: &Used, lang: Lang) -> String {
    let value = |value: &Option<String>| value.clone().unwrap_or_else(|| word(lang, "unknown"));
    format!("{} = {}", used.path, used.values.iter().map(value).collect::<Vec<_>>().join(" | "))
}

impl Rule {
    /// What it says to people, by language; null where its pack has no texts.
    pub fn texts_to_json(&self) -> Value {
        let one = |lang| {
            self.told(lang).map(|told| json!({ "title": told.title, "plain": told.plain, "remedy": told.remedy }))
        };
        self.texts.as_ref().map_or(Value::Null, |_| json!({ "en": one(Lang::En), "ru": one(Lang::Ru) }))
    }
}
