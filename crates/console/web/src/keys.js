// `/` goes to the search field, `g` and a letter to a page. Single keys can be switched off (WCAG 2.1.4): a setting.
const PATIENCE_MS = 1_200;

export function startKeys() {
  if (document.documentElement.dataset.keys === "off") return;
  let since = 0;
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest?.("input, select, textarea, dialog, fh-chart .plot, [contenteditable]")) return;
    if (since && event.timeStamp - since < PATIENCE_MS) {
      since = 0;
      const link = document.querySelector(`.menu a[data-jump="${CSS.escape(event.key.toLowerCase())}"]`);
      if (link) {
        event.preventDefault();
        link.click();
        return;
      }
    }
    since = event.key === "g" ? event.timeStamp : 0;
    if (event.key === "/") {
      event.preventDefault();
      document.querySelector(".side input[name=q]")?.focus();
    }
  });
}
