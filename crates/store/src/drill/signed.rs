//! Two people: what each of them signs of a drill, and whether both did.

use realm::world::Person;
use sha2::{Digest, Sha256};

use super::{Drill, Step};
use crate::content::people::{Hand, signed_by};

/// What a signature says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// "I propose this drill, for this reason."
    Proposes,
    /// "I approve it."
    Approves,
}

/// Why a drill is not approved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unapproved {
    /// Only one person signed.
    #[error("nobody has approved it")]
    Alone,
    /// The same person twice.
    #[error("{0} cannot approve their own drill")]
    OnePerson(String),
    /// The realm does not name them.
    #[error("{0} is none of the realm's `drill_people`")]
    NotDeclared(String),
    /// The signature is not theirs, or of something else.
    #[error("the signature of {0} does not fit")]
    BadSignature(String),
    /// The scenario is not the one whose hash they signed.
    #[error("its scenario is not the one that was signed: the SHA-256 differs")]
    OtherScenario,
    /// It does not end so many minutes after its approval as they signed.
    #[error("it does not end {0} minutes after its approval, as was signed")]
    OtherEnd(u32),
}

/// Signs a drill; in hexadecimal. For an approval, the drill must say when it is approved.
pub fn sign(hand: &Hand, drill: &Drill, says: Says) -> String {
    hex::encode(hand.sign_bytes(&statement(drill, says)))
}

/// What is signed: everything that matters, so that a signature is good for one drill and one word only.
fn statement(drill: &Drill, says: Says) -> Vec<u8> {
    let word = match says {
        Says::Proposes => "proposes",
        Says::Approves => "approves",
    };
    let (percent, minutes) = (drill.percent.to_string(), drill.minutes.to_string());
    let Drill { id, sha256, cuts, reason, realm, proposed, .. } = drill;
    let mut bytes = b"freehold live drill v1".to_vec();
    for part in [word, id, sha256, cuts, drill.mode.as_str(), &percent, &minutes, reason, realm, &proposed.by] {
        bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(&proposed.at.0.to_le_bytes());
    // Its minutes count from the approval: whoever could move that could make it last.
    if let (Says::Approves, Some(approved)) = (says, &drill.approved) {
        bytes.extend_from_slice(&approved.at.0.to_le_bytes());
    }
    bytes
}

/// The person of those declared who proposed a drill as it stands, its scenario included.
///
/// # Errors
/// What is missing or wrong.
pub fn proposed<'p>(drill: &Drill, people: &'p [Person]) -> Result<&'p Person, Unapproved> {
    let person = signer(drill, people, (Says::Proposes, &drill.proposed))?;
    if hex::encode(Sha256::digest(&drill.scenario)) != drill.sha256 {
        return Err(Unapproved::OtherScenario);
    }
    Ok(person)
}

/// The two different people of those declared who signed a drill as it stands, with its scenario and its end: one
/// proposed, another approved.
///
/// # Errors
/// What is missing or wrong.
pub fn approved<'p>(drill: &Drill, people: &'p [Person]) -> Result<[&'p Person; 2], Unapproved> {
    let first = proposed(drill, people)?;
    let step = drill.approved.as_ref().ok_or(Unapproved::Alone)?;
    let named = person(people, &step.by)?;
    if named.name == first.name || named.key == first.key {
        return Err(Unapproved::OnePerson(first.name.clone()));
    }
    let second = signer(drill, people, (Says::Approves, step))?;
    if drill.until != Some(drill.ends(step.at)) {
        return Err(Unapproved::OtherEnd(drill.minutes));
    }
    Ok([first, second])
}

fn signer<'p>(drill: &Drill, people: &'p [Person], (says, step): (Says, &Step)) -> Result<&'p Person, Unapproved> {
    let person = person(people, &step.by)?;
    let signature = hex::decode(&step.signature).unwrap_or_default();
    let fits = signed_by(person, &statement(drill, says), &signature);
    fits.then_some(person).ok_or_else(|| Unapproved::BadSignature(person.name.clone()))
}

fn person<'p>(people: &'p [Person], name: &str) -> Result<&'p Person, Unapproved> {
    let found = people.iter().find(|person| person.name == name);
    found.ok_or_else(|| Unapproved::NotDeclared(name.to_owned()))
}

#[cfg(test)]
mod tests {
    use realm::UnixMs;

    use super::*;
    use crate::drill::Mode;

