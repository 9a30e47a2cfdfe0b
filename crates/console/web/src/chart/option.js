// What a chart's facts are to ECharts. Colours, fonts and decals follow the page's design tokens.
const DECALS = [
  { symbol: "none" },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 4], rotation: -Math.PI / 4, symbolSize: 1 },
  { symbol: "circle", dashArrayX: [[4, 4], [0, 4, 4, 0]], dashArrayY: [4, 0], symbolSize: 0.6 },
  { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 5], symbolSize: 1 },
  { symbol: "triangle", dashArrayX: [[9, 9], [0, 9, 9, 0]], dashArrayY: [9, 0], symbolSize: 0.7 },
  { symbol: "rect", dashArrayX: [[6, 6], [0, 6, 6, 0]], dashArrayY: [6, 0], symbolSize: 0.8 },
];
const DASHES = ["solid", "dashed", "dotted", [8, 3, 2, 3], [2, 6], [12, 4]];

export function tokensOf(element) {
  const style = getComputedStyle(element);
  const token = (name) => style.getPropertyValue(`--${name}`).trim();
  const colours = [1, 2, 3, 4, 5, 6].map((n) => token(`part${n}`));
  return { ink: token("ink"), dim: token("dim"), line: token("line"), sheet: token("sheet"), paper: token("paper"), colours, font: style.fontFamily };
}

export function numberOf(facts) {
  return new Intl.NumberFormat(facts.lang, { maximumFractionDigits: 4 });
}

export function optionOf(facts, element) {
  const tokens = tokensOf(element);
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const decals = DECALS.map((decal) => ({ ...decal, color: tokens.sheet, backgroundColor: "transparent" }));
  return {
    animation: !still,
    animationDuration: 240,
    color: tokens.colours,
    textStyle: { fontFamily: tokens.font, color: tokens.ink, fontSize: 12 },
    aria: { enabled: true, label: { enabled: false }, decal: { show: true, decals } },
    ...(facts.kind === "sankey" ? flows(facts, tokens, element) : axes(facts, tokens)),
  };
}

function tooltip(tokens, trigger) {
  return {
    trigger,
    // As HTML it would bring styles of its own.
    renderMode: "richText",
    confine: true,
    backgroundColor: tokens.sheet,
    borderColor: tokens.dim,
    borderWidth: 1,
    padding: [6, 10],
    textStyle: { color: tokens.ink, fontSize: 12, fontFamily: tokens.font },
  };
}

function axes(facts, tokens) {
  const number = numberOf(facts);
  const stacked = facts.kind === "stacked" || facts.kind === "area";
  const value = (n) => (n == null || Number.isNaN(n) ? facts.texts.none : number.format(n));
  const across = facts.kind === "bar";
  const names = {
    type: "category",
    data: facts.labels,
    inverse: across,
    boundaryGap: facts.kind === "bar" || facts.kind === "stacked",
    axisTick: { show: false },
    axisLine: { lineStyle: { color: tokens.dim } },
    axisLabel: { color: tokens.dim, hideOverlap: true, ...(across ? { width: 150, overflow: "truncate" } : {}) },
  };
  const values = {
    type: "value",
    minInterval: facts.whole ? 1 : 0,
    splitNumber: 3,
    axisLabel: { color: tokens.dim, formatter: (n) => number.format(n) },
    splitLine: { lineStyle: { color: tokens.line } },
  };
  return {
    grid: { left: 4, right: 12, top: facts.series.length > 1 ? 30 : 12, bottom: 4, containLabel: true },
    legend: { show: facts.series.length > 1, left: 0, top: 0, itemWidth: 18, itemHeight: 12, icon: facts.kind === "line" ? undefined : "rect", textStyle: { color: tokens.dim }, selectedMode: false },
    tooltip: { ...tooltip(tokens, "axis"), valueFormatter: value, axisPointer: { type: across || facts.kind === "stacked" ? "shadow" : "line" } },
    xAxis: across ? values : names,
    yAxis: across ? names : values,
    series: facts.series.map((one, place) => seriesOf(facts, one, place, stacked)),
  };
}

function seriesOf(facts, one, place, stacked) {
  const data = one.values;
  const common = { name: one.name, data, stack: stacked ? "all" : undefined, emphasis: { focus: "series" } };
  if (facts.kind === "bar" || facts.kind === "stacked") return { type: "bar", barMaxWidth: 28, ...common };
  return {
    type: "line",
    ...common,
    symbol: ["circle", "rect", "triangle", "diamond", "roundRect", "pin"][place % 6],
    symbolSize: 6,
    connectNulls: false,
    showSymbol: data.length < 40,
    lineStyle: { width: 2, type: DASHES[place % DASHES.length] },
    areaStyle: facts.kind === "area" ? { opacity: 0.55 } : undefined,
  };
}

function flows(facts, tokens, element) {
  const number = numberOf(facts);
  const right = Math.min(150, Math.round((element.clientWidth || 600) * 0.27));
  const link = ({ data }) => (data.source ? `${short(data.source)} → ${short(data.target)}: ${number.format(data.value)}` : short(data.name));
  return {
    tooltip: { ...tooltip(tokens, "item"), formatter: link },
    series: [{
      type: "sankey",
      animation: false,
      left: 4, right, top: 8, bottom: 8,
      nodeGap: 10,
      nodeWidth: 12,
      draggable: false,
      emphasis: { focus: "adjacency" },
      label: { color: tokens.ink, fontSize: 12, width: right - 8, lineHeight: 15, overflow: "break", formatter: ({ name }) => short(name) },
      lineStyle: { color: "target", opacity: 0.35, curveness: 0.5 },
      data: facts.nodes.map((name) => ({ name, itemStyle: { color: colourOf(name, facts, tokens) } })),
      links: facts.flows.map(([source, target, value]) => ({ source, target, value })),
    }],
  };
}

// A colour for each column; what was stopped has one of its own, and its name says so too.
function colourOf(name, facts, tokens) {
  if (name === facts.stopped) return tokens.colours[2];
  const columns = [...new Set(facts.nodes.map((node) => node.split(":", 1)[0]))];
  return tokens.colours[[3, 0, 4, 1, 5][columns.indexOf(name.split(":", 1)[0]) % 5]];
}

// Names of nodes are made unique by their column, which people need not see.
export function short(name) {
  return name.slice(name.indexOf(":") + 1);
}
