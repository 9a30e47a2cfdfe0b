//! Data classes: data protection only, never opinion, topic or person.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// What kind of data a request carries, in the sense of data protection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataClass {
    /// Meant for everyone.
    Public,
    /// The organisation's own, not meant for outsiders.
    Internal,
    /// About an identified or identifiable person.
    Personal,
    /// A special category: health, biometrics and the like.
    Special,
    /// A state or trade secret.
    Secret,
}

impl DataClass {
    /// Every class, from the least to the most protected.
    pub const ALL: [DataClass; 5] = [Self::Public, Self::Internal, Self::Personal, Self::Special, Self::Secret];

    /// The name used in realm files, headers, rules and records.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Special => "special",
            Self::Secret => "secret",
        }
    }

    fn bit(self) -> u8 {
        1 << (self as u8)
    }
}

impl fmt::Display for DataClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A word that is not a data class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a data class: expected public, internal, personal, special or secret")]
pub struct ClassError(pub String);

impl FromStr for DataClass {
    type Err = ClassError;
    fn from_str(text: &str) -> Result<Self, ClassError> {
        Self::ALL.into_iter().find(|c| c.as_str() == text).ok_or_else(|| ClassError(text.to_owned()))
    }
}

/// A set of data classes, in one byte.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct ClassSet(u8);

impl ClassSet {
    /// No class at all.
    pub const EMPTY: Self = Self(0);

    /// The set with one class.
    pub fn of(class: DataClass) -> Self {
        Self(class.bit())
    }

    /// Whether the class is in the set.
    pub fn contains(self, class: DataClass) -> bool {
        self.0 & class.bit() != 0
    }

    /// This set and one class more.
    #[must_use]
    pub fn with(self, class: DataClass) -> Self {
        Self(self.0 | class.bit())
    }

    /// This set without one class.
    #[must_use]
    pub fn without(self, class: DataClass) -> Self {
        Self(self.0 & !class.bit())
    }

    /// What is in either.
    #[must_use]
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// What is in this one and not in the other.
    #[must_use]
    pub fn minus(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Whether there is nothing in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The same for serde, which passes a reference.
    pub fn is_empty_ref(&self) -> bool {
        self.0 == 0
    }

    /// The classes in it, least protected first.
    pub fn iter(self) -> impl Iterator<Item = DataClass> {
        DataClass::ALL.into_iter().filter(move |c| self.contains(*c))
    }

    /// The set as a small number: one bit a class, `public` the lowest. For keys of caches.
    pub fn bits(self) -> u8 {
        self.0
    }
}

impl FromIterator<DataClass> for ClassSet {
    fn from_iter<I: IntoIterator<Item = DataClass>>(classes: I) -> Self {
        classes.into_iter().fold(Self::EMPTY, Self::with)
    }
}

impl fmt::Display for ClassSet {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut first = true;
        for class in self.iter() {
            if !first {
                f.write_str(",")?;
            }
            first = false;
            f.write_str(class.as_str())?;
        }
        Ok(())
    }
}

impl Serialize for ClassSet {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for ClassSet {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::<DataClass>::deserialize(from)?.into_iter().collect())
    }
}
