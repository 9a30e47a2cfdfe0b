//! Signing in with an identity provider's word, whose answers stand in the test.

use http::StatusCode;
use openidconnect::PrivateSigningKey;
use openidconnect::core::{CoreHmacKey, CoreJwsSigningAlgorithm};
use serde_json::{Value, json};
use store::Role;

use crate::place::{Got, NOON, Place};

const DESCRIPTION: &str = "https://id.example/.well-known/openid-configuration";
const TOKEN: &str = "https://id.example/token";

/// A console whose provider describes itself, and an account.
async fn place() -> Place {
    let mut place = Place::new().await;
    let described = json!({
        "issuer": "https://id.example",
        "authorization_endpoint": "https://id.example/authorize",
        "token_endpoint": TOKEN,
        "jwks_uri": "https://id.example/keys",
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["HS256"],
    });
    place.stage.provider.insert(DESCRIPTION.to_owned(), described.to_string());
    place.stage.provider.insert("https://id.example/keys".to_owned(), json!({ "keys": [] }).to_string());
    let roles = "house=viewer".parse().unwrap();
    place.store.add_account("ann", "hash", &roles, "test", realm::UnixMs(NOON)).await.unwrap();
    place
}

/// What a browser took to the provider: the address, and the cookie that came with it.
struct Sent {
    url: String,
    cookie: String,
}

impl Sent {
    fn param(&self, name: &str) -> String {
        let query = self.url.split_once('?').unwrap().1;
        let found = form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name);
        found.unwrap_or_else(|| panic!("{name}: {}", self.url)).1.into_owned()
    }
}

async fn begun(place: &Place) -> Sent {
    let got = place.get("/console/sign-in", "").await;
    assert_eq!(got.status, StatusCode::SEE_OTHER, "{}", got.text);
    let cookie = got.header("set-cookie");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/console/sign-in;"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    Sent { url: got.header("location").to_owned(), cookie: cookie.split(';').next().unwrap().to_owned() }
}

/// A signed token: what it claims, under an algorithm's name.
fn token(claims: &Value, alg: &str, secret: &str) -> String {
    let encoded = |value: &Value| base64url(value.to_string().as_bytes());
    let signed = format!("{}.{}", encoded(&json!({ "alg": alg, "typ": "JWT" })), encoded(claims));
    let key = CoreHmacKey::new(secret);
    let signature = key.sign(&CoreJwsSigningAlgorithm::HmacSha256, signed.as_bytes()).unwrap();
    format!("{signed}.{}", if alg == "none" { String::new() } else { base64url(&signature) })
}

fn base64url(bytes: &[u8]) -> String {
    use base64::Engine;
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(bytes)
}

fn claims(sent: &Sent) -> Value {
    json!({
        "iss": "https://id.example", "aud": "freehold", "sub": "ann", "nonce": sent.param("nonce"),
        "iat": NOON / 1_000, "exp": NOON / 1_000 + 300,
    })
}

/// The browser comes back; the provider answers with a token.
async fn back(place: &mut Place, sent: &Sent, token: &str) -> Got {
    let answer = json!({ "access_token": "a", "token_type": "Bearer", "id_token": token });
    place.stage.provider.insert(TOKEN.to_owned(), answer.to_string());
    let path = format!("/console/sign-in/back?code=c&state={}", sent.param("state"));
    place.get(&path, &sent.cookie).await
}

#[tokio::test]
async fn the_account_that_the_providers_word_names_is_entered() {
    let mut place = place().await;
    let door = place.get("/console", "").await;
    assert!(door.text.contains("href=\"/console/sign-in") && door.status == StatusCode::UNAUTHORIZED, "{}", door.text);
    let sent = begun(&place).await;
    assert!(sent.url.starts_with("https://id.example/authorize?"), "{}", sent.url);
    assert_eq!(sent.param("redirect_uri"), "https://freehold.example/console/sign-in/back");
    assert_eq!((sent.param("code_challenge_method"), sent.param("response_type")), ("S256".into(), "code".into()));
    let word = token(&claims(&sent), "HS256", "secret");
    let got = back(&mut place, &sent, &word).await;
    assert_eq!((got.status, got.header("refresh")), (StatusCode::OK, "0; url=/console"), "{}", got.text);
    let cookies: Vec<&str> = got.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap()).collect();
    let session = cookies.iter().find(|it| it.starts_with("freehold-console=")).unwrap();
    assert!(session.contains("SameSite=Strict") && session.contains("HttpOnly"));
    assert!(cookies.iter().any(|it| it.starts_with("freehold-sign-in=;") && it.contains("Max-Age=0")), "{cookies:?}");
    let page = place.get("/console", session.split(';').next().unwrap()).await;
    assert!(page.status == StatusCode::OK && page.text.contains(">ann<"), "{}", page.text);
    // Whose account is closed, and who has none, stays outside.
    place.store.disable_account("ann", true, "test", realm::UnixMs(NOON)).await.unwrap();
    for name in ["ann", "eve"] {
        let sent = begun(&place).await;
        let mut claims = claims(&sent);
        claims["sub"] = name.into();
        let got = back(&mut place, &sent, &token(&claims, "HS256", "secret")).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{name}");
        assert!(got.text.contains(name) && got.text.contains("no account here"), "{}", got.text);
    }
}

