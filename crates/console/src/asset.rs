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
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
}

/// A script as the build bundled it.
struct Bundle {
    name: &'static str,
    body: &'static [u8],
    gzip: &'static [u8],
    brotli: &'static [u8],
}

include!(concat!(env!("OUT_DIR"), "/bundles.rs"));

/// How pages look; the order is the cascade's.
const SHEET: &str = concat!(
    include_str!("../assets/tokens.css"),
    include_str!("../assets/frame.css"),
    include_str!("../assets/parts.css"),
    include_str!("../assets/table.css"),
    include_str!("../assets/form.css"),
    include_str!("../assets/chart.css"),
    include_str!("../assets/print.css"),
);

const STYLE: &str = "console.css";
const ICON: &str = "icon.svg";

/// All of them, each with its plain name.
static ASSETS: LazyLock<Vec<(String, Asset)>> = LazyLock::new(|| {
    let mut all = vec![
        (STYLE.to_owned(), Asset::new("console", "css", "text/css; charset=utf-8", SHEET.as_bytes())),
        (ICON.to_owned(), Asset::new("icon", "svg", "image/svg+xml", include_bytes!("../assets/icon.svg"))),
    ];
    all.extend(BUNDLES.iter().map(|bundle| (format!("{}.js", bundle.name), Asset::script(bundle))));
    all
});

impl Asset {
    fn new(stem: &str, ending: &str, kind: &'static str, body: &'static [u8]) -> Self {
        let hash = hex::encode(&Sha256::digest(body)[..8]);
        let gzip = reply::gzip(body, Compression::best());
        Self { name: format!("{stem}-{hash}.{ending}"), kind, body: Bytes::from_static(body), gzip, brotli: None }
    }

    fn script(bundle: &Bundle) -> Self {
        let hash = hex::encode(&Sha256::digest(bundle.body)[..8]);
        Self {
            name: format!("{}-{hash}.js", bundle.name),
            kind: "text/javascript; charset=utf-8",
            body: Bytes::from_static(bundle.body),
            gzip: Some(Bytes::from_static(bundle.gzip)),
            brotli: Some(Bytes::from_static(bundle.brotli)),
        }
    }
}

fn address(plain: &str) -> Option<String> {
    let (_, asset) = ASSETS.iter().find(|(name, _)| name == plain)?;
    Some(format!("/console/assets/{}", asset.name))
}

/// The style sheet's address.
pub fn style() -> String {
    address(STYLE).unwrap_or_default()
}

/// The mark's address.
pub fn icon() -> String {
    address(ICON).unwrap_or_default()
}

/// The addresses of the scripts that a page loads; none in a build without scripts.
pub fn scripts(with_charts: bool) -> Vec<String> {
    let names = if with_charts { &["console.js", "chart.js"][..] } else { &["console.js"][..] };
    names.iter().filter_map(|name| address(name)).collect()
}

/// A file by its name.
pub fn answer(name: &str, ask: &Ask) -> Response<Bytes> {
    let Some((_, asset)) = ASSETS.iter().find(|(_, asset)| asset.name == name) else {
        let mut reply = reply::typed("text/plain; charset=utf-8", Bytes::from_static(b"there is no such file\n"));
        *reply.status_mut() = StatusCode::NOT_FOUND;
        return reply;
    };
    let packed = [("br", &asset.brotli), ("gzip", &asset.gzip)];
    let packed =
        packed.into_iter().filter(|(coding, _)| ask.takes(coding)).find_map(|(c, body)| Some((c, body.clone()?)));
    let (coding, body) = packed.map_or((None, asset.body.clone()), |(coding, body)| (Some(coding), body));
    let mut reply = reply::typed(asset.kind, body);
    let headers = reply.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    if let Some(coding) = coding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(coding));
    }
    reply
}
