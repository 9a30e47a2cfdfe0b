//! A provider that looks at the disk when the first byte of a request arrives.

use std::collections::BTreeMap;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use gateway::Tasks;
use ledger::frame::{self, Found};
use ledger::segment::{self, Form, Header};
use ledger::storage::sim::Sim;
use realm::record::{Intent, Record};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::notes::{Broken, Kind, Notes, draw, mac_of};
use crate::harness::{answer, chunk, usage_chunk};

/// A deployment's provider.
pub struct Upstream {
    pub deployment: &'static str,
    pub disk: Sim,
    pub notes: Notes,
}

/// The files of a disk at one instant, as a crash would leave them.
type Safe = BTreeMap<PathBuf, Vec<u8>>;

impl Upstream {
    pub async fn serve(self: Arc<Self>, listener: TcpListener, tasks: Tasks) {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let upstream = self.clone();
            tasks.spawn(async move {
                // The gateway may leave at any time.
                let _ = upstream.converse(stream).await;
            });
        }
    }

    async fn converse(&self, mut stream: TcpStream) -> io::Result<()> {
        while let Some((safe, body)) = self.request(&mut stream).await? {
            let value: serde_json::Value = serde_json::from_slice(&body)?;
            let id = value["messages"][0]["content"].as_str().unwrap_or_default();
            self.notes.lock().reached.insert((id.to_owned(), self.deployment));
            self.judge(&safe, id, body.len() as u64);
            if !self.reply(&mut stream, id, value["stream"] == true).await? {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads a request, with the files that were safe when its first byte arrived.
    async fn request(&self, stream: &mut TcpStream) -> io::Result<Option<(Safe, Vec<u8>)>> {
        let mut bytes = vec![0; 1];
        if stream.read(&mut bytes).await? == 0 {
            return Ok(None);
        }
        let safe = self.disk.synced_files();
        let mut part = [0; 4096];
        loop {
            if let Some(body) = body_of(&bytes) {
                return Ok(Some((safe, body.to_vec())));
            }
            let read = stream.read(&mut part).await?;
            if read == 0 {
                return Ok(None);
            }
            bytes.extend_from_slice(&part[..read]);
        }
    }

    /// The intent of just this attempt must have been safe.
    fn judge(&self, safe: &Safe, id: &str, bytes: u64) {
        let mac = mac_of(id);
        let is_its = |intent: &Intent| intent.user.as_ref().is_some_and(|user| user.0 == mac);
        let mine = |intent: &Intent| is_its(intent) && intent.dep.as_str() == self.deployment && intent.bytes == bytes;
        // The newest segments first: it is nearly always in the last one.
        let found = safe.iter().rev().any(|(path, bytes)| intents_in(path, bytes, &mac).iter().any(mine));
        if !found {
            let what = format!("the first byte of {id} reached {} before its intent was synced", self.deployment);
            self.notes.broken(Broken::new(Kind::Byte, what));
        }
    }

    /// Answers, or fails, as the id says; false where the connection ends.
    async fn reply(&self, stream: &mut TcpStream, id: &str, streamed: bool) -> io::Result<bool> {
        let fate = draw(&format!("{id} at {}", self.deployment));
        tokio::time::sleep(Duration::from_millis(fate / 16 % 4)).await;
        let (whole, cut) = match fate % 16 {
            0 | 1 => return Ok(false),
            2 | 3 => (head(500, "application/json", 2) + "{}", false),
            few if streamed => (stream_of(id), few < 6),
            few => {
                let body = answer(id);
                (head(200, "application/json", body.len()) + &body, few < 6)
            }
        };
        let bytes = if cut { &whole.as_bytes()[..whole.len() * 2 / 3] } else { whole.as_bytes() };
        // In two pieces, so that a crash may come between them.
        let (first, rest) = bytes.split_at(bytes.len() / 2);
        stream.write_all(first).await?;
        tokio::time::sleep(Duration::from_millis(fate / 64 % 3)).await;
        stream.write_all(rest).await?;
        Ok(!cut)
    }
}

fn head(status: u16, content_type: &str, length: usize) -> String {
    format!("HTTP/1.1 {status} X\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\n\r\n")
}

fn stream_of(says: &str) -> String {
    let events = [chunk("You said: "), chunk(says), usage_chunk(10, 5), "data: [DONE]\n\n".to_owned()].concat();
    head(200, "text/event-stream", events.len()) + &events
}

/// The body of a request that has arrived whole.
fn body_of(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n")?;
    let head = std::str::from_utf8(&bytes[..end]).unwrap();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).unwrap_or(0);
    bytes.get(end + 4..end + 4 + length)
}

/// The intents of a user in a file that may be a segment, up to the first bytes that are no entry.
fn intents_in(path: &std::path::Path, bytes: &[u8], mac: &str) -> Vec<Intent> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let raw = match segment::parse_file_name(&name) {
        Some((_, Form::Raw)) => bytes.to_vec(),
        Some((_, Form::Sealed)) => ledger::seal::unpack(bytes).unwrap_or_default(),
        None => return Vec::new(),
    };
    let Ok(header) = Header::parse(&raw) else { return Vec::new() };
    let (mut at, mut found) = (segment::HEADER, Vec::new());
    while let Found::Frame(frame, length) = frame::read(&raw[at..], header.seed()) {
        at += length;
        if memchr::memmem::find(frame.entry, mac.as_bytes()).is_some()
            && let Ok(Record::Intent(intent)) = Record::from_bytes(frame.entry)
        {
            found.push(intent);
        }
    }
    found
}
