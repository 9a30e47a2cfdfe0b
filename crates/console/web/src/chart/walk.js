// Walking through a chart by keyboard: arrows go from point to point and from series to series; each is said in words.
import { numberOf, short } from "./option.js";

export class Walk {
  constructor(plot, point, facts, chart) {
    Object.assign(this, { plot, point, facts, chart, at: -1, series: 0 });
    this.number = numberOf(facts);
    this.points = facts.kind === "sankey" ? facts.flows.length : facts.labels.length;
    plot.addEventListener("keydown", (event) => this.key(event));
    plot.addEventListener("blur", () => this.leave());
  }

  key(event) {
    const many = this.facts.series?.length || 1;
    const moves = {
      ArrowRight: () => this.to(this.at + 1),
      ArrowLeft: () => this.to(this.at - 1),
      Home: () => this.to(0),
      End: () => this.to(this.points - 1),
      ArrowDown: () => this.to(Math.max(this.at, 0), (this.series + 1) % many),
      ArrowUp: () => this.to(Math.max(this.at, 0), (this.series + many - 1) % many),
      Escape: () => this.leave(),
    };
    const move = moves[event.key];
    if (!move || event.ctrlKey || event.metaKey || event.altKey || this.points === 0) return;
    event.preventDefault();
    move();
  }

  to(at, series = this.series) {
    this.unmark();
    this.at = Math.min(Math.max(at, 0), this.points - 1);
    this.series = series;
    this.chart.dispatchAction({ type: "highlight", ...this.place() });
    this.chart.dispatchAction({ type: "showTip", ...this.place() });
    this.point.textContent = this.words();
  }

  place() {
    const kind = this.facts.kind === "sankey" ? { dataType: "edge" } : {};
    return { seriesIndex: this.facts.kind === "sankey" ? 0 : this.series, dataIndex: this.at, ...kind };
  }

  words() {
    if (this.facts.kind === "sankey") {
      const [from, to, value] = this.facts.flows[this.at];
      return `${short(from)} → ${short(to)}: ${this.number.format(value)}`;
    }
    const { name, values } = this.facts.series[this.series];
    const value = values[this.at];
    return `${this.facts.labels[this.at]}, ${name}: ${value == null ? this.facts.texts.none : this.number.format(value)}`;
  }

  unmark() {
    if (this.at >= 0) this.chart.dispatchAction({ type: "downplay", ...this.place() });
  }

  leave() {
    this.unmark();
    this.at = -1;
    this.chart.dispatchAction({ type: "hideTip" });
    this.point.textContent = "";
  }
}
