//! The declared world of one deployment, and the words every other crate speaks.
//!
//! Holds ids, units, the clock trait, the declared types as used (`World`), the versioned ledger
//! record, and loading and checking with diagnostics that point into the source.
//!
//! Invariants: a `World` is complete and cross-referenced (every id in it resolves); it never
//! changes, a reload makes a new one. Knows no tokio, no http, no storage, no solver.
#![forbid(unsafe_code)]

pub mod class;
pub mod clock;
pub mod draw;
pub mod ids;
pub mod init;
pub mod jurisdiction;
pub mod load;
pub mod mirrored;
pub mod money;
pub mod record;
pub mod regular;
pub mod snapshot;
pub mod world;

pub use class::{ClassSet, DataClass};
pub use clock::{Clock, UnixMs};
pub use ids::{
    AcceleratorId, AppId, DeploymentId, DetectorId, EnergySourceId, IndicatorId, InitiativeId, ModelId, OrganisationId,
    PackId, ProviderId, RouteId, RuleId, SandboxId, SectorId, SiteId, SnapshotId, WitnessId,
};
pub use jurisdiction::Jurisdiction;
pub use money::Nano;
pub use snapshot::Snapshot;
pub use world::World;
