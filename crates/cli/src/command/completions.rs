//! `freehold completions`.

use anyhow::Result;

use crate::args::{CompletionsArgs, command};
use crate::ended::Ended;
use crate::lang::Lang;
use crate::output;

pub(crate) fn run(args: &CompletionsArgs) -> Result<Ended> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut command(Lang::En), "freehold", &mut script);
    output::text(&String::from_utf8_lossy(&script))?;
    Ok(Ended::Done)
}
