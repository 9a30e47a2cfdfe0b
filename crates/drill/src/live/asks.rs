//! What findings of a live drill ask for, and of whom.

use super::report::LiveFinding;
use crate::task::{Ask, Remedy, Whose};

/// What a finding asks for; nothing where there is nothing to do.
pub(super) fn ask(finding: &LiveFinding) -> Option<Ask> {
    let (key, to_do, whose) = match finding {
        LiveFinding::Leaked { destination, .. } => (format!("leaked:{destination}"), Remedy::MendCut, Whose::Drill),
        LiveFinding::Passed { app, .. } => (format!("passed:{app}"), Remedy::MendCut, Whose::Drill),
        LiveFinding::NotSettled { log } => (format!("not_settled:{log}"), Remedy::MendServer, Whose::Drill),
        LiveFinding::RtoNotHeld { app, .. } => {
            (format!("rto:{app}"), Remedy::ShortenReturn, Whose::Apps(vec![app.clone()]))
        }
        LiveFinding::Stopped { app, .. } => {
            (format!("stopped:{app}"), Remedy::FindFallback, Whose::Apps(vec![app.clone()]))
        }
        LiveFinding::NotHeld { measure } => {
            (format!("not_held:{}", measure.margin()), Remedy::DecideMargin, Whose::Drill)
        }
        LiveFinding::NothingChanged => return None,
    };
    Some(Ask::of(key, to_do, whose))
}
