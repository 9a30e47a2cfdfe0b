//! Stories as OpenTelemetry's spans, by its semantic conventions for HTTP servers and for generative AI. Pure.

use std::time::Duration;

use gateway::{Attempted, Story};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, ArrayValue, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::resource::v1::Resource;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};

/// Where a span's parent is known to be remote or not, and that it is.
const HAS_IS_REMOTE: u32 = 0x100;
const IS_REMOTE: u32 = 0x200;
const SAMPLED: u32 = 1;

/// The body of one export of traces.
pub(super) fn traces(stories: &[Story]) -> ExportTraceServiceRequest {
    let sampled = stories.iter().filter(|story| story.context.sampled);
    let spans = sampled.flat_map(|story| {
        let attempts = story.attempts.iter().map(|attempt| of_attempt(story, attempt));
        std::iter::once(of_request(story)).chain(attempts)
    });
    let scope_spans = vec![ScopeSpans { scope: Some(scope()), spans: spans.collect(), schema_url: String::new() }];
    let resource_spans = vec![ResourceSpans { resource: Some(resource()), scope_spans, schema_url: String::new() }];
    ExportTraceServiceRequest { resource_spans }
}

/// Who tells.
pub(super) fn resource() -> Resource {
    let attributes = vec![text("service.name", "freehold"), text("service.version", env!("CARGO_PKG_VERSION"))];
    Resource { attributes, ..Resource::default() }
}

pub(super) fn scope() -> InstrumentationScope {
    InstrumentationScope { name: "freehold.gateway".to_owned(), ..InstrumentationScope::default() }
}

fn of_request(story: &Story) -> Span {
    let mut attributes = vec![
        text("http.request.method", "POST"),
        text("http.route", story.path),
        number("http.response.status_code", u64::from(story.status)),
        text("freehold.request", &story.req),
        text("freehold.app", story.app.as_str()),
    ];
    attributes.extend(story.route.as_ref().map(|route| text("freehold.route", route.as_str())));
    let failed = (story.code != "ok").then_some(story.code);
    attributes.extend(failed.map(|code| text("error.type", code)));
    let remote = story.context.parent.map_or(0, |_| IS_REMOTE);
    Span {
        trace_id: story.context.trace_id.to_be_bytes().to_vec(),
        span_id: story.context.span_id.to_be_bytes().to_vec(),
        parent_span_id: story.context.parent.map_or_else(Vec::new, |parent| parent.to_be_bytes().to_vec()),
        flags: SAMPLED | HAS_IS_REMOTE | remote,
        name: format!("POST {}", story.path),
        kind: SpanKind::Server.into(),
        start_time_unix_nano: nanos(story, Duration::ZERO),
        end_time_unix_nano: nanos(story, story.took),
        attributes,
        // Of a server's span, what the client did wrong is no error.
        status: failed.filter(|_| story.status >= 500).map(error),
        ..Span::default()
    }
}

fn of_attempt(story: &Story, attempt: &Attempted) -> Span {
    let mut attributes = of_model(story, attempt);
    attributes.push(text("freehold.deployment", attempt.deployment.as_str()));
    attributes.extend(attempt.status.map(|status| number("http.response.status_code", u64::from(status))));
    attributes.extend(attempt.answered_by.as_deref().map(|model| text("gen_ai.response.model", model)));
    if let Some((input, output)) = attempt.tokens {
        attributes.push(number("gen_ai.usage.input_tokens", input));
        attributes.push(number("gen_ai.usage.output_tokens", output));
    }
    attributes.extend(attempt.finish.map(|word| {
        let values = vec![AnyValue { value: Some(Value::StringValue(word.to_owned())) }];
        keyed("gen_ai.response.finish_reasons", Value::ArrayValue(ArrayValue { values }))
    }));
    Span {
        trace_id: story.context.trace_id.to_be_bytes().to_vec(),
        span_id: attempt.span_id.to_be_bytes().to_vec(),
        parent_span_id: story.context.span_id.to_be_bytes().to_vec(),
        flags: SAMPLED | HAS_IS_REMOTE,
        name: format!("{} {}", story.operation, attempt.model),
        kind: SpanKind::Client.into(),
        start_time_unix_nano: nanos(story, attempt.after),
        end_time_unix_nano: nanos(story, attempt.after + attempt.took),
        attributes,
        status: attempt.error.as_deref().map(error),
        ..Span::default()
    }
}

/// What tells attempts apart, in spans and in figures: few values, all of the realm.
pub(super) fn of_model(story: &Story, attempt: &Attempted) -> Vec<KeyValue> {
    let mut attributes = vec![
        text("gen_ai.operation.name", story.operation),
        text("gen_ai.provider.name", attempt.provider.as_str()),
        text("gen_ai.request.model", &attempt.model),
    ];
    attributes.extend(attempt.error.as_deref().map(|code| text("error.type", code)));
    attributes
}

fn error(code: &str) -> Status {
    Status { message: code.to_owned(), code: StatusCode::Error.into() }
}

fn nanos(story: &Story, after: Duration) -> u64 {
    let began = Duration::from_millis(story.began.0);
    u64::try_from((began + after).as_nanos()).unwrap_or(u64::MAX)
}

pub(super) fn text(key: &str, value: &str) -> KeyValue {
    keyed(key, Value::StringValue(value.to_owned()))
}

fn number(key: &str, value: u64) -> KeyValue {
    keyed(key, Value::IntValue(i64::try_from(value).unwrap_or(i64::MAX)))
}

fn keyed(key: &str, value: Value) -> KeyValue {
    KeyValue { key: key.to_owned(), value: Some(AnyValue { value: Some(value) }), ..KeyValue::default() }
}
