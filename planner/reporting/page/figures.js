"use strict";
/* A page of charts and tables: drawn anew in each language, the chosen plan kept. */

const data = JSON.parse(document.getElementById("data").textContent);
const CHOSEN = "solution_name";
const views = new Map();

function chosenIn(view) {
  return view?.getState({ signals: (name) => name === CHOSEN, data: () => false }).signals[CHOSEN];
}

async function drawCharts() {
  delete document.body.dataset.ready;
  const options = { actions: false, renderer: "svg", ast: true, formatLocale: chartLocale() };
  for (const [name, chart] of Object.entries(data.charts[speech.code])) {
    const before = views.get(name);
    const chosen = chosenIn(before?.view);
    before?.finalize();
    const drawn = await vegaEmbed(document.getElementById(`chart-${name}`), chart, options);
    if (chosen !== undefined) await drawn.view.signal(CHOSEN, chosen).runAsync();
    views.set(name, drawn);
  }
  document.body.dataset.ready = "true";
}

function start() {
  for (const table of document.querySelectorAll("table.sorted")) {
    new SortedTable(table, `${data.title}-${table.id.slice("table-".length)}.csv`);
  }
  for (const button of document.querySelectorAll(".languages button")) {
    button.addEventListener("click", () => {
      speech.remember(button.lang);
      speech.choose(button.lang);
    });
  }
  speech.onChange.push(drawCharts);
  speech.choose(speech.first());
}

start();
