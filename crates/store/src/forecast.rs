//! Forecasts that somebody froze: the store keeps none of them, only that it happened goes to the ledger.

use realm::UnixMs;

use crate::db::{Said, finish};
use crate::{Error, Store};

impl Store {
    /// Records that a forecast was frozen: its model's id and the SHA-256 of its bytes.
    ///
    /// # Errors
    /// Where the store cannot be written: then nothing is recorded.
    pub async fn freeze_forecast(&self, id: &str, sha256: &str, by: &str, now: UnixMs) -> Result<(), Error> {
        let tx = self.write().await?;
        let note = Some(format!("sha256 {sha256}"));
        finish(tx, Said { at: now, what: "forecast.freeze", subject: format!("forecast:{id}"), by, note }).await
    }
}
