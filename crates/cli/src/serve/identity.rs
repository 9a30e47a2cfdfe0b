//! The way to an identity provider: only to hosts that the realm declares, and nowhere that one of them points to.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use http::{Request, Response, Uri};
use realm::regular;
use realm::world::{Credential, SignIn};
use tokio::sync::Semaphore;
use tokio::time::timeout;
use ureq::Agent;
use ureq::tls::{PemItem, RootCerts, TlsConfig, parse_pem};

/// How long it may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(5);
/// How long somebody waits for a turn.
const TURN_WAIT: Duration = Duration::from_secs(5);
/// The longest answer, in bytes.
const ANSWER_BYTES_MAX: u64 = 1 << 20;
/// Questions under way at a time; others wait for their turn.
const AT_A_TIME: usize = 8;
/// The longest secret, in bytes.
const SECRET_BYTES_MAX: u64 = 64 << 10;

/// Lets few questions be under way.
#[derive(Debug, Clone)]
pub(super) struct Turns(Arc<Semaphore>);

impl Default for Turns {
    fn default() -> Self {
        Self(Arc::new(Semaphore::new(AT_A_TIME)))
    }
}

impl Turns {
    /// Asks, beside the threads that serve.
    pub(super) async fn ask(self, provider: SignIn, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, String> {
        let busy = |_| "too many sign in at this moment".to_owned();
        let turn =
            timeout(TURN_WAIT, self.0.acquire_owned()).await.map_err(busy)?.map_err(|error| error.to_string())?;
        let asked = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            ask(&provider, request)
        });
        asked.await.map_err(|error| error.to_string())?
    }
}

fn ask(provider: &SignIn, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, String> {
    let uri = request.uri().clone();
    if !is_declared(provider, &uri) {
        let host = uri.authority().map_or("", |it| it.as_str());
        return Err(format!("{host} is neither the host of the issuer nor among the `hosts` of `sign_in`"));
    }
    let agent = agent(provider)?;
    let failed = |error: ureq::Error| format!("{uri}: {error}");
    let answered = if request.body().is_empty() {
        agent.run(request.map(|_| ())).map_err(failed)?
    } else {
        agent.run(request).map_err(failed)?
    };
    let (head, mut body) = answered.into_parts();
    let mut bytes = Vec::new();
    let read = body.as_reader().take(ANSWER_BYTES_MAX + 1).read_to_end(&mut bytes);
    read.map_err(|error| format!("{uri}: {error}"))?;
    if bytes.len() as u64 > ANSWER_BYTES_MAX {
        return Err(format!("{uri}: an answer of more than {ANSWER_BYTES_MAX} bytes"));
    }
    Ok(Response::from_parts(head, bytes))
}

/// Whether a realm names a host: that of the issuer, or one beside it; by the issuer's scheme, so never less protected.
fn is_declared(provider: &SignIn, uri: &Uri) -> bool {
    let Ok(issuer) = provider.issuer.parse::<Uri>() else { return false };
    let place = |uri: &Uri| {
        let port = uri.port_u16().unwrap_or(if uri.scheme_str() == Some("http") { 80 } else { 443 });
        Some((uri.scheme_str()?.to_owned(), uri.host()?.to_ascii_lowercase(), port))
    };
    let beside = provider.hosts.iter().filter_map(|host| format!("https://{host}/").parse::<Uri>().ok());
    let mut declared = std::iter::once(issuer).chain(beside).map(|uri| place(&uri));
    place(uri).is_some_and(|asked| declared.any(|one| one.as_ref() == Some(&asked)))
}

fn agent(provider: &SignIn) -> Result<Agent, String> {
    let mut config = Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .max_redirects_will_error(false)
        .timeout_global(Some(TIMEOUT))
        .user_agent(concat!("freehold/", env!("CARGO_PKG_VERSION")));
    if let Some(path) = &provider.ca_file {
        let pem = regular::read(path, SECRET_BYTES_MAX).map_err(|error| format!("{}: {error}", path.display()))?;
        let certificate = |item| if let PemItem::Certificate(found) = item { Some(found) } else { None };
        let found: Vec<_> = parse_pem(&pem).filter_map(Result::ok).filter_map(certificate).collect();
        if found.is_empty() {
            return Err(format!("{}: there is no certificate in it", path.display()));
        }
        config = config.tls_config(TlsConfig::builder().root_certs(RootCerts::Specific(Arc::new(found))).build());
    }
    Ok(config.build().into())
}

/// Reads a secret; the end of its line does not belong to it.
pub(super) fn secret(from: &Credential) -> Result<String, String> {
    let text = match from {
        Credential::Env(name) => std::env::var(name).map_err(|_| format!("environment variable {name} is not set"))?,
        Credential::File(path) => {
            let read = regular::read(path, SECRET_BYTES_MAX).map_err(|error| format!("{}: {error}", path.display()))?;
            String::from_utf8(read).map_err(|_| format!("{}: it is no text", path.display()))?
        }
    };
    let secret = text.trim_end_matches(['\r', '\n']);
    if secret.is_empty() { Err("the secret of `sign_in` is empty".to_owned()) } else { Ok(secret.to_owned()) }
}

#[cfg(test)]
mod tests {
    use realm::world::{Claim, SignIn};

    use super::{ask, is_declared};

    fn provider(issuer: &str, hosts: &[&str]) -> SignIn {
        SignIn {
            name: "House".to_owned(),
            issuer: issuer.to_owned(),
            client_id: "freehold".to_owned(),
            client_secret: None,
            console_url: "https://freehold.example".to_owned(),
            claim: Claim::Email,
            hosts: hosts.iter().map(|&host| host.to_owned()).collect(),
            ca_file: None,
        }
    }

    #[test]
    fn only_declared_hosts_are_asked_and_only_as_protected_as_the_issuer() {
        let house = provider("https://id.example/realms/house", &["keys.example:8443"]);
        for (uri, declared) in [
            ("https://id.example/keys", true),
            ("https://ID.example:443/keys", true),
            ("https://keys.example:8443/", true),
            ("http://id.example/keys", false),
            ("https://id.example:8443/", false),
            ("https://keys.example/", false),
            ("https://id.example.evil.example/", false),
            ("http://169.254.169.254/latest", false),
        ] {
            assert_eq!(is_declared(&house, &uri.parse().unwrap()), declared, "{uri}");
        }
        let request = http::Request::get("http://127.0.0.1:1/keys").body(Vec::new()).unwrap();
        assert!(ask(&house, request).unwrap_err().contains("neither the host of the issuer"));
    }
}