#[tokio::test]
async fn a_word_that_is_not_the_providers_lets_nobody_in() {
    let mut place = place().await;
    let forged = |sent: &Sent, field: &str, value: Value| {
        let mut claims = claims(sent);
        claims[field] = value;
        claims
    };
    for (field, value) in [
        ("iss", json!("https://evil.example")),
        ("aud", json!("another")),
        ("nonce", json!("of another sign-in")),
        ("exp", json!(NOON / 1_000 - 1)),
    ] {
        let sent = begun(&place).await;
        let claims = forged(&sent, field, value);
        let got = back(&mut place, &sent, &token(&claims, "HS256", "secret")).await;
        assert_eq!(got.status, StatusCode::BAD_GATEWAY, "{field}");
        assert!(got.headers.get_all("set-cookie").iter().all(|it| !it.to_str().unwrap().contains("freehold-console")));
    }
    for (alg, secret) in [("HS256", "guessed"), ("none", "secret"), ("RS256", "secret")] {
        let sent = begun(&place).await;
        let word = token(&claims(&sent), alg, secret);
        assert_eq!(back(&mut place, &sent, &word).await.status, StatusCode::BAD_GATEWAY, "{alg} {secret}");
    }
    place.stage.provider.remove(TOKEN);
    let sent = begun(&place).await;
    let silent = format!("/console/sign-in/back?code=c&state={}", sent.param("state"));
    assert_eq!(place.get(&silent, &sent.cookie).await.status, StatusCode::BAD_GATEWAY);
}

/// What a provider vouches for and has no account here is a try like any other.
#[tokio::test]
async fn who_tries_name_after_name_waits() {
    let mut place = place().await;
    let mut last = StatusCode::OK;
    for n in 0..11 {
        let sent = begun(&place).await;
        let mut claims = claims(&sent);
        claims["sub"] = format!("guess-{n}").into();
        last = back(&mut place, &sent, &token(&claims, "HS256", "secret")).await.status;
    }
    assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn a_browser_is_sent_nowhere_less_protected() {
    let place = place().await;
    for address in ["http://id.example/authorize", "javascript:alert(1)"] {
        let described = place.stage.provider[DESCRIPTION].replace("https://id.example/authorize", address);
        let mut other = Place::new().await;
        other.stage.provider.insert(DESCRIPTION.to_owned(), described);
        other.stage.provider.insert("https://id.example/keys".to_owned(), json!({ "keys": [] }).to_string());
        let got = other.get("/console/sign-in", "").await;
        assert_eq!((got.status, got.header("location")), (StatusCode::BAD_GATEWAY, ""), "{address}");
    }
}

#[tokio::test]
async fn a_browser_that_did_not_begin_it_does_not_end_it() {
    let mut place = place().await;
    let (sent, other) = (begun(&place).await, begun(&place).await);
    let word = token(&claims(&sent), "HS256", "secret");
    assert_eq!(back(&mut place, &sent, &word).await.status, StatusCode::OK);
    let mine = format!("/console/sign-in/back?code=c&state={}", sent.param("state"));
    for cookie in ["", "freehold-sign-in=", "freehold-sign-in=..", other.cookie.as_str()] {
        let got = place.get(&mine, cookie).await;
        assert_eq!(got.status, StatusCode::FORBIDDEN, "{cookie}");
        assert!(got.text.contains("began in another browser"), "{}", got.text);
    }
    let denied = format!("/console/sign-in/back?error=access_denied&state={}", sent.param("state"));
    let told = place.get(&denied, &sent.cookie).await;
    assert!(told.status == StatusCode::FORBIDDEN && told.text.contains("let nobody in"));
    // A page of somebody else's that sends people here keeps nobody out.
    for _ in 0..12 {
        assert_eq!(place.get("/console/sign-in/back", "").await.status, StatusCode::FORBIDDEN);
    }
    let ann = place.enter(Role::Viewer).await;
    assert_eq!(place.get("/console", &ann).await.status, StatusCode::OK, "who is in stays in");
}
