// The palette: one field over everything that has a name. Its results are those of /console/go.
export function startPalette(htmx) {
  const dialog = document.getElementById("palette");
  if (!dialog) return;
  const field = dialog.querySelector("input[type=search]");
  const found = () => [...dialog.querySelectorAll(".found a")];

  document.addEventListener("keydown", (event) => {
    if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey) return;
    event.preventDefault();
    if (dialog.open) {
      dialog.close();
      return;
    }
    dialog.showModal();
    field.select();
    htmx.trigger(field, "ask");
  });

  dialog.addEventListener("keydown", (event) => {
    // A search field would keep the first Escape for itself.
    if (event.key === "Escape") {
      event.preventDefault();
      dialog.close();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const links = found();
    if (!step || links.length === 0) return;
    event.preventDefault();
    const next = links.indexOf(document.activeElement) + step;
    if (next < 0) field.focus();
    else links[Math.min(next, links.length - 1)].focus();
  });

  // Enter goes to the first of them; where there is none, to the page that says so.
  dialog.querySelector("form").addEventListener("submit", (event) => {
    const first = found()[0];
    if (!first || dialog.querySelector(".htmx-request")) return;
    event.preventDefault();
    location.assign(first.href);
  });

  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
}
