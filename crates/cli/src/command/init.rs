//! `freehold init`: writes a commented starter realm.

use anyhow::{Context, Result};
use realm::load::Severity;
use realm::{Jurisdiction, PackId};
use serde_json::json;

use super::Run;
use crate::args::InitArgs;
use crate::ended::{Ended, Problems, wrong};
use crate::lang::{path_arg, tell};
use crate::output;
use crate::realms;

pub(crate) fn run(run: &Run, args: &InitArgs) -> Result<Ended> {
    let occupied = std::fs::read_dir(&args.dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        return Err(wrong("not-empty", &[path_arg(&args.dir)]));
    }
    let packs = args.pack.iter().map(|id| PackId::new(id)).collect::<Result<Vec<_>, _>>();
    let packs = packs.map_err(|e| wrong("option-wrong", &[("option", "--pack".to_owned()), ("why", e.to_string())]))?;
    let files = realm::init::starter(&Jurisdiction::new(&args.home), &packs);
    // Checked in a folder beside it first, so that nothing is left behind if a flag was wrong.
    let draft = args.dir.with_extension("freehold-draft");
    let written = write(&draft, &files).and_then(|()| realms::open(&draft).map(drop).map_err(|e| meant(e, args)));
    if let Err(error) = written {
        std::fs::remove_dir_all(&draft).ok();
        return Err(error);
    }
    std::fs::rename(&draft, &args.dir)
        .or_else(|_| std::fs::remove_dir(&args.dir).and_then(|()| std::fs::rename(&draft, &args.dir)))
        .with_context(|| tell("cannot-make", &[path_arg(&args.dir)]))?;
    if run.json {
        let names: Vec<_> = files.iter().map(|(path, _)| path.display().to_string()).collect();
        output::json(&json!({ "dir": args.dir, "files": names }))?;
    } else {
        let mut page = format!("{}:\n", args.dir.display());
        files.iter().for_each(|(path, _)| page.push_str(&format!("  {}\n", path.display())));
        page.push_str(&format!("{}\n", tell("init-next", &[path_arg(&args.dir)])));
        output::text(&page)?;
    }
    Ok(Ended::Done)
}

/// Where all that is wrong with the draft is the home, the option is what to mend, and no file of the starter.
fn meant(error: anyhow::Error, args: &InitArgs) -> anyhow::Error {
    let Some(Problems(problems)) = error.downcast_ref::<Problems>() else { return error };
    let mut errors = problems.iter().filter(|problem| problem.severity == Severity::Error);
    if !errors.all(|problem| problem.code == "realm.unknown_jurisdiction") {
        return error;
    }
    // A country's name is not taken for the code of another country that happens to be near it.
    wrong("init-home", &[("home", args.home.clone())])
}

fn write(dir: &std::path::Path, files: &[(std::path::PathBuf, String)]) -> Result<()> {
    for (path, text) in files {
        let path = dir.join(path);
        let folder = path.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder).with_context(|| tell("cannot-make", &[path_arg(folder)]))?;
        std::fs::write(&path, text).with_context(|| tell("cannot-write", &[path_arg(&path)]))?;
    }
    Ok(())
}
