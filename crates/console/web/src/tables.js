// Tables are sorted, narrowed and paged by the server; htmx puts the new one in the place of the old one.
import { say, text } from "./say.js";

// Parameters of tables that are not the page's main one carry the table's name.
const NAMED = /-(sort|find|cols|page)$/;

export function startTables() {
  document.addEventListener("htmx:configRequest", (event) => {
    const own = ownOf(event.detail.elt);
    if (own) address(event.detail, own);
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

// Which parameters are those of the table or the fields that ask; none where something else asks.
function ownOf(asking) {
  const region = asking.closest(".table");
  if (region && "main" in region.dataset) return (key) => !NAMED.test(key);
  if (region) return (key) => key.startsWith(`${region.id.slice(2)}-`);
  const form = asking.closest("form.filter");
  if (!form) return undefined;
  const names = new Set([...form.querySelectorAll("input:not([type=hidden]), select")].map((field) => field.name));
  return (key) => names.has(key) || key === "page";
}

// Only what asks was drawn with the newest address: of all else, what the address bar says holds.
function address(detail, own) {
  const [path, query] = detail.path.split("?");
  const asked = new URLSearchParams(query);
  for (const [key, value] of detail.formData) asked.append(key, value);
  const all = new URLSearchParams();
  const add = (pairs, wanted) => [...pairs].filter(([key, value]) => value !== "" && wanted(key)).forEach(([key, value]) => all.append(key, value));
  add(new URLSearchParams(location.search), (key) => !own(key));
  add(asked, own);
  for (const key of new Set(detail.formData.keys())) detail.formData.delete(key);
  detail.path = all.size > 0 ? `${path}?${all}` : path;
}
