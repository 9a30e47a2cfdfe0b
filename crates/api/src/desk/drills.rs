//! Scenarios that lie ready in the realm, and live drills: how they stand, and how one is ended.

use std::path::{Path, PathBuf};

use drill::report::Server;
use drill::{LiveCut, Scenario};
use realm::load::Diagnostic;
use realm::mirrored::Mirrored;
use realm::{UnixMs, World, regular};
use store::drill::{Drill, Ended, How, Kept, Mode, approved};

use super::Desk;
use crate::replay::SCENARIO_BYTES_MAX;
use crate::trouble::Trouble;

/// Files that are looked at.
const FILES_MAX: usize = 200;
/// Characters of a reason.
const REASON_CHARS_MAX: usize = 500;

/// A scenario that lies ready.
#[derive(Debug, Clone)]
pub struct Ready {
    /// The name of its file, without `.toml`.
    pub name: String,
    /// What it says.
    pub text: String,
    /// The same, read; or why it cannot be.
    pub scenario: Result<Scenario, Vec<Diagnostic>>,
}

impl Desk<'_> {
    /// The scenarios of the realm's folder `drills`, by name: those that name no app of somebody else.
    ///
    /// # Errors
    /// If reading them dies; what cannot be read is left out.
    pub async fn scenarios(&self) -> Result<Vec<Ready>, Trouble> {
        let Some(folder) = self.parts.scenarios.clone() else { return Ok(Vec::new()) };
        let all = tokio::task::spawn_blocking(move || ready(&folder)).await?;
        let own = |ready: &Ready| ready.scenario.as_ref().is_ok_and(|it| self.names_own_apps(it).is_ok());
        let broken = |ready: &Ready| ready.scenario.is_err() && self.is_whole();
        Ok(all.into_iter().filter(|ready| own(ready) || broken(ready)).collect())
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none of that name here.
    pub async fn scenario(&self, name: &str) -> Result<Ready, Trouble> {
        self.scenarios().await?.into_iter().find(|ready| ready.name == name).ok_or(Trouble::NotFound)
    }

    /// Live drills, the youngest first, and those that the store holds in a form that cannot be read. Who asked for them and why is told of the whole only; see [`Desk::is_whole`].
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn live_drills(&self) -> Result<Kept, Trouble> {
        Ok(self.parts.store.drills().await?)
    }

    /// One of them.
    ///
    /// # Errors
    /// There is none of that id.
    pub async fn live_drill(&self, id: &str) -> Result<Drill, Trouble> {
        self.live_drills().await?.drills.into_iter().find(|drill| drill.id == id).ok_or(Trouble::NotFound)
    }

    /// What all servers together counted of a drill in shadow, of the apps that may be looked at; none of another one.
    ///
    /// # Errors
    /// If the store cannot be read; what no program of this version wrote is left out.
    pub async fn mirrored(&self, drill: &Drill) -> Result<Option<Mirrored>, Trouble> {
        if drill.mode != Mode::Shadow {
            return Ok(None);
        }
        let mut sum = Mirrored::default();
        for report in self.parts.store.drill_reports(&drill.id).await? {
            let server = serde_json::from_str::<Server>(&report.body).ok();
            server.and_then(|server| server.shadow).iter().for_each(|counted| sum.add(counted));
        }
        let seen = self.seen();
        sum.apps.retain(|app, _| self.is_whole() || seen.has(app));
        Ok(Some(sum))
    }

    /// Ends a live drill, or takes its proposal back; false where it had ended before. It takes one person and no key.
    ///
    /// # Errors
    /// There is none of that id, or no reason.
    pub async fn end_live_drill(&self, id: &str, reason: &str) -> Result<bool, Trouble> {
        let drill = self.live_drill(id).await?;
        let reason = reason.trim();
        if reason.is_empty() || reason.chars().count() > REASON_CHARS_MAX {
            return Err(Trouble::wrong("reason", format!("a reason has 1 to {REASON_CHARS_MAX} characters")));
        }
        let end = Ended { at: self.now, how: How::Aborted, by: self.by(), why: reason.to_owned() };
        Ok(self.parts.store.end_drill(&drill, &end).await?)
    }
}

/// One word for how a live drill stands at a moment in a realm: `proposed`, `on`, `over`, `aborted`, `guardrail`; `unsigned`
/// where the store calls it approved and no two people of the realm signed it so, for then no server takes it.
pub fn state(drill: &Drill, world: &World, at: UnixMs) -> &'static str {
    match (&drill.ended, &drill.approved) {
        (Some(ended), _) => ended.how.as_str(),
        (None, None) => "proposed",
        (None, Some(_)) if !drill.holds(at) => {
            // Its servers ended it at its deadline, and have not told the store yet, or do not run.
            "over"
        }
        (None, Some(_)) if approved(drill, &world.head.drill_people).is_err() => "unsigned",
        (None, Some(_)) => "on",
    }
}

/// What a live drill takes away; nothing where the store holds what this program cannot read.
pub fn cuts(drill: &Drill) -> Vec<LiveCut> {
    serde_json::from_str(&drill.cuts).unwrap_or_default()
}

fn ready(folder: &Path) -> Vec<Ready> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let paths =
        entries.flatten().map(|entry| entry.path()).filter(|path| path.extension().is_some_and(|it| it == "toml"));
    let mut paths: Vec<PathBuf> = paths.take(FILES_MAX).collect();
    paths.sort();
    paths.iter().filter_map(|path| read(path)).collect()
}

fn read(path: &Path) -> Option<Ready> {
    let name = path.file_stem()?.to_str()?.to_owned();
    let text = String::from_utf8(regular::read(path, SCENARIO_BYTES_MAX as u64).ok()?).ok()?;
    // The folder is the server's own affair: problems name the file in it.
    let scenario = Scenario::parse(Path::new(path.file_name()?), &text);
    Some(Ready { name, text, scenario })
}
