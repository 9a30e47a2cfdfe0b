use jiff::civil::Date;

use super::Person;
use crate::{AppId, RuleId, SandboxId};

/// An experimental legal regime: from one day to another, some apps are exempt from some rules, because two people signed
/// so. The realm says who they are and what a rule of an id says: whoever may write all of it is trusted with both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sandbox {
    /// Its id.
    pub id: SandboxId,
    /// Who is exempt.
    pub apps: Vec<AppId>,
    /// From what.
    pub rules: Vec<RuleId>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// What permits it: the act, order or decision.
    pub cite: String,
    /// Who signed, of the people that the realm declares, each with a signature that fits.
    pub signed_by: Vec<String>,
}

impl Sandbox {
    /// People who must have signed.
    pub const SIGNERS: usize = 2;

    /// What is signed: everything that matters, so that a signature is good for these apps, rules and days only.
    pub fn statement(&self) -> Vec<u8> {
        let list = |all: &mut dyn Iterator<Item = &str>| {
            let mut all: Vec<&str> = all.collect();
            all.sort_unstable();
            all.join(",")
        };
        let parts = [
            self.id.to_string(),
            list(&mut self.apps.iter().map(AppId::as_str)),
            list(&mut self.rules.iter().map(RuleId::as_str)),
            self.from.to_string(),
            self.until.to_string(),
            self.cite.clone(),
        ];
        let mut bytes = b"freehold sandbox v1".to_vec();
        for part in &parts {
            bytes.extend_from_slice(&(part.len() as u64).to_le_bytes());
            bytes.extend_from_slice(part.as_bytes());
        }
        bytes
    }

    /// Whether enough people signed.
    pub fn is_approved(&self) -> bool {
        self.signed_by.len() >= Self::SIGNERS
    }

    /// One word for how it stands on a day: `proposed`, `to_come`, `on` or `over`.
    pub fn state(&self, date: Date) -> &'static str {
        match (self.is_approved(), self.holds(date)) {
            (false, _) => "proposed",
            (true, true) => "on",
            (true, false) if date < self.from => "to_come",
            (true, false) => "over",
        }
    }

    /// Whether it exempts on a day.
    pub fn holds(&self, date: Date) -> bool {
        self.is_approved() && (self.from..=self.until).contains(&date)
    }
}

impl Person {
    /// Whether they signed a statement; the signature in hexadecimal.
    pub fn signed(&self, statement: &[u8], signature: &str) -> bool {
        use ed25519_dalek::{Signature, VerifyingKey};
        let digits = self.key.strip_prefix("ed25519:").unwrap_or_default();
        let mut key = [0u8; 32];
        let read = hex::decode_to_slice(digits, &mut key).ok().and_then(|()| VerifyingKey::from_bytes(&key).ok());
        let signature = hex::decode(signature).ok().and_then(|bytes| Signature::from_slice(&bytes).ok());
        let (Some(key), Some(signature)) = (read, signature) else { return false };
        key.verify_strict(statement, &signature).is_ok()
    }
}
