//! Words of other people's documents in ours.

/// Licences by their SPDX identifiers, as documents most often name them.
const LICENCES: [&str; 24] = [
    "AGPL-3.0-only",
    "Apache-2.0",
    "Artistic-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC-BY-4.0",
    "CC-BY-NC-4.0",
    "CC-BY-NC-ND-4.0",
    "CC-BY-NC-SA-4.0",
    "CC-BY-ND-4.0",
    "CC-BY-SA-4.0",
    "CC0-1.0",
    "ECL-2.0",
    "EPL-2.0",
    "EUPL-1.2",
    "GPL-2.0-only",
    "GPL-3.0-only",
    "ISC",
    "LGPL-3.0-only",
    "MIT",
    "MPL-2.0",
    "Unlicense",
    "Zlib",
];

/// The identifier of a licence, where it is one that has one; hubs write them small.
pub(crate) fn spdx_licence(text: &str) -> Option<&'static str> {
    LICENCES.into_iter().find(|id| id.eq_ignore_ascii_case(text))
}

/// A licence as we write it.
pub(super) fn licence(text: String) -> String {
    spdx_licence(&text).map_or(text, str::to_owned)
}

/// What goes in and what comes out, by the tasks of model hubs.
pub(super) fn modalities(task: &str) -> Option<(&'static [&'static str], &'static [&'static str])> {
    Some(match task {
        "text-generation"
        | "text2text-generation"
        | "summarization"
        | "translation"
        | "question-answering"
        | "conversational"
        | "fill-mask"
        | "text-classification"
        | "token-classification" => (&["text"], &["text"]),
        "feature-extraction" | "sentence-similarity" => (&["text"], &["vector"]),
        "image-text-to-text" | "visual-question-answering" | "document-question-answering" => {
            (&["text", "image"], &["text"])
        }
        "image-to-text" | "image-classification" => (&["image"], &["text"]),
        "text-to-image" => (&["text"], &["image"]),
        "image-to-image" => (&["image"], &["image"]),
        "text-to-video" => (&["text"], &["video"]),
        "video-text-to-text" => (&["text", "video"], &["text"]),
        "automatic-speech-recognition" | "audio-classification" => (&["audio"], &["text"]),
        "audio-text-to-text" => (&["text", "audio"], &["text"]),
        "text-to-speech" | "text-to-audio" => (&["text"], &["audio"]),
        _ => return None,
    })
}

pub(super) fn list(words: &[&str]) -> Vec<String> {
    words.iter().map(|word| (*word).to_owned()).collect()
}

/// A SHA-256 as we write it.
pub(super) fn sha256(text: &str) -> Option<String> {
    let small = text.to_ascii_lowercase();
    (small.len() == 64 && small.bytes().all(|b| b.is_ascii_hexdigit())).then_some(small)
}

/// Whether a text is an address that a passport may hold.
pub(super) fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| !rest.is_empty()) && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}
