//! Content of an item as content of a message.

use super::request::invalid;
use crate::translate::Refusal;
use crate::translate::drops::unsupported;
use crate::tree::{Tree, map};

/// What a message says: a text, or parts. A single text is said as a text, which every server understands.
pub(super) fn parts(said: &Tree, at: &str) -> Result<Tree, Refusal> {
    if said.text().is_some() {
        return Ok(said.clone());
    }
    let Tree::List(parts) = said else { return Err(invalid(at, "it must be a text or a list of parts")) };
    let places = parts.iter().enumerate();
    let parts: Vec<Tree> = places.map(|(place, one)| part(one, &format!("{at}[{place}]"))).collect::<Result<_, _>>()?;
    Ok(match parts.as_slice() {
        [only] if only.get("type").is("text") => only.get("text").clone(),
        _ => parts.into(),
    })
}

/// What a function gave back: a chat takes text alone.
pub(super) fn result(said: &Tree, at: &str) -> Result<Tree, Refusal> {
    let content = parts(said, at)?;
    if content.list().iter().any(|part| !part.get("type").is("text")) {
        return Err(unsupported(at, "a chat takes text as the result of a function").into());
    }
    Ok(content)
}

fn part(part: &Tree, at: &str) -> Result<Tree, Refusal> {
    let said = |member: &str| match part.get(member).text() {
        Some(text) => Ok(map! { "type": "text", "text": text }),
        None => Err(invalid(&format!("{at}.{member}"), "a text is required")),
    };
    match part.get("type").said() {
        "input_text" | "output_text" | "text" => said("text"),
        "refusal" => said("refusal"),
        "input_image" => image(part, at),
        "input_file" => file(part, at),
        "input_audio" => Ok(map! { "type": "input_audio", "input_audio": part.get("input_audio") }),
        "" => Err(invalid(&format!("{at}.type"), "a text is required")),
        _ => Err(unsupported(at, "a chat has no such part").into()),
    }
}

fn image(part: &Tree, at: &str) -> Result<Tree, Refusal> {
    let Some(url) = part.get("image_url").text() else {
        return Err(unsupported(at, "files stay with the provider: send the image in `image_url`").into());
    };
    let mut image = map! { "url": url };
    if !part.get("detail").is_null() {
        image.put("detail", part.get("detail"));
    }
    Ok(map! { "type": "image_url", "image_url": image })
}

fn file(part: &Tree, at: &str) -> Result<Tree, Refusal> {
    if part.get("file_data").text().is_none() {
        return Err(unsupported(at, "files stay with the provider: send the content in `file_data`").into());
    }
    let name = part.get("filename").text().unwrap_or("file");
    Ok(map! { "type": "file", "file": map! { "filename": name, "file_data": part.get("file_data") } })
}
