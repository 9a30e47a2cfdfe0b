//! One run of the loader over the files of a realm.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::civil::Date;
use toml::Spanned;
use toml::de::DeTable;

use super::context::Context;
use super::diagnostic::{Diagnostic, Severity, Source};
use super::draft::Draft;
use super::nearest::nearest;
use super::sources::{PackSource, SourceSet};
use super::table::Table;
use super::text::MESSAGES;
use super::{Loaded, derive, document, files, link, lint, read, rules, signed};
use crate::PackId;
use crate::snapshot::Snapshot;
use crate::world::{ADDED_MODEL, DEMO_TINY, Pack, PackFile, PackTexts, World};

/// The file that makes a directory a realm.
const REALM_FILE: &str = "realm.toml";

/// What a run knows beside the realm's files.
#[derive(Clone, Copy)]
pub(super) struct Around<'a> {
    /// The realm's directory, if it is one.
    pub(super) dir: Option<&'a Path>,
    /// Packs that the realm does not hold itself.
    pub(super) packs: &'a dyn PackSource,
    pub(super) today: Date,
    /// Whether what lies outside of the realm may be gone.
    pub(super) archived: bool,
}

/// The files of a run as text, by what they are.
#[derive(Default)]
struct Texts {
    tables: Vec<Arc<Source>>,
    rules: Vec<Arc<Source>>,
    /// Files that could not be read as what they are: what they declare is not known.
    broken: BTreeSet<PathBuf>,
}

pub(super) fn run(found: &SourceSet, around: Around<'_>, reading: Vec<Diagnostic>) -> Result<Loaded, Vec<Diagnostic>> {
    let cx = Context::new(around.today);
    let mut found = found.clone();
    found.files.retain(|path, _| files::belongs(path));
    if found.files.is_empty() && !reading.is_empty() {
        return Err(reading);
    }
    cx.problems.borrow_mut().extend(reading);
    if !has_realm_file(&found) {
        cx.report(Diagnostic::error("realm.no_realm_file", &MESSAGES));
        if found.files.is_empty() {
            return Err(cx.problems.into_inner());
        }
    }
    let mut texts = Texts::default();
    sort(&cx, &found, &mut texts);
    let sources = texts.tables.clone();
    let parsed: Vec<_> = sources.iter().map(|source| (source, parse(&cx, source, &mut texts.broken))).collect();
    let mut draft = Draft::default();
    for (source, table) in &parsed {
        document::read(&cx, source, table, &mut draft);
    }
    let misread = cx.problems.borrow().iter().any(|problem| problem.code == "realm.one_table");
    if cx.ids("realm").is_empty() && texts.broken.is_empty() && !misread && has_realm_file(&found) {
        cx.report(Diagnostic::error("realm.no_head", &MESSAGES).in_file(Path::new(REALM_FILE)));
    }
    packs(&cx, around, &mut found, &mut draft);
    draft.rules.splice(0..0, texts.rules.iter().map(|source| rules::source(&cx, source, None)));

    link::ids(&cx);
    link::jurisdictions(&cx, &draft);
    derive::control(&cx, &mut draft);
    derive::places(&cx, &mut draft);
    signed::all(&cx, &mut draft);
    lint::all(&cx, &draft);
    if let Some(dir) = around.dir.filter(|_| !around.archived) {
        outside(&cx, &draft, dir);
    }
    finish(cx, draft, &texts.broken, found, around)
}

fn has_realm_file(found: &SourceSet) -> bool {
    found.files.contains_key(Path::new(REALM_FILE))
}

/// Sorts the files by what they are; one that is not UTF-8 is a problem.
fn sort(cx: &Context, found: &SourceSet, texts: &mut Texts) {
    for (path, bytes) in found.files.iter().filter(|(path, _)| rules::pack_of(path).is_none()) {
        let Some(source) = text(cx, path, bytes) else {
            texts.broken.insert(path.clone());
            continue;
        };
        if path.extension().is_some_and(|extension| extension == "cedar") {
            texts.rules.push(source);
        } else {
            texts.tables.push(source);
        }
    }
}

fn text(cx: &Context, path: &Path, bytes: &[u8]) -> Option<Arc<Source>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(Arc::new(Source { path: path.to_owned(), text: text.to_owned() })),
        Err(error) => {
            let sound = String::from_utf8_lossy(&bytes[..error.valid_up_to()]).into_owned();
            let source = Arc::new(Source { path: path.to_owned(), text: sound });
            let end = error.valid_up_to();
            let problem = Diagnostic::error("realm.not_utf8", &MESSAGES).at(&source, end..end);
            cx.report(problem.arg("byte", end.to_string()).without_source());
            None
        }
    }
}

