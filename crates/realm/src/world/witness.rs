use crate::WitnessId;

/// Somebody outside who cosigns the ledger's heads, and is asked for it while the realm is served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Witness {
    /// Its id.
    pub id: WitnessId,
    /// Where it is asked, a whole address.
    pub url: String,
    /// Its public key as it prints it, `name+hash+key`. It is read where it is used.
    pub key: String,
}
