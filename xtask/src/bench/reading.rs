//! Whether a request costs more while pages of the console are being read.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

use super::gateway::setup::{self, Alone};
use super::process::{self, cpu_s};
use super::spread::{Figures, verdict};

const PAIRS: usize = 9;
const SECONDS: u32 = 4;
const CONNECTIONS: u32 = 32;
/// Pages read to learn what one costs.
const PAGES_ALONE: usize = 40;
/// Between two pages: someone who clicks on and on.
const PAUSE: Duration = Duration::from_millis(250);
/// What is read, in turn.
const PAGES: [&str; 5] =
    ["/console", "/console/requests", "/console/usage", "/console/ledger?organisation=%40", "/console/models"];

/// Somebody who reads pages until told to stop.
struct Reader {
    stop: mpsc::Sender<()>,
    thread: std::thread::JoinHandle<Result<u32>>,
}

/// Requests with and without somebody who reads, in turns. What the pages themselves cost is measured while nothing else
/// runs, and taken off.
pub fn run(root: &Path) -> Result<bool> {
    if !process::has("nginx") || !process::has("wrk") {
        println!("\nreading while requests run: not measured, it needs nginx and wrk");
        return Ok(true);
    }
    let dir = root.join("target/bench-reading");
    let _model = setup::model(&dir)?;
    let server = Alone::start(root, &dir.join("server"), |_| Ok(()))?;
    let cookie = entered(&server)?;
    server.driven().for_seconds(CONNECTIONS, 2)?;
    let page_s = page_cpu_s(&server, &cookie)?;
    let [mut without, mut with, mut ratios] = std::array::from_fn(|_| Figures::default());
    for _ in 0..PAIRS {
        let (spent, requests) = server.driven().for_seconds(CONNECTIONS, SECONDS)?;
        let alone = spent * 1e6 / requests;
        let reader = Reader::start(server.address(), &cookie);
        let (spent, requests) = server.driven().for_seconds(CONNECTIONS, SECONDS)?;
        let pages = f64::from(reader.end()?);
        let beside = (spent - pages * page_s) * 1e6 / requests;
        without.push(alone);
        with.push(beside);
        ratios.push(beside / alone);
    }
    let verdict = verdict(&ratios, 1.0);
    println!(
        "\nCPU of a request, µs, while somebody reads a page every {} ms; a page by itself: {:.1} ms",
        PAUSE.as_millis(),
        page_s * 1e3
    );
    println!(
        "| nobody reads | somebody reads | ratio, median (least–most) of {PAIRS} | bound | |\n|---|---|---|---|---|"
    );
    println!("| {without} | {with} | {ratios} | ≤ 1, spread allowed | {verdict} |");
    Ok(verdict != "FAILS")
}

/// What a page costs while nothing else runs, in seconds.
fn page_cpu_s(server: &Alone, cookie: &str) -> Result<f64> {
    let pid = server.driven().pid;
    let before = cpu_s(pid)?;
    for path in PAGES.iter().cycle().take(PAGES_ALONE) {
        read(server.address(), cookie, path)?;
    }
    #[expect(clippy::cast_precision_loss, reason = "some dozens of pages")]
    let pages = PAGES_ALONE as f64;
    Ok((cpu_s(pid)? - before) / pages)
}

fn read(address: &str, cookie: &str, path: &str) -> Result<()> {
    let (status, _) = asked(address, &format!("GET {path} HTTP/1.1\r\ncookie: {cookie}\r\n"), "")?;
    ensure!(status == 200, "{path} answered {status}");
    Ok(())
}

impl Reader {
    fn start(address: &str, cookie: &str) -> Self {
        let (stop, told) = mpsc::channel::<()>();
        let (address, cookie) = (address.to_owned(), cookie.to_owned());
        let thread = std::thread::spawn(move || {
            let mut pages = 0;
            for path in PAGES.iter().cycle() {
                read(&address, &cookie, path)?;
                pages += 1;
                if told.recv_timeout(PAUSE) != Err(RecvTimeoutError::Timeout) {
                    break;
                }
            }
            Ok(pages)
        });
        Self { stop, thread }
    }

    /// How many pages were read.
    fn end(self) -> Result<u32> {
        drop(self.stop);
        self.thread.join().unwrap_or_else(|_| bail!("the reader died"))
    }
}

/// Signs in by a link: the session's cookie.
fn entered(server: &Alone) -> Result<String> {
    let output = server.freehold().args(["console", "link", "--json", "--role", "admin", "--name", "Ann"]).output()?;
    let told: serde_json::Value =
        serde_json::from_slice(&output.stdout).with_context(|| String::from_utf8_lossy(&output.stderr).into_owned())?;
    let link = told["link"].as_str().context("no link")?;
    let body = link.split_once('?').context("no token in the link")?.1;
    let head = "POST /console/enter HTTP/1.1\r\ncontent-type: application/x-www-form-urlencoded\r\n";
    let (status, head) = asked(server.address(), head, body)?;
    ensure!(status == 303, "signing in was answered {status}");
    let cookie = head.lines().find_map(|line| line.strip_prefix("set-cookie: ")).context("no cookie")?;
    Ok(cookie.split(';').next().unwrap_or_default().to_owned())
}

/// One exchange over a connection of its own: the status, and the head.
fn asked(address: &str, head: &str, body: &str) -> Result<(u16, String)> {
    let mut stream = TcpStream::connect(address)?;
    write!(stream, "{head}host: {address}\r\nconnection: close\r\ncontent-length: {}\r\n\r\n{body}", body.len())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes);
    let head = text.split("\r\n\r\n").next().unwrap_or_default().to_owned();
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).context("no answer")?;
    Ok((status, head))
}
