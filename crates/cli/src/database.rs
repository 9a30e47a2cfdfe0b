//! The store that a command works on: a file of the data directory, or a database that several gateways share.

use std::ffi::OsString;
use std::os::unix::process::CommandExt;
use std::process::Command;

use anyhow::Result;
use store::{DatabaseUrl, Store};

use crate::command::Run;
use crate::data::DataDir;
use crate::ended::wrong;

/// The option, and the variable that says the same where nobody else sees it.
const OPTION: &str = "--database-url";
pub(crate) const VARIABLE: &str = "FREEHOLD_DATABASE_URL";

/// Reads the URL. What is wrong with it is said without repeating it.
pub(crate) fn url(text: Option<&str>) -> Result<Option<DatabaseUrl>> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let url = text.parse().map_err(|_| wrong("database-url-wrong", &[]))?;
    Ok(Some(url))
}

impl Run {
    /// Opens the store that this command works on.
    pub(crate) async fn store(&self, data: &DataDir) -> Result<Store> {
        Ok(match &self.database {
            Some(url) => Store::connect(url).await?,
            None => Store::open(&data.store()).await?,
        })
    }

    /// The data directory of a command that only needs the store: with a shared one there may be none on this machine.
    pub(crate) fn place_of_store(&self, make: bool) -> Result<DataDir> {
        match (&self.database, make) {
            (Some(_), _) => Ok(DataDir::new(&self.data)),
            (None, true) => {
                let data = DataDir::new(&self.data);
                data.create()?;
                Ok(data)
            }
            (None, false) => self.existing_data(),
        }
    }
}

/// Starts this program anew where a password was typed on its command line, which everybody on the machine can read:
/// then it stands in the environment, which nobody else can. Comes back where there is nothing to hide.
pub(crate) fn hide_password() {
    let mut args = std::env::args_os();
    let Some(name) = args.next() else { return };
    let (kept, Some(url)) = without_password(args) else { return };
    let Ok(program) = std::env::current_exe() else { return };
    // Comes back only where it failed: then all goes on as it was typed.
    let _ = Command::new(program).arg0(name).args(kept).env(VARIABLE, url).exec();
}

/// The arguments without a URL that holds a password, and that URL.
fn without_password(args: impl Iterator<Item = OsString>) -> (Vec<OsString>, Option<String>) {
    let (mut kept, mut secret) = (Vec::new(), None);
    let mut args = args.peekable();
    let hides = |text: &str| text.parse::<DatabaseUrl>().is_ok_and(|url| url.has_password());
    while let Some(arg) = args.next() {
        let text = arg.to_str().unwrap_or_default();
        if let Some(url) = text.strip_prefix(OPTION).and_then(|rest| rest.strip_prefix('=')).filter(|url| hides(url)) {
            secret = Some(url.to_owned());
            continue;
        }
        let next = args.peek().and_then(|next| next.to_str()).filter(|next| text == OPTION && hides(next));
        if let Some(url) = next.map(str::to_owned) {
            secret = Some(url);
            args.next();
            continue;
        }
        kept.push(arg);
    }
    (kept, secret)
}

#[cfg(test)]
mod tests {
    use super::without_password;

    fn split(line: &str) -> (String, Option<String>) {
        let (kept, url) = without_password(line.split(' ').map(Into::into));
        (kept.join(std::ffi::OsStr::new(" ")).into_string().unwrap(), url)
    }

    #[test]
    fn only_a_url_with_a_password_leaves_the_command_line() {
        let secret = Some("postgres://ann:pw@db/x".to_owned());
        for typed in
            ["serve --database-url postgres://ann:pw@db/x --json", "serve --database-url=postgres://ann:pw@db/x --json"]
        {
            assert_eq!(split(typed), ("serve --json".to_owned(), secret.clone()));
        }
        for plain in ["serve --json", "serve --database-url postgres:///x --json", "serve --database-url"] {
            assert_eq!(split(plain), (plain.to_owned(), None));
        }
    }
}
