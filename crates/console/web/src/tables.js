// Tables are sorted, narrowed and paged by the server; htmx puts the new one in the place of the old one.
import { say, text } from "./say.js";

export function startTables() {
  // Fields that say nothing stay out of the address.
  document.addEventListener("htmx:configRequest", (event) => {
    const { parameters } = event.detail;
    for (const key of Object.keys(parameters)) {
      if (parameters[key] === "") delete parameters[key];
    }
  });
  document.addEventListener("htmx:beforeRequest", (event) => {
    event.detail.target?.setAttribute?.("aria-busy", "true");
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    const region = event.detail.elt.closest?.("[data-said]");
    if (region && !event.detail.requestConfig?.elt?.matches?.("[data-live]")) say(region.dataset.said);
  });
  // Signed out, or the server is away: the page itself says it best.
  document.addEventListener("htmx:responseError", () => location.reload());
  document.addEventListener("htmx:sendError", (event) => {
    event.detail.target?.removeAttribute?.("aria-busy");
    say(text("away"));
  });
}
