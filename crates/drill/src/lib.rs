//! What the use of AI depends on, and what would be left of it without a supplier or under another rule.
//!
//! Reads records of the ledger and the snapshots that decided them, never a declaration of use: *exposure* says which
//! share of the traffic needs what; a *desk drill* decides every recorded request again in a changed world.
//!
//! Invariants: both are functions of records, worlds and a scenario, with the seed as an argument; memory grows with the
//! distinct circumstances in which requests were decided, not with their number; what nobody measured or declared is
//! *unknown* or *not declared*, never zero. Knows no wire format of a provider, no storage, no clock.
#![forbid(unsafe_code)]

mod bundle;
mod deep;
mod desk;
mod erlang;
pub mod eval;
mod exposure;
mod figure;
mod impact;
mod judge;
mod level;
mod live;
mod median;
mod power;
mod records;
mod request;
mod say;
mod scenario;
mod shadow;
mod task;
mod window;
mod worlds;

pub use bundle::{Bundle, BundleError, Manifest};
pub use desk::{Desk, desk};
pub use erlang::{erlang_b, erlang_c};
pub use exposure::Exposure;
pub use figure::{Ratio, Share};
pub use impact::{Change, FORECAST, Impact, Known, Link, PLANNED};
pub use level::{Key, Level, keys};
pub use live::{LiveCut, LiveReport, Named, Ran, Watching, Whom, cut_off};
pub use records::{ReadError, Reader, Unread};
pub use request::{Answered, Cut, Facts, Fate, Request};
pub use scenario::{Base, Breach, Closing, Draft, Failing, Guardrails, Scenario, Seen, Shadowing, Shape};
pub use shadow::{Mirror, Recorded, ShadowReport};
pub use task::Before;
pub use window::Window;
pub use worlds::{Archive, Worlds};

/// The reports, for whoever looks into them.
pub mod report {
    pub use crate::desk::report::{
        AppResult, Cost, Counts, Energy, ExposureChange, FailingApp, Failure, Finding as DrillFinding, InClear, InTime,
        LevelChange, Measure, Move, NotReplayed, Notice, Noticed, Opened, Prepared, Protected, Quality, QualityGap,
        QualityKnown, Report as Drill, SectorResult, Stop, Stopped, Survival, Taken, TargetLoad, ToDo, TokenSum,
        Verdict, VerdictLine, Work, Workload,
    };
    pub use crate::exposure::report::{
        CutSet, Dependence, Finding, LevelReport, Report as Exposure, Substitute, Summary, SurvivedCut, Totals,
    };
    pub use crate::exposure::tally::Use;
    pub use crate::live::report::{AppLive, Destination, LiveCounts, LiveFinding, LiveReport, RtoVerdict, Server};
    pub use crate::shadow::report::{Pair, ShadowFinding, Spent};
    pub use crate::shadow::{Figures, Mean, Sure, Tried};
    pub use crate::task::{Closed, Found, Owner, Remedy, Since, Standing, Task};
}
