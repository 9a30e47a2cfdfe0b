//! The two histograms that the semantic conventions ask of whoever calls a model, summed up over all requests, sampled or
//! not. Pure: time is an argument.

use std::collections::BTreeMap;
use std::time::Duration;

use gateway::Story;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::{
    AggregationTemporality, Histogram, HistogramDataPoint, Metric, ResourceMetrics, ScopeMetrics,
};
use realm::UnixMs;

use super::otlp;

/// Bounds that the conventions recommend: seconds, and tokens.
const SECONDS: [f64; 14] = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS: [f64; 14] = [
    1.0,
    4.0,
    16.0,
    64.0,
    256.0,
    1_024.0,
    4_096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
];
/// Series at most: the realm bounds them, and a realm may change often.
const SERIES_MAX: usize = 4_096;

/// What was counted since the process began to.
pub(super) struct Figures {
    since: UnixMs,
    duration: Series,
    tokens: Series,
}

struct Series {
    bounds: &'static [f64; 14],
    /// By the text of their attributes.
    points: BTreeMap<String, (Vec<KeyValue>, Point)>,
}

#[derive(Default)]
struct Point {
    counts: [u64; 15],
    sum: f64,
}

impl Figures {
    pub(super) fn new(since: UnixMs) -> Self {
        let series = |bounds| Series { bounds, points: BTreeMap::new() };
        Self { since, duration: series(&SECONDS), tokens: series(&TOKENS) }
    }

    /// Counts the attempts of a request.
    pub(super) fn see(&mut self, story: &Story) {
        for attempt in &story.attempts {
            let attributes = otlp::of_model(story, attempt);
            let Some((input, output)) = attempt.tokens else {
                self.duration.add(attributes, attempt.took.as_secs_f64());
                continue;
            };
            for (word, count) in [("input", input), ("output", output)] {
                let mut attributes = attributes.clone();
                attributes.push(otlp::text("gen_ai.token.type", word));
                // Token counts are far below 2^53.
                self.tokens.add(attributes, count as f64);
            }
            self.duration.add(attributes, attempt.took.as_secs_f64());
        }
    }

    /// The body of one export of metrics.
    pub(super) fn export(&self, now: UnixMs) -> ExportMetricsServiceRequest {
        let span = (self.since, now);
        let metrics = vec![
            self.duration.metric("gen_ai.client.operation.duration", "s", span),
            self.tokens.metric("gen_ai.client.token.usage", "{token}", span),
        ];
        let scope_metrics = vec![ScopeMetrics { scope: Some(otlp::scope()), metrics, schema_url: String::new() }];
        let resource = Some(otlp::resource());
        ExportMetricsServiceRequest {
            resource_metrics: vec![ResourceMetrics { resource, scope_metrics, schema_url: String::new() }],
        }
    }
}

impl Series {
    fn add(&mut self, attributes: Vec<KeyValue>, value: f64) {
        let key = format!("{attributes:?}");
        if self.points.len() >= SERIES_MAX && !self.points.contains_key(&key) {
            return;
        }
        let (_, point) = self.points.entry(key).or_insert_with(|| (attributes, Point::default()));
        let bucket = self.bounds.iter().position(|bound| value <= *bound).unwrap_or(self.bounds.len());
        point.counts[bucket] += 1;
        point.sum += value;
    }

    fn metric(&self, name: &str, unit: &str, (since, now): (UnixMs, UnixMs)) -> Metric {
        let nanos = |at: UnixMs| u64::try_from(Duration::from_millis(at.0).as_nanos()).unwrap_or(u64::MAX);
        let data_points = self.points.values().map(|(attributes, point)| HistogramDataPoint {
            attributes: attributes.clone(),
            start_time_unix_nano: nanos(since),
            time_unix_nano: nanos(now),
            count: point.counts.iter().sum(),
            sum: Some(point.sum),
            bucket_counts: point.counts.to_vec(),
            explicit_bounds: self.bounds.to_vec(),
            ..HistogramDataPoint::default()
        });
        let histogram = Histogram {
            data_points: data_points.collect(),
            aggregation_temporality: AggregationTemporality::Cumulative.into(),
        };
        let (name, unit) = (name.to_owned(), unit.to_owned());
        Metric { name, unit, data: Some(Data::Histogram(histogram)), ..Metric::default() }
    }
}
