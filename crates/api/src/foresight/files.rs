//! The realm's folders `plan` and `forecast`: cases and models that lie there, with the hash of what they are made of.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use plan::case::load;
use realm::regular;
use sha2::{Digest, Sha256};

use super::Question;

/// The folder of the realm's case.
pub const PLAN: &str = "plan";
/// The folder of further cases, each in a folder of its own.
pub const PLANS: &str = "plans";
/// The folder of models.
pub const MODELS: &str = "forecast";
/// The file of what happened, without `.toml`.
pub const RESOLVED: &str = "resolved";
/// Files of a folder that are looked at.
const FILES_MAX: usize = 200;
/// Bytes of one: as many as a case is read with.
const BYTES_MAX: u64 = 512 << 20;
/// Folders within folders of a case.
const FOLDERS_MAX: usize = 4;

/// What lies in a realm's folders.
#[derive(Debug, Clone, Default)]
pub struct Lies {
    /// Cases by name.
    pub cases: BTreeMap<String, CaseLies>,
    /// Models by name, with their hash.
    pub models: BTreeMap<String, String>,
}

/// A case that lies ready.
#[derive(Debug, Clone)]
pub struct CaseLies {
    /// What it calls itself, and how many sites, accelerators and technologies it knows; or why it cannot be read.
    pub read: Result<Summary, String>,
    /// The hash of its files.
    sha256: String,
}

/// A case in a line.
#[derive(Debug, Clone)]
pub struct Summary {
    /// What it calls itself.
    pub name: plan::case::Name,
    /// Its first and its last year.
    pub years: (i32, i32),
    /// Its sites.
    pub sites: usize,
    /// Kinds of accelerators.
    pub accelerators: usize,
    /// Technologies of its sources, by id.
    pub technologies: Vec<String>,
}

impl Lies {
    /// The hash of what a question reads; none where it is not there.
    pub(super) fn sha256(&self, question: &Question) -> Option<String> {
        let case = |name: &String| self.cases.get(name).filter(|it| it.read.is_ok()).map(|it| it.sha256.clone());
        match question {
            Question::Plan(name) => case(name),
            Question::Forecast(name) => self.models.get(name).cloned(),
            Question::Both { case: of, model } => Some(case(of)? + self.models.get(model)?),
        }
    }

    /// Whether a question's case knows a technology.
    pub(super) fn has_technology(&self, question: &Question, technology: &str) -> bool {
        let name = match question {
            Question::Plan(name) | Question::Both { case: name, .. } => name,
            Question::Forecast(_) => return false,
        };
        let read = self.cases.get(name).and_then(|it| it.read.as_ref().ok());
        read.is_some_and(|it| it.technologies.iter().any(|id| id == technology))
    }
}

/// The folder of a case of a realm.
pub(super) fn case_folder(realm: &Path, name: &str) -> PathBuf {
    if name == PLAN { realm.join(PLAN) } else { realm.join(PLANS).join(name) }
}

/// The file of a model of a realm.
pub(super) fn model_file(realm: &Path, name: &str) -> PathBuf {
    realm.join(MODELS).join(format!("{name}.toml"))
}

/// Reads both folders.
pub(super) fn found(realm: &Path) -> Lies {
    let mut names: Vec<String> = entries(&realm.join(PLANS)).into_iter().filter_map(named).collect();
    names.retain(|it| it != PLAN);
    names.push(PLAN.to_owned());
    let cases = names.into_iter().map(|name| (case_folder(realm, &name), name));
    let cases = cases.filter(|(folder, _)| folder.join("case.toml").symlink_metadata().is_ok());
    let cases = cases.map(|(folder, name)| (name, case(&folder))).collect();
    let mut models = models(&realm.join(MODELS), "");
    for folder in entries(&realm.join(MODELS)).into_iter().filter(|it| it.is_dir()) {
        if let Some(name) = named(folder.clone()) {
            models.extend(self::models(&folder, &format!("{name}/")));
        }
    }
    Lies { cases, models }
}

/// The models of one folder, each with the hash of itself and of every table beside it.
fn models(folder: &Path, before: &str) -> BTreeMap<String, String> {
    let mut models = BTreeMap::new();
    let mut tables = String::new();
    for path in entries(folder) {
        let Some(sha256) = hash(&path) else { continue };
        match (path.extension().and_then(|it| it.to_str()), stem(&path)) {
            (Some("toml"), Some(name)) if name == RESOLVED => {}
            (Some("toml"), Some(name)) => drop(models.insert(format!("{before}{name}"), sha256)),
            _ => tables.push_str(&sha256),
        }
    }
    models.values_mut().for_each(|sha256| sha256.push_str(&tables));
    models
}

fn case(folder: &Path) -> CaseLies {
    let mut all = Sha256::new();
    let is_plain = digest(folder, &mut all, FOLDERS_MAX);
    let sha256 = hex::encode(all.finalize());
    if !is_plain {
        // What a link leads to may be anything that this server may read, and nothing of the realm.
        return CaseLies { read: Err("a link lies here: links are not followed".to_owned()), sha256 };
    }
    let read = load(folder).map_err(|problems| {
        let said = |it: &realm::load::Diagnostic| format!("{}: {}", it.place(), it.message(realm::load::Lang::En));
        let beside = format!("{}/", folder.display());
        problems.first().map(said).unwrap_or_default().replace(&beside, "")
    });
    let read = read.map(|case| Summary {
        name: case.name.clone(),
        years: (
            case.years.first().map_or(0, |it| it.year),
            case.years.last().map_or(0, |it| it.year + it.years.round() as i32 - 1),
        ),
        sites: case.sites.len(),
        accelerators: case.accelerators.len(),
        technologies: case.technologies.iter().map(|it| it.id.clone()).collect(),
    });
    CaseLies { read, sha256 }
}

/// Adds everything that lies below a folder; false where a link is among it, or more folders than are looked into.
fn digest(folder: &Path, all: &mut Sha256, deep: usize) -> bool {
    if deep == 0 || is_link(folder) {
        return false;
    }
    let Ok(found) = std::fs::read_dir(folder) else { return true };
    let mut paths: Vec<PathBuf> = found.filter_map(|it| Some(it.ok()?.path())).collect();
    paths.sort();
    paths.iter().all(|path| {
        all.update(path.as_os_str().as_encoded_bytes());
        if is_link(path) {
            return false;
        }
        if path.is_dir() {
            return digest(path, all, deep - 1);
        }
        all.update(hash(path).unwrap_or_default());
        true
    })
}

fn is_link(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|it| it.is_symlink())
}

/// What lies in a folder, by name; no links.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let Ok(found) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut paths: Vec<PathBuf> = found.filter_map(|it| Some(it.ok()?.path())).filter(|it| !is_link(it)).collect();
    paths.sort();
    paths.truncate(FILES_MAX);
    paths
}

fn named(path: PathBuf) -> Option<String> {
    if path.is_dir() { path.file_name()?.to_str().map(str::to_owned) } else { None }
}

fn stem(path: &Path) -> Option<String> {
    path.file_stem()?.to_str().map(str::to_owned)
}

fn hash(path: &Path) -> Option<String> {
    let bytes = path.is_file().then(|| regular::read(path, BYTES_MAX).ok())??;
    Some(hex::encode(Sha256::digest(bytes)))
}
