//! Names of models.

use crate::translate::drops::unsupported;
use crate::translate::{Target, Unsupported};

/// What a model is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Generates text.
    Generation,
    /// Embeds text.
    Embeddings,
}

impl Scheme {
    fn name(self) -> &'static str {
        match self {
            Self::Generation => "gpt",
            Self::Embeddings => "emb",
        }
    }
}

/// The URI of the target's model. A name with `://` in it is one already; any other is a model of the target's
/// folder, its branch `latest` unless the name brings one.
///
/// # Errors
/// If the name needs a folder and there is none.
pub fn model_uri(scheme: Scheme, target: &Target<'_>) -> Result<String, Unsupported> {
    let name = target.model.trim();
    if name.contains("://") {
        return Ok(name.to_owned());
    }
    if name.is_empty() {
        return Err(unsupported("model", "the deployment names no model"));
    }
    let Some(folder) = target.folder.map(str::trim).filter(|folder| !folder.is_empty()) else {
        return Err(unsupported("model", "a plain name of a model needs the deployment's folder"));
    };
    let branch = if name.contains('/') { "" } else { "/latest" };
    Ok(format!("{}://{folder}/{name}{branch}", scheme.name()))
}

/// Whether it is one of the models that the provider makes itself: of those it documents exactly what they take.
pub(super) fn is_own(uri: &str) -> bool {
    let name = uri.split_once("://").map_or(uri, |(_, rest)| rest.split_once('/').map_or("", |(_, name)| name));
    name.starts_with("yandexgpt") || name.starts_with("aliceai")
}
