//! What can go wrong before and around inference. Errors of one request never get here: they are
//! answers of the child, in OpenAI's shape.

use std::path::PathBuf;

/// An error of the engine as a whole.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The model file was refused before loading.
    #[error("model file {path}: {source}", path = path.display())]
    Model {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: crate::gguf::Error,
    },
    /// The model would not fit into the memory that is available.
    #[error("not enough memory for the model: {0}")]
    Memory(String),
    /// This program was built without the inference library.
    #[error(
        "this build has no embedded engine (cargo feature `llama` is off): use a build with it, or an `openai` upstream"
    )]
    NotBuilt,
    /// The processor lacks an instruction set that the inference library was compiled for.
    #[error(
        "this processor lacks {0}, which the engine was compiled for: build it on this machine with RUSTFLAGS=\"-C target-cpu=native\""
    )]
    Processor(String),
    /// llama.cpp refused the model.
    #[error("llama.cpp cannot load the model: {0}")]
    Load(String),
    /// The child process could not be started or spoken to.
    #[error("engine process: {0}")]
    Process(String),
    /// The engine gave up, or is not there any more.
    #[error("engine failed: {0}")]
    Failed(String),
    /// The engine was not ready in the time allowed.
    #[error("engine not ready after {waited_ms} ms ({state})")]
    NotReady {
        /// How long was waited.
        waited_ms: u64,
        /// What it was doing.
        state: String,
    },
    /// A wrong argument.
    #[error("{0}")]
    Argument(String),
    /// A download is not what was promised.
    #[error("{file} has the SHA-256 {found} instead of {expected}: it was removed, nothing was added")]
    OtherHash {
        /// Where it came from.
        file: String,
        /// The hash it should have.
        expected: String,
        /// The hash it has.
        found: String,
    },
    /// No such model in the registry.
    #[error("no model `{0}` here (see `model ls`)")]
    UnknownModel(String),
    /// Reading or writing failed.
    #[error("{what}: {source}")]
    Io {
        /// What was being done.
        what: String,
        /// The system's answer.
        source: std::io::Error,
    },
}

impl Error {
    /// An I/O error with what was being done.
    pub fn io(what: impl Into<String>, source: std::io::Error) -> Self {
        Self::Io { what: what.into(), source }
    }
}
