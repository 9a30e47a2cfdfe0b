use realm::load::Lang;
use serde_json::{Value, json};

use super::framework::{Assessed, Framework, ObjectiveScore};
use crate::explain::table::within;
use crate::explain::text::word;

impl Assessed {
    /// For programs. Scores are decimal texts.
    pub fn to_json(&self) -> Value {
        let one = |it: &ObjectiveScore| {
            json!({
                "id": it.id,
                "score": it.score.map(|score| score.to_string()),
                "seal": it.seal,
                "not_counted": it.not_counted,
                "capped": it.capped,
            })
        };
        json!({
            "score": self.score.map(|score| score.normalize().to_string()),
            "seal": self.seal,
            "objectives": self.objectives.iter().map(one).collect::<Vec<_>>(),
        })
    }

    /// For people: an objective a line, then the floor and the score. What nobody entered is unknown, never zero.
    pub fn to_text(&self, framework: &Framework, lang: Lang, width: Option<usize>) -> String {
        let heads = ["objective", "title", "weight", "score", "seal", "not_counted"].map(|name| word(lang, name));
        let unknown = || word(lang, "unknown");
        let rows: Vec<Vec<String>> = framework
            .objectives
            .iter()
            .zip(&self.objectives)
            .map(|(objective, scored)| {
                let title = match lang {
                    Lang::En => &objective.en,
                    Lang::Ru => &objective.ru,
                };
                let capped = if scored.capped { "*" } else { "" };
                vec![
                    objective.id.clone(),
                    title.clone(),
                    objective.weight.to_string(),
                    scored.score.map_or_else(unknown, |score| score.round_dp(2).to_string()),
                    scored.seal.map_or_else(unknown, |seal| format!("{seal}{capped}")),
                    scored.not_counted.join(", "),
                ]
            })
            .collect();
        let seal = self.seal.map_or_else(unknown, |seal| seal.to_string());
        let score = self.score.map_or_else(unknown, |score| score.round_dp(2).normalize().to_string());
        let capped = self.objectives.iter().any(|it| it.capped);
        let note = if capped { format!("* {}\n", word(lang, "capped")) } else { String::new() };
        let floor = format!("{}: {seal}; {}: {score}\n", word(lang, "floor"), word(lang, "score"));
        format!("{}\n\n{}\n{note}{floor}", framework.title, within(&heads, &rows, width))
    }
}
