use cedar_policy::{Policy, PolicySet, Schema, ValidationMode, Validator};
use realm::load::{Diagnostic, Severity};

use super::parse::{Written, foreign};
use crate::compiled::place;

/// Checks every policy against the schema, strictly. Each policy's id is its place in `written`.
pub(super) fn all(schema: Schema, policies: &[Policy], written: &[Written], problems: &mut Vec<Diagnostic>) {
    let set = PolicySet::from_policies(policies.iter().cloned()).expect("places differ");
    let result = Validator::new(schema).validate(&set, ValidationMode::Strict);
    for error in result.validation_errors() {
        let it = &written[place(error.policy_id())];
        problems.push(foreign("policy.type", error, &it.source, it.head()));
    }
    for warning in result.validation_warnings() {
        let it = &written[place(warning.policy_id())];
        let mut problem = foreign("policy.suspicious", warning, &it.source, it.head());
        problem.severity = Severity::Warning;
        problems.push(problem);
    }
}
