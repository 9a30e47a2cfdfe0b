//! TensorZero's gateway from PyPI beside ours, where it is installed: `pip install tensorzero` for the Python that
//! `FREEHOLD_BENCH_PYTHON` names, else `python3`.

use std::fs;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result};

use super::super::process::Running;

/// Runs the gateway inside the package as a server of its own, without its database.
const PROGRAM: &str = r#"
import asyncio, sys
from tensorzero.tensorzero import _start_http_gateway

async def main():
    gateway = await _start_http_gateway(
        config_file=sys.argv[1], clickhouse_url=None, postgres_url=None, valkey_url=None, async_setup=True
    )
    print(gateway.base_url, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"#;

/// A running gateway.
pub struct TensorZero {
    pub running: Running,
    /// Where chat completions go.
    pub url: String,
    pub version: String,
}

/// What the gateway calls the model.
pub const MODEL: &str = "tensorzero::model_name::main";

/// Starts it before the model at `port`; none where it is not installed.
pub fn start(dir: &Path, port: u16) -> Result<Option<TensorZero>> {
    let python = std::env::var("FREEHOLD_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let version = "import importlib.metadata as m; print(m.version('tensorzero'))";
    let asked = Command::new(&python).args(["-c", version]).output();
    let Ok(asked) = asked.map_err(drop).and_then(|asked| if asked.status.success() { Ok(asked) } else { Err(()) })
    else {
        return Ok(None);
    };
    let (program, config) = (dir.join("tensorzero.py"), dir.join("tensorzero.toml"));
    fs::write(&program, PROGRAM)?;
    let provider = "type = \"openai\"\nmodel_name = \"chat-one\"\napi_key_location = \"none\"";
    let model = "[models.main]\nrouting = [\"here\"]\n[models.main.providers.here]";
    let base = format!("api_base = \"http://127.0.0.1:{port}/v1/\"");
    fs::write(&config, format!("[gateway]\nobservability.enabled = false\n{model}\n{provider}\n{base}\n"))?;
    let mut command = Command::new(python);
    let child = command.arg(&program).arg(&config).stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
    let mut running = Running(child);
    let mut lines = BufReader::new(running.0.stdout.take().context("no output")?).lines();
    let base = lines.by_ref().map_while(Result::ok).find(|line| line.starts_with("http://"));
    let base = base.context("TensorZero did not start")?;
    let version = String::from_utf8_lossy(&asked.stdout).trim().to_owned();
    Ok(Some(TensorZero { running, url: format!("{base}/chat/completions"), version }))
}
