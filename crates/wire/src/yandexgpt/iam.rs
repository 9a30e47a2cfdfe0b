//! Tokens from a service account's key: what is to be signed, what is sent, what comes back, and until when it is
//! good. Signing itself (RSASSA-PSS, SHA-256, MGF1 with SHA-256, a salt of 32 bytes) is the caller's.

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::time;

/// Where a token is asked for.
pub const TOKENS_URL: &str = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
/// Whom the signed text is meant for, whatever address it is sent to.
pub const AUDIENCE: &str = TOKENS_URL;
/// Where a machine of the provider's cloud asks for its own token.
pub const METADATA_URL: &str = "http://169.254.169.254/computeMetadata/v1/instance/service-accounts/default/token";
/// The header that must go there.
pub const METADATA_HEADER: (&str, &str) = ("Metadata-Flavor", "Google");

/// How long a signed text is good; longer is refused.
const JWT_LIFETIME_S: u64 = 3_600;
/// A token is renewed after this long at the latest.
const RENEW_S: u64 = 3_600;

/// An authorized key of a service account, as its file has it.
#[derive(Clone, PartialEq, Eq)]
pub struct KeyFile {
    /// The key's id.
    pub id: String,
    /// Whose it is.
    pub service_account_id: String,
    private_key: Vec<u8>,
}

/// A key file that is of no use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyProblem {
    /// Not JSON, or a member is missing.
    #[error("it is not a key file: `{0}` is missing")]
    Missing(&'static str),
    /// Another algorithm.
    #[error("only keys of RSA can sign here")]
    Algorithm,
    /// No PKCS #8 in PEM.
    #[error("`private_key` is not a private key in PEM (PKCS #8)")]
    Pem,
}

impl KeyFile {
    /// Reads a key file.
    ///
    /// # Errors
    /// If it is not one.
    pub fn read(file: &[u8]) -> Result<Self, KeyProblem> {
        let value: Value = serde_json::from_slice(file).map_err(|_| KeyProblem::Missing("id"))?;
        let member = |name: &'static str| {
            let text = value[name].as_str().map(str::trim).filter(|text| !text.is_empty());
            text.map(str::to_owned).ok_or(KeyProblem::Missing(name))
        };
        let (id, service_account_id) = (member("id")?, member("service_account_id")?);
        if value["key_algorithm"].as_str().is_some_and(|name| !name.starts_with("RSA")) {
            return Err(KeyProblem::Algorithm);
        }
        let private_key = der(&member("private_key")?).ok_or(KeyProblem::Pem)?;
        Ok(Self { id, service_account_id, private_key })
    }

    /// The private key: PKCS #8, DER.
    pub fn private_key(&self) -> &[u8] {
        &self.private_key
    }

    /// What is to be signed with PS256: header and claims of a JWT, encoded.
    pub fn signing_input(&self, now_s: u64) -> String {
        let header = json!({ "typ": "JWT", "alg": "PS256", "kid": self.id });
        let claims = json!({
            "iss": self.service_account_id,
            "aud": AUDIENCE,
            "iat": now_s,
            "exp": now_s.saturating_add(JWT_LIFETIME_S),
        });
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        format!("{}.{}", part(&header), part(&claims))
    }
}

impl std::fmt::Debug for KeyFile {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("KeyFile").field("id", &self.id).finish_non_exhaustive()
    }
}

/// The bytes of a PEM; the comment that newer files have before it is passed over.
fn der(pem: &str) -> Option<Vec<u8>> {
    let (_, body) = pem.split_once("-----BEGIN PRIVATE KEY-----")?;
    let (body, _) = body.split_once("-----END PRIVATE KEY-----")?;
    let body: String = body.split_ascii_whitespace().collect();
    STANDARD.decode(body).ok()
}

/// The JWT of a signing input and its signature.
pub fn jwt(signing_input: &str, signature: &[u8]) -> String {
    format!("{signing_input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// The body that exchanges a JWT for a token.
pub fn exchange_jwt(jwt: &str) -> Vec<u8> {
    json!({ "jwt": jwt }).to_string().into_bytes()
}

/// The body that exchanges a person's OAuth token for a token.
pub fn exchange_oauth(token: &str) -> Vec<u8> {
    json!({ "yandexPassportOauthToken": token.trim() }).to_string().into_bytes()
}

/// An IAM token.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    /// For `Authorization: Bearer`.
    pub token: String,
    /// Seconds since 1970 when it stops being good.
    pub expires_s: u64,
}

impl Token {
    /// Reads the reply of the token endpoint; none if there is no token in it.
    pub fn read(body: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(body).ok()?;
        Self::of(&value["iamToken"], time::seconds(value["expiresAt"].as_str()?)?)
    }

    /// Reads the reply of the metadata service, asked at a moment.
    pub fn read_metadata(body: &[u8], now_s: u64) -> Option<Self> {
        let value: Value = serde_json::from_slice(body).ok()?;
        Self::of(&value["access_token"], now_s.saturating_add(value["expires_in"].as_u64()?))
    }

    fn of(token: &Value, expires_s: u64) -> Option<Self> {
        let token = token.as_str()?.trim();
        let usable = !token.is_empty() && token.bytes().all(|byte| byte.is_ascii_graphic());
        usable.then(|| Self { token: token.to_owned(), expires_s })
    }

    /// When a token got at a moment should be renewed: after an hour, or when nine tenths of its life are over,
    /// whichever comes first.
    pub fn renew_s(&self, got_s: u64) -> u64 {
        let life = self.expires_s.saturating_sub(got_s);
        got_s.saturating_add(RENEW_S.min(life - life.div_ceil(10)))
    }
}

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Token").field("expires_s", &self.expires_s).finish_non_exhaustive()
    }
}
