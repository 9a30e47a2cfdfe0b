//! One file a page.

pub mod approvals;
mod coming;
mod content;
mod drill;
mod drills;
mod evaluations;
mod explaining;
mod exposure;
pub mod forecast;
mod foreseen;
mod go;
mod impact;
mod keys;
mod ledger;
pub mod live;
mod map;
mod models;
pub mod obligations;
mod observatory;
mod overview;
mod packs;
mod passport;
pub mod people;
pub mod plan;
pub mod playground;
mod policies;
mod programme;
mod realm;
mod request;
mod requests;
mod samples;
mod sandboxes;
pub mod studio;
mod suspending;
pub mod system;
mod track_record;
mod traffic;
mod usage;
mod went;

use bytes::Bytes;
use http::Response;

use crate::access::Place;
use crate::block::Page;
use crate::context::{Context, Trouble};
use crate::view;

pub use suspending::named;

/// Makes the page of a place.
///
/// # Errors
/// Why there is none.
pub async fn answer(cx: &Context<'_>, place: Place) -> Result<Response<Bytes>, Trouble> {
    let page: Page = match place {
        Place::Overview => overview::page(cx).await?,
        Place::Go => go::page(cx).await?,
        Place::Requests => requests::page(cx).await?,
        Place::Request => request::page(cx).await?,
        Place::Content => content::page(cx).await?,
        Place::Ledger => match ledger::found(cx) {
            Some(elsewhere) => return Ok(crate::reply::see_other(&elsewhere)),
            None => ledger::page(cx).await?,
        },
        Place::Entry => ledger::entry(cx).await?,
        Place::Receipt => return ledger::receipt(cx).await,
        Place::Models => models::page(cx).await?,
        Place::Passport => passport::page(cx)?,
        Place::Playground => playground::page(cx),
        Place::Realm => realm::page(cx).await?,
        Place::RealmDiff => realm::diff(cx).await?,
        Place::System => system::page(cx).await?,
        Place::SamplesForm => samples::page(cx).await?,
        Place::Usage => usage::page(cx).await?,
        Place::Programme => programme::page(cx).await?,
        Place::Map => map::page(cx).await?,
        Place::People => people::page(cx).await?,
        Place::RemoveForm => people::remove_form(cx).await?,
        Place::CloseForm => people::close_form(cx, true).await?,
        Place::OpenForm => people::close_form(cx, false).await?,
        Place::Keys => keys::page(cx).await?,
        Place::RevokeForm => keys::revoke(cx).await?,
        Place::SuspendForm => suspending::page(cx, false).await?,
        Place::ResumeForm => suspending::page(cx, true).await?,
        _ => of_drills(cx, place).await?,
    };
    Ok(view::page(&page, &cx.words, cx.ask, Some(&cx.guest), &cx.world().head.name))
}

/// The pages of what waits for people and of what would be left, and then those of the law.
async fn of_drills(cx: &Context<'_>, place: Place) -> Result<Page, Trouble> {
    match place {
        Place::Approvals => approvals::page(cx).await,
        Place::Approval => approvals::one(cx).await,
        Place::Obligations => obligations::page(cx).await,
        Place::UntellForm => obligations::undo_form(cx).await,
        Place::Exposure => exposure::page(cx).await,
        Place::Drills => drills::page(cx).await,
        Place::Studio => studio::page(cx).await,
        Place::Drill => drill::page(cx),
        Place::Impact => impact::page(cx),
        Place::LiveDrill => live::page(cx).await,
        _ => of_law(cx, place).await,
    }
}

/// The pages of what is permitted, and by which law.
async fn of_law(cx: &Context<'_>, place: Place) -> Result<Page, Trouble> {
    match place {
        Place::Policies => policies::page(cx).await,
        Place::Rule => policies::rule(cx).await,
        Place::Matrix => policies::matrix(cx).await,
        Place::Explain => explaining::page(cx),
        Place::Packs => Ok(packs::page(cx)),
        Place::Pack => packs::one(cx).await,
        _ => of_years(cx, place).await,
    }
}

/// The pages of years to come.
async fn of_years(cx: &Context<'_>, place: Place) -> Result<Page, Trouble> {
    match place {
        Place::Plans => plan::page(cx).await,
        Place::Plan => plan::one(cx),
        Place::Forecasts => forecast::page(cx).await,
        Place::Forecast => forecast::one(cx),
        Place::TrackRecord => track_record::page(cx).await,
        Place::Observatory => observatory::page(cx).await,
        _ => Err(Trouble::NotFound),
    }
}
