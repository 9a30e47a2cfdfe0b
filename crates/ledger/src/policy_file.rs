//! Trust policies (C2SP tlog-policy): which logs to believe and how many witnesses must have seen a checkpoint.

use std::collections::{BTreeMap, BTreeSet};

use crate::checkpoint::{Keys, Signed};
use crate::note::{KeyError, VerifierKey};

/// The most lines that define something.
pub const DEFINITIONS_MAX: usize = 1024;

/// A policy as read.
#[derive(Clone, Debug)]
pub struct Policy {
    /// The logs and witnesses named.
    pub keys: Keys,
    /// Where to reach them, by the key's text form.
    pub urls: BTreeMap<String, String>,
    members: BTreeMap<String, Member>,
    quorum: Option<String>,
}

#[derive(Clone, Debug)]
enum Member {
    Witness(VerifierKey),
    Group { threshold: usize, members: Vec<String> },
}

/// Where and why a text is no policy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the policy: {what}")]
pub struct Error {
    /// The line, from 1 on.
    pub line: usize,
    /// What is wrong with it.
    pub what: What,
}

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum What {
    /// A control character or a byte that is not UTF-8.
    #[error("a character is not allowed")]
    Character,
    /// Not one of the known lines, or with too few or many words.
    #[error("expected log, witness, group or quorum with their words")]
    Words,
    /// The key cannot be used.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The key, or the name, is there already.
    #[error("it is defined twice")]
    Twice,
    /// The name is not defined on a line before.
    #[error("the name is not defined before")]
    Undefined,
    /// The threshold is not between 1 and the number of members.
    #[error("the threshold must be between 1 and the number of members")]
    Threshold,
    /// There must be one quorum line.
    #[error("exactly one quorum line is needed")]
    Quorum,
    /// More definitions than any policy needs.
    #[error("there are too many definitions")]
    TooMany,
}

#[derive(Default)]
struct Reader {
    keys: Keys,
    urls: BTreeMap<String, String>,
    members: BTreeMap<String, Member>,
    grouped: BTreeSet<String>,
    quorum: Option<Option<String>>,
}

// === impl Policy ===

impl Policy {
    /// Reads a policy. Names are held to UTF-8, which the format only recommends.
    ///
    /// # Errors
    /// Names the first line that is not as the format wants it.
    pub fn parse(bytes: &[u8]) -> Result<Self, Error> {
        let mut reader = Reader::default();
        let mut count = 0;
        for (n, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
            let wrong = |what| Error { line: n + 1, what };
            if line.iter().any(|byte| *byte < 0x20 && *byte != b'\t' || *byte == 0x7f) {
                return Err(wrong(What::Character));
            }
            let text = std::str::from_utf8(line).map_err(|_| wrong(What::Character))?;
            let words: Vec<&str> = text.split([' ', '\t']).filter(|word| !word.is_empty()).collect();
            if words.first().is_none_or(|word| word.starts_with('#')) {
                continue;
            }
            count += 1;
            if count > DEFINITIONS_MAX {
                return Err(wrong(What::TooMany));
            }
            reader.line(&words).map_err(wrong)?;
        }
        let lines = bytes.split(|byte| *byte == b'\n').count();
        let quorum = reader.quorum.ok_or(Error { line: lines, what: What::Quorum })?;
        Ok(Self { keys: reader.keys, urls: reader.urls, members: reader.members, quorum })
    }

    /// Reports whether enough of the witnesses cosigned. That a known log signed is `Signed`'s own condition.
    pub fn is_met_by(&self, signed: &Signed) -> bool {
        self.quorum.as_ref().is_none_or(|name| self.is_witnessed(name, signed))
    }

    /// A name refers only to lines before its own, so this ends.
    fn is_witnessed(&self, name: &str, signed: &Signed) -> bool {
        match self.members.get(name) {
            Some(Member::Witness(key)) => signed.witnesses.iter().any(|w| w.name == key.name() && w.key == key.id()),
            Some(Member::Group { threshold, members }) => {
                members.iter().filter(|member| self.is_witnessed(member, signed)).count() >= *threshold
            }
            None => false,
        }
    }
}

// === impl Reader ===

impl Reader {
    fn line(&mut self, words: &[&str]) -> Result<(), What> {
        match words {
            ["log", key] => self.log(key, None),
            ["log", key, url] => self.log(key, Some(url)),
            ["witness", name, key] => self.witness(name, key, None),
            ["witness", name, key, url] => self.witness(name, key, Some(url)),
            ["group", name, threshold, members @ ..] if !members.is_empty() => self.group(name, threshold, members),
            ["quorum", name] => self.set_quorum(name),
            _ => Err(What::Words),
        }
    }

    fn log(&mut self, key: &str, url: Option<&str>) -> Result<(), What> {
        let key = VerifierKey::parse(key)?;
        note_url(&mut self.urls, &key, url);
        push_new(&mut self.keys.logs, key)
    }

    fn witness(&mut self, name: &str, key: &str, url: Option<&str>) -> Result<(), What> {
        let key = VerifierKey::parse(key)?;
        note_url(&mut self.urls, &key, url);
        self.define(name, Member::Witness(key.clone()))?;
        push_new(&mut self.keys.witnesses, key)
    }

