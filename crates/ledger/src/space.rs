//! How long the disk space lasts. Pure: measurements in, forecast out.

use std::collections::VecDeque;

const DAY_MS: f64 = 86_400_000.0;
/// How far back growth is looked at.
const WINDOW_MS: u64 = 7 * 86_400_000;
/// Samples kept over the window.
const SAMPLES_MAX: usize = 336;
/// A rate over less time than this says nothing.
const SPAN_MS_MIN: u64 = 60_000;

/// How long the disk space lasts at the recent rate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Forecast {
    /// Bytes that can still be written.
    pub free_bytes: u64,
    /// The log's growth over the last week, or since it was opened; `None` in the first minute.
    pub bytes_per_day: Option<f64>,
    /// When the space ends; `None` while the log does not grow.
    pub days_left: Option<f64>,
    /// Whether somebody should act: fewer days than the options say, or less than two segments.
    pub warn: bool,
}

/// Remembers how much was stored when.
#[derive(Debug, Default)]
pub(crate) struct Growth(VecDeque<(u64, u64)>);

// === impl Growth ===

impl Growth {
    /// Notes that `bytes` were stored in all at `now_ms`.
    pub(crate) fn record(&mut self, now_ms: u64, bytes: u64) {
        while self.0.front().is_some_and(|(at, _)| at + WINDOW_MS < now_ms) {
            self.0.pop_front();
        }
        // The last sample moves with the present until it is far enough from the one before to stay.
        let settled = self.0.len() < 2
            || self.0.iter().rev().take(2).map(|(at, _)| *at).reduce(|last, before| last - before)
                >= Some(WINDOW_MS / SAMPLES_MAX as u64);
        if !settled {
            self.0.pop_back();
        }
        if self.0.back().is_none_or(|(at, _)| *at < now_ms) {
            self.0.push_back((now_ms, bytes));
        }
    }

    fn bytes_per_day(&self) -> Option<f64> {
        let ((from_ms, from), (until_ms, until)) = (self.0.front()?, self.0.back()?);
        let span_ms = until_ms - from_ms;
        (span_ms >= SPAN_MS_MIN).then(|| until.saturating_sub(*from) as f64 * DAY_MS / span_ms as f64)
    }

    /// Says how long `free_bytes` last.
    pub(crate) fn forecast(&self, free_bytes: u64, segment_bytes: u64, warn_days: f64) -> Forecast {
        let bytes_per_day = self.bytes_per_day();
        let days_left = bytes_per_day.filter(|rate| *rate > 0.0).map(|rate| free_bytes as f64 / rate);
        let warn = free_bytes < 2 * segment_bytes || days_left.is_some_and(|days| days < warn_days);
        Forecast { free_bytes, bytes_per_day, days_left, warn }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR_MS: u64 = 3_600_000;

    #[test]
    fn a_steady_rate_is_found_and_warned_about_in_time() {
        let mut growth = Growth::default();
        assert_eq!(growth.forecast(1_000, 10, 14.0).days_left, None);
        // 1,000 bytes an hour for ten days, looked at every ten minutes.
        for step in 0..1440u64 {
            growth.record(step * HOUR_MS / 6, step * 1_000 / 6);
        }
        assert!(growth.0.len() <= SAMPLES_MAX + 2, "{}", growth.0.len());
        let forecast = growth.forecast(240_000, 10, 14.0);
        assert!((forecast.bytes_per_day.unwrap() - 24_000.0).abs() < 50.0, "{forecast:?}");
        assert!((forecast.days_left.unwrap() - 10.0).abs() < 0.1, "{forecast:?}");
        assert!(forecast.warn);
        assert!(!growth.forecast(480_000, 10, 14.0).warn);
    }

    #[test]
    fn an_idle_log_warns_only_when_segments_no_longer_fit() {
        let mut growth = Growth::default();
        growth.record(0, 500);
        growth.record(HOUR_MS, 500);
        assert_eq!(growth.forecast(1_000, 10, 14.0).days_left, None);
        assert!(!growth.forecast(1_000, 10, 14.0).warn);
        assert!(growth.forecast(19, 10, 14.0).warn);
    }
}
