//! What a drill in shadow may take, written down before it begins.

use realm::Nano;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use super::table::Table;

/// Mirrors at a time, where the scenario does not say; and at most.
const CONCURRENCY: u64 = 4;
const CONCURRENCY_MAX: u64 = 256;
/// Bytes of an answer that are held, where the scenario does not say; and at most.
const ANSWER_BYTES: u64 = 256 << 10;
const ANSWER_BYTES_MAX: u64 = 8 << 20;
/// Seconds that a mirror may take, where the scenario does not say; and at most.
const TIMEOUT_S: u64 = 60;
const TIMEOUT_S_MAX: u64 = 600;

/// How a drill in shadow is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shadowing {
    /// Of how many requests in a hundred the fallback is asked too.
    pub percent: u8,
    /// Money that all its mirrors together may cost, in the realm's currency.
    pub cost_max: Nano,
    /// Tokens that all its mirrors together may use.
    pub tokens_max: u64,
    /// Mirrors at a time, in each server.
    pub concurrency_max: u64,
    /// Bytes of an answer that are held to be compared.
    pub answer_bytes_max: u64,
    /// Seconds that a mirror may take.
    pub timeout_s: u64,
}

impl Shadowing {
    pub(super) fn read(table: &Table<'_>) -> Option<Self> {
        let sample = table.require("sample", table.decimal("sample"));
        let percent = sample.as_ref().and_then(|it| percent(it.value));
        if let Some(wrong) = sample.filter(|_| percent.is_none()) {
            table.wrong("sample", "sample", wrong.span);
        }
        let money = table.require("cost_max", table.decimal("cost_max"));
        let cost_max = money.as_ref().and_then(|it| nano(it.value));
        if let Some(wrong) = money.filter(|_| cost_max.is_none()) {
            table.wrong("cost_max", "money", wrong.span);
        }
        let tokens_max = table.require("tokens_max", table.whole("tokens_max"));
        let bounded = |field: &'static str, usual: u64, most: u64| {
            let found = table.whole(field);
            if let Some(wrong) = found.as_ref().filter(|it| !(1..=most).contains(&it.value)) {
                table.wrong(field, field, wrong.span.clone());
            }
            found.map_or(usual, |it| it.value)
        };
        let concurrency_max = bounded("concurrency_max", CONCURRENCY, CONCURRENCY_MAX);
        let answer_bytes_max = bounded("answer_bytes_max", ANSWER_BYTES, ANSWER_BYTES_MAX);
        let timeout_s = bounded("timeout_s", TIMEOUT_S, TIMEOUT_S_MAX);
        let tokens_max = tokens_max?.value;
        Some(Self { percent: percent?, cost_max: cost_max?, tokens_max, concurrency_max, answer_bytes_max, timeout_s })
    }
}

/// A share in whole hundredths, from 0.01 to 1.
fn percent(share: Decimal) -> Option<u8> {
    let percent = share.checked_mul(Decimal::ONE_HUNDRED)?;
    percent.to_u8().filter(|it| percent.is_integer() && (1..=100).contains(it))
}

/// An amount to a billionth.
fn nano(money: Decimal) -> Option<Nano> {
    let nano = money.checked_mul(Decimal::from(1_000_000_000))?;
    nano.is_integer().then(|| nano.to_i64().map(Nano)).flatten()
}
