//! How a live drill has what it cuts off fail: the gateway's own connector gives the shape, and no connection is ever made.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use realm::DeploymentId;
use realm::world::Timeouts;

use crate::code::Code;
use crate::pipeline::failure::Failure;
use crate::upstream::{Breaker, Fault};

/// The failure that clients of what is cut off would see. None is ever an answer: a drill hands nobody a wrong one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// No connection is taken.
    Refused,
    /// A status, with a word on when to come again where it is of a rate limit.
    Status {
        /// The status, from 400 on.
        status: u16,
        /// In how many seconds to come again.
        retry_after_s: Option<u64>,
    },
    /// Nothing is ever said.
    Silent,
    /// Bytes come, never too late and never enough.
    SlowDrip,
}

/// The failures of one drill.
///
/// Each deployment has a breaker for them alone: what the drill has fail says nothing of how well the deployment is, and
/// nobody whom the drill spares goes elsewhere for it.
#[derive(Debug)]
pub struct Feigned {
    shape: Shape,
    breakers: Mutex<HashMap<DeploymentId, Arc<Breaker>>>,
}

impl Feigned {
    /// Nothing has failed yet.
    pub fn new(shape: Shape) -> Self {
        Self { shape, breakers: Mutex::default() }
    }

    /// What its attempts at a deployment tell of it.
    pub(crate) fn breaker(&self, deployment: &DeploymentId) -> Arc<Breaker> {
        let mut breakers = self.breakers.lock().unwrap_or_else(PoisonError::into_inner);
        // As many as the realm has deployments that are cut off.
        Arc::clone(breakers.entry(deployment.clone()).or_default())
    }

    /// How long an attempt waits before it has failed.
    pub(crate) fn wait(&self, timeouts: Timeouts) -> Duration {
        Duration::from_millis(match self.shape {
            Shape::Refused | Shape::Status { .. } => 0,
            Shape::Silent => timeouts.first_byte_ms,
            Shape::SlowDrip => timeouts.total_ms,
        })
    }

    /// What an attempt at a deployment ends with.
    pub(crate) fn failure(&self, deployment: &DeploymentId) -> Failure {
        let failure = match self.shape {
            Shape::Refused => Failure::fault(Fault::Connect),
            Shape::Silent | Shape::SlowDrip => Failure::fault(Fault::Timeout),
            Shape::Status { status, retry_after_s } => {
                let code = if status == 429 { Code::RateLimited } else { Code::UpstreamError };
                let words = format!("a drill has the provider answer with status {status}");
                Failure { status: Some(status), retry_after_s, ..Failure::of_deployment(code, words) }
            }
        };
        Failure { may_have_cost: false, feigned: Some(self.breaker(deployment)), ..failure }
    }
}