fn parse<'a>(cx: &Context, source: &'a Arc<Source>, broken: &mut BTreeSet<PathBuf>) -> Spanned<DeTable<'a>> {
    let (table, sound) = document::parse(cx, source);
    if !sound {
        broken.insert(source.path.clone());
    }
    table
}

/// Reads each pack that the realm names: its own, or one that comes with the program.
fn packs(cx: &Context, around: Around<'_>, found: &mut SourceSet, draft: &mut Draft) {
    let given = std::mem::take(&mut found.files);
    let (given_packs, own): (Vec<_>, Vec<_>) = given.into_iter().partition(|(path, _)| rules::pack_of(path).is_some());
    found.files.extend(own);
    let wanted: Vec<_> = cx
        .links
        .borrow()
        .iter()
        .filter(|link| link.kind == "pack")
        .map(|it| (it.id.clone(), it.place.clone()))
        .collect();
    for (id, place) in wanted {
        let mut problems = Vec::new();
        let in_dir = around.dir.and_then(|dir| files::own_pack(dir, &id, &mut problems));
        cx.problems.borrow_mut().append(&mut problems);
        let files: Vec<(PathBuf, Vec<u8>)> = match in_dir {
            Some(files) => files.files.into_iter().collect(),
            None => given_or_built_in(&given_packs, around.packs, &id),
        };
        if files.is_empty() {
            let known: Vec<_> = known_packs(&given_packs, around).into_iter().collect();
            let near = nearest(&id, known.iter().map(String::as_str));
            let problem = place.error("realm.unknown_pack").arg("pack", &*id).arg_if("nearest", near);
            cx.report(problem.arg_if("known", (!known.is_empty()).then(|| known.join(", "))));
            continue;
        }
        read_pack(cx, &id, &files, draft);
        found.files.extend(files);
    }
}

fn given_or_built_in(given: &[(PathBuf, Vec<u8>)], packs: &dyn PackSource, id: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let given: Vec<_> = given.iter().filter(|(path, _)| rules::pack_of(path) == Some(id)).cloned().collect();
    if !given.is_empty() {
        return given;
    }
    let folder = Path::new("packs").join(id);
    let given = packs.files(id).into_iter().map(|(name, bytes)| (folder.join(name), bytes));
    let own = given.filter(|(path, _)| files::belongs(path));
    let mut files: Vec<_> = own.map(|(path, bytes)| (path, bytes.into_owned())).collect();
    files.sort();
    files
}

fn known_packs(given: &[(PathBuf, Vec<u8>)], around: Around<'_>) -> BTreeSet<String> {
    let mut known: BTreeSet<String> = around.packs.ids().into_iter().collect();
    known.extend(given.iter().filter_map(|(path, _)| rules::pack_of(path)).map(str::to_owned));
    known.extend(around.dir.map(files::own_packs).unwrap_or_default());
    known
}

fn read_pack(cx: &Context, id: &str, files: &[(PathBuf, Vec<u8>)], draft: &mut Draft) {
    let Ok(pack_id) = PackId::new(id) else { return };
    let manifest = Path::new("packs").join(id).join("pack.toml");
    if !files.iter().any(|(path, _)| *path == manifest) {
        cx.report(Diagnostic::error("realm.no_pack_file", &MESSAGES).arg("pack", id).in_file(&manifest));
    }
    let mut pack = None;
    let (mut texts, mut catalogue) = (PackTexts::default(), None);
    for (path, bytes) in files {
        let Some(source) = text(cx, path, bytes) else { continue };
        let whole = || Some(PackFile { path: source.path.clone(), text: source.text.clone() });
        match path.file_name().and_then(|name| name.to_str()).unwrap_or_default() {
            "pack.toml" => {
                let (table, sound) = document::parse(cx, &source);
                pack = if sound { read_manifest(cx, &pack_id, &source, &table) } else { None };
            }
            "en.ftl" => texts.en = whole(),
            "ru.ftl" => texts.ru = whole(),
            "catalogue.toml" => catalogue = whole(),
            _ => draft.rules.push(rules::source(cx, &source, Some(pack_id.clone()))),
        }
    }
    if let Some(pack) = pack {
        draft.packs.insert(pack_id, Pack { texts, catalogue, ..pack });
    }
}

