//! The engine as it is used: a supervised child, asked over its socket.

use std::time::Duration;

use bytes::Bytes;
use engine::{Config, Handle, Supervisor};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::task::JoinSet;

use crate::{Cost, PARALLEL, Plan, prompt};

const READY: Duration = Duration::from_secs(120);
/// The kernel's unit for processor time in `/proc`.
const TICKS_PER_S: f64 = 100.0;

pub(crate) struct Child {
    runtime: tokio::runtime::Runtime,
    handle: Handle,
    plan: Plan,
}

impl Child {
    pub(crate) fn start(plan: &Plan) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
        let exe = std::env::current_exe().map_err(|e| e.to_string())?.with_file_name("engine-child");
        let handle = Supervisor::start(Config {
            exe,
            args: Vec::new(),
            model: plan.model.clone(),
            context_tokens: Some(plan.prompt + plan.tokens + 1),
            parallel: PARALLEL.into_iter().max().unwrap_or(1),
            threads: Some(1),
            run_dir: std::env::temp_dir().join(format!("engine-bench-{}", std::process::id())),
            limits: engine::Limits::default(),
        })
        .map_err(|e| e.to_string())?;
        runtime.block_on(handle.wait_ready(READY)).map_err(|e| e.to_string())?;
        Ok(Self { runtime, handle, plan: plan.clone() })
    }

    pub(crate) fn describe(&self) -> String {
        self.handle.status().engine.map_or_else(String::new, |e| {
            let sets = e.instruction_sets.join(" ");
            format!("{}, {} parameters, {}, compiled for {sets}", e.engine, e.parameters, e.quantisation)
        })
    }

    /// `parallel` requests at once.
    pub(crate) fn run(&self, parallel: u32) -> Result<Cost, String> {
        let began = self.cpu_s()?;
        let tokens = self.runtime.block_on(async {
            let mut all = JoinSet::new();
            for sequence in 0..parallel {
                all.spawn(ask(self.handle.clone(), self.plan.clone(), sequence));
            }
            let mut tokens = 0;
            while let Some(answer) = all.join_next().await {
                tokens += answer.map_err(|e| e.to_string())??;
            }
            Ok::<_, String>(tokens)
        })?;
        Ok(Cost { tokens, cpu_s: self.cpu_s()? - began })
    }

    fn cpu_s(&self) -> Result<f64, String> {
        let pid = self.handle.status().pid.ok_or("the child is gone")?;
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).map_err(|e| e.to_string())?;
        let after_name = stat.rsplit(") ").next().unwrap_or_default();
        let fields: Vec<&str> = after_name.split(' ').collect();
        let ticks = |i: usize| fields.get(i).and_then(|f| f.parse::<f64>().ok());
        let sum = ticks(11).zip(ticks(12)).map(|(user, system)| user + system);
        sum.map(|ticks| ticks / TICKS_PER_S).ok_or_else(|| "no processor time in /proc".into())
    }
}

async fn ask(handle: Handle, plan: Plan, sequence: u32) -> Result<u64, String> {
    let stream = handle.connect().await.map_err(|e| e.to_string())?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(|e| e.to_string())?;
    let mut driver = JoinSet::new();
    driver.spawn(connection);
    let body = serde_json::json!({
        "prompt": prompt(sequence, plan.prompt), "max_tokens": plan.tokens, "temperature": 0,
        "stream": plan.streamed, "stream_options": {"include_usage": true},
    });
    let request = http::Request::post("/v1/completions")
        .header("host", "engine")
        .body(Full::new(Bytes::from(body.to_string())))
        .map_err(|e| e.to_string())?;
    let answer = sender.send_request(request).await.map_err(|e| e.to_string())?;
    let bytes = answer.into_body().collect().await.map_err(|e| e.to_string())?.to_bytes();
    let text = String::from_utf8_lossy(&bytes);
    let last = text.split("data: ").filter(|e| e.contains("completion_tokens")).last();
    let value: serde_json::Value =
        serde_json::from_str(last.unwrap_or_default()).map_err(|e| format!("{e}: {text}"))?;
    value["usage"]["completion_tokens"].as_u64().ok_or_else(|| format!("no count: {text}"))
}
