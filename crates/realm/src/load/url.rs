//! The shape of a provider's address.

/// What is wrong with an address, as the message knows it.
pub(super) fn fault(url: &str) -> Option<&'static str> {
    if url.contains(|c: char| c.is_whitespace() || c.is_control() || !c.is_ascii()) {
        return Some("blank");
    }
    let Some((scheme, rest)) = url.split_once("://") else { return Some("scheme") };
    if !matches!(scheme, "http" | "https") {
        return Some("scheme");
    }
    let (authority, path) = rest.find('/').map_or((rest, ""), |slash| rest.split_at(slash));
    if rest.contains(['?', '#']) {
        return Some("query");
    }
    if authority.contains('@') {
        return Some("userinfo");
    }
    let (host, port) = host_port(authority);
    if host.is_empty() || !host.bytes().all(|b| b.is_ascii_alphanumeric() || b"-._:[]".contains(&b)) {
        return Some("host");
    }
    if port.is_some_and(|port| port.parse::<u16>().map_or(true, |number| number == 0)) {
        return Some("port");
    }
    path.ends_with('/').then_some("slash")
}

/// Whether bytes to an address cross a network unprotected.
pub(super) fn is_exposed(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else { return false };
    let (host, _) = host_port(rest.split('/').next().unwrap_or_default());
    let loopback = host == "localhost"
        || host.trim_matches(['[', ']']).parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback());
    !loopback
}

fn host_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::{fault, is_exposed};

    #[test]
    fn says_what_is_wrong() {
        for (url, expected) in [
            ("https://ai.example/v1", None),
            ("http://127.0.0.1:9101/v1", None),
            ("http://[::1]:9101", None),
            ("https://[2001:db8::1]/v1", None),
            ("ai.example/v1", Some("scheme")),
            ("ftp://ai.example", Some("scheme")),
            ("https://ai.example/v1/", Some("slash")),
            ("https://ai.example/", Some("slash")),
            ("https://me:word@ai.example", Some("userinfo")),
            ("https://ai.example/v1?key=1", Some("query")),
            ("https://", Some("host")),
            ("https://:80/v1", Some("host")),
            ("https://ai.example:0/v1", Some("port")),
            ("https://ai.example:70000/v1", Some("port")),
            ("https://ai example/v1", Some("blank")),
        ] {
            assert_eq!(fault(url), expected, "{url}");
        }
    }

    #[test]
    fn plain_http_is_for_this_machine_only() {
        for near in ["http://localhost:1/v1", "http://127.8.0.1", "http://[::1]:9/v1", "https://ai.example"] {
            assert!(!is_exposed(near), "{near}");
        }
        assert!(is_exposed("http://ai.example/v1") && is_exposed("http://127.0.0.1.example"));
    }
}
