"use strict";
/* The report of a market: charts in the language of the page, tables that sort. */

const data = JSON.parse(document.getElementById("data").textContent);
const views = [];

async function draw() {
  for (const view of views.splice(0)) view.finalize();
  for (const [name, definition] of Object.entries(data.charts[speech.code])) {
    const element = document.getElementById(`chart-${name}`);
    if (!element) continue;
    const asked = JSON.stringify(definition);
    const datasets = Object.fromEntries(Object.entries(data.chartData).filter(([key]) => asked.includes(`"name":"${key}"`)));
    const options = { actions: false, renderer: "svg", ast: true, formatLocale: chartLocale() };
    const { view } = await vegaEmbed(element, { ...definition, datasets }, options);
    views.push(view);
  }
}

async function start() {
  for (const table of document.querySelectorAll("table.sorted")) new SortedTable(table, `${data.study}-${table.id.slice("table-".length)}.csv`);
  for (const button of document.querySelectorAll(".languages button")) {
    button.addEventListener("click", () => { speech.choose(button.lang); speech.remember(button.lang); });
  }
  speech.choose(speech.first());
  await draw();
  speech.onChange.push(async () => {
    delete document.body.dataset.ready;
    await draw();
    document.body.dataset.ready = "true";
  });
  document.body.dataset.ready = "true";
}

start();
