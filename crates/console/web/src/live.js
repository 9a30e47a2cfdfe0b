// The live tail: the table is asked for again every few seconds, unless somebody is working in it or looks elsewhere.
import { say } from "./say.js";

export function startLive() {
  let before = new Set();
  const rows = () => [...document.querySelectorAll(".table[data-tail] tr[data-key]")];

  document.addEventListener("htmx:beforeRequest", (event) => {
    const tail = event.detail.elt;
    if (!tail.matches?.("[data-live]")) return;
    const region = tail.closest(".table");
    const busy = region?.querySelector("table")?.contains(document.activeElement) || !getSelection()?.isCollapsed;
    if (document.hidden || busy) {
      event.preventDefault();
      return;
    }
    before = new Set(rows().map((row) => row.dataset.key));
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    if (!event.detail.requestConfig?.elt?.matches?.("[data-live]")) return;
    const fresh = rows().filter((row) => !before.has(row.dataset.key));
    for (const row of fresh) row.classList.add("fresh");
    const status = document.querySelector("[data-live-new]");
    if (status && fresh.length > 0) say(`${status.dataset.liveNew} ${fresh.length}`);
  });
}
