//! The demo's stand-in providers.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use testkit::StandIn;

use crate::lang::{Lang, say, tell};

/// Stand-ins of the example realm, with the ports that it names.
const STAND_INS: [(&str, u16); 5] = [
    ("standin-home", 9101),
    ("standin-home-2", 9102),
    ("standin-abroad", 9103),
    ("standin-harbour", 9104),
    ("standin-north", 9105),
];

/// Running stand-ins by provider.
pub(super) struct StandIns {
    running: BTreeMap<&'static str, StandIn>,
    /// What the realm writes for a provider, and what it must be here.
    moved: Vec<(String, String)>,
}

impl StandIns {
    /// Starts all of them where the realm expects them; one whose port is taken gets another, and says so.
    ///
    /// `named` holds the addresses of a realm that was kept; without one, those of the example count.
    pub(super) async fn start(named: &BTreeMap<String, String>, lang: Lang) -> Result<Self> {
        let (mut running, mut moved) = (BTreeMap::new(), Vec::new());
        for (name, usual) in STAND_INS {
            let base_url = named.get(name).cloned().unwrap_or_else(|| format!("http://127.0.0.1:{usual}/v1"));
            let port = port_of(&base_url);
            let cannot = || tell("demo-no-stand-in", &[("name", name.to_owned())]);
            let started = match StandIn::start(name, port.unwrap_or(0)).await {
                Ok(started) => started,
                Err(_) => StandIn::start(name, 0).await.with_context(cannot)?,
            };
            if let Some(port) = port.filter(|port| *port != started.address().port()) {
                let used = started.address().to_string();
                let args = [("name", name.to_owned()), ("taken", port.to_string()), ("used", used)];
                eprintln!("{}", say(lang, "demo-stand-in-moved", &args));
                moved.push((base_url, started.base_url()));
            }
            running.insert(name, started);
        }
        Ok(Self { running, moved })
    }

    /// Where each listens.
    pub(super) fn addresses(&self) -> BTreeMap<&'static str, String> {
        self.running.iter().map(|(name, running)| (*name, format!("http://{}", running.address()))).collect()
    }

    /// Addresses that the realm names and that hold no more, with those that do.
    pub(super) fn moved(&self) -> &[(String, String)] {
        &self.moved
    }

    /// Where to read what the provider abroad received.
    pub(super) fn received(&self) -> String {
        let abroad = self.addresses().remove("standin-abroad").unwrap_or_default();
        format!("{abroad}/_received")
    }
}

/// The port of a stand-in's address; none for a real provider that somebody wrote in its place.
fn port_of(base_url: &str) -> Option<u16> {
    base_url.strip_prefix("http://127.0.0.1:")?.strip_suffix("/v1")?.parse().ok()
}
