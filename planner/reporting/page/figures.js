"use strict";

async function drawCharts() {
  const charts = JSON.parse(document.getElementById("data").textContent);
  const options = { actions: false, renderer: "svg", ast: true };
  for (const [id, chart] of Object.entries(charts)) {
    await vegaEmbed(document.getElementById(id), chart, options);
  }
  document.body.dataset.ready = "true";
}

drawCharts();
