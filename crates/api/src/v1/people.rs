//! People with accounts, and who is calling.

use serde::{Deserialize, Serialize};
use store::{Account, Role};
use utoipa::ToSchema;

use super::answer::{ErrorBody, Refused, done, json};
use super::call::Call;
use super::routes::{Answered, Scope};
use super::until;
use crate::guest::word;

/// Who is calling, and where they have a role.
#[derive(Serialize, ToSchema)]
pub struct Caller {
    pub person: String,
    /// Of which organisation the answer is; `@` is the whole.
    pub organisation: String,
    /// What they may do there.
    pub role: &'static str,
    /// Where else they might look.
    pub organisations: Vec<String>,
    /// When the token ends.
    #[schema(format = DateTime)]
    pub expires: String,
}

/// People.
#[derive(Serialize, ToSchema)]
pub struct People {
    pub people: Vec<Person>,
}

/// Somebody with an account.
#[derive(Serialize, ToSchema)]
pub struct Person {
    pub name: String,
    /// Their role here; none: they have none, which only the whole is told.
    pub role: Option<&'static str>,
    #[schema(format = DateTime)]
    pub created: String,
    /// Since when the account lets nobody in.
    #[schema(format = DateTime)]
    pub closed: Option<String>,
}

/// A role to be given.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRole {
    /// `viewer`, `operator`, `auditor` or `admin`.
    pub role: String,
}

/// A role that was given.
#[derive(Serialize, ToSchema)]
pub struct GivenRole {
    pub name: String,
    pub role: &'static str,
    /// The password, where the account is new. It is kept nowhere: this once.
    pub password: Option<String>,
}

/// Who is calling.
#[utoipa::path(get, path = "/api/v1/session", tag = "people", params(Scope), responses(
    (status = 200, body = Caller), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn get_session(call: &Call<'_>) -> Answered {
    call.plain()?;
    let guest = &call.desk.guest;
    Ok(json(&Caller {
        person: guest.person.clone(),
        organisation: word(&guest.scope).to_owned(),
        role: guest.role.as_str(),
        organisations: guest.scopes.iter().map(|scope| word(scope).to_owned()).collect(),
        expires: until(&call.visitor),
    }))
}

/// Ends the token that the call came with.
#[utoipa::path(delete, path = "/api/v1/session", tag = "people", params(Scope), responses(
    (status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn end_session(call: &Call<'_>) -> Answered {
    call.plain()?;
    let (store, person) = (&call.desk.parts.store, &call.desk.guest.person);
    store.leave(&call.token, person, call.desk.now).await.map_err(crate::Trouble::from)?;
    Ok(done())
}

/// People with a role here. Needs the role of an administrator.
#[utoipa::path(get, path = "/api/v1/people", tag = "people", params(Scope), responses(
    (status = 200, body = People), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn list_people(call: &Call<'_>) -> Answered {
    call.plain()?;
    let person = |account: Account| Person {
        role: account.roles.at(&call.desk.guest.scope).map(Role::as_str),
        name: account.name,
        created: account.created.to_string(),
        closed: account.disabled.map(|at| at.to_string()),
    };
    Ok(json(&People { people: call.desk.people().await?.into_iter().map(person).collect() }))
}

/// Gives somebody a role here; makes an account where there is none. Needs the role of an administrator.
#[utoipa::path(put, path = "/api/v1/people/{name}", tag = "people", params(("name" = String, Path, description = "The person's name"), Scope),
    request_body = NewRole, responses(
    (status = 200, body = GivenRole), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn give_role(call: &Call<'_>) -> Answered {
    call.plain()?;
    let wanted: NewRole = call.body()?;
    let role: Role = wanted.role.parse().map_err(|why: String| Refused::about("role", why))?;
    let password = call.desk.give(call.name(), role).await?;
    Ok(json(&GivenRole { name: call.name().to_owned(), role: role.as_str(), password }))
}

/// Takes somebody's role here. Needs the role of an administrator.
#[utoipa::path(delete, path = "/api/v1/people/{name}", tag = "people", params(("name" = String, Path, description = "The person's name"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn take_role(call: &Call<'_>) -> Answered {
    call.plain()?;
    call.desk.take(call.name()).await?;
    Ok(done())
}

/// Closes an account, which ends its sessions and tokens. Needs the role of an administrator of the whole.
#[utoipa::path(put, path = "/api/v1/people/{name}/closure", tag = "people", params(("name" = String, Path, description = "The person's name"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn close_account(call: &Call<'_>) -> Answered {
    call.plain()?;
    call.desk.close(call.name(), true).await?;
    Ok(done())
}

/// Opens it again. Needs the role of an administrator of the whole.
#[utoipa::path(delete, path = "/api/v1/people/{name}/closure", tag = "people", params(("name" = String, Path, description = "The person's name"), Scope),
    responses((status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn open_account(call: &Call<'_>) -> Answered {
    call.plain()?;
    call.desk.close(call.name(), false).await?;
    Ok(done())
}
