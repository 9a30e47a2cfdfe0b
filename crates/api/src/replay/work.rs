//! The work of a desk drill, on a thread of its own.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use drill::{Archive, Base, Desk as DeskDrill, Exposure, Reader, Request, Scenario, Unread};
use jiff::civil::Date;
use ledger::{EntryIndex, Log, system};
use policy::Compiled;
use realm::World;
use realm::load::{Diagnostic, PackSource};
use store::Scope;

use super::{Came, Replay, Told};
use crate::desk::Desk;
use crate::worlds::Worlds;

/// Everything that it takes.
struct Work {
    log: Log,
    worlds: Worlds,
    /// The realm in force, for drills that ask for it.
    compiled: Arc<Compiled>,
    /// The packs that it may switch on, as they are today.
    packs: (Arc<dyn PackSource + Send + Sync>, Date),
    replay: Arc<Replay>,
}

/// Why there is no report.
enum Ended {
    Wrong(Vec<Diagnostic>),
    Ledger(ledger::Error),
}

/// Says that a drill is lost, unless something came of it before.
struct Ending(Arc<Replay>);

impl Drop for Ending {
    fn drop(&mut self) {
        if self.0.came().is_none() {
            self.0.end(Came::Lost);
        }
    }
}

/// Begins a drill beside the threads that serve.
pub(super) fn begin(desk: &Desk<'_>, scenario: Scenario, replay: Arc<Replay>) {
    let work = Work {
        log: desk.parts.log.clone(),
        worlds: Worlds::new(desk.parts.archive.clone()),
        compiled: desk.around.compiled(),
        packs: (desk.parts.packs.clone(), desk.today()),
        replay,
    };
    let snapshot = Arc::clone(&desk.snapshot);
    drop(tokio::task::spawn_blocking(move || {
        let ending = Ending(Arc::clone(&work.replay));
        ending.0.end(work.run(scenario, &snapshot.world));
    }));
}

impl Work {
    fn run(&self, mut scenario: Scenario, world: &World) -> Came {
        match self.report(&mut scenario) {
            Ok(report) => Came::Told(Box::new(Told::of(report, &self.replay.scope, world))),
            Err(Ended::Wrong(problems)) => Came::Wrong(problems),
            Err(Ended::Ledger(error)) => {
                tracing::error!(%error, "the ledger cannot be read for a desk drill");
                Came::Lost
            }
        }
    }

    fn report(&self, scenario: &mut Scenario) -> Result<drill::report::Drill, Ended> {
        scenario.supply(&*self.packs.0, self.packs.1).map_err(Ended::Wrong)?;
        if scenario.needs_exposure() {
            // What is the largest of a level is said by the traffic.
            let mut exposure = Exposure::new(&self.worlds as &dyn Archive, scenario.traffic.clone());
            let unread = self.each(|request| exposure.see(request)).map_err(Ended::Ledger)?;
            scenario.settle(&exposure.finish(unread)).map_err(Ended::Wrong)?;
        }
        let realm = (scenario.base == Base::Realm).then_some(&self.compiled);
        let mut desk = DeskDrill::new(&self.worlds, realm, scenario).on(self.packs.1, None);
        let unread = self.each(|request| desk.see(request)).map_err(Ended::Ledger)?;
        desk.finish(unread).map_err(Ended::Wrong)
    }

    /// Reads the requests that the drill is of; what is no record of ours is passed over.
    fn each(&self, mut see: impl FnMut(&Request)) -> Result<Unread, ledger::Error> {
        let (from, size) = self.replay.entries;
        let mut reader = Reader::default();
        self.replay.seen.store(0, Ordering::Relaxed);
        let count = usize::try_from(size - from).unwrap_or(usize::MAX);
        for found in self.log.scan(EntryIndex(from)).take(count) {
            let (index, entry) = found?;
            self.replay.seen.store(index.0 + 1 - from, Ordering::Relaxed);
            if system::is_system(&entry) {
                continue;
            }
            if let Ok(Some(request)) = reader.see(index.0, &entry)
                && self.is_of_the_drill(&request)
            {
                see(&request);
            }
        }
        // What is open or has lost its beginning may be anybody's.
        Ok(if self.replay.scope == Scope::Whole { reader.unread() } else { Unread::default() })
    }

    fn is_of_the_drill(&self, request: &Request) -> bool {
        match &self.replay.scope {
            Scope::Whole => true,
            Scope::Organisation(id) => self.worlds.owner(request).as_ref() == Some(id),
        }
    }
}
