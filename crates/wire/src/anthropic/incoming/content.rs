//! Content blocks as parts of a message.

use super::Refusal;
use super::request::invalid;
use crate::translate::drops::Drops;
use crate::tree::{Tree, map};

/// Text, or a list of text blocks, as text parts; none where it is anything else.
pub(super) fn texts(said: &Tree) -> Option<Vec<Tree>> {
    match said {
        Tree::Null => Some(Vec::new()),
        Tree::Text(text) if text.is_empty() => Some(Vec::new()),
        Tree::Text(text) => Some(vec![text_part(text)]),
        Tree::List(blocks) => blocks.iter().map(|block| block.get("text").text().map(text_part)).collect(),
        _ => None,
    }
}

fn text_part(text: &str) -> Tree {
    map! { "type": "text", "text": text }
}

/// Parts as content: a single text is said as a text, which every server understands.
pub(super) fn joined(parts: Vec<Tree>) -> Tree {
    match parts.as_slice() {
        [only] if only.get("type").is("text") => only.get("text").clone(),
        _ => parts.into(),
    }
}

/// A block of the user's as a part.
pub(super) fn part(block: &Tree, drops: &mut Drops<'_>) -> Result<Option<Tree>, Refusal> {
    let source = block.get("source");
    match block.get("type").said() {
        "text" => match block.get("text").text() {
            Some(text) => Ok(Some(text_part(text))),
            None => Err(invalid("messages.content.text", "a text is required")),
        },
        "image" => image(source, drops),
        "document" => document(block, source, drops),
        "" => Err(invalid("messages.content.type", "a text is required")),
        kind => {
            let field = format!("messages.content.{kind}");
            drops.leave_out(&field, "OpenAI's form has no such part")?;
            Ok(None)
        }
    }
}

fn image(source: &Tree, drops: &mut Drops<'_>) -> Result<Option<Tree>, Refusal> {
    let url = match source.get("type").said() {
        "base64" => data_url(source),
        "url" => source.get("url").said().to_owned(),
        _ => {
            drops.leave_out("messages.content.image", "files stay with the provider")?;
            return Ok(None);
        }
    };
    Ok(Some(map! { "type": "image_url", "image_url": map! { "url": url } }))
}

fn document(block: &Tree, source: &Tree, drops: &mut Drops<'_>) -> Result<Option<Tree>, Refusal> {
    let name = block.get("title").text();
    if !block.get("context").is_null() {
        drops.leave_out("messages.content.document.context", "OpenAI's files have no such field")?;
    }
    match source.get("type").said() {
        "base64" => {
            let file = map! { "filename": name.unwrap_or("document.pdf"), "file_data": data_url(source) };
            Ok(Some(map! { "type": "file", "file": file }))
        }
        "text" => {
            let title = name.map(|name| format!("{name}\n")).unwrap_or_default();
            Ok(Some(text_part(&format!("{title}{}", source.get("data").said()))))
        }
        _ => {
            let why = "OpenAI's form carries a document only with its bytes or its text";
            drops.leave_out("messages.content.document", why)?;
            Ok(None)
        }
    }
}

fn data_url(source: &Tree) -> String {
    format!("data:{};base64,{}", source.get("media_type").said(), source.get("data").said())
}
