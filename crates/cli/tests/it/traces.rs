//! What a collector and Prometheus get to see of requests, and what they do not.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::trace::v1::Span;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use testkit::{Collector, Fault, Received};

use crate::place::{Place, Server, agent, wait_for};

const SECRET: &str = "planted-secret-4711";
const GIVEN: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// One chat that says a secret, under the client's own trace; its status.
fn ask(server: &Server, key: &str, stream: bool, traceparent: &str) -> u16 {
    let body = format!(
        r#"{{"model":"main","stream":{stream},"user":"{SECRET}","messages":[{{"role":"user","content":"{SECRET}"}}]}}"#
    );
    let request = agent().post(format!("{}/v1/chat/completions", server.url));
    let request = request.header("authorization", format!("Bearer {key}")).header("x-freehold-user", SECRET);
    let request = request.header("tracestate", SECRET).header("baggage", format!("x={SECRET}"));
    let mut response = request.header("traceparent", traceparent).send(body).unwrap();
    let status = response.status().as_u16();
    response.body_mut().read_to_string().unwrap();
    status
}

fn metrics(server: &Server) -> String {
    agent().get(format!("{}/metrics", server.url)).call().unwrap().body_mut().read_to_string().unwrap()
}

fn attribute(span: &Span, key: &str) -> Option<String> {
    let found = span.attributes.iter().find(|attribute| attribute.key == key)?;
    Some(match found.value.as_ref()?.value.as_ref()? {
        Value::StringValue(text) => text.clone(),
        Value::IntValue(number) => number.to_string(),
        Value::ArrayValue(all) => format!("{:?}", all.values),
        other => format!("{other:?}"),
    })
}

