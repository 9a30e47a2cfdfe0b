//! Two people: what each of them signs, and who it was that signed.

use ed25519_dalek::{Signer, SigningKey};
use realm::world::Person;
use zeroize::{Zeroize, Zeroizing};

use super::seal::hex_of;
use super::{Opening, Unsealed};
use crate::Error;
use crate::db::random;

const PUBLIC: &str = "ed25519:";
const PRIVATE: &str = "freehold-person:";

/// A person's private key.
pub struct Hand(SigningKey);

/// What a signature says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Says {
    /// "I ask for this to be opened, for this reason."
    Asks,
    /// "I agree."
    Agrees,
}

impl Hand {
    /// A new one.
    ///
    /// # Errors
    /// If the system has no randomness.
    pub fn generate() -> Result<Self, Error> {
        let mut seed = random::<32>()?;
        let hand = Self(SigningKey::from_bytes(&seed));
        seed.zeroize();
        Ok(hand)
    }

    /// Reads one back from its file.
    ///
    /// # Errors
    /// If the text is none.
    pub fn parse(text: &str) -> Result<Self, Unsealed> {
        let seed = hex_of(PRIVATE, text.trim()).ok_or(Unsealed::NoHand)?;
        Ok(Self(SigningKey::from_bytes(&seed)))
    }

    /// The text for its file.
    pub fn to_text(&self) -> Zeroizing<String> {
        Zeroizing::new(format!("{PRIVATE}{}\n", hex::encode(self.0.as_bytes())))
    }

    /// Its public key, as the realm writes it.
    pub fn public(&self) -> String {
        format!("{PUBLIC}{}", hex::encode(self.0.verifying_key().as_bytes()))
    }

    /// Signs what is to be opened and why.
    pub fn sign(&self, opening: &Opening, says: Says) -> Vec<u8> {
        self.sign_bytes(&statement(opening, says))
    }

    /// Signs a statement of another kind, which says of what kind it is.
    pub fn sign_bytes(&self, statement: &[u8]) -> Vec<u8> {
        self.0.sign(statement).to_vec()
    }
}

/// What is signed: everything that matters, so that a signature is good for one item and one reason only.
fn statement(opening: &Opening, says: Says) -> Vec<u8> {
    let word = match says {
        Says::Asks => "asks",
        Says::Agrees => "agrees",
    };
    let parts = [word, &opening.id, &opening.req, &opening.app, &opening.organisation, &opening.reason];
    let mut bytes = b"freehold content opening v1".to_vec();
    for part in parts.into_iter().chain([&*opening.asked_by]) {
        bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
        bytes.extend_from_slice(part.as_bytes());
    }
    bytes.extend_from_slice(&opening.asked.0.to_le_bytes());
    bytes
}

/// Whether a person signed.
pub fn signed(person: &Person, opening: &Opening, says: Says, signature: &[u8]) -> bool {
    signed_by(person, &statement(opening, says), signature)
}

/// Whether a person signed a statement.
pub(crate) fn signed_by(person: &Person, statement: &[u8], signature: &[u8]) -> bool {
    person.signed(statement, &hex::encode(signature))
}

/// The two different people of those declared who signed an opening: one asked, another agreed.
///
/// # Errors
/// What is missing or wrong.
pub fn agreed<'p>(opening: &Opening, people: &'p [Person]) -> Result<[&'p Person; 2], Unsealed> {
    let named = |name: &str| people.iter().find(|person| person.name == name);
    let asked = named(&opening.asked_by).ok_or_else(|| Unsealed::NotDeclared(opening.asked_by.clone()))?;
    if !signed(asked, opening, Says::Asks, &opening.asked_signature) {
        return Err(Unsealed::BadSignature(asked.name.clone()));
    }
    let (name, signature) = opening.agreed.as_ref().ok_or(Unsealed::NotAgreed)?;
    let agreed = named(name).ok_or_else(|| Unsealed::NotDeclared(name.clone()))?;
    if agreed.name == asked.name || agreed.key == asked.key {
        return Err(Unsealed::OnePerson(asked.name.clone()));
    }
    if !signed(agreed, opening, Says::Agrees, signature) {
        return Err(Unsealed::BadSignature(agreed.name.clone()));
    }
    Ok([asked, agreed])
}

#[cfg(test)]
mod tests {
    use realm::UnixMs;

    use super::*;

    fn opening(hand: &Hand) -> Opening {
        let mut opening = Opening {
            id: "o1".to_owned(),
            req: "req-1".to_owned(),
            app: "desk".to_owned(),
            organisation: "house".to_owned(),
            reason: "a complaint".to_owned(),
            asked_by: "ann".to_owned(),
            asked: UnixMs(5),
            asked_signature: Vec::new(),
            agreed: None,
            opened: None,
        };
        opening.asked_signature = hand.sign(&opening, Says::Asks);
        opening
    }

    fn person(name: &str, hand: &Hand) -> Person {
        Person { name: name.to_owned(), key: hand.public() }
    }

    #[test]
    fn it_takes_two_declared_people() {
        let (ann, bob, eve) = (Hand::generate().unwrap(), Hand::generate().unwrap(), Hand::generate().unwrap());
        let people = [person("ann", &ann), person("bob", &bob)];
        let mut opening = opening(&Hand::parse(&ann.to_text()).unwrap());
        assert!(matches!(agreed(&opening, &people), Err(Unsealed::NotAgreed)));
        let by = |name: &str, hand: &Hand, opening: &Opening| Some((name.to_owned(), hand.sign(opening, Says::Agrees)));
        opening.agreed = by("ann", &ann, &opening);
        assert!(matches!(agreed(&opening, &people), Err(Unsealed::OnePerson(_))));
        opening.agreed = by("bob", &ann, &opening);
        assert!(matches!(agreed(&opening, &people), Err(Unsealed::BadSignature(_))), "ann signs as bob");
        opening.agreed = by("eve", &eve, &opening);
        assert!(matches!(agreed(&opening, &people), Err(Unsealed::NotDeclared(_))));
        opening.agreed = by("bob", &bob, &opening);
        assert!(agreed(&opening, &people).is_ok());
        let twice = [person("ann", &ann), person("bob", &ann)];
        opening.agreed = by("bob", &ann, &opening);
        assert!(matches!(agreed(&opening, &twice), Err(Unsealed::OnePerson(_))), "one key under two names");
    }

    #[test]
    fn a_signature_is_good_for_one_item_one_reason_and_one_word() {
        let (ann, bob) = (Hand::generate().unwrap(), Hand::generate().unwrap());
        let people = [person("ann", &ann), person("bob", &bob)];
        let mut whole = opening(&ann);
        whole.agreed = Some(("bob".to_owned(), bob.sign(&whole, Says::Agrees)));
        assert!(agreed(&whole, &people).is_ok());
        let changed = [
            Opening { req: "req-2".to_owned(), ..whole.clone() },
            Opening { reason: "curiosity".to_owned(), ..whole.clone() },
            Opening { app: "till".to_owned(), ..whole.clone() },
            Opening { asked: UnixMs(6), ..whole.clone() },
            Opening { agreed: Some(("bob".to_owned(), bob.sign(&whole, Says::Asks))), ..whole.clone() },
        ];
        for changed in changed {
            assert!(matches!(agreed(&changed, &people), Err(Unsealed::BadSignature(_))), "{changed:?}");
        }
    }
}
