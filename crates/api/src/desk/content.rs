//! What an organisation keeps of prompts and answers, and who asked to open which. Nothing of what they say passes here: the
//! private key that opens them is the organisation's, and never on this machine but for an opening.

use std::collections::HashSet;
use std::path::Path;

use store::content::{Contents, Kept, Opening};

use super::Desk;
use crate::trouble::Trouble;

/// Items that are shown of each app.
const ITEMS_MAX: u32 = 1_000;

/// What an organisation keeps.
#[derive(Debug, Default)]
pub struct Content {
    /// The newest items, each with whether its key is still there.
    pub items: Vec<(Kept, bool)>,
    /// Who asked to open which, the youngest first.
    pub openings: Vec<Opening>,
}

impl Desk<'_> {
    /// What the organisation keeps: of all its apps, or of one request.
    ///
    /// # Errors
    /// The store or the database of sealed items cannot be read.
    pub async fn content(&self, request: Option<&str>) -> Result<Content, Trouble> {
        let apps: HashSet<&str> = self.apps().map(|app| app.id.as_str()).collect();
        let ours = |app: &str, req: &str| apps.contains(app) && request.is_none_or(|wanted| wanted == req);
        let mut openings = self.parts.store.openings().await?;
        openings.retain(|opening| ours(&opening.app, &opening.req));
        openings.sort_by(|a, b| b.asked.cmp(&a.asked).then_with(|| a.id.cmp(&b.id)));
        let path = self.parts.data.join("content.db");
        if !path.exists() {
            return Ok(Content { items: Vec::new(), openings });
        }
        let contents = self.contents(&path).await?;
        let mut kept = Vec::new();
        match request {
            Some(request) => kept.extend(contents.of_request(request).await?),
            None => {
                for app in &apps {
                    kept.extend(contents.newest(Some(app), ITEMS_MAX).await?);
                }
            }
        }
        kept.retain(|item| apps.contains(item.app.as_str()));
        kept.sort_by(|a, b| b.at.cmp(&a.at).then_with(|| a.req.cmp(&b.req)));
        let keys: HashSet<String> = self.parts.store.content_keys().await?.into_iter().map(|key| key.id).collect();
        let items = kept.into_iter().map(|item| (keys.contains(&item.key_id), item)).map(|(there, item)| (item, there));
        Ok(Content { items: items.collect(), openings })
    }

    /// The sealed items, opened once.
    async fn contents(&self, path: &Path) -> Result<&Contents, Trouble> {
        Ok(self.parts.contents.get_or_try_init(|| Contents::open(path)).await?)
    }
}
