//! Internet addresses of version 4 and 6.
//!
//! Not found, because they point at nobody: loopback, the unspecified address, masks, multicast. What looks like a
//! version or a number of a chapter needs a sign that it is an address.

use std::net::{Ipv4Addr, Ipv6Addr};
use std::ops::Range;

use realm::DataClass;

use super::{Detector, Kind, Needs, Span, context};

/// Finds internet addresses.
pub struct Ip;

const VERSIONS: &[&str] = &[
    "version",
    "versions",
    "ver",
    "версия",
    "версии",
    "версию",
    "release",
    "build",
    "oid",
    "section",
    "раздел",
    "глава",
    "chapter",
    "firmware",
    "driver",
    "пункт",
];
const ADDRESSES: &[&str] =
    &["ip", "ipv", "host", "address", "addr", "server", "dns", "адрес*", "сервер*", "хост*", "client", "gateway"];
const CONTEXT: usize = 24;
/// The longest spelling of an address of version 6, with one of version 4 at its end.
const V6_MAX: usize = 45;

impl Detector for Ip {
    fn needs(&self) -> Needs {
        Needs::Anything
    }

    fn find(&self, text: &str, out: &mut Vec<Span>) {
        let mut free = 0;
        let bytes = text.as_bytes();
        for at in memchr::memchr2_iter(b'.', b':', bytes) {
            // Of most marks, a space or a letter that is no digit follows.
            if at < free || !bytes.get(at + 1).is_some_and(|byte| byte.is_ascii_hexdigit() || *byte == b':') {
                continue;
            }
            let found = if bytes[at] == b'.' { v4(text, at) } else { v6(text, free, at) };
            if let Some(range) = found {
                free = range.end;
                out.push(Span { range, kind: Kind::Ip, class: DataClass::Personal });
            }
        }
    }
}

/// The address whose first dot stands here.
fn v4(text: &str, dot: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let before = bytes[..dot].iter().rev().take(4).take_while(|byte| byte.is_ascii_digit()).count();
    let start = dot - before;
    let length = bytes[start..].iter().take(16).take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let said = text[start..start + length].trim_end_matches('.');
    let end = start + said.len();
    let address: Ipv4Addr = said.parse().ok()?;
    let outside = |byte: Option<&u8>| !byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    if !outside(before) || matches!(before, Some(b'.' | b'-')) || !outside(bytes.get(end)) {
        return None;
    }
    (is_somebody(address) && is_meant(text, &(start..end), address)).then_some(start..end)
}

fn is_somebody(address: Ipv4Addr) -> bool {
    match address.octets() {
        // Names of the parts of certificates.
        [2, 5, 4 | 29, _] => false,
        [first, ..] => (1..224).contains(&first) && first != 127,
    }
}

/// Whether this is an address and no version: nothing says version, and it has two numbers above nine or a sign.
fn is_meant(text: &str, range: &Range<usize>, address: Ipv4Addr) -> bool {
    let before = context::before(text, range.start, CONTEXT);
    let clause = before.rsplit(['\n', ';', ',']).next().unwrap_or(before);
    if context::says(clause, ADDRESSES) || clause.ends_with("//") || clause.ends_with('@') {
        return true;
    }
    let is_v = clause.trim_end_matches([' ', '.']).strip_suffix(['v', 'V']);
    let is_version = context::says(clause, VERSIONS)
        || is_v.is_some_and(|before| !before.ends_with(char::is_alphanumeric))
        || ["==", ">=", "<=", "~="].iter().any(|sign| clause.trim_end().ends_with(sign));
    let small = address.octets().iter().filter(|octet| **octet > 9).count() < 2;
    is_port(&text[range.end..]) || !(is_version || small)
}

fn is_port(after: &str) -> bool {
    after.starts_with([':', '/']) && after[1..].starts_with(|char: char| char.is_ascii_digit())
}

/// The address around a colon.
fn v6(text: &str, free: usize, colon: usize) -> Option<Range<usize>> {
    let bytes = text.as_bytes();
    let part = |byte: &&u8| byte.is_ascii_hexdigit() || **byte == b':';
    let start = colon - bytes[free..colon].iter().rev().take(V6_MAX).take_while(part).count();
    let length = bytes[start..].iter().take(V6_MAX + 1).take_while(|byte| part(byte) || **byte == b'.').count();
    let said = text[start..start + length].trim_end_matches('.');
    let said = if said.ends_with("::") { said } else { said.trim_end_matches(':') };
    let end = start + said.len();
    let word = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || *byte == b'_');
    if said.len() < 6 || word(start.checked_sub(1).and_then(|at| bytes.get(at))) || word(bytes.get(end)) {
        return None;
    }
    let address: Ipv6Addr = said.parse().ok()?;
    let groups = said.split([':', '.']).filter(|group| !group.is_empty()).count();
    // `bad::cafe` is a name in a program; an address has digits and more groups, or a prefix that only addresses have.
    let is_name = groups < 3 && !matches!(address.segments()[0], 0x2000..=0x3fff | 0xfc00..=0xfeff);
    let digits = said.bytes().any(|byte| byte.is_ascii_digit());
    (digits && !is_name && !address.is_loopback() && !address.is_multicast()).then_some(start..end)
}
