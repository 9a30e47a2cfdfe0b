//! Parts of a message as content blocks.

use crate::translate::Unsupported;
use crate::translate::drops::Drops;
use crate::tree::{Tree, map};

/// The image types that the API takes.
const IMAGES: [&str; 4] = ["image/jpeg", "image/png", "image/gif", "image/webp"];

/// A message's content as blocks, in order.
pub(super) fn blocks(content: &Tree, drops: &mut Drops<'_>) -> Result<Vec<Tree>, Unsupported> {
    let mut blocks = Vec::new();
    match content {
        Tree::Null => {}
        Tree::Text(text) => blocks.extend(text_block(text)),
        Tree::List(parts) => {
            for part in parts {
                blocks.extend(block(part, drops)?);
            }
        }
        _ => drops.leave_out("messages.content", "it must be a text or a list of parts")?,
    }
    Ok(blocks)
}

/// A block of text; none of white space alone, which the API refuses.
pub(super) fn text_block(text: &str) -> Option<Tree> {
    (!text.trim().is_empty()).then(|| map! { "type": "text", "text": text })
}

fn block(part: &Tree, drops: &mut Drops<'_>) -> Result<Option<Tree>, Unsupported> {
    let block = match part.get("type").said() {
        "text" => text_block(part.get("text").said()),
        "refusal" => text_block(part.get("refusal").said()),
        "image_url" => image(part.get("image_url"), drops)?,
        "file" => document(part.get("file"), drops)?,
        "input_audio" => drops.leave_out("messages.input_audio", "there is no sound there").map(|()| None)?,
        _ => drops.leave_out("messages.content", "there is no such part").map(|()| None)?,
    };
    // Not OpenAI's, but what its clients write when they know who answers.
    let cache = part.get("cache_control");
    Ok(block.map(|mut block| {
        if !cache.is_null() {
            block.put("cache_control", cache);
        }
        block
    }))
}

fn image(value: &Tree, drops: &mut Drops<'_>) -> Result<Option<Tree>, Unsupported> {
    let url = value.text().unwrap_or(value.get("url").said());
    let source = match data_url(url) {
        Some((kind, data)) if IMAGES.contains(&kind) => {
            map! { "type": "base64", "media_type": kind, "data": data }
        }
        None if url.starts_with("https://") => map! { "type": "url", "url": url },
        _ => {
            let why = "an image there is JPEG, PNG, GIF or WebP in a base64 data URL, or an https URL";
            return drops.leave_out("messages.image_url", why).map(|()| None);
        }
    };
    Ok(Some(map! { "type": "image", "source": source }))
}

fn document(file: &Tree, drops: &mut Drops<'_>) -> Result<Option<Tree>, Unsupported> {
    let Some(("application/pdf", data)) = data_url(file.get("file_data").said()) else {
        return drops.leave_out("messages.file", "a file there is a PDF in a base64 data URL").map(|()| None);
    };
    let source = map! { "type": "base64", "media_type": "application/pdf", "data": data };
    let mut block = map! { "type": "document", "source": source };
    if let Some(name) = file.get("filename").text() {
        block.put("title", name);
    }
    Ok(Some(block))
}

/// The media type and the data of a base64 data URL.
fn data_url(url: &str) -> Option<(&str, &str)> {
    let (kind, data) = url.strip_prefix("data:")?.split_once(',')?;
    let kind = kind.strip_suffix(";base64")?;
    Some((kind.split(';').next().unwrap_or(kind), data))
}
