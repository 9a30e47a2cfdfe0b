// What every page gains where scripts run. Everything here is also there without them.
import htmx from "htmx.org/dist/htmx.esm.js";
import { startKeys } from "./keys.js";
import { startLinks } from "./links.js";
import { startLive } from "./live.js";
import { startPalette } from "./palette.js";
import { startPopovers } from "./popovers.js";
import { startTables } from "./tables.js";

// No style and no code may come from anywhere but our files, and pages of people's work are kept in no browser storage.
Object.assign(htmx.config, {
  allowEval: false,
  allowScriptTags: false,
  includeIndicatorStyles: false,
  selfRequestsOnly: true,
  historyCacheSize: 0,
  refreshOnHistoryMiss: true,
  scrollIntoViewOnBoost: false,
  timeout: 20_000,
});

document.documentElement.dataset.scripts = "on";
startTables();
startLive();
startLinks();
startPalette(htmx);
startPopovers();
startKeys();
