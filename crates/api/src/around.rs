//! What runs around the pages and the API.

use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use policy::Compiled;
use realm::DeploymentId;
use realm::snapshot::Snapshot;
use realm::world::{Credential, SignIn};
use tokio::sync::mpsc;

/// What comes of sending a request whose answer comes in parts: its head, and the parts as they come.
pub type Opened<'a> = Pin<Box<dyn Future<Output = Result<Response<mpsc::Receiver<Bytes>>, String>> + Send + 'a>>;

/// Begins an answer in parts to whoever asked: its head goes out at once, what is sent into the channel follows.
pub type Begin = dyn Fn(Response<()>) -> mpsc::Sender<Bytes> + Send + Sync;

/// What comes of asking for a backup: the file's bytes as they come, or why there is none.
pub type Saved = Pin<Box<dyn Future<Output = Result<mpsc::Receiver<Bytes>, Unsaved>> + Send>>;

/// Why there is no backup.
#[derive(Debug, thiserror::Error)]
pub enum Unsaved {
    /// One is being made already.
    #[error("a backup is being made already")]
    Busy,
    /// Something was in the way.
    #[error("{0}")]
    Failed(String),
}

/// What comes of asking an identity provider: what it answers, or why it does not.
pub type Heard = Pin<Box<dyn Future<Output = Result<Response<Vec<u8>>, String>> + Send>>;

/// What runs around, as of the moment of a request.
pub trait Around: Send + Sync {
    /// The realm that decides.
    fn snapshot(&self) -> Arc<Snapshot>;
    /// Its rules.
    fn compiled(&self) -> Arc<Compiled>;
    /// Whether traffic is taken.
    fn ready(&self) -> Ready;
    /// How each deployment does.
    fn places(&self) -> Vec<PlaceState>;
    /// Whether the key of this hash lets in now.
    fn lets_in(&self, key: &[u8; 32]) -> bool;
    /// Whether the log may be deleted whole, as a demo's may: everything begins anew then, with an empty one.
    fn may_begin_anew(&self) -> bool;
    /// Asks for it in somebody's name. It is done once what runs has ended.
    fn begin_anew(&self, by: &str);
    /// Makes a backup of everything but the realm: one file, verified, without the key that signs the log.
    fn backup(&self) -> Saved;
    /// Asks an identity provider, at a host that the realm declares and no other. Follows nothing that it is told to.
    fn ask_provider(&self, provider: &SignIn, request: Request<Vec<u8>>) -> Heard;
    /// Reads a secret from where the realm says that it is.
    ///
    /// # Errors
    /// It is not there: where it should be.
    fn secret(&self, from: &Credential) -> Result<String, String>;
    /// Sends a request to the gateway as any client would; the answer's parts come as they come. Whoever drops them leaves
    /// as a client leaves.
    fn open(&self, request: Request<Bytes>) -> Opened<'_>;
}

/// Whether traffic is taken, and what somebody should look at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Ready {
    /// Why it is not; empty where it is.
    pub reasons: Vec<String>,
    /// What is wrong without stopping everything.
    pub warnings: Vec<String>,
}

/// How a deployment does, as its traffic tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlaceState {
    /// Which one.
    pub deployment: DeploymentId,
    /// Why nothing can be sent there at all.
    pub trouble: Option<String>,
    /// For how long it is left alone after failures.
    pub wait_ms: Option<u64>,
    /// For how long its operator is left alone, for it refuses for reasons of law.
    pub law_wait_ms: Option<u64>,
    /// Attempts that run there now.
    pub running: usize,
}
