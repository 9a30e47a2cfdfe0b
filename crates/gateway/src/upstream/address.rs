//! From a URL of the realm to where one dials.

use std::path::{Path, PathBuf};

use http::{HeaderValue, Uri};
use realm::world;

use super::dial::Endpoint;
use super::tls;

/// Where an embedded deployment listens, or where the realm's relative files lie.
#[derive(Debug, Clone, Default)]
pub(crate) struct Surroundings<'a> {
    pub(crate) realm_dir: Option<&'a Path>,
    pub(crate) socket: Option<&'a PathBuf>,
}

/// A URL, ready to be dialled.
pub(super) struct Address {
    pub(super) endpoint: Endpoint,
    /// For the `host` header.
    pub(super) host: HeaderValue,
    /// Its path, without a slash at the end.
    pub(super) path: String,
}

/// The files that TLS with one party needs, as the realm names them.
#[derive(Clone, Copy)]
pub(super) struct Certificates<'a> {
    /// Trusted beside the usual ones.
    pub(super) ca: Option<&'a Path>,
    /// Ours, and its key.
    pub(super) own: Option<(&'a Path, &'a Path)>,
}

impl<'a> Certificates<'a> {
    /// A provider's: they hold for each of its URLs.
    pub(super) fn of(spec: &'a world::Provider) -> Self {
        let own = spec.client_cert.as_deref().zip(spec.client_key.as_deref());
        Self { ca: spec.ca_file.as_deref(), own }
    }
}

impl Surroundings<'_> {
    /// A file that the realm names.
    pub(super) fn file(&self, path: &Path) -> PathBuf {
        self.realm_dir.map_or_else(|| path.to_owned(), |dir| dir.join(path))
    }
}

impl Address {
    /// Reads a URL; `field` is its name in the realm.
    ///
    /// # Errors
    /// In words, with no secret in them.
    pub(super) fn of(
        url: Option<&str>,
        field: &str,
        certificates: Certificates<'_>,
        around: &Surroundings<'_>,
    ) -> Result<Self, String> {
        let url = url.ok_or_else(|| format!("it has no {field}"))?;
        let uri: Uri = url.parse().map_err(|_| format!("its {field} is not a URL"))?;
        let authority = uri.authority().ok_or_else(|| format!("its {field} names no host"))?;
        if authority.as_str().contains('@') {
            return Err(format!("its {field} holds a user name: use `credential`"));
        }
        let host =
            HeaderValue::from_str(authority.as_str()).map_err(|_| format!("the host of its {field} is not ASCII"))?;
        let path = uri.path().trim_end_matches('/').to_owned();
        let name = authority.host();
        let endpoint = match uri.scheme_str() {
            Some("http") => {
                let bare = name.trim_start_matches('[').trim_end_matches(']').to_owned();
                Endpoint::Plain { host: bare, port: authority.port_u16().unwrap_or(80) }
            }
            Some("https") => {
                let ca = certificates.ca.map(|path| around.file(path));
                let own = certificates.own.map(|(certificate, key)| (around.file(certificate), around.file(key)));
                let own = own.as_ref().map(|(certificate, key)| (certificate.as_path(), key.as_path()));
                let config = tls::client(ca.as_deref(), own).map_err(|e| e.to_string())?;
                Endpoint::tls(name, authority.port_u16().unwrap_or(443), config)?
            }
            _ => return Err(format!("its {field} is neither http nor https")),
        };
        Ok(Self { endpoint, host, path })
    }
}
