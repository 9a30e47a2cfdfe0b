use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};

use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, NamedSource, SourceCode};
use serde_json::json;

use super::diagnostic::{Diagnostic, Severity};
use super::excerpt::excerpt;
use super::text::{Lang, Text};

/// Problems for people: each with its place, the line it stands in, what was expected and what to do.
pub fn render(diagnostics: &[Diagnostic], lang: Lang, colour: bool) -> String {
    let theme = if colour { GraphicalTheme::unicode() } else { GraphicalTheme::unicode_nocolor() };
    let handler = GraphicalReportHandler::new_themed(theme).with_width(110).with_links(false);
    let mut page = String::new();
    for diagnostic in diagnostics {
        let report = Report::new(diagnostic, lang);
        // Writing to a string cannot fail; should a report, its plain form is better than nothing.
        let mut drawn = String::new();
        let rendered = catch_unwind(AssertUnwindSafe(|| handler.render_report(&mut drawn, &report)));
        if matches!(rendered, Ok(Ok(()))) {
            page.push_str(&drawn);
        } else {
            page.push_str(&format!("{}: {}\n", diagnostic.place(), report.text.message));
        }
        page.push('\n');
    }
    page
}

/// Problems for programs: a list of objects with `code`, `severity`, `file`, `line`, `column`, `span`,
/// `message`, `expected` and `help`.
pub fn to_json(diagnostics: &[Diagnostic], lang: Lang) -> serde_json::Value {
    diagnostics.iter().map(|diagnostic| one_json(diagnostic, lang)).collect()
}

fn one_json(diagnostic: &Diagnostic, lang: Lang) -> serde_json::Value {
    let text = diagnostic.text(lang);
    json!({
        "code": diagnostic.code,
        "severity": diagnostic.severity,
        "file": diagnostic.file,
        "line": diagnostic.line,
        "column": diagnostic.column,
        "span": diagnostic.span.as_ref().map(|span| [span.start, span.end]),
        "message": text.message,
        "expected": text.expected,
        "help": text.help,
    })
}

/// Hides what stands in quotes on lines that look as if they held a secret, byte for byte, so that a place
/// stays where it is. A realm should hold no secret; when one does, saying so must not spread it.
fn mask(text: &str) -> String {
    const SECRETS: [&str; 6] = ["credential", "secret", "password", "token =", "api_key", "apikey"];
    let mut masked = String::with_capacity(text.len());
    for line in text.split_inclusive('\n') {
        let lower = line.to_lowercase();
        let address = line.contains("://") && line.contains('@');
        if !address && !SECRETS.iter().any(|word| lower.contains(word)) {
            masked.push_str(line);
            continue;
        }
        let mut quoted = false;
        for letter in line.chars() {
            let quote = matches!(letter, '"' | '\'');
            quoted ^= quote;
            if quoted && !quote {
                masked.extend(std::iter::repeat_n('*', letter.len_utf8()));
            } else {
                masked.push(letter);
            }
        }
    }
    masked
}

/// A diagnostic as miette sees it.
#[derive(Debug)]
struct Report {
    code: &'static str,
    severity: Severity,
    text: Text,
    source: Option<NamedSource<String>>,
    label: Option<LabeledSpan>,
}

impl Report {
    fn new(diagnostic: &Diagnostic, lang: Lang) -> Self {
        let mut text = diagnostic.text(lang);
        let shown = diagnostic.source.as_ref().and_then(|source| {
            let (text, span) = excerpt(&mask(&source.text), diagnostic.span.clone().unwrap_or(0..0))?;
            Some((NamedSource::new(source.path.to_string_lossy(), text), span))
        });
        let (source, span) = shown.unzip();
        if source.is_none() {
            if !diagnostic.file.as_os_str().is_empty() {
                text.message = format!("{}: {}", diagnostic.place(), text.message);
            }
            // No line to stand beside: said below.
            let hints = [text.expected.take(), text.help.take()];
            text.help = Some(hints.into_iter().flatten().collect::<Vec<_>>().join("; "));
        }
        let label = span
            .filter(|_| diagnostic.span.is_some())
            .map(|span| LabeledSpan::new(text.expected.clone(), span.start, span.len()));
        Self { code: diagnostic.code, severity: diagnostic.severity, text, source, label }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text.message)
    }
}

impl std::error::Error for Report {}

impl miette::Diagnostic for Report {
    fn code<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        Some(Box::new(self.code))
    }

    fn severity(&self) -> Option<miette::Severity> {
        Some(match self.severity {
            Severity::Error => miette::Severity::Error,
            Severity::Warning => miette::Severity::Warning,
        })
    }

    fn help<'a>(&'a self) -> Option<Box<dyn fmt::Display + 'a>> {
        self.text.help.as_ref().map(|help| Box::new(help) as Box<dyn fmt::Display + 'a>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        self.label.clone().map(|label| Box::new(std::iter::once(label)) as Box<dyn Iterator<Item = LabeledSpan>>)
    }
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn hides_what_may_be_a_secret_and_moves_nothing() {
        let text = "id = \"a\"\napi_key = \"sk-1é\" # it's\nbase_url = \"https://a:b@c\"\ntokens_per_min = 5\n";
        let masked = mask(text);
        assert_eq!(masked.len(), text.len());
        assert!(!masked.contains("sk-1") && !masked.contains("a:b@c"), "{masked}");
        assert!(masked.starts_with("id = \"a\"") && masked.contains("tokens_per_min = 5"), "{masked}");
    }
}
