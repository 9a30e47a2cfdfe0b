//! A request as pages read it: the path, what the query and the form say, what the cookies hold.

use std::net::IpAddr;

use bytes::Bytes;
use http::header::{ACCEPT_ENCODING, ACCEPT_LANGUAGE, COOKIE};
use http::{HeaderMap, Method, Request};
use realm::load::Lang;

/// In which form somebody wants a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Html,
    /// For programs.
    Json,
    /// For spreadsheets.
    Csv,
}

/// A request.
#[derive(Debug)]
pub struct Ask {
    /// Its method.
    pub method: Method,
    /// Its path below `/console`, without the ending that names a form.
    pub path: String,
    /// In which form.
    pub form: Form,
    /// What the query says, in order.
    pub query: Vec<(String, String)>,
    /// What the form says; empty where there is none.
    pub fields: Vec<(String, String)>,
    /// Its headers.
    pub headers: HeaderMap,
    /// Who asks.
    pub peer: IpAddr,
}

impl Ask {
    /// Reads a request below `/console`.
    pub fn read(peer: IpAddr, request: Request<Bytes>) -> Self {
        let (head, body) = request.into_parts();
        let path = head.uri.path().strip_prefix("/console").unwrap_or_default();
        let endings = [(".json", Form::Json), (".csv", Form::Csv)];
        // An asset's name has an ending of its own.
        let ending = endings.into_iter().find(|(ending, _)| path.ends_with(ending) && !path.starts_with("/assets/"));
        let (path, form) = match ending {
            Some((ending, form)) => (path.strip_suffix(ending).unwrap_or(path), form),
            None => (path, Form::Html),
        };
        Self {
            path: path.to_owned(),
            form,
            query: pairs(head.uri.query().unwrap_or_default().as_bytes()),
            fields: if head.method == Method::POST { pairs(&body) } else { Vec::new() },
            method: head.method,
            headers: head.headers,
            peer,
        }
    }

    /// A parameter of the query; empty ones count as not there.
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// A field of the form.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.trim())
    }

    /// A cookie.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut all = lines.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
        all.find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// The reader's language: as chosen, else as the browser asks, else English.
    pub fn lang(&self) -> Lang {
        let chosen = self.param("lang").or_else(|| self.cookie("freehold-lang"));
        let asked = || self.headers.get(ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        // The first language of the two that is named wins; browsers send the best first.
        let first = |list: &str| {
            let tags = list.split(',').map(|tag| tag.trim().to_ascii_lowercase());
            tags.into_iter().find(|tag| tag.starts_with("ru") || tag.starts_with("en"))
        };
        match chosen {
            Some(tag) => Lang::of(tag),
            None => asked().and_then(first).map_or(Lang::En, |tag| Lang::of(&tag)),
        }
    }

    /// The theme chosen; `auto` follows the system.
    pub fn theme(&self) -> &'static str {
        let chosen = self.cookie("freehold-theme").unwrap_or_default();
        ["light", "dark", "contrast"].into_iter().find(|theme| *theme == chosen).unwrap_or("auto")
    }

    /// Whether an answer may be compressed that way.
    pub fn takes(&self, coding: &str) -> bool {
        let accepted = self.headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        accepted.split(',').any(|one| one.trim().split(';').next() == Some(coding))
    }

    /// Whether single keys do something; a choice of the reader.
    pub fn has_keys(&self) -> bool {
        self.cookie("freehold-keys") != Some("off")
    }

    /// This page with one parameter of the query changed; without a value, without it. A change goes to the first page.
    pub fn with(&self, name: &str, value: Option<&str>) -> String {
        self.changed(&[name, "page"], value.map(|value| (name, value)))
    }

    /// This page without some parameters of the query, and with one more.
    pub fn changed(&self, without: &[&str], with: Option<(&str, &str)>) -> String {
        address(&self.here(), self.kept(without), with)
    }

    /// What the query says, but for some parameters and those that say nothing.
    pub fn kept<'a>(&'a self, without: &'a [&str]) -> impl Iterator<Item = (&'a str, &'a str)> {
        let pairs = self.query.iter().map(|(key, text)| (key.as_str(), text.as_str()));
        pairs.filter(|(key, text)| !without.contains(key) && !text.is_empty())
    }

    /// The page's own address, without its query.
    pub fn here(&self) -> String {
        format!("/console{}", self.path)
    }

    /// One table of the page in another form, with the page's query.
    pub fn twin(&self, ending: &str, table: &str) -> String {
        let path = format!("{}.{ending}", self.here());
        address(&path, self.kept(&["page", "table", "live"]), Some(("table", table)))
    }
}

fn address<'a>(path: &str, kept: impl Iterator<Item = (&'a str, &'a str)>, with: Option<(&str, &str)>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(kept);
    query.extend_pairs(with);
    let query = query.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

fn pairs(text: &[u8]) -> Vec<(String, String)> {
    /// More than any form of ours has.
    const PAIRS_MAX: usize = 64;
    form_urlencoded::parse(text).take(PAIRS_MAX).map(|(key, value)| (key.into_owned(), value.into_owned())).collect()
}

/// A text as a part of a path or the value of a parameter.
pub fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Where to go after something was done: a page of the console, whatever the form says.
pub fn back(wanted: &str) -> String {
    let inside = wanted == "/console" || wanted.starts_with("/console/") || wanted.starts_with("/console?");
    let plain = wanted.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\') && !wanted.contains("//");
    if inside && plain { wanted.to_owned() } else { "/console".to_owned() }
}

#[cfg(test)]
mod tests {
    use api::rights::decoded;

    use super::{back, encoded};

    #[test]
    fn nobody_is_sent_elsewhere() {
        for good in ["/console", "/console/requests?app=clinic&sort=-ms"] {
            assert_eq!(back(good), good);
        }
        let bad =
            ["https://evil.example", "//evil.example", "/console//evil", "/consolefake", "/console/\r\nx: y", "/", ""];
        for bad in bad {
            assert_eq!(back(bad), "/console", "{bad:?}");
        }
    }

    #[test]
    fn parts_of_paths_read_back() {
        for text in ["req-1", "a b+c/d?e", "<script>", "ж"] {
            assert_eq!(decoded(&encoded(text)), text);
            assert!(!encoded(text).contains(['/', ' ', '<', '?']));
        }
    }
}
