//! Beginning anew: a demo's log can be deleted whole, which ends everything that runs on it first.

use std::sync::Arc;

use tokio::sync::watch;

/// Where somebody may ask for it.
#[derive(Debug, Clone)]
pub(crate) struct Anew(Arc<watch::Sender<Option<String>>>);

impl Default for Anew {
    fn default() -> Self {
        Self(Arc::new(watch::Sender::new(None)))
    }
}

impl Anew {
    /// Asks for it in somebody's name; whoever asked first is the one who did.
    pub(crate) fn ask(&self, by: &str) {
        self.0.send_if_modified(|asked| {
            let first = asked.is_none();
            asked.get_or_insert_with(|| by.to_owned());
            first
        });
    }

    /// Waits until somebody asks: who.
    pub(crate) async fn asked(&self) -> String {
        let mut asked = self.0.subscribe();
        let found = asked.wait_for(Option::is_some).await.map(|by| by.clone().unwrap_or_default());
        found.unwrap_or_default()
    }
}
