//! Files that pages are made of, in the program, named by their content, so that browsers keep them for ever.

use std::sync::LazyLock;

use bytes::Bytes;
use flate2::Compression;
use http::header::{CACHE_CONTROL, CONTENT_ENCODING, HeaderValue};
use http::{Response, StatusCode};
use sha2::{Digest, Sha256};

use crate::ask::Ask;
use crate::reply;

/// One file.
struct Asset {
    /// Its name in addresses: with a part of its hash.
    name: String,
    kind: &'static str,
    body: Bytes,
    packed: Option<Bytes>,
}

/// How pages look.
static STYLE: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("console", "css", "text/css; charset=utf-8", include_bytes!("../assets/console.css")));
/// The mark in the browser's tab.
static ICON: LazyLock<Asset> =
    LazyLock::new(|| Asset::new("icon", "svg", "image/svg+xml", include_bytes!("../assets/icon.svg")));

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, body: &'static [u8]) -> Self {
        let hash = hex::encode(&Sha256::digest(body)[..8]);
        let packed = reply::gzip(body, Compression::best());
        Self { name: format!("{stem}-{hash}.{ending}"), kind, body: Bytes::from_static(body), packed }
    }

    fn address(&self) -> String {
        format!("/console/assets/{}", self.name)
    }
}

/// The style sheet's address.
pub fn style() -> String {
    STYLE.address()
}

/// The mark's address.
pub fn icon() -> String {
    ICON.address()
}

/// A file by its name.
pub fn answer(name: &str, ask: &Ask) -> Response<Bytes> {
    let Some(asset) = [&*STYLE, &*ICON].into_iter().find(|asset| asset.name == name) else {
        let mut reply = reply::typed("text/plain; charset=utf-8", Bytes::from_static(b"there is no such file\n"));
        *reply.status_mut() = StatusCode::NOT_FOUND;
        return reply;
    };
    let packed = asset.packed.clone().filter(|_| ask.takes_gzip());
    let is_packed = packed.is_some();
    let mut reply = reply::typed(asset.kind, packed.unwrap_or_else(|| asset.body.clone()));
    let headers = reply.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if is_packed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    reply
}
