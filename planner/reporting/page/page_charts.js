"use strict";
/* A page of charts and tables: charts in the language of the page, tables that sort. */

const data = JSON.parse(document.getElementById("data").textContent);
const views = [];

async function draw() {
  delete document.body.dataset.ready;
  for (const view of views.splice(0)) view.finalize();
  for (const [name, definition] of Object.entries(data.charts[speech.code])) {
    const element = document.getElementById(`chart-${name}`);
    if (element) views.push(await embedded(element, definition, data.chartData));
  }
  document.body.dataset.ready = "true";
}

SortedTable.all(data.study);
speech.listen();
speech.choose(speech.first());
speech.onChange.push(draw);
draw();
