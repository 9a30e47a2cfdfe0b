//! The token service: takes only JWTs that the registered key signed.

use std::sync::PoisonError;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::signature::{RSA_PSS_2048_8192_SHA256, UnparsedPublicKey};
use serde_json::{Value, json};

use super::errors::{Checked, Problem, UNAUTHENTICATED};
use super::{Shared, YandexGpt};

/// How many tokens are remembered.
const KEPT: usize = 256;
/// How long a token is good.
const LIFETIME_S: u64 = 12 * 3_600;
const AUDIENCE: &str = "https://iam.api.cloud.yandex.net/iam/v1/tokens";
/// How far the clocks may be apart.
const SKEW_S: u64 = 60;

/// A token that was given out.
#[derive(Debug)]
pub(super) struct Issued {
    pub(super) token: String,
    pub(super) expires_s: u64,
}

/// Exchanges a JWT, or a person's OAuth token, for an IAM token.
pub(super) fn exchange(shared: &Shared, body: &Value) -> Checked<Value> {
    match (body["jwt"].as_str(), body["yandexPassportOauthToken"].as_str()) {
        (Some(jwt), None) => verify(jwt, shared.now_s())?,
        (None, Some(token)) if token.starts_with("y0_") => {}
        (None, Some(_)) => return refused("OAuth token is invalid or expired"),
        _ => return Err(Problem::invalid("one of jwt and yandexPassportOauthToken is required")),
    }
    let expires_s = shared.now_s() + LIFETIME_S;
    let token = format!("t1.standin{:08}.{}", shared.number(), "x".repeat(24));
    let mut tokens = shared.tokens.lock().unwrap_or_else(PoisonError::into_inner);
    if tokens.len() == KEPT {
        tokens.pop_front();
    }
    tokens.push_back(Issued { token: token.clone(), expires_s });
    let expires = realm::UnixMs(expires_s * 1000).to_string();
    Ok(json!({ "iamToken": token, "expiresAt": expires }))
}

fn refused<T>(message: &str) -> Checked<T> {
    Err(Problem::new(UNAUTHENTICATED, message))
}

/// Header, claims and signature, each as the service wants them.
fn verify(jwt: &str, now_s: u64) -> Checked<()> {
    let key: Value = serde_json::from_str(YandexGpt::KEY_FILE).map_err(|_| Problem::new(13, "no key"))?;
    let parts: Vec<&str> = jwt.split('.').collect();
    let [header, claims, signature] = parts.as_slice() else { return refused("JWT must have three parts") };
    let decoded = |part: &str| URL_SAFE_NO_PAD.decode(part).ok();
    let read = |part: &str| decoded(part).and_then(|bytes| serde_json::from_slice::<Value>(&bytes).ok());
    let (Some(head), Some(said), Some(signature)) = (read(header), read(claims), decoded(signature)) else {
        return refused("JWT is malformed");
    };
    if head["alg"] != "PS256" || head["kid"] != key["id"] || !(head["typ"].is_null() || head["typ"] == "JWT") {
        return refused("JWT header: PS256 and a known kid are required");
    }
    if said["iss"] != key["service_account_id"] || said["aud"] != AUDIENCE {
        return refused("JWT claims: wrong iss or aud");
    }
    let (Some(issued), Some(expires)) = (said["iat"].as_u64(), said["exp"].as_u64()) else {
        return refused("JWT claims: iat and exp are required");
    };
    if issued > now_s + SKEW_S || expires + SKEW_S < now_s || expires.saturating_sub(issued) > 3_600 {
        return refused("JWT is expired, of the future, or longer than an hour");
    }
    // Ring checks PSS with a salt as long as the hash, which is what PS256 means.
    let public = key["public_key"].as_str().and_then(pkcs1).ok_or_else(|| Problem::new(13, "no public key"))?;
    let text = &jwt[..header.len() + 1 + claims.len()];
    match UnparsedPublicKey::new(&RSA_PSS_2048_8192_SHA256, public).verify(text.as_bytes(), &signature) {
        Ok(()) => Ok(()),
        Err(_) => refused("JWT signature is invalid"),
    }
}

/// The key inside a PEM of a `SubjectPublicKeyInfo`.
fn pkcs1(pem: &str) -> Option<Vec<u8>> {
    let (_, body) = pem.split_once("-----BEGIN PUBLIC KEY-----")?;
    let (body, _) = body.split_once("-----END PUBLIC KEY-----")?;
    let der = STANDARD.decode(body.split_ascii_whitespace().collect::<String>()).ok()?;
    let (outer, _) = element(0x30, &der)?;
    let (_, rest) = element(0x30, outer)?;
    let (bits, _) = element(0x03, rest)?;
    bits.strip_prefix(&[0]).map(<[u8]>::to_vec)
}

/// The content of a DER element with this tag, and what follows it.
fn element(tag: u8, der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = match first {
        0..=0x7f => (usize::from(*first), rest),
        0x81..=0x84 => {
            let (bytes, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (bytes.iter().fold(0, |length, byte| length << 8 | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    (*found == tag).then(|| rest.split_at_checked(length))?
}
