//! What can be done about findings.

use serde::Serialize;

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Remedy {
    /// To declare something permitted that the requests can go to.
    FindFallback,
    /// To show the fact that a rule asks for, or to find something that it permits.
    PermitFallback,
    /// Both: some requests have nothing left, and others are forbidden what is left.
    FindAndPermit,
    /// To have it ready beforehand, for there is no time after the word.
    PrepareFallback,
    /// To find out why a fall-back does not answer.
    MendFallback,
    /// To keep a class of data at home.
    KeepAtHome,
    /// To secure more energy for a site.
    SecureEnergy,
    /// To have more room.
    AddCapacity,
    /// To measure and declare how much room there is.
    DeclareCapacity,
    /// To have somebody look at answers.
    WatchAnswers,
    /// To wait less for what does not answer.
    ShortenWait,
    /// To be back sooner.
    ShortenReturn,
    /// To keep a margin, or to decide another one.
    DecideMargin,
    /// To measure or declare what a margin takes.
    Measure,
    /// To keep snapshots as long as records.
    KeepSnapshots,
    /// To find out why something was reached that was cut off.
    MendCut,
    /// To find out why a server was late.
    MendServer,
    /// To let more requests be repeated.
    WidenSample,
}

impl Remedy {
    /// Every one.
    pub const ALL: [Self; 18] = [
        Self::FindFallback,
        Self::PermitFallback,
        Self::FindAndPermit,
        Self::PrepareFallback,
        Self::MendFallback,
        Self::KeepAtHome,
        Self::SecureEnergy,
        Self::AddCapacity,
        Self::DeclareCapacity,
        Self::WatchAnswers,
        Self::ShortenWait,
        Self::ShortenReturn,
        Self::DecideMargin,
        Self::Measure,
        Self::KeepSnapshots,
        Self::MendCut,
        Self::MendServer,
        Self::WidenSample,
    ];

    /// Its word, as messages name it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::FindFallback => "find-fallback",
            Self::PermitFallback => "permit-fallback",
            Self::FindAndPermit => "find-and-permit",
            Self::PrepareFallback => "prepare-fallback",
            Self::MendFallback => "mend-fallback",
            Self::KeepAtHome => "keep-at-home",
            Self::SecureEnergy => "secure-energy",
            Self::AddCapacity => "add-capacity",
            Self::DeclareCapacity => "declare-capacity",
            Self::WatchAnswers => "watch-answers",
            Self::ShortenWait => "shorten-wait",
            Self::ShortenReturn => "shorten-return",
            Self::DecideMargin => "decide-margin",
            Self::Measure => "measure",
            Self::KeepSnapshots => "keep-snapshots",
            Self::MendCut => "mend-cut",
            Self::MendServer => "mend-server",
            Self::WidenSample => "widen-sample",
        }
    }
}
