//! What a scenario asks, whatever it is called and whatever is expected of it.

use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use toml::de::{DeTable, DeValue};

use super::Scenario;

/// What may be otherwise and the question is the same.
const ASIDE: [&str; 8] = ["title", "seed", "base", "notice_h", "hypothesis", "guardrails", "shadow", "findings"];

impl Scenario {
    /// Names what is asked by this kind of drill: two of the same name ask the same of the traffic. `as_run` is what more decides it.
    pub(crate) fn question(&self, kind: &str, as_run: Value) -> String {
        let (document, _) = DeTable::parse_recoverable(&self.source.text);
        let asked = document.get_ref().iter().filter(|(key, _)| !ASIDE.contains(&key.get_ref().as_ref()));
        let asked: Vec<Value> = asked.map(|(key, value)| json!([key.get_ref(), plain(value.get_ref())])).collect();
        // The largest of a level is what the traffic said.
        let settled: Vec<String> = self.cut_keys().map(|key| format!("{key:?}")).collect();
        let text = json!([kind, asked, settled, as_run]).to_string();
        hex::encode(&Sha256::digest(text.as_bytes())[..16])
    }
}

/// A value without its place in the file.
fn plain(value: &DeValue<'_>) -> Value {
    match value {
        DeValue::Array(items) => items.iter().map(|it| plain(it.get_ref())).collect(),
        DeValue::Table(fields) => {
            fields.iter().map(|(key, it)| (key.get_ref().to_string(), plain(it.get_ref()))).collect()
        }
        DeValue::String(text) => json!(text),
        DeValue::Integer(number) => json!(number.to_string()),
        DeValue::Float(number) => json!(number.to_string()),
        DeValue::Boolean(flag) => json!(flag),
        DeValue::Datetime(moment) => json!(moment.to_string()),
    }
}
