// <fh-chart>: what the server drew as a still picture and a table becomes a chart that can be pointed at, walked through
// by keyboard and kept as a file. The table stays within it.
import { BarChart, LineChart, SankeyChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { init, use } from "echarts/core";
import { CanvasRenderer, SVGRenderer } from "echarts/renderers";
import { optionOf } from "./chart/option.js";
import { saver } from "./chart/save.js";
import { Walk } from "./chart/walk.js";

use([
  BarChart, LineChart, SankeyChart,
  AriaComponent, GridComponent, LegendComponent, TooltipComponent,
  CanvasRenderer, SVGRenderer,
]);

class FhChart extends HTMLElement {
  connectedCallback() {
    if (this.chart || !this.dataset.chart) return;
    this.facts = JSON.parse(this.dataset.chart);
    this.plot = this.frame();
    this.chart = init(this.plot, null, { renderer: "svg" });
    this.draw();
    this.walk = new Walk(this.plot, this.point, this.facts, this.chart);
    this.size = new ResizeObserver(() => this.chart.resize());
    this.size.observe(this.plot);
    // The system's theme may change while the page is open, so may its wish for less motion; and paper is white.
    this.wishes = ["(prefers-color-scheme: dark)", "(prefers-reduced-motion: reduce)", "print"].map((wish) => matchMedia(wish));
    this.again = () => this.draw();
    for (const wish of this.wishes) wish.addEventListener("change", this.again);
  }

  disconnectedCallback() {
    this.size?.disconnect();
    for (const wish of this.wishes ?? []) wish.removeEventListener("change", this.again);
    this.chart?.dispose();
    this.chart = undefined;
  }

  // The places for the picture, its tools and the words about the point that is looked at.
  frame() {
    const { texts } = this.facts;
    const plot = document.createElement("div");
    plot.className = `plot ${this.facts.kind}`;
    plot.tabIndex = 0;
    const described = { role: "group", "aria-roledescription": texts.role, "aria-label": `${this.facts.summary} ${texts.keys}` };
    for (const [name, value] of Object.entries(described)) plot.setAttribute(name, value);
    this.point = document.createElement("p");
    this.point.className = "point";
    this.point.setAttribute("role", "status");
    const tools = document.createElement("div");
    tools.className = "tools";
    for (const kind of ["PNG", "SVG"]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "tool";
      button.textContent = kind;
      button.setAttribute("aria-label", `${texts[kind.toLowerCase()]}: ${this.facts.title}`);
      button.addEventListener("click", () => saver[kind](this));
      tools.append(button);
    }
    this.prepend(plot, tools, this.point);
    // Where there was no picture, the table stood open.
    if (!this.querySelector(".still")) this.querySelector(".twin").open = false;
    this.dataset.drawn = "yes";
    return plot;
  }

  draw() {
    this.chart.setOption(optionOf(this.facts, this), { notMerge: true });
  }
}

customElements.define("fh-chart", FhChart);
