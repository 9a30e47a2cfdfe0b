//! Whether a body has the shape of the API: what is written otherwise than it can be read is told, not passed over.

use std::collections::HashSet;

use super::request::invalid;
use crate::translate::Refusal;
use crate::translate::drops::unsupported;
use crate::tree::Tree;

/// What a member must be, where it is there.
#[derive(Clone, Copy)]
enum Wants {
    Flag,
    Count,
    List,
    Object(&'static [&'static str]),
    AnyObject,
}

/// Members whose translation reads into them, or which have another name in what becomes of the body.
const SHAPES: &[(&str, Wants)] = &[
    ("stream", Wants::Flag),
    ("store", Wants::Flag),
    ("background", Wants::Flag),
    ("max_output_tokens", Wants::Count),
    ("tools", Wants::List),
    ("include", Wants::List),
    ("metadata", Wants::AnyObject),
    ("text", Wants::Object(&["format", "verbosity"])),
    ("reasoning", Wants::Object(&["effort", "summary", "generate_summary"])),
    ("stream_options", Wants::Object(&["include_obfuscation"])),
];

/// Refuses a body with a name given twice, a member of another type, or an unknown one where only known ones have effect.
pub(super) fn check(body: &Tree) -> Result<(), Refusal> {
    if let Some(name) = doubled(body) {
        return Err(invalid(name, "it is given twice"));
    }
    for (name, wants) in SHAPES {
        let value = body.get(name);
        if value.is_null() {
            continue;
        }
        let fits = match wants {
            Wants::Flag => matches!(value, Tree::Bool(_)),
            Wants::Count => value.count().is_some(),
            Wants::List => matches!(value, Tree::List(_)),
            Wants::Object(_) | Wants::AnyObject => matches!(value, Tree::Map(_)),
        };
        if !fits {
            return Err(invalid(name, wants.words()));
        }
        if let Wants::Object(known) = wants
            && let Some((other, _)) = value.members().iter().find(|(other, _)| !known.contains(&other.as_str()))
        {
            return Err(unsupported(&format!("{name}.{other}"), "it has no effect here").into());
        }
    }
    let no_tools = body.get("tools").list().is_empty();
    match body.get("tool_choice") {
        Tree::Null => Ok(()),
        Tree::Text(word) if no_tools && matches!(word.as_str(), "auto" | "none") => Ok(()),
        _ if no_tools => Err(invalid("tool_choice", "there are no tools to choose from")),
        _ => Ok(()),
    }
}

impl Wants {
    fn words(self) -> &'static str {
        match self {
            Self::Flag => "it must be true or false",
            Self::Count => "it must be a whole number",
            Self::List => "it must be a list",
            Self::Object(_) | Self::AnyObject => "it must be an object",
        }
    }
}

/// A name that an object has twice, at any depth.
fn doubled(tree: &Tree) -> Option<&str> {
    match tree {
        Tree::List(items) => items.iter().find_map(doubled),
        Tree::Map(members) => {
            let mut seen = HashSet::with_capacity(members.len());
            let twice = members.iter().find(|(name, _)| !seen.insert(name.as_str())).map(|(name, _)| name.as_str());
            twice.or_else(|| members.iter().find_map(|(_, value)| doubled(value)))
        }
        _ => None,
    }
}
