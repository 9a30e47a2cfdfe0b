//! Whoever seals what passes, and lets go of what is old. Time is an argument.

use std::collections::{BTreeMap, HashMap};

use realm::{AppId, OrganisationId, UnixMs};

use super::seal::DataKey;
use super::{Contents, KEY_LASTS_MS, Parts, Sealed, WrappedKey};
use crate::{Error, Store};

/// A day.
const DAY_MS: u64 = 86_400_000;
/// Under whose name old keys are destroyed.
const BY: &str = "serve";

/// Something to keep.
#[derive(Debug, Clone, Copy)]
pub struct ToKeep<'a> {
    /// Its app.
    pub app: &'a AppId,
    /// The app's organisation.
    pub organisation: &'a OrganisationId,
    /// The organisation's public key.
    pub public: &'a str,
    /// The request's own id.
    pub req: &'a str,
    /// What it is.
    pub parts: Parts<'a>,
}

/// What became of old content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Expired {
    /// Items removed.
    pub items: u64,
    /// Data keys destroyed.
    pub keys: u64,
}

/// The one writer of content. It alone has data keys in the clear, in memory, for a day at most.
pub struct Keeper {
    store: Store,
    contents: Contents,
    /// By app and the public key that they are wrapped for.
    keys: HashMap<(AppId, String), (WrappedKey, DataKey)>,
}

impl Keeper {
    /// One that has no keys yet: those of an earlier process are wrapped, and so not for it to use.
    pub fn new(store: Store, contents: Contents) -> Self {
        Self { store, contents, keys: HashMap::new() }
    }

    /// Seals and keeps; how many are kept, and why others are not.
    pub async fn keep(&mut self, wanted: &[ToKeep<'_>], now: UnixMs) -> (u64, Vec<Error>) {
        let (mut sealed, mut errors) = (Vec::new(), Vec::new());
        if let Err(error) = self.let_go(now).await {
            return (0, vec![error]);
        }
        for one in wanted {
            match self.seal(one, now).await {
                Ok(item) => sealed.push(item),
                Err(error) => errors.push(error),
            }
        }
        match self.contents.put(&sealed).await {
            Ok(()) => (sealed.len() as u64, errors),
            Err(error) => {
                errors.push(error);
                (0, errors)
            }
        }
    }

    async fn seal(&mut self, one: &ToKeep<'_>, now: UnixMs) -> Result<Sealed, Error> {
        let slot = (one.app.clone(), one.public.to_owned());
        if !self.keys.contains_key(&slot) {
            let made = self.store.new_content_key(one.app, one.organisation, one.public, now).await?;
            self.keys.insert(slot.clone(), made);
        }
        let Some((wrapped, key)) = self.keys.get(&slot) else { return Err(Error::Content(super::Unsealed::OtherKey)) };
        let sealed = key.seal(wrapped.name(), one.req, &one.parts.to_bytes())?;
        let (req, app) = (one.req.to_owned(), wrapped.app.clone());
        Ok(Sealed { req, app, key_id: wrapped.id.clone(), at: one.parts.at, sealed })
    }

    /// Forgets keys whose day is over, and those that somebody destroyed meanwhile.
    ///
    /// # Errors
    /// If the store cannot be read.
    pub async fn let_go(&mut self, now: UnixMs) -> Result<(), Error> {
        self.keys.retain(|_, (key, _)| now.since(key.created) < KEY_LASTS_MS);
        let mut gone = Vec::new();
        for (slot, (key, _)) in &self.keys {
            let stands = self.store.content_key(&key.id).await?.is_some_and(|key| key.wrapped.is_some());
            if !stands {
                gone.push(slot.clone());
            }
        }
        for slot in gone {
            self.keys.remove(&slot);
        }
        Ok(())
    }

    /// Removes items that are older than their app keeps them, and destroys keys that sealed only such.
    ///
    /// # Errors
    /// If the store or the items cannot be written; what was begun is finished the next time.
    pub async fn expire(&self, days: impl Fn(&str) -> u64, now: UnixMs) -> Result<Expired, Error> {
        let mut expired = Expired::default();
        for app in self.contents.apps().await? {
            let before = UnixMs(now.0.saturating_sub(days(&app) * DAY_MS));
            expired.items += self.contents.remove_before(&app, before).await?;
        }
        for (app, ids) in outlived(&self.store.content_keys().await?, days, now) {
            expired.keys += self.store.destroy_content_keys(&app, &ids, "content.expire", (BY, now)).await?;
            for id in ids {
                expired.items += self.contents.remove_sealed_by(&id).await?;
            }
        }
        Ok(expired)
    }
}

/// The keys under which everything is older than its app keeps it, by app.
fn outlived(keys: &[WrappedKey], days: impl Fn(&str) -> u64, now: UnixMs) -> BTreeMap<String, Vec<String>> {
    let mut old: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for key in keys {
        let lasts_ms = KEY_LASTS_MS + days(&key.app) * DAY_MS;
        if now.since(key.created) > lasts_ms {
            old.entry(key.app.clone()).or_default().push(key.id.clone());
        }
    }
    old
}
