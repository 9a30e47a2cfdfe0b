//! Short values in JSON that only the name of their member explains: `{"inn": "7707083893"}`.

use super::{Detectors, Span, person};

/// A value that is longer says itself what it is about.
const VALUE_MAX: usize = 64;
const LABEL_MAX: usize = 48;
/// Fewer digits identify nobody.
const DIGITS_MIN: usize = 6;

/// The finds in a value, read behind the name of its member as `name: value`.
pub(super) fn find(detectors: &Detectors, label: &str, value: &str) -> Vec<Span> {
    if value.len() > VALUE_MAX || label.len() > LABEL_MAX {
        return Vec::new();
    }
    let label = spaced(label);
    let digits = value.bytes().filter(u8::is_ascii_digit).count();
    let named = || label.rsplit(' ').next().is_some_and(person::is_field) && value.starts_with(char::is_uppercase);
    if digits < DIGITS_MIN && !named() {
        return Vec::new();
    }
    let lead = label.len() + 2;
    let found = detectors.find(&format!("{label}: {value}")).into_iter().filter(|span| span.range.start >= lead);
    found.map(|span| Span { range: span.range.start - lead..span.range.end - lead, ..span }).collect()
}

/// The words of a member's name: `passportNumber`, `passport_number`.
fn spaced(label: &str) -> String {
    let mut out = String::with_capacity(label.len() + 4);
    for char in label.chars() {
        if char.is_uppercase() && out.ends_with(char::is_lowercase) {
            out.push(' ');
        }
        out.push(if matches!(char, '_' | '-' | '.') { ' ' } else { char });
    }
    out
}

#[cfg(test)]
mod tests {
    use super::find;
    use crate::detect::{Detectors, Kind};

    #[test]
    fn a_members_name_tells_what_its_value_is() {
        let detectors = Detectors::standard();
        let kinds = |label: &str, value: &str| {
            find(&detectors, label, value)
                .into_iter()
                .map(|span| (span.kind, value[span.range].to_owned()))
                .collect::<Vec<_>>()
        };
        for (label, value, kind) in [
            ("inn", "7707083893", Kind::Inn),
            ("clientInn", "7707083893", Kind::Inn),
            ("ИНН", "7707083893", Kind::Inn),
            ("passport_number", "4508 123456", Kind::Passport),
            ("bsn", "111222333", Kind::NationalId),
            ("phone", "9161234567", Kind::Phone),
            ("last_name", "Abernathy", Kind::Person),
            ("фамилия", "Живаго", Kind::Person),
        ] {
            assert_eq!(kinds(label, value), [(kind, value.to_owned())], "{label}");
        }
        for (label, value) in
            [("id", "7707083893"), ("name", "Web Server"), ("count", "111222333"), ("title", "Abernathy")]
        {
            assert_eq!(kinds(label, value), [], "{label}");
        }
    }
}
