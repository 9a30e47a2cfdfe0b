//! Vectors on the wire.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::super::model::Model;
use super::Made;

/// Writes the answer: numbers with the digits of 32-bit floats, or base64 of their bytes.
pub(in super::super) fn render(model: &Model, made: &Made, base64: bool) -> String {
    let mut data = String::new();
    for (index, vector) in made.vectors.iter().enumerate() {
        let comma = if index == 0 { "" } else { "," };
        // Writing into a string cannot fail.
        let _ = write!(data, "{comma}{{\"object\":\"embedding\",\"index\":{index},\"embedding\":");
        if base64 {
            let bytes: Vec<u8> = vector.iter().flat_map(|x| x.to_le_bytes()).collect();
            let _ = write!(data, "\"{}\"", STANDARD.encode(bytes));
        } else {
            numbers(&mut data, vector);
        }
        data.push('}');
    }
    let mut about = model.about();
    about["cpu_s"] = json!((made.cpu_s * 1e6).round() / 1e6);
    about["energy_j"] = json!(made.energy_j.map(|j| (j * 1e3).round() / 1e3));
    let usage = json!({"prompt_tokens": made.prompt_tokens, "total_tokens": made.prompt_tokens});
    let name = Value::from(model.ready.model.as_str());
    format!("{{\"object\":\"list\",\"data\":[{data}],\"model\":{name},\"usage\":{usage},\"freehold\":{about}}}")
}

fn numbers(out: &mut String, vector: &[f32]) {
    out.push('[');
    for (position, x) in vector.iter().enumerate() {
        let comma = if position == 0 { "" } else { "," };
        let _ = write!(out, "{comma}{x}");
    }
    out.push(']');
}
