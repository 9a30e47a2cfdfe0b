//! Runs a stand-in of every kind until it is interrupted, for trying clients: prints one line of JSON with where they
//! listen and what they let in. `cargo run --release -p testkit --example stand_ins`

use std::sync::Arc;

use serde_json::json;
use testkit::{Anthropic, GigaChat, GigaChatOptions, OwnClock, StandIn, YandexGpt};

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let plain = StandIn::start("plain", 0).await?;
    // It says the very same as the other one: what differs between them is only what they were sent.
    let home = StandIn::start("plain", 0).await?;
    let giga = GigaChat::start("giga", 0, GigaChatOptions::default(), Arc::new(OwnClock)).await?;
    let yandex = YandexGpt::start("yandex", 0).await?;
    let claude = Anthropic::start("claude", 0).await?;
    let running = json!({
        "plain": { "root": plain.base_url().trim_end_matches("/v1") },
        "home": { "root": home.base_url().trim_end_matches("/v1") },
        "giga": { "root": giga.base_url().trim_end_matches("/api/v1") },
        "yandex": {
            "root": yandex.base_url(),
            "folder": yandex.settings().folder,
            "api_key": yandex.settings().api_key,
            "key_file": YandexGpt::KEY_FILE,
        },
        "claude": { "root": claude.base_url(), "key": Anthropic::KEY },
    });
    println!("{running}");
    tokio::signal::ctrl_c().await
}