fn read_manifest(cx: &Context, id: &PackId, source: &Arc<Source>, table: &Spanned<DeTable<'_>>) -> Option<Pack> {
    let table = Table::new(cx, source, "pack", table);
    let pack = read::pack(&table, id);
    table.finish();
    pack
}

/// Files on this machine that the realm names: without weights an engine cannot start; certificates may be put
/// only where it serves.
fn outside(cx: &Context, draft: &Draft, dir: &Path) {
    for deployment in draft.deployments.values() {
        let Some(file) = deployment.weights_file.as_ref().filter(|file| !is_model_name(file)) else {
            continue;
        };
        if files::is_missing(dir, file)
            && let Some(place) = cx.place("deployment", deployment.id.as_str(), "weights_file")
        {
            cx.report(place.error("realm.no_weights_file").arg("path", file.to_string_lossy()));
        }
    }
    for provider in draft.providers.values() {
        let named = [
            ("ca_file", &provider.ca_file),
            ("client_cert", &provider.client_cert),
            ("client_key", &provider.client_key),
        ];
        for (field, file) in named {
            let Some(file) = file.as_ref().filter(|file| files::is_missing(dir, file)) else { continue };
            if let Some(place) = cx.place("provider", provider.id.as_str(), field) {
                cx.report(place.warning("realm.no_such_file").arg("path", file.to_string_lossy()));
            }
        }
    }
}

fn finish(
    cx: Context,
    draft: Draft,
    broken: &BTreeSet<PathBuf>,
    found: SourceSet,
    around: Around<'_>,
) -> Result<Loaded, Vec<Diagnostic>> {
    let mut problems = cx.problems.into_inner();
    if !broken.is_empty() {
        problems.retain(|problem| !follows_from_syntax(problem, broken));
    }
    if !has_realm_file(&found) {
        // Blocs are declared in the file that is not there.
        problems.retain(|problem| problem.code != "realm.unknown_jurisdiction");
    }
    problems.sort_by(|a, b| {
        let key = |it: &Diagnostic| (it.file.clone(), it.span.as_ref().map(|span| (span.start, span.end)), it.code);
        key(a).cmp(&key(b))
    });
    let failed = problems.iter().any(|problem| problem.severity == Severity::Error);
    match draft.finish().filter(|_| !failed) {
        Some(mut world) => {
            if let Some(dir) = around.dir {
                resolve_paths(&mut world, dir);
            }
            Ok(Loaded { snapshot: Arc::new(Snapshot::new(world, found)), warnings: problems })
        }
        None => Err(problems),
    }
}

/// In a file of broken syntax only the syntax counts; elsewhere, what a broken file may have declared is not
/// missing for sure.
fn follows_from_syntax(problem: &Diagnostic, broken: &BTreeSet<PathBuf>) -> bool {
    if broken.contains(&problem.file) {
        return !matches!(problem.code, "realm.syntax" | "realm.not_utf8");
    }
    matches!(
        problem.code,
        "realm.unresolved" | "realm.unknown_jurisdiction" | "realm.unreachable_route" | "realm.unused_deployment"
    )
}

/// Whether `weights_file` names a model instead of a path: the toy inside the program, or one that was added.
fn is_model_name(file: &Path) -> bool {
    file == Path::new(DEMO_TINY) || file.to_str().is_some_and(|text| text.starts_with(ADDED_MODEL))
}

fn resolve_paths(world: &mut World, dir: &Path) {
    // Absolute, so that whoever uses a path need not know where the realm lies.
    let dir = &std::path::absolute(dir).unwrap_or_else(|_| dir.to_owned());
    let resolve = |path: &mut Option<PathBuf>| {
        if let Some(path) = path {
            *path = dir.join(&*path);
        }
    };
    for deployment in world.deployments.values_mut() {
        if deployment.weights_file.as_deref().is_some_and(|file| !is_model_name(file)) {
            resolve(&mut deployment.weights_file);
        }
    }
    if let Some(sign_in) = &mut world.head.sign_in {
        resolve(&mut sign_in.ca_file);
        if let Some(crate::world::Credential::File(path)) = &mut sign_in.client_secret {
            *path = dir.join(&*path);
        }
    }
    world.detectors.values_mut().for_each(|detector| resolve(&mut detector.ca_file));
    for provider in world.providers.values_mut() {
        resolve(&mut provider.ca_file);
        resolve(&mut provider.client_cert);
        resolve(&mut provider.client_key);
        if let Some(crate::world::Credential::File(path)) = &mut provider.credential {
            *path = dir.join(&*path);
        }
    }
}
