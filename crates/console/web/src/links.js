// A link to exactly this view goes to the clipboard; without scripts it is that link.
import { say, text } from "./say.js";

export function startLinks() {
  document.addEventListener("click", async (event) => {
    const link = event.target.closest?.("a[data-copy], button[data-copy]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const wanted = link.dataset.copy || new URL(link.getAttribute("href"), location.href).href;
    const done = await copy(wanted);
    say(text(done ? "copied" : "copyFailed"));
    link.dataset.done = done ? "yes" : "no";
    setTimeout(() => delete link.dataset.done, 2_000);
  });
}

async function copy(wanted) {
  try {
    await navigator.clipboard.writeText(wanted);
    return true;
  } catch {
    // Browsers keep the clipboard from pages without TLS; selecting still works.
    const field = document.createElement("textarea");
    field.value = wanted;
    field.className = "unseen";
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done;
  }
}
