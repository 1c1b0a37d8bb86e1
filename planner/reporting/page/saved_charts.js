"use strict";
/* Charts as files: as they are drawn, on white, and the figures behind them. */

const PNG_SCALE = 3;
/* Outlines behind a map are no figures of it. */
const BACKGROUND = ["land", "roads"];

/* Rows of all data of a chart; a column tells them apart where there are several. */
function figuresOf(chart, datasets) {
  const own = Object.values(chart.datasets ?? {}).map((rows) => ["", rows]);
  const named = Object.entries(datasets).filter(([name, rows]) => rows.length && !BACKGROUND.includes(name));
  const all = [...own, ...named].flatMap(([data, rows]) => rows.map((row) => (named.length > 1 ? { data, ...row } : row)));
  const keys = [...new Set(all.flatMap(Object.keys))];
  const cell = (value) => (value === undefined || value === null ? null : typeof value === "number" ? value : String(value));
  return csvOf(keys, all.map((row) => keys.map((key) => cell(row[key]))));
}

async function pictureOf(view, kind) {
  if (kind === "svg") return new Blob([await view.toSVG()], { type: "image/svg+xml" });
  const canvas = await view.toCanvas(PNG_SCALE);
  return new Promise((resolve) => { canvas.toBlob(resolve, "image/png"); });
}

/* Buttons at the corner of each chart. */
function listenToCorners(charts) {
  for (const button of document.querySelectorAll(".save button")) {
    button.addEventListener("click", async () => {
      await charts.drawing;
      const { id } = button.parentElement.dataset;
      const kind = button.value;
      const { view, chart, datasets } = charts.drawn.get(id)[0];
      const file = `${charts.data.study}-${id}.${kind}`;
      if (kind === "csv") download(file, figuresOf(chart, datasets));
      else downloadBlob(file, await pictureOf(view, kind));
    });
  }
}
