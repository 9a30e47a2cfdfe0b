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

impl Surroundings<'_> {
    /// A file that the realm names.
    pub(super) fn file(&self, path: &Path) -> PathBuf {
        self.realm_dir.map_or_else(|| path.to_owned(), |dir| dir.join(path))
    }
}

impl Address {
    /// Reads one of a provider's URLs; `field` is its name in the realm. Its certificates hold for each of them.
    ///
    /// # Errors
    /// In words, with no secret in them.
    pub(super) fn of(
        url: Option<&str>,
        field: &str,
        spec: &world::Provider,
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
                let ca = spec.ca_file.as_ref().map(|path| around.file(path));
                let files =
                    [&spec.client_cert, &spec.client_key].map(|file| file.as_ref().map(|path| around.file(path)));
                let [certificate, key] = files;
                let own = certificate.as_deref().zip(key.as_deref());
                let config = tls::client(ca.as_deref(), own).map_err(|e| e.to_string())?;
                Endpoint::tls(name, authority.port_u16().unwrap_or(443), config)?
            }
            _ => return Err(format!("its {field} is neither http nor https")),
        };
        Ok(Self { endpoint, host, path })
    }
}