fn header(got: &Received, name: &str) -> Option<String> {
    got.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

fn of_kind(spans: &[Span], kind: SpanKind) -> Vec<Span> {
    spans.iter().filter(|span| span.kind == i32::from(kind)).cloned().collect()
}

#[test]
fn a_request_is_a_trace_without_anything_that_was_said() {
    let place = Place::new();
    let collector = place.block_on(Collector::start()).unwrap();
    let key = place.key();
    let mut server = place.serve_with(&["--otlp", &format!("http://{}", collector.address())]);
    assert_eq!(ask(&server, &key, false, GIVEN), 200);
    assert_eq!(ask(&server, &key, true, GIVEN), 200);
    wait_for("the spans of two requests", || collector.spans().len() >= 4);
    let broken = || Fault::Status { status: 500, retry_after_s: None };
    place.stand_in.fail_next(vec![broken()]);
    assert_eq!(ask(&server, &key, false, GIVEN), 502);
    assert_eq!(ask(&server, &key, false, &GIVEN.replace("-01", "-00")), 200, "not sampled: the client says so");
    let shown = metrics(&server);
    place.stop(&mut server);
    let spans = collector.spans();
    let (servers, clients) = (of_kind(&spans, SpanKind::Server), of_kind(&spans, SpanKind::Client));
    assert_eq!(servers.len(), 3, "{spans:?}");
    for span in &servers {
        assert_eq!(hex::encode(&span.trace_id), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_eq!(hex::encode(&span.parent_span_id), "00f067aa0ba902b7");
        assert_eq!(span.name, "POST /v1/chat/completions");
    }
    for span in &clients[..2] {
        assert_eq!(span.name, "chat chat-one");
        assert_eq!(attribute(span, "gen_ai.operation.name").as_deref(), Some("chat"));
        assert_eq!(attribute(span, "gen_ai.provider.name").as_deref(), Some("here"));
        assert_eq!(attribute(span, "gen_ai.request.model").as_deref(), Some("chat-one"));
        assert!(attribute(span, "gen_ai.usage.input_tokens").unwrap().parse::<u64>().unwrap() > 0);
        assert!(attribute(span, "gen_ai.usage.output_tokens").unwrap().parse::<u64>().unwrap() > 0);
        assert!(attribute(span, "gen_ai.response.finish_reasons").unwrap().contains("stop"));
        assert!(servers.iter().any(|server| server.span_id == span.parent_span_id), "an attempt is below its request");
        assert!(span.end_time_unix_nano > span.start_time_unix_nano);
    }
    assert_eq!(attribute(&servers[2], "error.type").as_deref(), Some("upstream_error"));
    assert!(clients[2..].iter().all(|span| attribute(span, "error.type").as_deref() == Some("upstream_error")));
    let sent: Vec<String> = place.stand_in.received().iter().filter_map(|got| header(got, "traceparent")).collect();
    assert!(sent.len() >= 4, "a provider at home is told the trace");
    let ids: BTreeSet<String> = clients.iter().map(|span| hex::encode(&span.span_id)).collect();
    assert!(sent.iter().filter(|header| header.ends_with("-01")).all(|header| ids.contains(&header[36..52])));
    for text in collector.bodies().iter().map(|body| String::from_utf8_lossy(body)).chain([shown.into()]) {
        assert!(!text.contains(SECRET) && !text.contains(&key), "{text}");
    }
    counted(&collector, clients.len() + 1);
}

/// The two histograms, with so many attempts in them: those that are not sampled too.
fn counted(collector: &Collector, attempts: usize) {
    let names: Vec<String> = collector.metrics().into_iter().map(|metric| metric.name).collect();
    assert_eq!(names, ["gen_ai.client.operation.duration", "gen_ai.client.token.usage"]);
    let durations = collector.metrics().remove(0).data;
    let Some(Data::Histogram(durations)) = durations else { panic!("{durations:?}") };
    let count: u64 = durations.data_points.iter().map(|point| point.count).sum();
    assert_eq!(count as usize, attempts, "figures count what is not sampled too");
}

#[test]
fn a_provider_abroad_is_told_nothing_unless_the_realm_says_so() {
    for told in [false, true] {
        let place = Place::new();
        let collector = place.block_on(Collector::start()).unwrap();
        let text = place.realm_text().replacen("host = \"XA\"", "host = \"XB\"", 1);
        let allow = "protocol = \"openai\"\ntrace_context = true";
        place.write_realm(&if told { text.replacen("protocol = \"openai\"", allow, 1) } else { text });
        let key = place.key();
        let mut server = place.serve_with(&["--otlp", &format!("http://{}", collector.address())]);
        assert_eq!(ask(&server, &key, false, GIVEN), 200);
        place.stop(&mut server);
        let got = place.stand_in.received().remove(0);
        assert_eq!(header(&got, "traceparent").is_some(), told, "{got:?}");
        assert!(header(&got, "tracestate").is_none() && header(&got, "baggage").is_none());
    }
}

#[test]
fn a_collector_that_is_slow_or_gone_costs_no_request_anything_and_is_counted() {
    let place = Place::new();
    let collector = place.block_on(Collector::start()).unwrap();
    collector.stall(Duration::from_secs(60));
    let gone = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let key = place.key();
    for address in [collector.address(), gone] {
        let server = place.serve_with(&["--otlp", &format!("http://{address}")]);
        let began = Instant::now();
        for _ in 0..20 {
            assert_eq!(ask(&server, &key, false, GIVEN), 200);
        }
        assert!(began.elapsed() < Duration::from_secs(4), "{:?}", began.elapsed());
        let lost = || {
            metrics(&server).lines().any(|line| {
                line.strip_prefix("freehold_traces_lost_total ").is_some_and(|count| count.parse::<u64>().unwrap() > 0)
            })
        };
        wait_for("the losses to be counted", lost);
    }
    assert!(collector.spans().is_empty());
}

#[test]
fn without_an_address_no_provider_is_told_a_trace() {
    let place = Place::new();
    let key = place.key();
    let mut server = place.serve();
    assert_eq!(ask(&server, &key, false, GIVEN), 200);
    place.stop(&mut server);
    assert_eq!(header(&place.stand_in.received()[0], "traceparent"), None);
    for wrong in ["127.0.0.1:4318", "http://", "http://me:pw@host", "http://host/v1/traces", "ftp://host"] {
        let told = place.run(&["serve", "--otlp", wrong]);
        assert_eq!(told.status.code(), Some(2), "{wrong}");
    }
}

/// The names of metrics in an expression of PromQL: words that begin as ours do.
fn named(expression: &str) -> impl Iterator<Item = &str> {
    expression.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).filter(|word| word.starts_with("freehold_"))
}

#[test]
fn every_name_of_the_dashboard_is_one_that_a_server_shows() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/grafana/freehold.json");
    let dashboard: serde_json::Value = serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
    let place = Place::new();
    let key = place.key();
    let server = place.serve();
    assert_eq!(ask(&server, &key, false, GIVEN), 200);
    assert_eq!(ask(&server, &key, true, GIVEN), 200);
    let shown = metrics(&server);
    let families: BTreeSet<&str> =
        shown.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next()).collect();
    let samples: BTreeSet<&str> =
        shown.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split(['{', ' ']).next()).collect();
    let (mut names, mut ids) = (BTreeSet::new(), BTreeSet::new());
    for panel in dashboard["panels"].as_array().unwrap() {
        assert!(ids.insert(panel["id"].as_u64().unwrap()), "two panels of one id: {panel}");
        assert!(panel["title"].is_string() && panel["gridPos"]["w"].as_u64().unwrap() <= 24, "{panel}");
        for target in panel["targets"].as_array().into_iter().flatten() {
            names.extend(named(target["expr"].as_str().unwrap()).map(str::to_owned));
        }
    }
    for name in &names {
        let known = samples.contains(&**name) || families.contains(&**name);
        assert!(known, "{name} is in the dashboard and not in /metrics:\n{shown}");
    }
    let base = |name: &str| {
        let tails = ["_bucket", "_sum", "_count"];
        tails.iter().find_map(|tail| name.strip_suffix(tail)).unwrap_or(name).to_owned()
    };
    let drawn: BTreeSet<String> = names.iter().map(|name| base(name)).collect();
    let missing: Vec<_> = families.iter().filter(|family| !drawn.contains(**family)).collect();
    assert!(missing.is_empty(), "nobody would see {missing:?}");
}
