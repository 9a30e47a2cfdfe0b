//! Where a request of the past would have gone.

use realm::DeploymentId;
use serde::Serialize;

use crate::judge::{Judged, Plan, Why};

/// Why a request would have gone nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(tag = "why", content = "rules", rename_all = "snake_case")]
pub enum Stop {
    /// These rules forbid what is left of its route.
    Rules(Vec<String>),
    /// These rules lack a fact about what is left of its route, and the realm denies in doubt.
    Unknown(Vec<String>),
    /// Nothing permits what is left of its route.
    NoPermit,
    /// Nothing is left of its route, or only what was passed over at that time: it had failed or was not there.
    NoAlternative,
    /// The changed realm has no such app or no such route for it.
    Gone,
}

/// Where a request goes, or why nowhere.
///
/// What was answered stays where it was, unless that is gone or something before it has opened: the route's order and,
/// among targets of one priority, the draw are those of the past. A target that was permitted then, stands before the
/// one that answered and did not answer was not available; it is not taken to be now.
pub(crate) fn destination<'p>(
    (before, after): (&Plan, &'p Plan),
    served: Option<&DeploymentId>,
    draw: u64,
) -> Result<&'p Judged, Stop> {
    let priority = served.and_then(|it| after.target(it).or_else(|| before.target(it))).map(|it| it.priority);
    let is_passed_over = |target: &Judged| {
        let stands_before = priority.is_some_and(|priority| target.priority < priority);
        stands_before && before.target(&target.deployment).is_some_and(Judged::is_open)
    };
    // Most requests stay, and need no order.
    if let Some(kept) = served.and_then(|it| after.target(it)).filter(|it| it.is_open()) {
        let stands_before = |it: &&Judged| it.priority < kept.priority && it.is_open();
        if !after.targets.iter().filter(stands_before).any(|it| !is_passed_over(it)) {
            return Ok(kept);
        }
    }
    let mut order = after.in_order(draw);
    order.sort_by_key(|it| (it.priority, served != Some(&it.deployment)));
    let first = order.into_iter().find(|it| it.is_open() && !is_passed_over(it));
    first.ok_or_else(|| stop(after))
}

/// What stops a request whose targets are all closed: a rule that forbids weighs most.
fn stop(after: &Plan) -> Stop {
    if after.route.is_none() {
        return Stop::Gone;
    }
    let (mut rules, mut unknown, mut unpermitted) = (Vec::new(), Vec::new(), false);
    for target in after.targets.iter().filter(|target| !target.is_cut) {
        match &target.verdict {
            Ok(_) => {}
            Err(Why::Rules(found)) => rules.extend(found.iter().cloned()),
            Err(Why::Unknown(found)) => unknown.extend(found.iter().cloned()),
            Err(Why::NoPermit) => unpermitted = true,
        }
    }
    for found in [&mut rules, &mut unknown] {
        found.sort();
        found.dedup();
    }
    match (rules.is_empty(), unknown.is_empty(), unpermitted) {
        (false, ..) => Stop::Rules(rules),
        (true, false, _) => Stop::Unknown(unknown),
        (true, true, true) => Stop::NoPermit,
        (true, true, false) => Stop::NoAlternative,
    }
}

#[cfg(test)]
mod tests {
    use realm::world::{Budget, Limits, Route, Strategy, Target};
    use realm::{ClassSet, DeploymentId, RouteId};

    use super::{Stop, destination};
    use crate::judge::{Judged, Plan, Why};

    fn id(name: &str) -> DeploymentId {
        DeploymentId::new(name).unwrap()
    }

    /// Targets as `name priority state`, where the state is `o`pen, `d`enied or `c`ut.
    fn plan(targets: &[(&str, u32, char)]) -> Plan {
        let target =
            |(name, priority, _): &(&str, u32, char)| Target { deployment: id(name), priority: *priority, weight: 1 };
        let judged = |(name, priority, state): &(&str, u32, char)| Judged {
            deployment: id(name),
            priority: *priority,
            is_cut: *state == 'c',
            verdict: if *state == 'd' { Err(Why::Rules(vec!["law".to_owned()])) } else { Ok(ClassSet::EMPTY) },
        };
        let route = Route {
            id: RouteId::new("r").unwrap(),
            targets: targets.iter().map(target).collect(),
            fallback: true,
            resume: false,
            strategy: Strategy::Priority,
            quality: None,
            budget: Budget::default(),
            limits: Limits::default(),
        };
        Plan { route: Some(route), targets: targets.iter().map(judged).collect(), passing: None }
    }

    fn go(before: &Plan, after: &Plan, served: Option<&str>) -> Result<String, Stop> {
        let served = served.map(id);
        destination((before, after), served.as_ref(), 7).map(|to| to.deployment.to_string())
    }

    #[test]
    fn what_is_still_open_is_kept_and_what_is_cut_moves_down_the_route() {
        let before = plan(&[("a", 1, 'o'), ("b", 2, 'o'), ("c", 2, 'o')]);
        assert_eq!(go(&before, &before, Some("a")), Ok("a".into()));
        assert_eq!(go(&before, &before, Some("c")), Ok("c".into()), "the past's own draw holds");
        let cut = plan(&[("a", 1, 'c'), ("b", 2, 'o'), ("c", 2, 'd')]);
        assert_eq!(go(&before, &cut, Some("a")), Ok("b".into()));
        assert_eq!(go(&before, &cut, Some("c")), Ok("b".into()));
    }

    #[test]
    fn what_was_not_available_then_is_not_now() {
        let before = plan(&[("a", 1, 'o'), ("b", 2, 'o')]);
        let cut = plan(&[("a", 1, 'o'), ("b", 2, 'c')]);
        assert_eq!(go(&before, &cut, Some("b")), Err(Stop::NoAlternative));
    }

    #[test]
    fn what_opens_before_the_old_target_is_taken_first() {
        let before = plan(&[("a", 1, 'd'), ("b", 2, 'o')]);
        let after = plan(&[("a", 1, 'o'), ("b", 2, 'o')]);
        assert_eq!(go(&before, &after, Some("b")), Ok("a".into()));
        assert_eq!(go(&before, &after, None), Ok("a".into()));
    }

    #[test]
    fn what_stops_is_named() {
        let before = plan(&[("a", 1, 'o'), ("b", 2, 'd')]);
        let closed = plan(&[("a", 1, 'c'), ("b", 2, 'd')]);
        assert_eq!(go(&before, &closed, Some("a")), Err(Stop::Rules(vec!["law".to_owned()])));
        let empty = plan(&[("a", 1, 'c')]);
        assert_eq!(go(&before, &empty, Some("a")), Err(Stop::NoAlternative));
        let gone = Plan { route: None, targets: Vec::new(), passing: None };
        assert_eq!(go(&before, &gone, Some("a")), Err(Stop::Gone));
    }
}
