//! One newtype per kind of id, so that an app can never be passed where a provider is meant.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// A string that is not an id: empty, too long, or with a character outside `[a-z0-9-]`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an id: expected 1 to 64 of a-z, 0-9 and `-`, beginning with a letter or digit")]
pub struct IdError(pub String);

/// Tells whether a string has the shape of an id: `[a-z0-9][a-z0-9-]*`, at most 64 bytes.
pub fn is_id(text: &str) -> bool {
    let bytes = text.as_bytes();
    (1..=64).contains(&bytes.len())
        && bytes[0] != b'-'
        && bytes.iter().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || *b == b'-')
}

/// What every kind of id has.
pub trait Id: Clone + Ord + fmt::Display {
    /// The noun of this id in realm files, messages and pages.
    const KIND: &'static str;

    /// Checks the shape and wraps it.
    fn from_text(text: &str) -> Result<Self, IdError>;
}

/// Takes a text as it lies in the input, copied only where it must be.
struct TextVisitor;

impl<'de> serde::de::Visitor<'de> for TextVisitor {
    type Value = std::borrow::Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(text.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Self::Value, E> {
        Ok(text.to_owned().into())
    }
}

macro_rules! id_types {
    ($($(#[$doc:meta])* $name:ident = $kind:literal;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The noun of this id in realm files, messages and pages.
            pub const KIND: &'static str = $kind;

            /// Checks the shape and wraps it.
            pub fn new(text: &str) -> Result<Self, IdError> {
                if is_id(text) { Ok(Self(text.into())) } else { Err(IdError(text.to_owned())) }
            }

            /// The id as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl Id for $name {
            const KIND: &'static str = $kind;

            fn from_text(text: &str) -> Result<Self, IdError> {
                Self::new(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&self.0)
            }
        }

        // Read without a string in between: a ledger holds millions of ids.
        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                from.deserialize_str(TextVisitor).and_then(|text| Self::new(text.as_ref()).map_err(serde::de::Error::custom))
            }
        }

        impl TryFrom<String> for $name {
            type Error = IdError;
            fn try_from(text: String) -> Result<Self, IdError> {
                Self::new(&text)
            }
        }

        impl From<$name> for String {
            fn from(id: $name) -> String {
                id.0.as_ref().to_owned()
            }
        }

        // Ids are map keys; this lets a map be asked with a plain &str.
        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }
    )*};
}

id_types! {
    /// A sector of the economy or the state.
    SectorId = "sector";
    /// Who is responsible.
    OrganisationId = "organisation";
    /// A client identity.
    AppId = "app";
    /// A model's passport.
    ModelId = "model";
    /// Who operates an endpoint.
    ProviderId = "provider";
    /// A model served by a provider in a place.
    DeploymentId = "deployment";
    /// The name a client puts in `model`.
    RouteId = "route";
    /// A service that finds personal data.
    DetectorId = "detector";
    /// Who cosigns the ledger's heads.
    WitnessId = "witness";
    /// Something that organisations do together.
    InitiativeId = "initiative";
    /// A figure that a programme is steered by.
    IndicatorId = "indicator";
    /// A place where models run.
    SiteId = "site";
    /// A kind of accelerator.
    AcceleratorId = "accelerator";
    /// Where a site's energy comes from.
    EnergySourceId = "energy_source";
    /// A dated exemption of apps from rules.
    SandboxId = "sandbox";
    /// A rule's `@id`, unique in a snapshot.
    RuleId = "rule";
    /// A law pack.
    PackId = "pack";
}

/// The SHA-256 of a snapshot's files, in lower-case hexadecimal.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SnapshotId(pub [u8; 32]);

impl SnapshotId {
    /// The first twelve hexadecimal digits, for people.
    pub fn short(&self) -> String {
        hex::encode(&self.0[..6])
    }
}

impl fmt::Display for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl fmt::Debug for SnapshotId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SnapshotId({})", self.short())
    }
}

impl Serialize for SnapshotId {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut digits = [0u8; 64];
        hex::encode_to_slice(self.0, &mut digits).map_err(serde::ser::Error::custom)?;
        to.serialize_str(std::str::from_utf8(&digits).map_err(serde::ser::Error::custom)?)
    }
}

impl<'de> Deserialize<'de> for SnapshotId {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        let mut bytes = [0u8; 32];
        hex::decode_to_slice(text.as_ref(), &mut bytes).map_err(serde::de::Error::custom)?;
        Ok(Self(bytes))
    }
}
