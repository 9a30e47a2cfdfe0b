//! Every error code has a page and every page a code.

use std::collections::BTreeSet;

use super::Breach;
use super::tree::Tree;

const CODES: &str = "crates/gateway/src/code.rs";
/// Codes of the control API, some of which are the gateway's too.
const API_CODES: &str = "crates/api/src/v1/answer.rs";

pub fn check(tree: &Tree) -> Vec<Breach> {
    let Some(source) = tree.text(CODES) else {
        return vec![Breach::new(CODES, "the list of error codes is expected here")];
    };
    let mut codes: BTreeSet<&str> = source.lines().filter_map(quoted_code).collect();
    let own = codes.len();
    codes.extend(tree.text(API_CODES).into_iter().flat_map(str::lines).filter_map(listed_code));
    if codes.len() == own {
        return vec![Breach::new(API_CODES, "the list of the control API's error codes is expected here")];
    }
    let pages: BTreeSet<&str> = tree
        .files
        .iter()
        .filter_map(|f| f.path.strip_prefix("docs/errors/")?.strip_suffix(".md"))
        .filter(|name| *name != "README")
        .collect();
    let mut breaches = Vec::new();
    if codes.is_empty() {
        breaches.push(Breach::new(CODES, "no code found: expected lines like `Internal = \"internal\", 500;`"));
    }
    for code in codes.difference(&pages) {
        breaches.push(Breach::new(CODES, format!("`{code}` has no page docs/errors/{code}.md")));
    }
    for page in pages.difference(&codes) {
        breaches.push(Breach::new(format!("docs/errors/{page}.md"), "a page of no code"));
    }
    breaches
}

/// The code in a line such as `("invalid_token", 401),`.
fn listed_code(line: &str) -> Option<&str> {
    let (code, status) = line.trim().strip_prefix("(\"")?.strip_suffix("),")?.split_once("\", ")?;
    status.parse::<u16>().is_ok().then_some(code)
}

/// The code in a line such as `RateLimited = "rate_limited", 429;`.
fn quoted_code(line: &str) -> Option<&str> {
    let (_, rest) = line.trim().strip_suffix(';')?.split_once(" = \"")?;
    let (code, status) = rest.split_once("\", ")?;
    let is_code = !code.is_empty() && code.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
    (is_code && status.parse::<u16>().is_ok()).then_some(code)
}
