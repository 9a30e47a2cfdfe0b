//! A stream of OpenAI's chunks, told to a client of another language.

use crate::openai::DONE;
use crate::sse::{Frame, TooLong};
use crate::tree::{Tree, map};

/// Tells one stream anew, frame by frame.
pub trait Retell {
    /// What it needs to know of the request.
    type Back;

    /// Begins one. What it keeps until it can be told is never longer than `bytes_max`.
    fn begin(back: Self::Back, bytes_max: usize) -> Self;

    /// Takes the next frame. A comment passes; an error ends the stream; so does `[DONE]`.
    ///
    /// # Errors
    /// If more would be kept than allowed.
    fn push(&mut self, frame: &Frame, out: &mut Vec<Frame>) -> Result<(), TooLong>;

    /// Ends the stream with an error, `{"error":{…}}`.
    fn fail_with(&mut self, body: &[u8], out: &mut Vec<Frame>);
}

/// What a frame of OpenAI's stream is.
pub(crate) enum Said {
    Comment,
    Done,
    /// The error that it ends with.
    Failed(Tree),
    Chunk(Tree),
}

impl Said {
    pub(crate) fn by(frame: &Frame) -> Self {
        match frame {
            Frame::Comment(_) => Self::Comment,
            Frame::Event(event) if event.data.trim() == DONE => Self::Done,
            Frame::Event(event) => match Tree::parse(&event.data) {
                Ok(chunk) if chunk.get("error").is_null() => Self::Chunk(chunk),
                Ok(chunk) => Self::Failed(chunk.get("error").clone()),
                Err(_) => Self::Failed(map! { "message": "an event of the stream is not JSON" }),
            },
        }
    }
}
