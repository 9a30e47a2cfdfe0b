//! A live drill put in force, lifted, and looked at.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use realm::mirrored::Fate;
use realm::{DeploymentId, ProviderId};

use crate::cut::CutOff;
use crate::epoch::Epoch;
use crate::gateway::{Gateway, Shared};
use crate::live::Live;
use crate::shadow::Shadow;
use crate::upstream::Moved;

/// How often running attempts are looked at that hold no connection of their own.
const LOOK: Duration = Duration::from_millis(2);

/// Where bytes go: a provider, whose deployments share its connections, or the engine of one deployment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Destination {
    /// The provider.
    pub provider: ProviderId,
    /// The deployment, where it has an engine of its own.
    pub deployment: Option<DeploymentId>,
}

/// What a drill does that is on: it cuts something off, or asks the fallback beside; nothing where none is on.
#[derive(Debug, Clone, Default)]
pub struct Drilled {
    /// What it takes away.
    pub cut: Option<Arc<CutOff>>,
    /// Of which requests it asks the fallback too.
    pub shadow: Option<Arc<Shadow>>,
}

impl std::fmt::Display for Destination {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match &self.deployment {
            Some(deployment) => write!(f, "{}/{deployment}", self.provider),
            None => write!(f, "{}", self.provider),
        }
    }
}

impl Gateway {
    /// Puts a drill in force, or lifts it; keys and suspensions stay as they are.
    pub fn set_drill(&self, Drilled { cut, shadow }: Drilled) {
        let live = Live::clone(&self.0.live.load());
        self.refresh_live(Live { cut, shadow, ..live });
    }

    /// Waits until what is cut off for everybody has no open connection and no running attempt, at most so long; tells
    /// whether that is so.
    pub async fn cut_is_in_force(&self, at_most: Duration) -> bool {
        let shared = &self.0;
        let settled = async {
            let Some(cut) = shared.live.load().cut.clone() else { return };
            let epoch = shared.epoch.load_full();
            for sockets in epoch.destinations.values().filter(|sockets| sockets.is_shut()) {
                sockets.emptied().await;
            }
            let shut = |of: &Destination| epoch.destinations.get(of).is_some_and(|sockets| sockets.is_shut());
            let places = epoch.places.values();
            for place in places.filter(|place| cut.is_whole(&place.id) && !shut(&place.destination)) {
                while place.running.load(Ordering::Relaxed) > 0 {
                    tokio::time::sleep(LOOK).await;
                }
            }
        };
        tokio::time::timeout(at_most, settled).await.is_ok()
    }

    /// What went to each destination since the process began, and what came from it.
    pub fn moved(&self) -> Vec<(Destination, Moved)> {
        let epoch = self.0.epoch.load();
        epoch.destinations.iter().map(|(of, sockets)| (of.clone(), sockets.moved())).collect()
    }

    /// The destinations that a drill has shut: no connection to them is open, and none can be made.
    pub fn shut(&self) -> Vec<Destination> {
        let epoch = self.0.epoch.load();
        epoch.destinations.iter().filter(|(_, sockets)| sockets.is_shut()).map(|(of, _)| of.clone()).collect()
    }
}

impl Shared {
    /// Shuts the destinations all of whose deployments are taken away from everybody, and opens the others.
    pub(crate) fn shut_what_is_cut(&self, epoch: &Epoch, cut: Option<&Arc<CutOff>>) {
        for (destination, sockets) in &epoch.destinations {
            let mut here = epoch.places.values().filter(|place| place.destination == *destination).peekable();
            match cut {
                // Of an earlier realm: as it was shut or not when that held.
                Some(_) if here.peek().is_none() => {}
                Some(cut) if here.all(|place| cut.is_whole(&place.id)) => sockets.shut(cut.until),
                _ => sockets.reopen(),
            }
        }
    }

    /// The Prometheus text of bytes by destination, and of the drill that is on.
    pub(crate) fn drill_metrics(&self) -> String {
        let (mut out, epoch, now) = (String::new(), self.epoch.load(), self.now());
        // Writing to a String cannot fail.
        let mut head = |name: &str, kind: &str, help: &str, lines: &[String]| {
            let _ = writeln!(out, "# HELP {name} {help}\n# TYPE {name} {kind}");
            for line in lines {
                let _ = writeln!(out, "{name}{line}");
            }
        };
        let labels = |of: &Destination| {
            let deployment = of.deployment.as_ref().map(ToString::to_string).unwrap_or_default();
            format!("provider=\"{}\",deployment=\"{deployment}\"", of.provider)
        };
        let mut bytes = Vec::new();
        for (of, sockets) in &epoch.destinations {
            let moved = sockets.moved();
            for (direction, count) in [("in", moved.bytes_in), ("out", moved.bytes_out)] {
                bytes.push(format!("{{{},direction=\"{direction}\"}} {count}", labels(of)));
            }
        }
        let help = "Bytes over the connections to a destination, as the network sees them.";
        head("freehold_destination_bytes_total", "counter", help, &bytes);
        let shut = epoch.destinations.iter();
        let shut: Vec<_> = shut.map(|(of, it)| format!("{{{}}} {}", labels(of), u8::from(it.is_shut()))).collect();
        head("freehold_destination_shut", "gauge", "Whether a drill has shut a destination.", &shut);
        let live = self.live.load();
        let cut = live.cut.as_ref().or(live.shadow.as_ref().map(|it| &it.cut)).filter(|cut| now < cut.until);
        let until = cut.iter().map(|cut| format!("{{drill=\"{}\"}} {}", cut.drill, cut.until.0 / 1_000));
        let help = "Until when the live drill lasts that is on, in seconds of Unix time.";
        head("freehold_drill_until_seconds", "gauge", help, &until.collect::<Vec<_>>());
        let help =
            "Requests that ended while a drill in shadow is on, by whether their fallback was asked too, or why not.";
        head("freehold_shadow_requests_total", "counter", help, &live.shadow.as_deref().map(fates).unwrap_or_default());
        out
    }
}

/// Requests that ended while a drill in shadow is on, a line for each fate.
fn fates(shadow: &Shadow) -> Vec<String> {
    let (drill, counted) = (&shadow.cut.drill, shadow.run.counted().fates());
    let line = |fate: Fate| format!("{{drill=\"{drill}\",fate=\"{}\"}} {}", fate.as_str(), counted.of(fate));
    Fate::ALL.into_iter().map(line).collect()
}
