//! The example realm: its whole permission matrix, and what its demo promises.

use std::borrow::Cow;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use jiff::civil::date;
use policy::explain::Matrix;
use policy::{Compiled, Denial, Verdict};
use realm::load::{Lang, PackSource, load, render};
use realm::{ClassSet, DataClass, DeploymentId};

use crate::deciding::Question;
use crate::golden;
use crate::world::{TODAY, classes};

/// The packs of this repository.
struct Folder(PathBuf);

impl PackSource for Folder {
    fn ids(&self) -> Vec<String> {
        names(&self.0)
    }

    fn files(&self, id: &str) -> Vec<(String, Cow<'static, [u8]>)> {
        let folder = self.0.join(id);
        let read = |name: String| fs::read(folder.join(&name)).ok().map(|bytes| (name, Cow::Owned(bytes)));
        names(&folder).into_iter().filter_map(read).collect()
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

/// An example of this repository, compiled: without a problem and without a warning.
pub fn example(name: &str) -> Compiled {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let loaded = load(&root.join("examples").join(name), &Folder(root.join("packs")), TODAY)
        .unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false)));
    let compiled = policy::compile(&loaded.snapshot.world)
        .unwrap_or_else(|problems| panic!("{}", render(&problems, Lang::En, false)));
    assert!(compiled.warnings().is_empty(), "{}", render(compiled.warnings(), Lang::En, false));
    compiled
}

fn republic() -> &'static Compiled {
    static REPUBLIC: OnceLock<Compiled> = OnceLock::new();
    REPUBLIC.get_or_init(|| example("republic"))
}

/// The deployments of the route `abroad`.
fn abroad() -> Vec<&'static DeploymentId> {
    let route = republic().world().routes.get("abroad").expect("the demo names this route");
    route.targets.iter().map(|target| &target.deployment).collect()
}

#[test]
fn the_permission_matrix() {
    golden::check("republic.txt", &Matrix::of(republic(), TODAY).to_text(Lang::En));
}

#[test]
fn strategic_sectors_use_models_of_home() {
    for deployment in abroad() {
        for app in ["clinic", "bank-desk"] {
            let decision = Question { app, deployment: deployment.as_str(), ..Question::default() }.ask(republic());
            assert_eq!(decision.verdict, Verdict::Deny(Denial::PolicyDenied), "{app} {deployment}");
            assert!(decision.rules.iter().all(|rule| !rule.cite.is_empty() && !rule.title.is_empty()));
            assert!(decision.rules.iter().any(|rule| rule.id.as_str() == "strategic-sectors"));
        }
    }
}

#[test]
fn the_amendment_is_in_shadow_until_its_day() {
    for deployment in abroad() {
        for app in ["robot-line", "rail-dispatch"] {
            let question = |date| Question { app, deployment: deployment.as_str(), date, ..Question::default() };
            let before = question(date(2027, 6, 30)).ask(republic());
            assert_eq!(before.verdict, Verdict::Permit, "{app} {deployment}");
            let shadow = before.shadow.expect("the amendment would deny");
            assert!(shadow.deny && shadow.rules[0].id.as_str() == "strategic-sectors-amendment");
            let after = question(date(2027, 7, 1)).ask(republic());
            assert_eq!(after.verdict, Verdict::Deny(Denial::PolicyDenied), "{app} {deployment}");
        }
    }
}

#[test]
fn tourism_discloses_no_personal_data_abroad() {
    let personal = classes(&[DataClass::Personal]);
    for deployment in abroad() {
        let question = Question { app: "tourism", deployment: deployment.as_str(), ..Question::default() };
        let located = Question { located: personal, ..question }.ask(republic());
        assert_eq!((located.verdict, located.redact), (Verdict::Permit, personal), "{deployment}");
        let question = Question { app: "tourism", deployment: deployment.as_str(), ..Question::default() };
        let diffuse = Question { diffuse: personal, ..question }.ask(republic());
        assert_eq!(diffuse.verdict, Verdict::Deny(Denial::PolicyDenied), "{deployment}");
    }
}

#[test]
fn secret_leaves_home_for_nobody() {
    for deployment in abroad() {
        for app in republic().world().apps.keys() {
            let asked = policy::Asked {
                app,
                deployment,
                located: ClassSet::EMPTY,
                diffuse: ClassSet::of(DataClass::Secret),
                purpose: "",
                user_jurisdiction: None,
                date: TODAY,
            };
            assert!(!republic().decide(&asked).is_permit(), "{app} {deployment}");
        }
    }
}
