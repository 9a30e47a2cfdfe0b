//! A name on the command line that means nothing: what it may have been meant to be, and what there is.

use realm::load::nearest;

use crate::ended::wrong;

/// The error: `kind` is the word of the command line for what was named.
pub(crate) fn unknown(kind: &str, named: &str, known: &[&str]) -> anyhow::Error {
    let mut args = vec![("kind", kind.to_owned()), ("id", named.to_owned())];
    args.push(("known", if known.is_empty() { "–".to_owned() } else { known.join(", ") }));
    match nearest(named, known.iter().copied()) {
        Some(near) => {
            args.push(("near", near));
            wrong("unknown-near", &args)
        }
        None => wrong("unknown", &args),
    }
}
