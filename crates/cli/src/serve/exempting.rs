//! Says in the ledger when a sandbox begins to exempt, and when it ends.

use std::collections::BTreeMap;

use gateway::Gateway;
use realm::record::Change;
use realm::world::Sandbox;
use realm::{SandboxId, UnixMs, World};

use super::assemble::Assembled;
use crate::clock::now;

/// What exempts now, as the ledger was told.
pub(crate) type Exempting = BTreeMap<SandboxId, Sandbox>;

/// Looks whether it is the same still.
pub(super) async fn note(assembled: &mut Assembled) {
    let at = now();
    let holding = holding(&assembled.snapshot.world, at);
    let before = std::mem::take(&mut assembled.exempting);
    for (what, sandbox) in changes(&before, &holding) {
        tell(&assembled.gateway, what, sandbox, at).await;
    }
    assembled.exempting = holding;
}

fn holding(world: &World, at: UnixMs) -> Exempting {
    let today = at.date_in(&world.head.timezone);
    world.sandboxes.iter().filter(|(_, it)| it.holds(today)).map(|(id, it)| (id.clone(), it.clone())).collect()
}

/// What ended, then what began. One that was changed and signed anew does both.
fn changes<'s>(before: &'s Exempting, now: &'s Exempting) -> Vec<(&'static str, &'s Sandbox)> {
    let ended = before.iter().filter(|(id, it)| now.get(*id) != Some(it)).map(|(_, it)| ("sandbox.end", it));
    let begun = now.iter().filter(|(id, it)| before.get(*id) != Some(it)).map(|(_, it)| ("sandbox.begin", it));
    ended.chain(begun).collect()
}

async fn tell(gateway: &Gateway, what: &str, sandbox: &Sandbox, at: UnixMs) {
    let list = |all: &mut dyn Iterator<Item = String>| all.collect::<Vec<_>>().join(", ");
    let apps = list(&mut sandbox.apps.iter().map(ToString::to_string));
    let rules = list(&mut sandbox.rules.iter().map(ToString::to_string));
    let change = Change {
        at,
        what: what.to_owned(),
        subject: format!("sandbox:{}", sandbox.id),
        by: sandbox.signed_by.join(", "),
        note: Some(format!("{apps} exempt from {rules} from {} to {}; {}", sandbox.from, sandbox.until, sandbox.cite)),
        id: None,
    };
    tracing::warn!(sandbox = sandbox.id.as_str(), what, apps, rules, "who is exempt from what has changed");
    if let Err(error) = gateway.record_change(change).await {
        tracing::error!(sandbox = sandbox.id.as_str(), "the ledger was not told of a sandbox: {error}");
    }
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use realm::{AppId, RuleId, SandboxId};

    use super::{Exempting, Sandbox, changes};

    fn sandbox(id: &str, day: i8) -> Sandbox {
        Sandbox {
            id: SandboxId::new(id).unwrap(),
            apps: vec![AppId::new("clinic").unwrap()],
            rules: vec![RuleId::new("stays").unwrap()],
            from: date(2026, 11, 1),
            until: date(2026, 11, day),
            cite: "Order 12".to_owned(),
            signed_by: vec!["ann".to_owned(), "bob".to_owned()],
        }
    }

    fn all(some: &[Sandbox]) -> Exempting {
        some.iter().map(|it| (it.id.clone(), it.clone())).collect()
    }

    #[test]
    fn what_begins_and_ends_is_told_once() {
        let (one, other, longer) = (sandbox("one", 20), sandbox("other", 20), sandbox("one", 25));
        let told = |before: &[Sandbox], now: &[Sandbox]| {
            let (before, now) = (all(before), all(now));
            changes(&before, &now).iter().map(|(what, it)| format!("{what} {}", it.id)).collect::<Vec<_>>()
        };
        assert_eq!(told(&[], std::slice::from_ref(&one)), ["sandbox.begin one"]);
        assert!(told(std::slice::from_ref(&one), std::slice::from_ref(&one)).is_empty());
        assert_eq!(
            told(std::slice::from_ref(&one), std::slice::from_ref(&other)),
            ["sandbox.end one", "sandbox.begin other"]
        );
        assert_eq!(told(&[one], &[longer]), ["sandbox.end one", "sandbox.begin one"]);
    }
}
