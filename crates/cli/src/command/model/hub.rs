//! A model hub: where a file lies on it, and what it promises the file to be.
//!
//! `hf:owner/repository/path/to/file.gguf@revision`. Hubs answer a request for a file with the SHA-256 and the length of
//! the content, and with the address where it is: so that what arrives can be held against what was promised.

use std::time::Duration;

use anyhow::{Result, anyhow};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use ureq::Agent;
use ureq::http::{Response, Uri};

use crate::ended::wrong;
use crate::lang::tell;

/// The hub that the letters `hf` stand for.
pub(super) const HUB: &str = "https://huggingface.co";
const SCHEME: &str = "hf:";
/// What cannot stand in a part of a path as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const TIMEOUT: Duration = Duration::from_secs(30);
/// How long one piece may take. What arrived until then is kept.
const PIECE_TIMEOUT: Duration = Duration::from_secs(120);

/// A file of a repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reference {
    owner: String,
    repository: String,
    file: String,
    revision: String,
}

/// A hub, and who asks it.
pub(super) struct Hub {
    base: String,
    token: Option<String>,
    /// Follows nothing: what a hub says of a file stands beside the address where it sends one.
    asks: Agent,
    fetches: Agent,
}

/// What a hub promises of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Promise {
    /// Lower-case hex; none where the hub does not say it.
    pub(super) sha256: Option<String>,
    pub(super) bytes: Option<u64>,
    /// The commit that the revision means now.
    pub(super) commit: Option<String>,
}

impl Reference {
    /// Reads `hf:…`; `None` if the argument is not one, but a path.
    pub(super) fn read(text: &str) -> Option<Result<Self>> {
        let rest = text.strip_prefix(SCHEME)?;
        let (path, revision) = rest.rsplit_once('@').unwrap_or((rest, "main"));
        let parts: Vec<&str> = path.split('/').collect();
        let sound = |part: &&str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', '?', '#']);
        let [owner, repository, file @ ..] = parts.as_slice() else { return Some(Err(shape(text))) };
        if file.is_empty() || !parts.iter().all(sound) || !sound(&revision) {
            return Some(Err(shape(text)));
        }
        let (owner, repository) = ((*owner).to_owned(), (*repository).to_owned());
        Some(Ok(Self { owner, repository, file: file.join("/"), revision: revision.to_owned() }))
    }

    /// The file's own name.
    pub(super) fn name(&self) -> &str {
        self.file.rsplit('/').next().unwrap_or(&self.file)
    }

    fn path(&self) -> String {
        let escaped = |part| utf8_percent_encode(part, RESERVED);
        let parts = self.file.split('/').map(|part| escaped(part).to_string()).collect::<Vec<_>>().join("/");
        format!("{}/{}/resolve/{}/{parts}", escaped(&self.owner), escaped(&self.repository), escaped(&self.revision))
    }
}

fn shape(text: &str) -> anyhow::Error {
    wrong("hub-shape", &[("text", text.to_owned())])
}

impl Hub {
    /// A hub at an address. Without TLS only on this machine, or where the caller knows the hash that must come.
    pub(super) fn at(base: &str, token: Option<String>, hash_known: bool) -> Result<Self> {
        // An address with a name and a password in it would stand in every message.
        let uri = base.parse::<Uri>().ok().filter(|_| !base.contains('@'));
        let uri =
            uri.ok_or_else(|| wrong("hub-address", &[("url", base.rsplit('@').next().unwrap_or("").to_owned())]))?;
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
        let local = host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback());
        match uri.scheme_str() {
            Some("https") => {}
            Some("http") if local || hash_known => {}
            Some("http") => return Err(wrong("hub-plain", &[("url", base.to_owned())])),
            _ => return Err(wrong("hub-address", &[("url", base.to_owned())])),
        }
        let settings = || {
            let config = Agent::config_builder().http_status_as_error(false).timeout_connect(Some(TIMEOUT));
            config.timeout_recv_response(Some(TIMEOUT)).user_agent(concat!("freehold/", env!("CARGO_PKG_VERSION")))
        };
        let asks = settings().max_redirects(0).max_redirects_will_error(false).build().into();
        let fetches = settings().timeout_recv_body(Some(PIECE_TIMEOUT)).build().into();
        // Without TLS everybody on the way would read it.
        let token = token.filter(|_| local || uri.scheme_str() == Some("https"));
        Ok(Self { base: base.trim_end_matches('/').to_owned(), token, asks, fetches })
    }

    fn url(&self, reference: &Reference) -> String {
        format!("{}/{}", self.base, reference.path())
    }

    /// Asks what the file is.
    pub(super) fn promise(&self, reference: &Reference) -> Result<Promise> {
        let mut url = self.url(reference);
        // A repository that was renamed is somewhere else on the same hub; content is elsewhere, and said to be.
        for _ in 0..3 {
            let request = self.authorized(self.asks.head(&url));
            let response = request.call().map_err(|error| unreachable(&url, &error))?;
            let moved = response.headers().get("location").and_then(|to| to.to_str().ok());
            match (response.status().as_u16(), moved) {
                (200, _) => return Ok(promised(&response)),
                (301..=308, Some(to)) if to.starts_with('/') && !is_said(&response) => {
                    url = format!("{}{to}", self.base)
                }
                (301..=308, _) => return Ok(promised(&response)),
                (status, _) => return Err(refused(status, &url)),
            }
        }
        Err(anyhow!(tell("hub-around", &[("url", url)])))
    }

    /// Asks for the bytes from `from` to `until`, the last one included. That there are none there is an answer too.
    pub(super) fn piece(&self, reference: &Reference, from: u64, until: u64) -> Result<Response<ureq::Body>> {
        let url = self.url(reference);
        let request = self.authorized(self.fetches.get(&url)).header("range", format!("bytes={from}-{until}"));
        let response = request.call().map_err(|error| unreachable(&url, &error))?;
        match response.status().as_u16() {
            200 | 206 | 416 => Ok(response),
            status => Err(refused(status, &url)),
        }
    }

    fn authorized<B>(&self, request: ureq::RequestBuilder<B>) -> ureq::RequestBuilder<B> {
        match &self.token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        }
    }
}

