use jiff::civil::Date;
use realm::load::Lang;
use serde_json::{Value, json};

use super::open::Opened;
use crate::duty::Duty;
use crate::explain::table::within;
use crate::explain::text::{legend, word};
use crate::rule::{Rule, Status};

/// Heads of the table that `ls_row` fills.
pub fn ls_heads(lang: Lang) -> Vec<String> {
    ["pack", "version", "whose", "in_force", "shadow", "duties", "verified", "title"]
        .map(|name| word(lang, name))
        .into()
}

/// One pack in a table of packs.
pub fn ls_row(opened: &Opened, date: Date) -> Vec<String> {
    let pack = &opened.pack;
    let rules = || opened.compiled.rules().iter().filter(|rule| rule.pack.is_some());
    let binding = rules().filter(|rule| rule.binds_on(date)).count();
    let text = |value: Option<String>| value.unwrap_or_else(|| "–".to_owned());
    vec![
        pack.id.to_string(),
        pack.version.clone(),
        text(pack.jurisdiction.as_ref().map(ToString::to_string)),
        binding.to_string(),
        (rules().count() - binding).to_string(),
        opened.compiled.duties().len().to_string(),
        text(pack.verified_on.map(|date| date.to_string())),
        pack.title.clone(),
    ]
}

impl Opened {
    /// For people: the pack, its rules, and what each says.
    pub fn to_text(&self, date: Date, lang: Lang, width: Option<usize>) -> String {
        let pack = &self.pack;
        let mut page = format!("{} {}: {}\n", pack.id, pack.version, pack.title);
        page.extend(pack.sources.iter().map(|source| format!("  {source}\n")));
        page.push('\n');
        let heads = ["rule", "title", "cite", "status", "from", "until", "file"].map(|name| word(lang, name));
        let rows: Vec<Vec<String>> = self.rules().map(|rule| legend(rule, date, lang)).collect();
        if !rows.is_empty() {
            page.push_str(&within(&heads, &rows, width));
        }
        page.push_str(&self.said(lang));
        page.push_str(&self.owed(lang, width));
        page
    }

    /// What each rule says to people.
    fn said(&self, lang: Lang) -> String {
        let mut page = String::new();
        for rule in self.rules() {
            let Some(told) = rule.told(lang) else { continue };
            page.push_str(&format!("\n{}\n", rule.id));
            for (name, text) in [("says", &told.plain), ("remedy", &told.remedy)] {
                page.push_str(&format!("  {}: {text}\n", word(lang, name)));
            }
            if !rule.evidence.is_empty() {
                let keys: Vec<String> = rule.evidence.iter().map(ToString::to_string).collect();
                page.push_str(&format!("  {}: {}\n", word(lang, "evidence"), keys.join(", ")));
            }
        }
        page
    }

    /// The duties of its catalogue, whoever owes them.
    fn owed(&self, lang: Lang, width: Option<usize>) -> String {
        let heads = ["duty", "from", "status", "scope", "title", "cite"].map(|name| word(lang, name));
        let row = |duty: &Duty| {
            vec![
                duty.id.clone(),
                duty.from.map_or("–".to_owned(), |date| date.to_string()),
                word(lang, duty.status.as_str()),
                word(lang, duty.scope.as_str()),
                duty.title(lang).to_owned(),
                duty.cite.clone(),
            ]
        };
        let rows: Vec<Vec<String>> = self.compiled.duties().iter().map(row).collect();
        let gap = if self.rules().next().is_some() { "\n" } else { "" };
        if rows.is_empty() { String::new() } else { format!("{gap}{}", within(&heads, &rows, width)) }
    }

    /// For programs.
    pub fn to_json(&self, date: Date) -> Value {
        let pack = &self.pack;
        let rule = |rule: &Rule| {
            let mut all = rule.to_json();
            all["binds"] = Value::from(rule.binds_on(date));
            all["in_force"] = Value::from(rule.status == Status::InForce);
            all["evidence"] = Value::from(rule.evidence.iter().map(ToString::to_string).collect::<Vec<_>>());
            all["texts"] = rule.texts_to_json();
            all["text"] = Value::from(rule.text());
            all
        };
        json!({
            "id": pack.id,
            "title": pack.title,
            "version": pack.version,
            "jurisdiction": pack.jurisdiction,
            "sources": pack.sources,
            "verified_on": pack.verified_on.map(|date| date.to_string()),
            "rules": self.rules().map(rule).collect::<Vec<_>>(),
            "duties": self.compiled.duties().iter().map(Duty::to_json).collect::<Vec<_>>(),
            "cases": self.cases.len(),
        })
    }

    fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.compiled.rules().iter().map(AsRef::as_ref).filter(|rule: &&Rule| rule.pack.is_some())
    }
}
