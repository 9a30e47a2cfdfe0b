//! Who may ask, and for which folder.

use std::sync::PoisonError;

use axum::http::HeaderMap;

use super::Shared;
use super::errors::{Checked, FORBIDDEN, NOT_FOUND, Problem, Surface, UNAUTHENTICATED};

/// Models of both surfaces, and those of the compatible one only.
const EVERYWHERE: [&str; 4] = ["yandexgpt", "yandexgpt-lite", "llama", "llama-lite"];
const COMPATIBLE_ONLY: [&str; 4] = ["qwen3-235b-a22b-fp8", "gpt-oss-120b", "gpt-oss-20b", "gemma-3-27b-it"];
const EMBEDDINGS: [&str; 2] = ["text-search-doc", "text-search-query"];

/// Checks the credential. The compatible surface takes an API key as `Bearer` too, since OpenAI's clients send it so.
pub(super) fn check(shared: &Shared, headers: &HeaderMap, surface: Surface) -> Checked<()> {
    let refused = |message: String| Err(Problem::new(UNAUTHENTICATED, message));
    let Some(value) = headers.get("authorization").and_then(|value| value.to_str().ok()) else {
        return refused("Unauthenticated: no credentials".to_owned());
    };
    let key = &shared.settings.api_key;
    match value.split_once(' ') {
        Some(("Api-Key", given)) if given == key => Ok(()),
        // The provider really echoes it.
        Some(("Api-Key", given)) => refused(format!("Unknown api key '{given}'")),
        Some(("Bearer", given)) if surface == Surface::Compatible && given == key => Ok(()),
        Some(("Bearer", given)) => {
            let (now, tokens) = (shared.now_s(), shared.tokens.lock().unwrap_or_else(PoisonError::into_inner));
            match tokens.iter().find(|issued| issued.token == given) {
                Some(issued) if issued.expires_s > now => Ok(()),
                Some(_) => refused("The token has expired".to_owned()),
                None => refused("The token is invalid".to_owned()),
            }
        }
        _ => refused("Unauthenticated: unknown scheme".to_owned()),
    }
}

/// Checks that a model's URI names a model of this folder; its name.
pub(super) fn model<'a>(shared: &Shared, scheme: &str, uri: &'a str, surface: Surface) -> Checked<&'a str> {
    let wrong = || Problem::invalid(format!("Failed to parse model URI: {uri}"));
    let (given, rest) = uri.split_once("://").ok_or_else(wrong)?;
    let (folder, name) = rest.split_once('/').ok_or_else(wrong)?;
    if given != scheme || name.is_empty() {
        return Err(wrong());
    }
    if folder != shared.settings.folder {
        let message = format!("Specified folder ID '{folder}' does not match with service account folder ID");
        return Err(Problem::new(FORBIDDEN, message));
    }
    let (model, branch) = name.split_once('/').unwrap_or((name, "latest"));
    let known = match scheme {
        "emb" => EMBEDDINGS.contains(&model),
        _ => EVERYWHERE.contains(&model) || (surface == Surface::Compatible && COMPATIBLE_ONLY.contains(&model)),
    };
    if !known || !["latest", "rc", "deprecated"].contains(&branch) {
        return Err(Problem::new(NOT_FOUND, format!("Failed to get model: {uri}")));
    }
    Ok(model)
}

/// The URIs of every model.
pub(super) fn uris(folder: &str) -> impl Iterator<Item = String> {
    let chat = EVERYWHERE.iter().chain(&COMPATIBLE_ONLY).map(|name| ("gpt", name));
    let all = chat.chain(EMBEDDINGS.iter().map(|name| ("emb", name)));
    all.map(move |(scheme, name)| format!("{scheme}://{folder}/{name}/latest"))
}
