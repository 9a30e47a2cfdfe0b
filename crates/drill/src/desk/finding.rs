//! What somebody should know first of a desk drill.

use realm::{AppId, DataClass, DeploymentId, SiteId};
use rust_decimal::Decimal;
use serde::Serialize;

use crate::figure::{Ratio, as_text};
use crate::scenario::{Measure, Shape};

/// Something that somebody should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Finding {
    /// Traffic that could not be replayed: its snapshot is not kept.
    WithoutWorld {
        /// How many requests.
        requests: u64,
    },
    /// A critical app of which some or all use stops.
    CriticalStops {
        /// Which.
        app: AppId,
        /// How much of its answered use.
        stopped: Ratio,
    },
    /// Less critical apps of which some or all use stops.
    Stops {
        /// Which, the most of it first.
        apps: Vec<AppId>,
        /// How many of their requests.
        requests: u64,
    },
    /// Protected classes leave home that did not.
    Leaves {
        /// Which.
        class: DataClass,
        /// How many requests.
        requests: u64,
    },
    /// A site cannot draw what it may: its deployments keep as much of their capacity.
    Dimmed {
        /// Which.
        site: SiteId,
        /// What its sources give together.
        #[serde(serialize_with = "as_text")]
        given_mw: Decimal,
        /// What it may draw.
        #[serde(serialize_with = "as_text")]
        drawn_mw: Decimal,
    },
    /// A deployment has more to do than it declares that it can.
    Overloaded {
        /// Which.
        deployment: DeploymentId,
        /// Tokens per second in its busiest hour.
        #[serde(serialize_with = "as_text")]
        tokens_per_s: Decimal,
        /// What it declares.
        capacity_tokens_per_s: u64,
    },
    /// Nobody can tell whether the rest has room: its capacity is not declared.
    CapacityUnknown {
        /// Of which deployments that get more to do.
        deployments: Vec<DeploymentId>,
    },
    /// A margin that was written down before does not hold.
    NotHeld {
        /// Which.
        measure: Measure,
    },
    /// Whether a margin that was written down before holds, nobody can tell.
    NotMeasured {
        /// Which.
        measure: Measure,
    },
    /// What fails goes on answering: nothing that a gateway looks at tells it.
    NotDetected {
        /// Which.
        deployment: DeploymentId,
        /// Requests that would go on being answered there, wrongly, until somebody looks.
        requests: u64,
    },
    /// Until it is left alone, requests wait longer than the hypothesis allows.
    FailsSlowly {
        /// What fails.
        deployment: DeploymentId,
        /// How.
        shape: Shape,
        /// How long each waits before something else is asked.
        wait_ms: u64,
    },
    /// Something stops, and there is no notice to do anything about it.
    NotInTime {
        /// Of these apps.
        apps: Vec<AppId>,
    },
    /// Nothing changes.
    NothingChanges,
}
