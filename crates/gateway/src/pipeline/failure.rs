//! Why an attempt did not become an answer.

use std::borrow::Cow;
use std::sync::Arc;

use realm::record::End;

use crate::code::Code;
use crate::error::Refused;
use crate::upstream::{Breaker, Fault};

/// What a client reads of a drill.
const CUT_OFF: &str = "a drill has cut the deployment off";

/// An attempt that failed.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) code: Code,
    pub(crate) message: Cow<'static, str>,
    /// The provider's status, where it gave one.
    pub(crate) status: Option<u16>,
    pub(crate) retry_after_s: Option<u64>,
    /// The provider may have worked: the prompt is charged.
    pub(crate) may_have_cost: bool,
    /// It is the deployment's fault: its breaker counts it.
    pub(crate) blame: bool,
    /// No other deployment is tried.
    pub(crate) last: bool,
    /// A drill had it fail, and no byte went there: what the drill knows of the deployment, which is not blamed.
    pub(crate) feigned: Option<Arc<Breaker>>,
}

impl Failure {
    /// A failure of the deployment, after which another may be tried.
    pub(crate) fn of_deployment(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        let message = message.into();
        Self {
            code,
            message,
            status: None,
            retry_after_s: None,
            may_have_cost: false,
            blame: true,
            last: false,
            feigned: None,
        }
    }

    /// The exchange failed.
    pub(crate) fn fault(fault: Fault) -> Self {
        let message = match fault {
            Fault::Connect | Fault::ConnectTimeout => "the provider cannot be reached",
            Fault::CutOff => CUT_OFF,
            Fault::NoToken => "the provider does not take our credential: the operator finds why at /readyz",
            Fault::Timeout => "the provider did not answer in time",
            Fault::Broken => "the provider's connection broke",
            Fault::Invalid | Fault::TooLong => "the provider's answer makes no sense",
        };
        let blame = fault != Fault::CutOff;
        Self { may_have_cost: fault.may_have_cost(), blame, ..Self::of_deployment(fault.code(), message) }
    }

    /// What came with a status of success is no answer.
    pub(crate) fn invalid(status: u16) -> Self {
        let message = "the provider's answer makes no sense";
        Self { status: Some(status), ..Self::of_deployment(Code::UpstreamInvalid, message) }
    }

    /// The provider says that law forbids it. Nothing else of the same operator is tried, then or later: that would be
    /// a way round.
    pub(crate) fn legal(status: u16) -> Self {
        let message = "the provider refuses for reasons of law";
        Self { status: Some(status), ..Self::of_deployment(Code::UpstreamLegalRefusal, message) }
    }

    /// The client left.
    pub(crate) fn client_closed() -> Self {
        let failure = Self::of_deployment(Code::ClientClosed, "the client left");
        Self { may_have_cost: true, blame: false, last: true, ..failure }
    }

    /// Something was revoked, or the gateway ends.
    pub(crate) fn interrupted(refused: Refused, last: bool) -> Self {
        let failure = Self::of_deployment(refused.code, refused.message);
        Self { may_have_cost: true, blame: false, last, ..failure }
    }

    /// A drill takes the deployment away; for so many seconds at most.
    pub(crate) fn cut_off(left_s: u64) -> Self {
        let failure = Self::interrupted(Refused::new(Code::CutOff, CUT_OFF), false);
        Self { retry_after_s: Some(left_s), ..failure }
    }

    /// How a request ends whose last attempt failed so.
    pub(crate) fn end(&self) -> End {
        if self.code == Code::ClientClosed { End::ClientClosed } else { End::Error }
    }

    /// What the client is told.
    pub(crate) fn refusal(&self) -> Refused {
        let mut refused = Refused::new(self.code, self.message.clone());
        if let Some(seconds) = self.retry_after_s {
            refused = refused.retry_after(seconds);
        }
        refused
    }
}
