//! Where things are.

/// The host of generation, tokens and embeddings.
pub const BASE: &str = "https://llm.api.cloud.yandex.net";
/// The host of operations.
pub const OPERATIONS_BASE: &str = "https://operation.api.cloud.yandex.net";
/// Chat, streamed or not.
pub const COMPLETION: &str = "/foundationModels/v1/completion";
/// Chat that takes its time: answers with an operation.
pub const COMPLETION_ASYNC: &str = "/foundationModels/v1/completionAsync";
/// Counts the tokens of a text.
pub const TOKENIZE: &str = "/foundationModels/v1/tokenize";
/// Counts the tokens of a chat.
pub const TOKENIZE_COMPLETION: &str = "/foundationModels/v1/tokenizeCompletion";
/// Embeds one text.
pub const EMBEDDING: &str = "/foundationModels/v1/textEmbedding";
/// Exchanges a credential for an IAM token, on its own host.
pub const TOKENS: &str = "/iam/v1/tokens";
/// Chat on the compatible surface.
pub const COMPATIBLE_CHAT: &str = "/v1/chat/completions";
/// Embeddings on the compatible surface.
pub const COMPATIBLE_EMBEDDINGS: &str = "/v1/embeddings";
/// Models, on the compatible surface only.
pub const COMPATIBLE_MODELS: &str = "/v1/models";

/// Where an operation is; none for what cannot be the id of one.
pub fn operation(id: &str) -> Option<String> {
    let plain = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    plain.then(|| format!("/operations/{id}"))
}

/// Where an operation is cancelled.
pub fn cancel(id: &str) -> Option<String> {
    operation(id).map(|path| format!("{path}:cancel"))
}
