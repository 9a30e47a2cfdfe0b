//! The page at `/`: one static page that shows the lines to try. It holds no key.

/// What there is to try.
#[derive(Debug, Clone)]
pub(crate) struct Lines {
    /// The gateway's address.
    pub(crate) address: String,
    /// Steps, each with what it shows (English, Russian) and the lines to type.
    pub(crate) steps: Vec<Step>,
    /// Whether this is the demo.
    pub(crate) demo: bool,
}

/// One thing to try.
#[derive(Debug, Clone)]
pub(crate) struct Step {
    /// What it shows, in English.
    pub(crate) en: String,
    /// What it shows, in Russian.
    pub(crate) ru: String,
    /// The lines to type.
    pub(crate) lines: String,
}

impl Lines {
    /// A served realm: how to ask, once one has a key.
    pub(crate) fn of_service(address: &str) -> Self {
        let lines = format!(
            "curl {address}/v1/models -H \"Authorization: Bearer $KEY\"\n\
             curl {address}/v1/chat/completions -H \"Authorization: Bearer $KEY\" -H 'content-type: application/json' \\\n  \
             -d '{{\"model\": \"ROUTE\", \"messages\": [{{\"role\": \"user\", \"content\": \"Hello\"}}]}}'"
        );
        let step = Step {
            en: "Make a key with `freehold key new --app APP`, then ask".to_owned(),
            ru: "Создайте ключ: `freehold key new --app APP`, затем спросите".to_owned(),
            lines,
        };
        Self { address: address.to_owned(), steps: vec![step], demo: false }
    }
}

const STYLE: &str = ":root{color-scheme:light dark;--ink:#1b1f24;--paper:#fff;--soft:#f3f4f6;--line:#6b7280;--link:#0b57d0}\
@media(prefers-color-scheme:dark){:root{--ink:#e8eaed;--paper:#16181c;--soft:#22262c;--line:#9aa0a6;--link:#8ab4f8}}\
body{margin:0;font:1rem/1.6 system-ui,sans-serif;color:var(--ink);background:var(--paper)}\
main{max-inline-size:60rem;margin-inline:auto;padding:2rem 1.25rem}\
h1{font-size:1.6rem;margin-block:0 .25rem}h2{font-size:1.05rem;margin-block:1.75rem .25rem}p{margin-block:.25rem}\
pre{background:var(--soft);border:1px solid var(--line);border-radius:.4rem;padding:.75rem;overflow-x:auto;font:.875rem/1.5 ui-monospace,monospace}\
a{color:var(--link)}a:focus-visible,pre:focus-visible{outline:3px solid var(--link);outline-offset:2px}[lang=ru]{color:var(--line)}@media(prefers-contrast:more){[lang=ru]{color:var(--ink)}}";

/// The page.
pub(crate) fn render(lines: &Lines) -> String {
    let mut page = String::with_capacity(8 << 10);
    page.push_str("<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">");
    page.push_str("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">");
    page.push_str(&format!("<title>Freehold</title><style>{STYLE}</style></head><body><main>\n<h1>Freehold</h1>\n"));
    page.push_str("<p>Use any AI, depend on none.</p>\n<p lang=\"ru\">Любые модели, никакой зависимости.</p>\n");
    if lines.demo {
        page.push_str(
            "<p>This is a demonstration: its providers are stand-ins on this machine, its embedded model is a toy. \
             The keys lie in the file keys.env of the data directory; where it was started, its path was printed.</p>\n\
             <p lang=\"ru\">Это демонстрация: поставщики здесь — учебные серверы на этой же машине, встроенная модель — \
             игрушка. Ключи лежат в файле keys.env каталога данных; его путь напечатан там, где она запущена.</p>\n",
        );
    }
    for (number, step) in lines.steps.iter().enumerate() {
        let n = number + 1;
        let (en, ru, text) = (escape(&step.en), escape(&step.ru), escape(&step.lines));
        page.push_str(&format!(
            "<section aria-labelledby=\"s{n}\"><h2 id=\"s{n}\">{n}. {en}</h2>\n<p lang=\"ru\">{ru}</p>\n\
             <pre tabindex=\"0\" aria-labelledby=\"s{n}\"><code>{text}</code></pre></section>\n"
        ));
    }
    page.push_str(&format!(
        "<p><a href=\"/console\">/console</a> · <a href=\"/readyz\">/readyz</a> · <a href=\"/healthz\">/healthz</a> · <a href=\"/metrics\">/metrics</a> · {}</p>\n",
        escape(&lines.address)
    ));
    page.push_str("</main></body></html>\n");
    page
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{Lines, Step, render};

    #[test]
    fn the_page_asks_no_other_host_and_escapes_what_it_shows() {
        let step = Step { en: "a < b".into(), ru: "а".into(), lines: "curl \"x\" <y>".into() };
        let page = render(&Lines { address: "http://127.0.0.1:1".into(), steps: vec![step], demo: true });
        assert!(page.contains("a &lt; b") && page.contains("curl &quot;x&quot; &lt;y&gt;"));
        for loads in ["src=", "url(", "@import", "href=\"http", "<script"] {
            assert!(!page.contains(loads), "{loads}");
        }
    }
}
