//! The child's arguments, as the parent writes them and the child reads them.

use std::ffi::OsString;
use std::path::PathBuf;

use crate::error::Error;
use crate::supervisor::Config;

/// What a child is told on its command line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChildArgs {
    /// The model file.
    pub model: PathBuf,
    /// Most tokens of one request.
    pub context_tokens: Option<u32>,
    /// Requests computed at the same time.
    pub parallel: u32,
    /// Threads.
    pub threads: Option<u32>,
}

impl ChildArgs {
    /// The arguments of a child for `config`.
    pub(crate) fn of(config: &Config) -> Self {
        Self {
            model: config.model.clone(),
            context_tokens: config.context_tokens,
            parallel: config.parallel,
            threads: config.threads,
        }
    }

    /// As a command line: `--model FILE --parallel N [--context N] [--threads N]`.
    pub fn to_command_line(&self) -> Vec<OsString> {
        let mut line: Vec<OsString> = vec!["--model".into(), self.model.clone().into()];
        let mut push = |name: &str, n: u32| line.extend([name.into(), n.to_string().into()]);
        push("--parallel", self.parallel);
        if let Some(n) = self.context_tokens {
            push("--context", n);
        }
        if let Some(n) = self.threads {
            push("--threads", n);
        }
        line
    }

    /// Reads such a command line, for programs without a parser of their own.
    ///
    /// # Errors
    /// When an argument is unknown, missing or no number.
    pub fn parse(line: impl IntoIterator<Item = OsString>) -> Result<Self, Error> {
        let (mut model, mut context_tokens, mut parallel, mut threads) = (None, None, 1, None);
        let mut line = line.into_iter();
        while let Some(name) = line.next() {
            let name = name.to_string_lossy().into_owned();
            let value = line.next().ok_or_else(|| Error::Argument(format!("{name} needs a value")))?;
            let number = || {
                let text = value.to_string_lossy();
                text.parse::<u32>().map_err(|_| Error::Argument(format!("{name} {text}: not a number")))
            };
            match name.as_str() {
                "--model" => model = Some(PathBuf::from(value)),
                "--context" => context_tokens = Some(number()?),
                "--parallel" => parallel = number()?,
                "--threads" => threads = Some(number()?),
                _ => return Err(Error::Argument(format!("unknown argument {name}"))),
            }
        }
        let model = model.ok_or_else(|| Error::Argument("--model is missing".into()))?;
        Ok(Self { model, context_tokens, parallel, threads })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        for (context_tokens, threads) in [(None, None), (Some(512), Some(2))] {
            let args = ChildArgs { model: "/a b/c.gguf".into(), context_tokens, parallel: 3, threads };
            assert_eq!(ChildArgs::parse(args.to_command_line()).expect("parses"), args);
        }
        let error = ChildArgs::parse(["--parallel".into(), "x".into()]).expect_err("no number");
        assert_eq!(error.to_string(), "--parallel x: not a number");
    }
}
