//! Headers, and which credential goes how.

/// A header that carries the folder; needed with tokens of people, harmless with others.
pub const FOLDER: &str = "x-folder-id";
/// A header with an id of the client's choice, for asking the provider's support.
pub const CLIENT_REQUEST_ID: &str = "x-client-request-id";
/// A header that says whether the provider may keep the data: send `false`.
pub const DATA_LOGGING: &str = "x-data-logging-enabled";
/// The header that carries the folder on the compatible surface.
pub const PROJECT: &str = "openai-project";
/// Headers of answers that name the request at the provider.
pub const TRACES: [&str; 2] = ["x-request-id", "x-server-trace-id"];

/// What a credential is, by its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A short-lived IAM token.
    IamToken,
    /// A person's OAuth token: only good to be exchanged for an IAM token.
    OAuthToken,
    /// A key of a service account.
    ApiKey,
}

impl Kind {
    /// What a credential is. White space around it does not count.
    pub fn of(credential: &str) -> Self {
        match credential.trim().as_bytes() {
            [b't', digit, b'.', ..] if digit.is_ascii_digit() => Self::IamToken,
            [b'y', b'0'..=b'3', b'_', ..] => Self::OAuthToken,
            _ => Self::ApiKey,
        }
    }
}

/// The value of `Authorization` for a credential; none for an OAuth token, which must be exchanged first, and for
/// what cannot be a credential at all.
pub fn authorization(credential: &str) -> Option<String> {
    let credential = credential.trim();
    if credential.is_empty() || !credential.bytes().all(|byte| byte.is_ascii_graphic()) {
        return None;
    }
    match Kind::of(credential) {
        Kind::IamToken => Some(format!("Bearer {credential}")),
        Kind::ApiKey => Some(format!("Api-Key {credential}")),
        Kind::OAuthToken => None,
    }
}

/// What stands where a credential was.
const MASK: &str = "***";

/// The longest run of characters that is surely no credential.
const PLAIN_MAX: usize = 12;

/// Takes credentials out of a message: the provider echoes wrong keys in its errors.
pub fn mask(message: &str) -> String {
    let mut masked = String::with_capacity(message.len());
    let mut rest = message;
    let mut after_key = false;
    while let Some(first) = rest.chars().next() {
        let end = rest.find(|char| is_word(char) != is_word(first)).unwrap_or(rest.len());
        let (run, after) = rest.split_at(end);
        rest = after;
        if is_word(first) {
            let quoted = after_key && masked.ends_with(['\'', '"']);
            masked.push_str(if quoted || is_secret(run) { MASK } else { run });
            after_key = matches!(&*run.to_lowercase(), "key" | "token" | "api-key" | "bearer");
            continue;
        }
        // `Unknown api key '…'`: only a quotation right after the word is one.
        after_key &= run.trim_matches([' ', ':', '=']).len() <= 1;
        masked.push_str(run);
    }
    masked
}

fn is_word(char: char) -> bool {
    char.is_alphanumeric() || matches!(char, '-' | '_' | '.' | '+' | '/' | '~' | '\\')
}

fn is_secret(run: &str) -> bool {
    let known = run.starts_with("AQVN") || run.starts_with("eyJ") || Kind::of(run) != Kind::ApiKey;
    known && run.len() > PLAIN_MAX
}
