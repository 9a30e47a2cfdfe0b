//! Jurisdictions: ISO 3166-1 alpha-2 codes (user-assigned ones too) and the realm's blocs.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A place whose law applies: a country code, or the name of a bloc declared in `realm.toml`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Jurisdiction(Arc<str>);

impl Jurisdiction {
    /// Wraps a code that the caller has checked.
    pub fn new(code: &str) -> Self {
        Self(code.into())
    }

    /// The code as written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::borrow::Borrow<str> for Jurisdiction {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Jurisdiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Jurisdiction({})", self.0)
    }
}
