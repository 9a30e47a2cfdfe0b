use std::collections::BTreeMap;
use std::fmt;

use toml::de::DeValue;

/// A value as TOML writes it, kept so that it can be written again.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Given {
    Text(String),
    /// A number, a date, `true` or `false`.
    Plain(String),
    List(Vec<Given>),
    Table(BTreeMap<String, Given>),
}

impl Given {
    pub(super) fn of(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text.to_string()),
            DeValue::Integer(number) => Self::Plain(number.to_string()),
            DeValue::Float(number) => Self::Plain(number.to_string()),
            DeValue::Boolean(flag) => Self::Plain(flag.to_string()),
            DeValue::Datetime(date) => Self::Plain(date.to_string()),
            DeValue::Array(values) => Self::List(values.iter().map(|value| Self::of(value.get_ref())).collect()),
            DeValue::Table(table) => {
                let field = |(key, value): (&toml::Spanned<_>, &toml::Spanned<DeValue<'_>>)| {
                    let key: &std::borrow::Cow<'_, str> = key.get_ref();
                    (key.to_string(), Self::of(value.get_ref()))
                };
                Self::Table(table.iter().map(field).collect())
            }
        }
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }
}

/// As TOML, on one line.
impl fmt::Display for Given {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::Plain(text) => f.write_str(text),
            Self::List(values) => {
                f.write_str("[")?;
                for (place, value) in values.iter().enumerate() {
                    write!(f, "{}{value}", if place == 0 { "" } else { ", " })?;
                }
                f.write_str("]")
            }
            Self::Table(fields) => {
                f.write_str("{ ")?;
                for (place, (key, value)) in fields.iter().enumerate() {
                    write!(f, "{}{} = {value}", if place == 0 { "" } else { ", " }, quoted(key))?;
                }
                f.write_str(" }")
            }
        }
    }
}

/// JSON's strings are TOML's basic strings: both escape with a backslash, and JSON's writer leaves other letters as they are.
fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}