fn unreachable(url: &str, error: &ureq::Error) -> anyhow::Error {
    anyhow!(tell("hub-unreachable", &[("url", url.to_owned()), ("why", error.to_string())]))
}

/// What the caller can mend is theirs; the rest may pass by itself.
fn refused(status: u16, url: &str) -> anyhow::Error {
    if matches!(status, 408 | 429 | 500..) {
        return anyhow!(tell("hub-answered", &[("url", url.to_owned()), ("status", status.to_string())]));
    }
    let key = match status {
        401 | 403 => "hub-denied",
        404 => "hub-no-file",
        _ => "hub-answered",
    };
    wrong(key, &[("url", url.to_owned()), ("status", status.to_string())])
}

/// Whether the hub itself says what the content is that it sends one to.
fn is_said(response: &Response<ureq::Body>) -> bool {
    response.headers().contains_key("x-linked-etag")
}

fn promised(response: &Response<ureq::Body>) -> Promise {
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let tag = header("x-linked-etag").or_else(|| header("etag")).unwrap_or_default();
    let tag = tag.trim_start_matches("W/").trim_matches('"');
    let is_hash = tag.len() == 64 && tag.bytes().all(|byte| byte.is_ascii_hexdigit());
    let length = header("x-linked-size").or_else(|| header("content-length"));
    Promise {
        sha256: is_hash.then(|| tag.to_ascii_lowercase()),
        bytes: length.and_then(|length| length.parse().ok()).filter(|bytes| *bytes > 0),
        commit: header("x-repo-commit").map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> Option<String> {
        Some(Reference::read(text)?.ok()?.path())
    }

    #[test]
    fn a_reference_becomes_an_address() {
        assert_eq!(path("hf:a/b/c.gguf").as_deref(), Some("a/b/resolve/main/c.gguf"));
        assert_eq!(path("hf:a/b/d e/c.gguf@v1.0").as_deref(), Some("a/b/resolve/v1.0/d%20e/c.gguf"));
        assert!(Reference::read("c.gguf").is_none(), "a path");
    }

    #[test]
    fn what_is_no_reference_is_refused() {
        for text in
            ["hf:", "hf:a", "hf:a/b", "hf:a/b/", "hf:a//c.gguf", "hf:a/b/../c.gguf", "hf:a/b/c.gguf@", "hf:a/b/c?d"]
        {
            assert!(Reference::read(text).is_some_and(|read| read.is_err()), "{text}");
        }
    }

    #[test]
    fn an_address_without_tls_is_only_for_this_machine() {
        assert!(Hub::at("http://127.0.0.1:9", None, false).is_ok());
        assert!(Hub::at("http://[::1]:9", None, false).is_ok());
        assert!(Hub::at("http://hub.example", None, false).is_err());
        assert!(Hub::at("http://hub.example", None, true).is_ok());
        assert!(Hub::at("ftp://hub.example", None, true).is_err());
        assert!(Hub::at("hub.example", None, true).is_err());
        assert!(
            Hub::at("https://me:secret@hub.example", None, true)
                .is_err_and(|error| !error.to_string().contains("secret"))
        );
    }

    #[test]
    fn a_token_goes_nowhere_without_tls() {
        let token = |base: &str| Hub::at(base, Some("t".to_owned()), true).unwrap().token;
        assert_eq!(token("http://hub.example"), None);
        assert_eq!(token("https://hub.example").as_deref(), Some("t"));
        assert_eq!(token("http://localhost:1").as_deref(), Some("t"));
    }
}
