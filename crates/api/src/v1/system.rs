//! The program and the realm that decides.

use bytes::Bytes;
use http::Response;
use http::header::{CONTENT_DISPOSITION, HeaderValue};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::answer::{ErrorBody, done, json, typed};
use super::call::Call;
use super::routes::{Answered, Scope};
use crate::snapshots::changed;

/// Loads that are told.
const LOADS: usize = 50;

/// The program.
#[derive(Serialize, ToSchema)]
pub struct System {
    pub version: &'static str,
    /// Why no traffic is taken; empty where it is.
    pub reasons: Vec<String>,
    /// What somebody should look at.
    pub warnings: Vec<String>,
    /// `sqlite` or `postgresql`.
    pub store: &'static str,
    /// The log that is written now.
    pub log: String,
    /// The snapshot of the realm that decides.
    pub snapshot: String,
}

/// The realm that decides.
#[derive(Serialize, ToSchema)]
pub struct Realm {
    pub name: String,
    pub snapshot: String,
    pub organisations: usize,
    pub apps: usize,
    pub deployments: usize,
    pub rules: usize,
    pub files: Vec<File>,
    /// When which snapshot began to decide, the youngest first.
    pub loads: Vec<Load>,
}

/// A file of the realm.
#[derive(Serialize, ToSchema)]
pub struct File {
    pub path: String,
    pub bytes: usize,
}

/// A snapshot that began to decide.
#[derive(Serialize, ToSchema)]
pub struct Load {
    /// The entry that says so.
    pub index: u64,
    #[schema(format = DateTime)]
    pub at: String,
    /// `realm.load` or `serve.start`.
    pub what: String,
    pub snapshot: String,
}

/// Which two snapshots.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Two {
    /// The SHA-256 of the one before.
    from: String,
    /// The SHA-256 of the one after.
    until: String,
}

/// What is not the same.
#[derive(Serialize, ToSchema)]
pub struct Difference {
    pub files: Vec<FileChange>,
}

/// A file that is not the same.
#[derive(Serialize, ToSchema)]
pub struct FileChange {
    pub path: String,
    /// Empty where there is none.
    pub before: String,
    pub after: String,
}

/// The program: version, readiness, where it keeps things.
#[utoipa::path(get, path = "/api/v1/system", tag = "system", params(Scope), responses(
    (status = 200, body = System), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) fn get_system(call: &Call<'_>) -> Answered {
    call.plain()?;
    let desk = &call.desk;
    let ready = desk.around.ready();
    Ok(json(&System {
        version: env!("CARGO_PKG_VERSION"),
        reasons: ready.reasons,
        warnings: ready.warnings,
        store: if desk.parts.store.is_shared() { "postgresql" } else { "sqlite" },
        log: desk.parts.log_id.clone(),
        snapshot: desk.snapshot.id.to_string(),
    }))
}

/// Deletes a demo's log whole: its sample requests and whatever was asked since. Everything begins anew with an empty log,
/// which says so; that cannot be undone. Answers come again within seconds. Needs the role of an administrator of the whole.
#[utoipa::path(delete, path = "/api/v1/samples", tag = "system", params(Scope), responses(
    (status = 204), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn delete_samples(call: &Call<'_>) -> Answered {
    call.plain()?;
    call.desk.delete_samples().await?;
    Ok(done())
}

/// Makes a backup of everything but the realm and downloads it: one file (tar) that `freehold restore` takes. It is verified
/// before its first byte goes out, and holds the store, so keep it as secret as the server's disk; the key that signs the log is not in it.
/// Needs the role of an administrator of the whole; the ledger says who asked.
#[utoipa::path(post, path = "/api/v1/backup", tag = "system", params(Scope), responses(
    (status = 200, content_type = "application/x-tar", body = Vec<u8>, description = "The file"),
    (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn make_backup(call: &Call<'_>) -> Answered {
    call.plain()?;
    let mut rest = call.desk.backup().await?;
    let mut head = typed("application/x-tar", Bytes::new());
    let name = format!("attachment; filename=\"{}\"", call.desk.backup_name());
    head.headers_mut().extend(HeaderValue::from_str(&name).ok().map(|name| (CONTENT_DISPOSITION, name)));
    let parts = (call.begin)(head.map(|_| ()));
    while let Some(bytes) = rest.recv().await
        && parts.send(bytes).await.is_ok()
    {}
    Ok(Response::default())
}

/// The realm that decides: its files, and when it was loaded.
#[utoipa::path(get, path = "/api/v1/realm", tag = "system", params(Scope), responses(
    (status = 200, body = Realm), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn get_realm(call: &Call<'_>) -> Answered {
    call.plain()?;
    let snapshot = &call.desk.snapshot;
    let load = |(index, change): (u64, ::realm::record::Change)| Load {
        index,
        at: change.at.to_string(),
        what: change.what.to_string(),
        snapshot: change.subject.strip_prefix("snapshot:").unwrap_or_default().to_owned(),
    };
    let loads = call.desk.loads(LOADS).await?.into_iter().map(load).collect();
    let file =
        |(path, bytes): &(std::path::PathBuf, Vec<u8>)| File { path: path.display().to_string(), bytes: bytes.len() };
    Ok(json(&Realm {
        name: snapshot.world.head.name.clone(),
        snapshot: snapshot.id.to_string(),
        organisations: snapshot.world.organisations.len(),
        apps: snapshot.world.apps.len(),
        deployments: snapshot.world.deployments.len(),
        rules: call.desk.around.compiled().rules().len(),
        files: snapshot.files.iter().map(file).collect(),
        loads,
    }))
}

/// What is not the same in two archived snapshots.
#[utoipa::path(get, path = "/api/v1/realm/diff", tag = "system", params(Scope, Two), responses(
    (status = 200, body = Difference), (status = "4XX", body = ErrorBody), (status = "5XX", body = ErrorBody)))]
pub(super) async fn diff_realm(call: &Call<'_>) -> Answered {
    let asked: Two = call.query()?;
    let (before, after) = (call.desk.archived(&asked.from).await?, call.desk.archived(&asked.until).await?);
    let one = |(path, before, after): crate::snapshots::Changed| FileChange {
        path: path.display().to_string(),
        before,
        after,
    };
    Ok(json(&Difference { files: changed(&before, &after).into_iter().map(one).collect() }))
}
