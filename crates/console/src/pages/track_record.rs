//! To come.
use crate::block::Page;
use crate::context::{Context, Trouble};
/// The page.
///
/// # Errors
/// None.
pub async fn page(_cx: &Context<'_>) -> Result<Page, Trouble> {
    Err(Trouble::NotFound)
}
