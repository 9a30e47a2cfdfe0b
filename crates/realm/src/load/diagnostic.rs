use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::text::{Catalogue, Lang, Text};

/// Whether a realm with this problem may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// It may not.
    Error,
    /// It may, and somebody should look.
    Warning,
}

/// A text file that problems point into.
#[derive(Debug, PartialEq, Eq)]
pub struct Source {
    /// Its path, relative to the realm directory.
    pub path: PathBuf,
    /// What it says.
    pub text: String,
}

impl Source {
    /// The line and column, both from 1 and in characters, of a byte of the text.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let mut at = byte.min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
        (before.matches('\n').count() + 1, before[line_start..].chars().count() + 1)
    }
}

/// One problem of a realm, with the place it stands at and what was expected there.
///
/// What it says is not kept as text: the code names a message of a catalogue and `args` fill it in, in
/// either language.
#[derive(Debug, Clone)]
pub struct Diagnostic {
    /// Stable, as `realm.unknown_field`.
    pub code: &'static str,
    /// Whether it stops the realm from being used.
    pub severity: Severity,
    /// The file, relative to the realm directory; empty where the problem is of the whole realm.
    pub file: PathBuf,
    /// Bytes of the file it is about.
    pub span: Option<Range<usize>>,
    /// Line of the span's beginning, from 1; zero where there is no span.
    pub line: usize,
    /// Column of the span's beginning in characters, from 1; zero where there is no span.
    pub column: usize,
    /// What fills the message in.
    pub args: Vec<(&'static str, String)>,
    pub(super) source: Option<Arc<Source>>,
    catalogue: &'static Catalogue,
}

impl Diagnostic {
    /// A problem that stops the realm from being used.
    ///
    /// The catalogue holds the message `realm-unknown_field` for the code `realm.unknown_field`, with the
    /// attributes `.expected` and `.help` where there is more to say, and `.nearest`, `.elsewhere` and `.known`,
    /// each shown when there is an argument of that name.
    pub fn error(code: &'static str, catalogue: &'static Catalogue) -> Self {
        Self::new(code, Severity::Error, catalogue)
    }

    /// A problem that somebody should look at.
    pub fn warning(code: &'static str, catalogue: &'static Catalogue) -> Self {
        Self::new(code, Severity::Warning, catalogue)
    }

    fn new(code: &'static str, severity: Severity, catalogue: &'static Catalogue) -> Self {
        let file = PathBuf::new();
        Self { code, severity, file, span: None, line: 0, column: 0, args: Vec::new(), source: None, catalogue }
    }

    /// Fills one place of the message in.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// The same where there is something to fill in.
    #[must_use]
    pub fn arg_if(self, name: &'static str, value: Option<impl Into<String>>) -> Self {
        match value {
            Some(value) => self.arg(name, value),
            None => self,
        }
    }

    /// Names the file without a place in it.
    #[must_use]
    pub fn in_file(mut self, path: &Path) -> Self {
        self.file = path.to_owned();
        self
    }

    /// Points at bytes of a file.
    #[must_use]
    pub fn at(mut self, source: &Arc<Source>, span: Range<usize>) -> Self {
        (self.line, self.column) = source.line_column(span.start);
        self.file.clone_from(&source.path);
        self.span = Some(span);
        self.source = Some(Arc::clone(source));
        self
    }

    /// Keeps the place but never shows the line: something secret may stand in it.
    #[must_use]
    pub fn without_source(mut self) -> Self {
        self.source = None;
        self
    }

    /// What is wrong.
    pub fn message(&self, lang: Lang) -> String {
        self.text(lang).message
    }

    /// What was expected there.
    pub fn expected(&self, lang: Lang) -> Option<String> {
        self.text(lang).expected
    }

    /// What to do about it: the nearest name, where to look.
    pub fn help(&self, lang: Lang) -> Option<String> {
        self.text(lang).help
    }

    /// Message, expectation and help in one go.
    pub fn text(&self, lang: Lang) -> Text {
        self.catalogue.text(lang, self.code, &self.args)
    }

    /// The place as `file:line:column`, as far as it is known.
    pub fn place(&self) -> String {
        match self.span {
            Some(_) => format!("{}:{}:{}", self.file.display(), self.line, self.column),
            None => self.file.display().to_string(),
        }
    }
}
