//! `freehold init`: writes a commented starter realm.

use anyhow::{Context, Result};
use realm::{Jurisdiction, PackId};
use serde_json::json;

use super::Run;
use crate::args::InitArgs;
use crate::ended::{Ended, Wrong};
use crate::output;
use crate::realms;

pub(crate) fn run(run: &Run, args: &InitArgs) -> Result<Ended> {
    let occupied = std::fs::read_dir(&args.dir).is_ok_and(|mut entries| entries.next().is_some());
    if occupied {
        let message = format!("{} is not empty: name a new directory, nothing is overwritten", args.dir.display());
        return Err(Wrong(message).into());
    }
    let packs = args.pack.iter().map(|id| PackId::new(id)).collect::<Result<Vec<_>, _>>();
    let packs = packs.map_err(|e| Wrong(format!("--pack: {e}")))?;
    let files = realm::init::starter(&Jurisdiction::new(&args.home), &packs);
    // Checked in a folder beside it first, so that nothing is left behind if a flag was wrong.
    let draft = args.dir.with_extension("freehold-draft");
    let written = write(&draft, &files).and_then(|()| realms::open(&draft, run.lang).map(drop));
    if let Err(error) = written {
        std::fs::remove_dir_all(&draft).ok();
        return Err(error);
    }
    std::fs::rename(&draft, &args.dir)
        .or_else(|_| std::fs::remove_dir(&args.dir).and_then(|()| std::fs::rename(&draft, &args.dir)))
        .with_context(|| format!("cannot make {}", args.dir.display()))?;
    if run.json {
        let names: Vec<_> = files.iter().map(|(path, _)| path.display().to_string()).collect();
        output::json(&json!({ "dir": args.dir, "files": names }))?;
    } else {
        let mut page = format!("{}:\n", args.dir.display());
        files.iter().for_each(|(path, _)| page.push_str(&format!("  {}\n", path.display())));
        page.push_str(&format!("Next: freehold check {0}, then freehold serve --realm {0}\n", args.dir.display()));
        output::text(&page)?;
    }
    Ok(Ended::Done)
}

fn write(dir: &std::path::Path, files: &[(std::path::PathBuf, String)]) -> Result<()> {
    for (path, text) in files {
        let path = dir.join(path);
        let folder = path.parent().unwrap_or(dir);
        std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        std::fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}
