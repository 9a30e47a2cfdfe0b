//! The example realm, and traffic in it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use drill::{Answered, Facts, Fate, Request, Scenario};
use jiff::civil::{Date, date};
use policy::Compiled;
use realm::load::{Lang, PackSource, SourceSet, check, render};
use realm::record::Tokens;
use realm::snapshot::Snapshot;
use realm::{ClassSet, DataClass, Nano, SnapshotId, UnixMs};

pub const TODAY: Date = date(2026, 11, 23);
/// Noon of that day in UTC, where the republic lives.
pub const NOON: UnixMs = UnixMs(1_795_435_200_000);

pub fn id<T: realm::ids::Id>(text: &str) -> T {
    T::from_text(text).unwrap()
}

pub fn classes(classes: &[DataClass]) -> ClassSet {
    classes.iter().copied().collect()
}

/// A realm, compiled, under the name of its snapshot.
pub struct Place {
    pub snapshot: SnapshotId,
    pub compiled: Arc<Compiled>,
    pub archive: HashMap<SnapshotId, Arc<Compiled>>,
}

/// The example realm.
pub fn republic() -> Place {
    loaded(&files())
}

/// One of the example realms, with the packs that it names.
pub fn example(realm: &str) -> Place {
    let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(realm);
    let loaded = realm::load::load(&dir, &Shipped, TODAY);
    place(&loaded.unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false))).snapshot)
}

/// The example realm with a text of one of its files replaced.
pub fn edited(file: &str, (from, to): (&str, &str)) -> Place {
    let mut files = files();
    let text = String::from_utf8(files.files[Path::new(file)].to_vec()).unwrap();
    assert!(text.contains(from), "{file} says {from}");
    files.insert(file, text.replacen(from, to, 1));
    loaded(&files)
}

/// The example realm with another list of packs, all of which come with the program.
pub fn with_packs(packs: &[&str]) -> Place {
    let mut files = files();
    for (id, name, bytes) in packs.iter().flat_map(|id| Shipped.files(id).into_iter().map(move |(n, b)| (id, n, b))) {
        if !name.starts_with("cases/") {
            files.insert(Path::new("packs").join(id).join(name), bytes.into_owned());
        }
    }
    let text = String::from_utf8(files.files[Path::new("realm.toml")].clone()).unwrap();
    let listed = format!("packs = {packs:?}");
    files.insert("realm.toml", text.replacen("packs = [\"strategic-sectors\"]", &listed, 1));
    if !packs.contains(&"strategic-sectors") {
        files.files.retain(|path, _| !path.starts_with("packs/strategic-sectors"));
    }
    loaded(&files)
}

/// The packs that come with the program.
pub struct Shipped;

impl PackSource for Shipped {
    fn ids(&self) -> Vec<String> {
        let entries = std::fs::read_dir(packs()).unwrap();
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    fn files(&self, id: &str) -> Vec<(String, Cow<'static, [u8]>)> {
        let mut found = Vec::new();
        for below in ["", "cases/"] {
            let Ok(entries) = std::fs::read_dir(packs().join(id).join(below)) else { continue };
            let files = entries.map(|entry| entry.unwrap().path()).filter(|path| path.is_file());
            found.extend(files.map(|path| {
                let name = path.file_name().unwrap().to_str().unwrap();
                (format!("{below}{name}"), Cow::Owned(std::fs::read(&path).unwrap()))
            }));
        }
        found
    }
}

fn packs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

fn files() -> SourceSet {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let mut files = SourceSet::default();
    let folders = [
        ("examples/republic", ""),
        ("examples/republic/policies", "policies"),
        ("packs/strategic-sectors", "packs/strategic-sectors"),
    ];
    for (folder, below) in folders {
        for entry in std::fs::read_dir(root.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path.extension().is_some_and(|it| it == "toml" || it == "cedar") {
                files.insert(Path::new(below).join(path.file_name().unwrap()), std::fs::read(&path).unwrap());
            }
        }
    }
    files
}

fn loaded(files: &SourceSet) -> Place {
    let loaded = check(files, TODAY).unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false)));
    place(&loaded.snapshot)
}

fn place(snapshot: &Snapshot) -> Place {
    let compiled = policy::compile(&snapshot.world);
    let compiled = Arc::new(compiled.unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false))));
    let archive = HashMap::from([(snapshot.id, Arc::clone(&compiled))]);
    Place { snapshot: snapshot.id, compiled, archive }
}

/// Traffic of an app by a route, as if it had been recorded in a realm.
pub struct Traffic<'a> {
    pub place: &'a Place,
    pub requests: Vec<Request>,
}

impl<'a> Traffic<'a> {
    pub fn in_(place: &'a Place) -> Self {
        Self { place, requests: Vec::new() }
    }

    pub fn facts(&self, app: &str, route: &str) -> Facts {
        let world = self.place.compiled.world();
        Facts {
            snapshot: self.place.snapshot,
            app: id(app),
            route: Some(id(route)),
            purpose: world.apps.get(app).map_or_else(String::new, |app| app.purposes[0].clone()),
            classes: ClassSet::EMPTY,
            located: ClassSet::EMPTY,
            user_in: None,
            only: None,
            needs: Vec::new(),
        }
    }

    pub fn add(&mut self, facts: &Facts, fate: Fate) {
        let number = 0x9E37 * (self.requests.len() as u64 + 1);
        self.requests.push(Request { at: NOON, ended: NOON, cut: None, number, facts: Arc::new(facts.clone()), fate });
    }

    /// So many answers of a deployment, of 100 and 50 tokens each.
    pub fn answers(&mut self, count: usize, (app, route): (&str, &str), deployment: &str) {
        let facts = self.facts(app, route);
        for _ in 0..count {
            self.add(&facts, answer(deployment, ClassSet::EMPTY));
        }
    }

    pub fn denials(&mut self, count: usize, (app, route): (&str, &str)) {
        let facts = self.facts(app, route);
        (0..count).for_each(|_| self.add(&facts, Fate::Denied));
    }
}

pub fn answer(deployment: &str, redacted: ClassSet) -> Fate {
    Fate::Answered(Answered {
        deployment: id(deployment),
        redacted,
        tokens: Tokens { input: 100, output: 50, estimated: false },
        cost_nano: Nano(50_000),
        took_ms: 900,
        other_model: false,
    })
}

pub fn scenario(text: &str) -> Scenario {
    Scenario::parse(Path::new("drill.toml"), text)
        .unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false)))
}
