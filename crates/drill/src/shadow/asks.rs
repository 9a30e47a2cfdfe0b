//! What findings of a drill in shadow ask for, and of whom.

use super::report::ShadowFinding;
use crate::task::{Ask, Remedy, Whose};

/// What a finding asks for.
pub(super) fn ask(finding: &ShadowFinding) -> Option<Ask> {
    let (key, to_do, whose) = match finding {
        ShadowFinding::NothingMirrored => ("nothing_mirrored".to_owned(), Remedy::WidenSample, Whose::Drill),
        ShadowFinding::NoFallback { app, .. } => {
            (format!("no_fallback:{app}"), Remedy::FindFallback, Whose::Apps(vec![app.clone()]))
        }
        ShadowFinding::FallbackFailed { app, fallback, .. } => {
            let whose = Whose::Served { by: vec![fallback.clone()], apps: vec![app.clone()] };
            (format!("fallback_failed:{app}/{fallback}"), Remedy::MendFallback, whose)
        }
        ShadowFinding::BudgetSpent { .. } => ("budget_spent".to_owned(), Remedy::WidenSample, Whose::Drill),
        ShadowFinding::NotHeld { measure } => {
            (format!("not_held:{}", measure.margin()), Remedy::DecideMargin, Whose::Drill)
        }
    };
    Some(Ask::of(key, to_do, whose))
}
