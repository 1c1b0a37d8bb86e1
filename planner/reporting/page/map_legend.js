"use strict";
/* What the signs of the map mean. */

function drawMapLegend(legend, siteMap, classes, sizes, hasLost, sizesTitle = t("High-power points")) {
  legend.replaceChildren();
  const part = (title) => {
    const span = document.createElement("span");
    legend.append(span);
    if (title) span.append(Object.assign(document.createElement("b"), { textContent: title }));
    return span;
  };
  const sign = (parent, [width, height], draw, label) => {
    const item = document.createElement("span");
    const svg = svgElement("svg", { width, height });
    draw(svg);
    item.append(svg, label);
    parent.append(item);
  };
  const dot = (r, attributes) => [[2 * r + 2, 2 * r + 2], (svg) => svgElement("circle", { cx: r + 1, cy: r + 1, r, ...attributes }, svg)];
  const colours = part(classes.title[speech.code]);
  const coloured = {
    dot: (css) => dot(5.5, { class: css }),
    area: (css) => [[16, 12], (svg) => svgElement("rect", { width: 16, height: 12, class: css }, svg)],
    line: (css) => [[22, 8], (svg) => svgElement("rect", { y: 2, width: 22, height: 4, class: css }, svg)],
  }[classes.sign];
  classes.labels[speech.code].forEach((label, i) => sign(colours, ...coloured(`u${classes.colours[i]}`), label));
  if (classes.sign === "dot") sign(colours, ...dot(3, { fill: "none", stroke: "currentColor" }), t("none, or not known"));
  const points = part(sizesTitle);
  for (const n of sizes) sign(points, ...dot(siteMap.radius(n), { fill: "none", stroke: "currentColor" }), form.count(n));
  const flows = part(t("Electric trucks per day, both directions"));
  for (const trucks of siteMap.map.flowSizes) {
    const line = { x1: 0, x2: 22, y1: 4, y2: 4, stroke: "var(--flow)", "stroke-width": siteMap.roadWidth(trucks) };
    sign(flows, [22, 8], (svg) => svgElement("line", line, svg), form.count(trucks));
  }
  if (!hasLost) return;
  const cross = { d: "M2 2l8 8m0-8l-8 8", stroke: "var(--warn)", "stroke-width": 2 };
  sign(part(""), [12, 12], (svg) => svgElement("path", cross, svg), t("Trips that find no site in range"));
}
