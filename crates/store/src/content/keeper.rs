//! Whoever seals what passes, and lets go of what is old. Time is an argument.

use std::collections::{BTreeMap, HashMap};

use realm::{AppId, OrganisationId, UnixMs};

use super::seal::DataKey;
use super::{Contents, KEY_LASTS_MS, Parts, Sealed, WrappedKey};
use crate::{Error, Store};

/// A day.
const DAY_MS: u64 = 86_400_000;
/// The most days that a realm may say: for what nobody knows any more. Too long can be mended, too short cannot.
const DAYS_MAX: u64 = 3_650;
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
    /// For how many days.
    pub days: u64,
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
    /// By app, its organisation, and the public key that they are wrapped for.
    keys: HashMap<(AppId, OrganisationId, String), (WrappedKey, DataKey)>,
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
        let slot = (one.app.clone(), one.organisation.clone(), one.public.to_owned());
        if !self.keys.contains_key(&slot) {
            let made = self.store.new_content_key(one.app, one.organisation, one.public, now).await?;
            self.contents.note_days(&made.0.id, one.days).await?;
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

    /// Removes items that are older than their organisation keeps them, and destroys keys that sealed only such. What a
    /// destroyed key sealed goes too: somebody may have forgotten it while it was on its way here. An organisation that
    /// the realm names no more (`days` has none) keeps for as long as was said last.
    ///
    /// # Errors
    /// If the store or the items cannot be written; [`Error::NotScrubbed`] if all of that is done and old states of the
    /// store are still being read. What was begun is finished the next time.
    pub async fn expire(&self, days: impl Fn(&str) -> Option<u64>, now: UnixMs) -> Result<Expired, Error> {
        let (mut expired, keys) = (Expired::default(), self.store.content_keys().await?);
        let lasts = self.lasts(&keys, days).await?;
        for id in self.contents.key_ids(None).await? {
            let days = lasts.get(id.as_str()).copied();
            expired.items += if days.is_none() && self.is_destroyed(&id).await? {
                self.contents.remove_sealed_by(&id).await?
            } else {
                let before = now.0.saturating_sub(days.unwrap_or(DAYS_MAX) * DAY_MS);
                self.contents.remove_before(&id, UnixMs(before)).await?
            };
        }
        for (app, ids) in outlived(&keys, &lasts, now) {
            expired.keys += self.store.destroy_content_keys(app, &ids, "content.expire", (BY, now)).await?;
            for id in ids {
                expired.items += self.contents.remove_sealed_by(&id).await?;
            }
        }
        if self.store.scrub_due().await? { Ok(expired) } else { Err(Error::NotScrubbed) }
    }

    /// For how many days what each key sealed is kept; what the realm says now is noted for when it says nothing.
    async fn lasts<'k>(
        &self,
        keys: &'k [WrappedKey],
        days: impl Fn(&str) -> Option<u64>,
    ) -> Result<HashMap<&'k str, u64>, Error> {
        let (noted, mut lasts) = (self.contents.days().await?, HashMap::new());
        for key in keys {
            let (said, before) = (days(&key.organisation), noted.get(&key.id).copied());
            if let Some(said) = said.filter(|said| before != Some(*said)) {
                self.contents.note_days(&key.id, said).await?;
            }
            lasts.insert(key.id.as_str(), said.or(before).unwrap_or(DAYS_MAX));
        }
        Ok(lasts)
    }

    async fn is_destroyed(&self, id: &str) -> Result<bool, Error> {
        Ok(self.store.content_key(id).await?.is_some_and(|key| key.wrapped.is_none()))
    }
}

/// The keys under which everything is older than it is kept, by app.
fn outlived<'k>(keys: &'k [WrappedKey], lasts: &HashMap<&str, u64>, now: UnixMs) -> BTreeMap<&'k str, Vec<String>> {
    let mut old: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for key in keys {
        let days = lasts.get(key.id.as_str()).copied().unwrap_or(DAYS_MAX);
        if now.since(key.created) > KEY_LASTS_MS + days * DAY_MS {
            old.entry(&key.app).or_default().push(key.id.clone());
        }
    }
    old
}
