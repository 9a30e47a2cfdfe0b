//! Which of the numbers in a document are shares of right answers.

use rust_decimal::Decimal;
use serde_json::Value;

/// Measures that count right answers. Others (perplexity, BLEU, F1) are no share of anything that was asked.
const SHARES: [&str; 9] =
    ["accuracy", "acc", "acc_norm", "exact_match", "em", "mc1", "mc2", "strict_accuracy", "solve_rate"];

/// Whether a measure, as documents spell it, counts right answers.
pub(super) fn is_share(metric: &str) -> bool {
    let plain = metric.trim().to_ascii_lowercase().replace(['-', ' '], "_");
    SHARES.contains(&plain.as_str()) || plain.starts_with("pass@")
}

/// A number as a share: percent where it says so or is more than one.
pub(super) fn share(value: &Value) -> Option<Decimal> {
    let (text, percent) = match value {
        Value::Number(number) => (number.to_string(), false),
        Value::String(text) => match text.trim().strip_suffix('%') {
            Some(text) => (text.trim().to_owned(), true),
            None => (text.trim().to_owned(), false),
        },
        _ => return None,
    };
    // Longer than any result is written, and beyond what a decimal holds without loss.
    if text.len() > 24 {
        return None;
    }
    let number = Decimal::from_str_exact(&text).or_else(|_| Decimal::from_scientific(&text)).ok()?;
    let share = if percent || number > Decimal::ONE { number.checked_div(Decimal::ONE_HUNDRED)? } else { number };
    (Decimal::ZERO..=Decimal::ONE).contains(&share).then(|| share.normalize())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_share, share};

    #[test]
    fn shares_are_told_from_other_numbers() {
        let told = |value| share(&value).map(|share| share.to_string());
        assert_eq!(told(json!(71.2)), Some("0.712".to_owned()));
        assert_eq!(told(json!("71.2 %")), Some("0.712".to_owned()));
        assert_eq!(told(json!("0.5%")), Some("0.005".to_owned()));
        assert_eq!(told(json!(0.712)), Some("0.712".to_owned()));
        assert_eq!([json!(-1), json!(101), json!("high"), json!([1])].map(told), [None, None, None, None]);
        assert!(["accuracy", "Exact Match", "pass@1", "acc-norm"].iter().all(|name| is_share(name)));
        assert!(["perplexity", "bleu", "f1", "wer"].iter().all(|name| !is_share(name)));
    }
}
