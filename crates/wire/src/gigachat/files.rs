//! Images of a conversation. The provider takes each as a file that is uploaded before, and named in its message.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// Where files are uploaded, below the base URL.
pub const FILES_PATH: &str = "/files";
/// Most images in a request.
const IMAGES_MAX: usize = 10;
/// The largest image, in bytes.
const IMAGE_BYTES_MAX: usize = 15 << 20;
/// Longest id believed.
const ID_BYTES_MAX: usize = 128;
/// More digits than the number of any place in a body has.
const NUMBER_DIGITS_MAX: usize = 10;
/// What cannot stand in a part of a path as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');
/// Kinds of images that the provider takes, and how the file's name ends.
const KINDS: [(&str, &str); 4] =
    [("image/jpeg", "jpg"), ("image/png", "png"), ("image/tiff", "tiff"), ("image/bmp", "bmp")];

/// An image of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    kind: &'static str,
    name_end: &'static str,
    content: Vec<u8>,
}

/// Images to upload before a body can be sent, and where in it their ids go.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Images {
    images: Vec<Image>,
    /// Stands in the body with an image's number where its id goes; nothing else in it reads like that.
    mark: String,
}

impl Image {
    /// Reads the `image_url` of a content part.
    ///
    /// # Errors
    /// In words, where the provider cannot be given it. What is elsewhere is not fetched: the client chooses no host.
    pub(super) fn read(part: &Value) -> Result<Self, &'static str> {
        let url = part["image_url"]["url"].as_str().or(part["image_url"].as_str()).unwrap_or_default();
        let data = url.strip_prefix("data:").ok_or("an image must be in the request, as a data: URL in base64")?;
        let (kind, written) = data.split_once(";base64,").ok_or("an image's data: URL must be in base64")?;
        let kind = if kind.eq_ignore_ascii_case("image/jpg") { "image/jpeg" } else { kind };
        let known = KINDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(kind));
        let (kind, name_end) = *known.ok_or("it takes images as JPEG, PNG, TIFF and BMP")?;
        let content = STANDARD.decode(written.trim_ascii()).map_err(|_| "an image's base64 is damaged")?;
        match content.len() {
            0 => Err("an image is empty"),
            IMAGE_BYTES_MAX.. => Err("an image is larger than 15 MB"),
            _ => Ok(Self { kind, name_end, content }),
        }
    }

    /// What is uploaded.
    pub fn content(&self) -> &[u8] {
        &self.content
    }

    /// The body of the upload, and its content type. The name says the kind and nothing else.
    pub fn upload(&self) -> (String, Vec<u8>) {
        let boundary = unlike("freehold-", &self.content);
        let (kind, name_end) = (self.kind, self.name_end);
        let mut body = format!(
            "--{boundary}\r\ncontent-disposition: form-data; name=\"purpose\"\r\n\r\ngeneral\r\n--{boundary}\r\n\
             content-disposition: form-data; name=\"file\"; filename=\"image.{name_end}\"\r\ncontent-type: {kind}\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(&self.content);
        body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        (format!("multipart/form-data; boundary={boundary}"), body)
    }
}

impl Images {
    /// Takes one more, and says its number.
    pub(super) fn take(&mut self, image: Image) -> Result<usize, &'static str> {
        if self.images.len() == IMAGES_MAX {
            return Err("it takes ten images in a request");
        }
        self.images.push(image);
        Ok(self.images.len() - 1)
    }

    /// Finds what can stand for ids in a body that has none yet.
    pub(super) fn mark(&mut self, body: &[u8]) {
        self.mark = unlike("image-", body);
    }

    /// What stands for the id of an image.
    pub(super) fn stands(&self, number: usize) -> String {
        format!("{}-{number}", self.mark)
    }

    /// In the order of their ids.
    pub fn iter(&self) -> impl Iterator<Item = &Image> {
        self.images.iter()
    }

    /// Whether there is nothing to upload.
    pub fn is_empty(&self) -> bool {
        self.images.is_empty()
    }

    /// The body with its images' ids, one for each.
    pub fn named(&self, body: &[u8], ids: &[String]) -> Vec<u8> {
        let mut out = Vec::with_capacity(body.len() + ids.len() * 40);
        let mut rest = body;
        for (number, id) in ids.iter().enumerate() {
            let stands = format!("\"{}\"", self.stands(number));
            let Some(at) = memchr::memmem::find(rest, stands.as_bytes()) else { continue };
            out.extend_from_slice(&rest[..at]);
            out.extend_from_slice(Value::from(id.as_str()).to_string().as_bytes());
            rest = &rest[at + stands.len()..];
        }
        out.extend_from_slice(rest);
        out
    }
}

/// The id of what was uploaded.
pub fn uploaded(answer: &[u8]) -> Option<String> {
    let answer: Value = serde_json::from_slice(answer).ok()?;
    let id = answer["id"].as_str()?;
    let names_one = !matches!(id, "" | "." | "..") && id.len() <= ID_BYTES_MAX && !id.chars().any(char::is_control);
    names_one.then(|| id.to_owned())
}

/// Where an uploaded file is destroyed, by a POST.
pub fn delete_path(id: &str) -> String {
    format!("{FILES_PATH}/{}/delete", utf8_percent_encode(id, RESERVED))
}

/// A word that these bytes do not hold: with the least number that does not stand after it in them.
fn unlike(word: &str, bytes: &[u8]) -> String {
    let places = || memchr::memmem::find_iter(bytes, word.as_bytes()).map(|at| &bytes[at + word.len()..]);
    let mut taken = vec![false; places().count() + 1];
    for after in places() {
        let digits = after.iter().take(NUMBER_DIGITS_MAX).take_while(|byte| byte.is_ascii_digit());
        let number = digits.fold(0, |number, digit| number * 10 + usize::from(digit - b'0'));
        if let Some(place) = taken.get_mut(number) {
            *place = true;
        }
    }
    let number = taken.iter().position(|taken| !taken).unwrap_or_default();
    format!("{word}{number}x")
}
