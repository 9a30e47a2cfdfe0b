//! Keys of apps that the console holds for people who try a route: short-lived, in the store and in the ledger like any
//! other, in memory for as long as they hold.

use std::collections::HashMap;
use std::time::Duration;

use realm::{AppId, UnixMs};
use tokio::sync::Mutex;

use crate::context::{Context, Trouble};

/// How long such a key holds.
const HOUR_MS: u64 = 3_600_000;
/// One that ends sooner is not used any more.
const SPARE_MS: u64 = 60_000;
/// People and apps remembered.
const KEYS_MAX: usize = 1_024;
/// How long the gateway may take to know a new key.
const WAIT: Duration = Duration::from_secs(3);
const STEP: Duration = Duration::from_millis(20);

/// Keys by person and app: the text, and when it ends.
#[derive(Default)]
pub struct Lent(Mutex<HashMap<(String, AppId), (String, UnixMs)>>);

/// The text of a key with which the visitor may act for an app, and which the gateway knows.
///
/// # Errors
/// If the store cannot be written, or the gateway does not take the key over in time.
pub async fn key(cx: &Context<'_>, app: &AppId) -> Result<String, Trouble> {
    let mut lent = cx.console.lent.0.lock().await;
    let name = (cx.guest.person.clone(), app.clone());
    let known = lent.get(&name).filter(|(text, until)| {
        cx.now.0.saturating_add(SPARE_MS) < until.0 && cx.around.lets_in(&store::hash_key(text))
    });
    if let Some((text, _)) = known {
        return Ok(text.clone());
    }
    if lent.len() >= KEYS_MAX {
        lent.clear();
    }
    let until = UnixMs(cx.now.0.saturating_add(HOUR_MS));
    let by = format!("{}, by the playground", cx.guest.person);
    let text = cx.console.parts.store.new_key(app, Some(until), &by, cx.now).await?.text;
    let hash = store::hash_key(&text);
    let steps = WAIT.as_millis() / STEP.as_millis();
    for _ in 0..steps {
        if cx.around.lets_in(&hash) {
            lent.insert(name, (text.clone(), until));
            return Ok(text);
        }
        tokio::time::sleep(STEP).await;
    }
    Err(Trouble::Gateway("the gateway did not take the new key over".to_owned()))
}