    fn person(name: &str, hand: &Hand) -> Person {
        Person { name: name.to_owned(), key: hand.public() }
    }

    fn drill(hand: &Hand) -> Drill {
        let mut drill = Drill {
            id: "d1".to_owned(),
            title: "x".to_owned(),
            scenario: "title = \"x\"".to_owned(),
            sha256: hex::encode(Sha256::digest("title = \"x\"")),
            cuts: "[]".to_owned(),
            mode: Mode::Full,
            percent: 100,
            minutes: 5,
            reason: "to see".to_owned(),
            realm: "cd".to_owned(),
            proposed: Step { by: "ann".to_owned(), at: UnixMs(5), signature: String::new() },
            approved: None,
            until: None,
            started: None,
            ended: None,
        };
        drill.proposed.signature = sign(hand, &drill, Says::Proposes);
        drill
    }

    fn approve(drill: &mut Drill, by: &str, hand: &Hand) {
        let step = Step { by: by.to_owned(), at: UnixMs(9), signature: String::new() };
        (drill.until, drill.approved) = (Some(drill.ends(step.at)), Some(step.clone()));
        drill.approved = Some(Step { signature: sign(hand, drill, Says::Approves), ..step });
    }

    #[test]
    fn it_takes_two_declared_people() {
        let [ann, bob, eve] = [(); 3].map(|()| Hand::generate().unwrap());
        let people = [person("ann", &ann), person("bob", &bob)];
        let mut it = drill(&ann);
        assert_eq!(approved(&it, &people), Err(Unapproved::Alone));
        approve(&mut it, "ann", &ann);
        assert_eq!(approved(&it, &people), Err(Unapproved::OnePerson("ann".to_owned())));
        approve(&mut it, "bob", &ann);
        assert_eq!(approved(&it, &people), Err(Unapproved::BadSignature("bob".to_owned())));
        approve(&mut it, "eve", &eve);
        assert_eq!(approved(&it, &people), Err(Unapproved::NotDeclared("eve".to_owned())));
        approve(&mut it, "bob", &bob);
        assert!(approved(&it, &people).is_ok());
        let twice = [person("ann", &ann), person("bob", &ann)];
        approve(&mut it, "bob", &ann);
        assert_eq!(approved(&it, &twice), Err(Unapproved::OnePerson("ann".to_owned())), "one key under two names");
    }

    #[test]
    fn a_signature_is_good_for_one_drill_as_it_was_proposed() {
        let (ann, bob) = (Hand::generate().unwrap(), Hand::generate().unwrap());
        let people = [person("ann", &ann), person("bob", &bob)];
        let mut whole = drill(&ann);
        approve(&mut whole, "bob", &bob);
        assert!(approved(&whole, &people).is_ok());
        for changed in [
            Drill { cuts: "[{}]".to_owned(), ..whole.clone() },
            Drill { minutes: 50, ..whole.clone() },
            Drill { mode: Mode::Canary, ..whole.clone() },
            Drill { percent: 99, ..whole.clone() },
            Drill { sha256: "ac".to_owned(), ..whole.clone() },
            Drill { reason: "for fun".to_owned(), ..whole.clone() },
        ] {
            assert_eq!(approved(&changed, &people), Err(Unapproved::BadSignature("ann".to_owned())), "{changed:?}");
        }
    }

    #[test]
    fn nobody_can_change_the_scenario_or_the_end_after_both_signed() {
        let (ann, bob) = (Hand::generate().unwrap(), Hand::generate().unwrap());
        let people = [person("ann", &ann), person("bob", &bob)];
        let mut whole = drill(&ann);
        approve(&mut whole, "bob", &bob);
        let later = UnixMs(10_000_000);
        let without_rails = Drill { scenario: "title = \"y\"".to_owned(), ..whole.clone() };
        assert_eq!(approved(&without_rails, &people), Err(Unapproved::OtherScenario));
        assert_eq!(proposed(&without_rails, &people), Err(Unapproved::OtherScenario), "before it is approved too");
        for until in [Some(later), None] {
            let lasting = Drill { until, ..whole.clone() };
            assert_eq!(approved(&lasting, &people), Err(Unapproved::OtherEnd(5)));
        }
        let moved = Step { at: later, ..whole.approved.clone().unwrap() };
        let moved = Drill { until: Some(whole.ends(later)), approved: Some(moved), ..whole };
        assert_eq!(approved(&moved, &people), Err(Unapproved::BadSignature("bob".to_owned())), "both moments moved");
    }
}
