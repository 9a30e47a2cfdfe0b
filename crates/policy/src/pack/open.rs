use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use realm::PackId;
use realm::load::{Diagnostic, Severity, SourceSet, check};
use realm::world::Pack;

use super::case::{self, Case};
use super::given::Given;
use super::world::Facts;
use crate::compile::{MESSAGES, compile};
use crate::compiled::Compiled;

/// A pack's folder as values: texts by their names in it, `cases/…` among them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Folder {
    /// The folder's name.
    pub id: String,
    /// Bytes by name, with `/` between parts.
    pub files: BTreeMap<String, Vec<u8>>,
}

/// A pack that was opened alone, in a world of one thing of each kind.
#[derive(Debug)]
pub struct Opened {
    /// What `pack.toml` and the texts say.
    pub pack: Pack,
    /// Its rules, checked.
    pub compiled: Compiled,
    /// Its golden cases.
    pub cases: Vec<Case>,
    /// What somebody should look at, though the pack may be used.
    pub warnings: Vec<Diagnostic>,
}

/// Opens a pack: everything a realm that names it would be told, and what is wrong with its cases.
///
/// # Errors
/// Every problem of every file, with file and line.
pub fn open(folder: &Folder, today: Date) -> Result<Opened, Vec<Diagnostic>> {
    let no_pack = |why: &str| {
        let problem = Diagnostic::error("policy.no_pack", &MESSAGES).arg("id", folder.id.as_str());
        vec![problem.arg("why", why)]
    };
    let id = PackId::new(&folder.id).map_err(|error| no_pack(&error.to_string()))?;
    let mut problems = Vec::new();
    let compiled = compiled(folder, today, &mut problems);
    let cases = cases(folder, &mut problems);
    let Some(compiled) = compiled.filter(|_| problems.iter().all(|it| it.severity == Severity::Warning)) else {
        return Err(problems);
    };
    let pack = compiled.world().packs.get(&id).cloned().ok_or_else(|| no_pack("pack.toml"))?;
    problems.retain(|problem| !is_of_realms(problem.code));
    Ok(Opened { pack, compiled, cases, warnings: problems })
}

fn compiled(folder: &Folder, today: Date, problems: &mut Vec<Diagnostic>) -> Option<Compiled> {
    let mut facts = Facts::base();
    let packs = Given::List(vec![Given::Text(folder.id.clone())]);
    facts.tables.entry("realm".to_owned()).or_default().insert("packs".to_owned(), packs);
    let mut files = SourceSet::default();
    files.insert("realm.toml", facts.to_toml());
    files.insert("policies/base.cedar", "@id(\"base\") permit (principal, action, resource);\n");
    for (name, bytes) in &folder.files {
        files.insert(path(folder, name), bytes.clone());
    }
    let loaded = check(&files, today).map_err(|mut found| problems.append(&mut found)).ok()?;
    problems.extend(loaded.warnings);
    let compiled = compile(&loaded.snapshot.world).map_err(|mut found| problems.append(&mut found)).ok()?;
    problems.extend(compiled.warnings().to_vec());
    Some(compiled)
}

fn cases(folder: &Folder, problems: &mut Vec<Diagnostic>) -> Vec<Case> {
    let mut cases = Vec::new();
    for (name, bytes) in folder.files.iter().filter(|(name, _)| name.starts_with("cases/")) {
        match std::str::from_utf8(bytes) {
            Ok(text) => cases.extend(case::read(&path(folder, name), text, problems)),
            Err(_) => {
                problems.push(Diagnostic::error("policy.not_text", &MESSAGES).in_file(&path(folder, name)));
            }
        }
    }
    cases
}

fn path(folder: &Folder, name: &str) -> PathBuf {
    Path::new("packs").join(&folder.id).join(name)
}

/// What a pack may name and only a realm can have: the base world lacks it, and that says nothing about the pack.
fn is_of_realms(code: &str) -> bool {
    matches!(code, "policy.unknown_place" | "policy.unknown_id" | "realm.unused_deployment" | "realm.expired_rule")
}
