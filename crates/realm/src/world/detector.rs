use std::path::PathBuf;

use crate::{DetectorId, Jurisdiction};

/// A service that is asked where a text holds personal data, beside the detectors inside the program.
///
/// It sees every text before anything is decided, so it is at home.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detector {
    /// Its id.
    pub id: DetectorId,
    /// Where it is asked, a whole address.
    pub url: String,
    /// Where it runs.
    pub host: Jurisdiction,
    /// Certificates trusted beside the usual ones.
    pub ca_file: Option<PathBuf>,
    /// How long a request waits for it, in milliseconds.
    pub timeout_ms: u64,
    /// What counts where it does not answer.
    pub on_failure: OnFailure,
}

/// What counts where a detector does not answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// The request is refused.
    Refuse,
    /// The request carries personal data, nobody knows where.
    Assume,
}
