//! Names of tools and ids of calls: the API takes only letters, digits, `_` and `-`.

use std::collections::{HashMap, HashSet};

/// Longest name of a tool.
const LENGTH_MAX: usize = 128;

/// Gives every name one that the API takes, the same each time, and no two names the same.
pub(super) struct Names {
    used: HashSet<String>,
    known: HashMap<String, String>,
    ids: HashMap<String, String>,
    /// Those that had to be changed: as sent, as the client knows it.
    pub(super) renamed: Vec<(String, String)>,
}

impl Names {
    /// `offered`: the names of all tools, so that a made-up one never takes another tool's.
    pub(super) fn new(offered: &[String]) -> Self {
        let used = offered.iter().filter(|name| is_plain(name)).cloned().collect();
        Self { used, known: HashMap::new(), ids: HashMap::new(), renamed: Vec::new() }
    }

    /// The name to send for a tool.
    pub(super) fn tool(&mut self, name: &str) -> String {
        if is_plain(name) {
            return name.to_owned();
        }
        if let Some(sent) = self.known.get(name) {
            return sent.clone();
        }
        let base: String = plain(name).chars().take(LENGTH_MAX - 8).collect();
        let free = |sent: &String| !self.used.contains(sent);
        let sent = (1_u32..).map(|turn| numbered(&base, turn)).find(free).unwrap_or(base.clone());
        self.used.insert(sent.clone());
        self.known.insert(name.to_owned(), sent.clone());
        self.renamed.push((sent.clone(), name.to_owned()));
        sent
    }

    /// The id to send for a call: its own where the API takes it.
    pub(super) fn id(&mut self, id: &str) -> String {
        if !id.is_empty() && id.bytes().all(is_plain_byte) {
            return id.to_owned();
        }
        let next = self.ids.len();
        self.ids.entry(id.to_owned()).or_insert_with(|| format!("{}_r{next}", plain(id))).clone()
    }
}

fn numbered(base: &str, turn: u32) -> String {
    if turn == 1 { base.to_owned() } else { format!("{base}_{turn}") }
}

fn plain(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_ascii() && is_plain_byte(c as u8) { c } else { '_' }).collect();
    if plain.is_empty() { "tool".to_owned() } else { plain }
}

fn is_plain(name: &str) -> bool {
    (1..=LENGTH_MAX).contains(&name.len()) && name.bytes().all(is_plain_byte)
}

fn is_plain_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}
