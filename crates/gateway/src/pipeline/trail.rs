//! What the attempts of a request leave behind.

use std::sync::Arc;

use bytes::Bytes;
use realm::record::Attempt;
use realm::{Nano, RouteId};

use crate::epoch::Place;
use crate::open;
use crate::pipeline::decide::PassedOver;
use crate::pipeline::failure::Failure;
use crate::pipeline::resume;

/// What attempts leave behind.
pub(crate) struct Trail {
    pub(crate) route: RouteId,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) passed: PassedOver,
    pub(crate) open: Option<open::Place>,
    /// What attempts without an answer may have cost.
    pub(crate) earlier_cost: Nano,
    /// The last attempt that failed, and where.
    pub(crate) failed: Option<(Failure, Arc<Place>)>,
    /// The request as it came.
    pub(crate) body: Bytes,
    /// The answer that was cut and goes on.
    pub(crate) cut: Option<Box<resume::Cut>>,
}

impl Trail {
    pub(super) fn new(route: RouteId, body: Bytes) -> Self {
        let (attempts, passed) = (Vec::new(), PassedOver::default());
        Self { route, attempts, passed, open: None, earlier_cost: Nano::ZERO, failed: None, body, cut: None }
    }

    /// The number of the attempt that comes next, from 1.
    pub(crate) fn next_attempt(&self) -> u32 {
        u32::try_from(self.attempts.len()).unwrap_or(u32::MAX).saturating_add(1)
    }
}
