//! What we trust when we dial a provider. Host names are always checked.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore, ServerConfig};

/// A certificate or key that cannot be used. Names the file, never its content.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {why}")]
pub struct TlsProblem {
    /// Which file, or which part of a pair.
    pub file: String,
    /// What is wrong with it.
    pub why: String,
}

impl TlsProblem {
    fn new(file: &Path, why: impl ToString) -> Self {
        Self { file: file.display().to_string(), why: why.to_string() }
    }
}

/// The configuration for one provider: the system's roots, this provider's own `ca_file`, our certificate.
pub(super) fn client(ca: Option<&Path>, own: Option<(&Path, &Path)>) -> Result<Arc<ClientConfig>, TlsProblem> {
    if ca.is_none() && own.is_none() {
        static USUAL: OnceLock<Arc<ClientConfig>> = OnceLock::new();
        return Ok(USUAL.get_or_init(|| Arc::new(builder(roots().clone()).with_no_client_auth())).clone());
    }
    let mut trusted = roots().clone();
    if let Some(file) = ca {
        for certificate in certificates(file)? {
            trusted.add(certificate).map_err(|e| TlsProblem::new(file, e))?;
        }
    }
    let config = match own {
        Some((certificate, key)) => builder(trusted)
            .with_client_auth_cert(certificates(certificate)?, private_key(key)?)
            .map_err(|e| TlsProblem::new(certificate, e))?,
        None => builder(trusted).with_no_client_auth(),
    };
    Ok(Arc::new(config))
}

/// The configuration of our own listener, from a certificate chain and its key in PEM.
///
/// # Errors
/// If one of them cannot be read or they do not match.
pub fn server(certificate: &[u8], key: &[u8]) -> Result<Arc<ServerConfig>, TlsProblem> {
    let (chain_of, key_of) = (Path::new("certificate"), Path::new("key"));
    let chain: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(certificate).collect();
    let chain = chain.map_err(|e| TlsProblem::new(chain_of, e))?;
    let key = PrivateKeyDer::from_pem_slice(key).map_err(|e| TlsProblem::new(key_of, e))?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|e| TlsProblem::new(chain_of, e))?
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .map_err(|e| TlsProblem::new(chain_of, e))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}

fn builder(trusted: RootCertStore) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
    ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring offers TLS 1.2 and 1.3")
        .with_root_certificates(trusted)
}

/// The system's own roots, read once. None is not an error: a provider may bring its `ca_file`.
fn roots() -> &'static RootCertStore {
    static ROOTS: OnceLock<RootCertStore> = OnceLock::new();
    ROOTS.get_or_init(|| {
        let mut store = RootCertStore::empty();
        let found = rustls_native_certs::load_native_certs();
        for error in &found.errors {
            tracing::warn!(%error, "a system root certificate could not be read");
        }
        store.add_parsable_certificates(found.certs);
        store
    })
}

fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, TlsProblem> {
    let pem = pem(file)?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let all = all.map_err(|e| TlsProblem::new(file, e))?;
    if all.is_empty() { Err(TlsProblem::new(file, "holds no certificate")) } else { Ok(all) }
}

fn private_key(file: &Path) -> Result<PrivateKeyDer<'static>, TlsProblem> {
    PrivateKeyDer::from_pem_slice(&pem(file)?).map_err(|e| TlsProblem::new(file, e))
}

fn pem(file: &Path) -> Result<Vec<u8>, TlsProblem> {
    /// The bundles of whole systems have a quarter of a MiB.
    const BYTES_MAX: u64 = 4 << 20;
    realm::regular::read(file, BYTES_MAX).map_err(|e| TlsProblem::new(file, e))
}