    fn group(&mut self, name: &str, threshold: &str, members: &[&str]) -> Result<(), What> {
        for member in members {
            if !self.members.contains_key(*member) {
                return Err(What::Undefined);
            }
            if !self.grouped.insert((*member).to_owned()) {
                return Err(What::Twice);
            }
        }
        let threshold = match threshold {
            "all" => members.len(),
            "any" => 1,
            number => {
                let number = crate::layout::parse_decimal(number).and_then(|number| usize::try_from(number).ok());
                number.filter(|number| (1..=members.len()).contains(number)).ok_or(What::Threshold)?
            }
        };
        let members = members.iter().map(ToString::to_string).collect();
        self.define(name, Member::Group { threshold, members })
    }

    fn set_quorum(&mut self, name: &str) -> Result<(), What> {
        if self.quorum.is_some() {
            return Err(What::Quorum);
        }
        if name != "none" && !self.members.contains_key(name) {
            return Err(What::Undefined);
        }
        self.quorum = Some((name != "none").then(|| name.to_owned()));
        Ok(())
    }

    fn define(&mut self, name: &str, member: Member) -> Result<(), What> {
        let new = name != "none" && self.members.insert(name.to_owned(), member).is_none();
        if new { Ok(()) } else { Err(What::Twice) }
    }
}

/// Two keys are the same if their bytes are, whatever their names.
fn push_new(keys: &mut Vec<VerifierKey>, key: VerifierKey) -> Result<(), What> {
    if keys.iter().any(|old| old.public_bytes() == key.public_bytes()) {
        return Err(What::Twice);
    }
    keys.push(key);
    Ok(())
}

fn note_url(urls: &mut BTreeMap<String, String>, key: &VerifierKey, url: Option<&str>) {
    urls.extend(url.map(|url| (key.to_string(), url.to_owned())));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checkpoint::Checkpoint;
    use crate::note::{Algorithm, SecretKey};
    use crate::types::{Hash, Origin, TreeSize};

    fn key(name: &str, seed: u8) -> SecretKey {
        let algorithm = if name.starts_with("log") { Algorithm::Ed25519 } else { Algorithm::CosignatureV1 };
        SecretKey::from_seed(name, algorithm, &[seed; 32]).unwrap()
    }

    fn policy() -> String {
        let mut text = format!("# who to believe\nlog {} https://log.test/a\n\n", key("log.test/a", 1).verifier());
        for (n, name) in ["X1", "X2", "X3", "Y1", "Y2"].iter().enumerate() {
            let witness = key(&format!("w.test/{name}"), 10 + n as u8);
            text += &format!("\t witness  {name} {}\n", witness.verifier());
        }
        text + "group X 2 X1 X2 X3\ngroup Y any Y1 Y2\ngroup both all X Y\nquorum both\n"
    }

    #[test]
    fn counts_quorums_through_groups() {
        let policy = Policy::parse(policy().as_bytes()).unwrap();
        assert_eq!((policy.keys.logs.len(), policy.keys.witnesses.len(), policy.urls.len()), (1, 5, 1));
        let head = Checkpoint::new(Origin::new("log.test/a").unwrap(), TreeSize(1), Hash::default());
        for (cosigners, met) in [
            (&[][..], false),
            (&[0, 1][..], false),
            (&[0, 3][..], false),
            (&[0, 2, 4][..], true),
            (&[0, 1, 2, 3, 4][..], true),
            (&[3, 4][..], false),
        ] {
            let mut note = head.sign(&key("log.test/a", 1)).unwrap();
            for n in cosigners {
                let name = ["X1", "X2", "X3", "Y1", "Y2"][*n];
                note.add(key(&format!("w.test/{name}"), 10 + *n as u8).sign(note.text(), 5));
            }
            let signed = Signed::open(note.to_string().as_bytes(), &policy.keys).unwrap();
            assert_eq!(policy.is_met_by(&signed), met, "{cosigners:?}");
        }
    }

    #[test]
    fn names_the_wrong_line() {
        let good = policy();
        let lines = good.lines().count();
        let twice = format!("log {}\n", key("log.test/b", 1).verifier());
        for (addition, what) in [
            ("quorum none\n", What::Quorum),
            ("group Z any X1\n", What::Twice),
            ("group Z any nobody\n", What::Undefined),
            ("group both any\n", What::Words),
            ("group Z 2 both\n", What::Threshold),
            ("group Z 0 both\n", What::Threshold),
            ("witness none log+0+AQ==\n", What::Key(KeyError::Malformed)),
            ("log x\u{1}\n", What::Character),
            ("trust everybody\n", What::Words),
            (twice.as_str(), What::Twice),
        ] {
            let error = Policy::parse(format!("{good}{addition}").as_bytes()).unwrap_err();
            assert_eq!(error, Error { line: lines + 1, what }, "{addition}");
        }
        assert_eq!(Policy::parse(b"# nothing\n").unwrap_err().what, What::Quorum);
        assert!(Policy::parse(b"quorum none").is_ok());
    }
}
