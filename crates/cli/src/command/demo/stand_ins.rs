//! The demo's stand-in providers.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use testkit::StandIn;

use super::place::Place;

/// Stand-ins of the example realm, with the ports that it names.
const STAND_INS: [(&str, u16); 3] = [("standin-home", 9101), ("standin-home-2", 9102), ("standin-abroad", 9103)];

/// Running stand-ins by provider.
pub(super) struct StandIns {
    running: BTreeMap<&'static str, StandIn>,
}

impl StandIns {
    /// Starts all of them; one whose port is taken gets another.
    pub(super) async fn start(_place: &Place) -> Result<Self> {
        let mut running = BTreeMap::new();
        for (name, port) in STAND_INS {
            let started = match StandIn::start(name, port).await {
                Ok(started) => started,
                Err(_) => StandIn::start(name, 0).await.with_context(|| format!("cannot start the stand-in {name}"))?,
            };
            running.insert(name, started);
        }
        Ok(Self { running })
    }

    /// Where each listens.
    pub(super) fn addresses(&self) -> BTreeMap<&'static str, String> {
        self.running.iter().map(|(name, running)| (*name, format!("http://{}", running.address()))).collect()
    }

    /// What the realm writes for a provider, and what it must be here.
    pub(super) fn moved(&self) -> impl Iterator<Item = (String, String)> + '_ {
        STAND_INS.iter().map(|(name, port)| (format!("http://127.0.0.1:{port}/v1"), self.running[name].base_url()))
    }

    /// The address of one.
    pub(super) fn address(&self, name: &str) -> String {
        self.addresses().get(name).cloned().unwrap_or_default()
    }
}
