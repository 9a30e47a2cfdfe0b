//! A collector of OpenTelemetry: takes traces and metrics over OTLP in HTTP, keeps them, fails or stalls on request.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::metrics::v1::Metric;
use opentelemetry_proto::tonic::trace::v1::Span;
use prost::Message;

use crate::standin::Serving;

/// A running collector; it stops when dropped.
#[derive(Debug)]
pub struct Collector {
    state: Arc<Got>,
    serving: Serving,
}

#[derive(Debug, Default)]
struct Got {
    bodies: Mutex<Vec<Vec<u8>>>,
    spans: Mutex<Vec<Span>>,
    metrics: Mutex<Vec<Metric>>,
    stall_ms: AtomicU64,
}

impl Collector {
    /// Starts one on loopback.
    ///
    /// # Errors
    /// If there is no port for it.
    pub async fn start() -> std::io::Result<Self> {
        let state = Arc::new(Got::default());
        let router = Router::new()
            .route("/v1/traces", post(traces))
            .route("/v1/metrics", post(metrics))
            .with_state(Arc::clone(&state));
        Ok(Self { serving: Serving::start(router, 0).await?, state })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.serving.address
    }

    /// The spans it was sent so far.
    pub fn spans(&self) -> Vec<Span> {
        self.state.spans.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The metrics of the last export.
    pub fn metrics(&self) -> Vec<Metric> {
        self.state.metrics.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Every body as it came.
    pub fn bodies(&self) -> Vec<Vec<u8>> {
        self.state.bodies.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes so long over each export from now on.
    pub fn stall(&self, by: Duration) {
        self.state.stall_ms.store(u64::try_from(by.as_millis()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }
}

impl Got {
    async fn take<M: Message + Default>(&self, headers: &HeaderMap, body: Bytes) -> Result<M, StatusCode> {
        tokio::time::sleep(Duration::from_millis(self.stall_ms.load(Ordering::Relaxed))).await;
        if headers.get("content-type").is_none_or(|kind| kind != "application/x-protobuf") {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE);
        }
        let message = M::decode(body.clone()).map_err(|_| StatusCode::BAD_REQUEST)?;
        self.bodies.lock().unwrap_or_else(PoisonError::into_inner).push(body.to_vec());
        Ok(message)
    }
}

async fn traces(State(got): State<Arc<Got>>, headers: HeaderMap, body: Bytes) -> Result<(), StatusCode> {
    let sent: ExportTraceServiceRequest = got.take(&headers, body).await?;
    let spans = sent.resource_spans.into_iter().flat_map(|of| of.scope_spans).flat_map(|of| of.spans);
    got.spans.lock().unwrap_or_else(PoisonError::into_inner).extend(spans);
    Ok(())
}

async fn metrics(State(got): State<Arc<Got>>, headers: HeaderMap, body: Bytes) -> Result<(), StatusCode> {
    let sent: ExportMetricsServiceRequest = got.take(&headers, body).await?;
    let metrics = sent.resource_metrics.into_iter().flat_map(|of| of.scope_metrics).flat_map(|of| of.metrics);
    *got.metrics.lock().unwrap_or_else(PoisonError::into_inner) = metrics.collect();
    Ok(())
}
