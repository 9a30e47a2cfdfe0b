// What unfolds over the page folds up again: with Escape, or when somebody goes elsewhere.
const KINDS = "details.cols, .why details, details.me";

export function startPopovers() {
  const open = () => [...document.querySelectorAll(KINDS)].filter((it) => it.open);
  document.addEventListener("click", (event) => {
    for (const it of open()) {
      if (!it.contains(event.target)) it.open = false;
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const it of open()) {
      const inside = it.contains(document.activeElement);
      it.open = false;
      if (inside) it.querySelector("summary").focus();
    }
  });
}
