use rust_decimal::Decimal;

/// How good a model must be to be chosen for its price.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quality {
    /// The suite whose evaluations count, by name.
    pub suite: String,
    /// What the lower end of the interval must reach: a share of right answers, 0 to 1.
    pub share_min: Decimal,
    /// What becomes of deployments that do not reach it, or that nobody evaluated.
    pub otherwise: Otherwise,
}

impl Quality {
    /// The share in millionths.
    pub fn share_min_ppm(&self) -> u32 {
        let ppm = self.share_min * Decimal::from(1_000_000);
        u32::try_from(ppm.ceil()).unwrap_or(u32::MAX)
    }
}

/// What becomes of deployments that are not known to be good enough.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Otherwise {
    /// They are tried after the others.
    Last,
    /// Nothing is sent there.
    Refuse,
}
