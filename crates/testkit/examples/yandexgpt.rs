//! Runs the stand-in for YandexGPT until it is interrupted, for trying clients by hand:
//! `cargo run --release -p testkit --example yandexgpt [PORT]` prints where it listens and what it lets in.

use testkit::YandexGpt;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).and_then(|port| port.parse().ok()).unwrap_or(0);
    let running = YandexGpt::start("yandexgpt", port).await?;
    let settings = running.settings();
    println!("{} folder={} api_key={}", running.base_url(), settings.folder, settings.api_key);
    tokio::signal::ctrl_c().await
}
