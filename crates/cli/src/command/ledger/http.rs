//! A published log or a witness at an address.

use std::cell::RefCell;
use std::io;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use ledger::verify::Source;
use ureq::Agent;

use crate::lang::tell;

/// The largest file of a published log: a full bundle of the longest entries.
const FILE_BYTES_MAX: u64 = 32 << 20;
const TIMEOUT: Duration = Duration::from_secs(30);

pub(super) fn agent() -> Agent {
    let config = Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false);
    // Whom the operator named is asked, and nobody whom that one names or the environment does.
    config.max_redirects(0).proxy(None).build().into()
}

/// The files of a published log below a prefix.
pub(super) struct Published {
    agent: Agent,
    prefix: String,
    /// Checkpoints move: the one seen first is the one verified.
    checkpoint: RefCell<Option<Vec<u8>>>,
}

impl Published {
    pub(super) fn new(prefix: &str) -> Self {
        Self { agent: agent(), prefix: prefix.trim_end_matches('/').to_owned(), checkpoint: RefCell::default() }
    }

    fn fetch(&self, path: &str) -> Result<Option<Vec<u8>>> {
        let url = format!("{}/{path}", self.prefix);
        let mut response =
            self.agent.get(&url).call().with_context(|| tell("cannot-read", &[("path", url.clone())]))?;
        match response.status().as_u16() {
            200 => Ok(Some(response.body_mut().with_config().limit(FILE_BYTES_MAX).read_to_vec()?)),
            404 => Ok(None),
            other => Err(anyhow!(tell("answered", &[("url", url), ("status", other.to_string())]))),
        }
    }
}

impl Source for Published {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        if path == "checkpoint" && self.checkpoint.borrow().is_some() {
            return Ok(self.checkpoint.borrow().clone());
        }
        let found = self.fetch(path).map_err(|error| io::Error::other(format!("{error:#}")))?;
        if path == "checkpoint" {
            self.checkpoint.borrow_mut().clone_from(&found);
        }
        Ok(found)
    }
}
