// The chart as a file, with a background, for documents.
import { init } from "echarts/core";
import { optionOf, tokensOf } from "./option.js";

const WIDE = 1_200;
const HIGH = 480;

function drawn(element, renderer) {
  const chart = init(document.createElement("div"), null, { renderer, width: WIDE, height: HIGH, devicePixelRatio: 2 });
  chart.setOption({ ...optionOf(element.facts, element), animation: false, backgroundColor: tokensOf(element).sheet });
  return chart;
}

function keep(element, blob, ending) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = `${element.facts.name}.${ending}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

export const saver = {
  PNG(element) {
    const chart = drawn(element, "canvas");
    chart.getRenderedCanvas({ pixelRatio: 2 }).toBlob((blob) => {
      keep(element, blob, "png");
      chart.dispose();
    }, "image/png");
  },
  SVG(element) {
    const chart = drawn(element, "svg");
    keep(element, new Blob([chart.renderToSVGString()], { type: "image/svg+xml" }), "svg");
    chart.dispose();
  },
};
