"use strict";
/* One state - the selected solution - and everything that follows it. */

const data = JSON.parse(document.getElementById("data").textContent);
const byId = (id) => document.getElementById(id);
const UNKNOWN = "–";

const text = {
  count: (value) => (value === null ? UNKNOWN : Math.round(value).toLocaleString("en-US")),
  minutes: (value) => (value === null ? UNKNOWN
    : value >= 9.95 ? `${Math.round(value).toLocaleString("en-US")} min` : `${value.toFixed(1)} min`),
  percent: (share) => {
    if (share === null) return UNKNOWN;
    const percent = 100 * share;
    const whole = percent >= 9.95 || percent === 0 || Math.abs(percent - Math.round(percent)) < 1e-9;
    return `${percent.toFixed(whole ? 0 : 1)} %`;
  },
  power: (kilowatts) => (kilowatts === null ? UNKNOWN
    : kilowatts >= 995 ? `${(kilowatts / 1000).toFixed(1)} MW` : `${Math.round(kilowatts)} kW`),
};

const nSites = data.sites.id.length;
const siteIndices = [...Array(nSites).keys()];
const nSolutions = data.layouts.length;
/* Positions of the slider: from most to fewest points. */
const order = [...Array(nSolutions).keys()].sort((a, b) => data.front.n_hpc[b] - data.front.n_hpc[a]
  || data.front.mean_wait_min[a] - data.front.mean_wait_min[b]);
const mostPlugs = Math.max(1, ...data.layouts.flat());

let solution = data.named.find((named) => named.name === data.default).solution;
let name = data.default;
const views = {};

function nearestName(wanted) {
  const distance = (named) => Math.abs(data.front.n_hpc[named.solution] - data.front.n_hpc[wanted]);
  return data.named.reduce((best, named) => (distance(named) < distance(best) ? named : best)).name;
}

function titleOf(wanted) {
  return data.named.find((named) => named.name === wanted).title;
}

function isNamed() {
  return data.named.some((named) => named.name === name && named.solution === solution);
}

/* Share of use per site: simulated for named plans; else the same plug hours over other plugs. */
function useShares() {
  const figures = data.figures[name];
  if (isNamed()) return figures.utilisation_share;
  const namedLayout = data.layouts[data.named.find((named) => named.name === name).solution];
  return siteIndices.map((site) => {
    const share = figures.utilisation_share[site];
    const plugs = data.layouts[solution][site];
    return share === null || !plugs ? null : Math.min(1, (share * namedLayout[site]) / plugs);
  });
}

function siteRows() {
  const figures = data.figures[name];
  const shares = useShares();
  const known = isNamed();
  return siteIndices.map((site) => ({
    site,
    id: data.sites.id[site],
    name: data.sites.name[site],
    road: data.sites.road[site],
    lon: data.sites.lon[site],
    lat: data.sites.lat[site],
    n_hpc: data.layouts[solution][site],
    n_lpc: data.sites.n_lpc[site],
    n_sessions_hpc: figures.n_sessions_hpc[site],
    mean_wait_min: known ? figures.mean_wait_min[site] : null,
    utilisation_share: shares[site],
    peak_power_kw: known ? figures.peak_power_kw[site] : null,
    grid_connection_kw: data.sites.grid_connection_kw[site],
  }));
}

const overGrid = (row) => row.grid_connection_kw !== null && row.peak_power_kw !== null
  && row.peak_power_kw > row.grid_connection_kw;

const siteTable = new SiteTable(byId("site-table"), [
  { key: "name", title: "Site", text: (value) => value },
  { key: "road", title: "Motorway", text: (value) => value },
  { key: "n_hpc", title: "High-power points", number: true, text: text.count },
  { key: "n_lpc", title: "Overnight points", number: true, text: text.count },
  { key: "n_sessions_hpc", title: "High-power sessions", number: true, text: text.count },
  { key: "mean_wait_min", title: "Mean wait", number: true, text: text.minutes },
  { key: "utilisation_share", title: "In use", number: true, text: text.percent },
  { key: "peak_power_kw", title: "Peak power", number: true, warn: overGrid,
    text: (value, row) => (overGrid(row) ? "▲ " : "") + text.power(value) },
  { key: "grid_connection_kw", title: "Grid connection", number: true, text: text.power },
], "n_hpc");

const siteMap = new SiteMap(byId("map"), byId("tip"), data.map, mostPlugs);
let rows = [];

siteMap.describe = (site) => {
  const row = rows[site];
  const about = isNamed() ? "" : "about ";
  const shown = [
    ["Motorway", row.road || UNKNOWN],
    ["High-power points", text.count(row.n_hpc)],
    ["Overnight points", text.count(row.n_lpc)],
    ["High-power sessions", about + text.count(row.n_sessions_hpc)],
    ["In use", row.utilisation_share === null ? UNKNOWN : about + text.percent(row.utilisation_share)],
  ];
  if (isNamed()) {
    shown.push(["Mean wait", text.minutes(row.mean_wait_min)]);
    shown.push(["Peak power", (overGrid(row) ? "▲ " : "") + text.power(row.peak_power_kw)]);
  }
  shown.push(["Grid connection", text.power(row.grid_connection_kw)]);
  return [row.name, shown];
};

function updateCount() {
  byId("site-count").textContent = `${text.count(siteTable.found)} of ${text.count(nSites)} sites`;
}

function update() {
  const known = isNamed();
  const title = known ? titleOf(name) : `Plan ${order.indexOf(solution) + 1}`;
  byId("plan-title").textContent = title;
  byId("plan-kind").textContent = known ? "named plan" : `of ${nSolutions} on the front`;
  byId("plan-text").textContent = known ? data.named.find((named) => named.name === name).text
    : `Waiting by site and by hour is kept for the named plans only. The nearest is ${titleOf(name)}: use of each site is estimated from it.`;
  for (const [key, format] of [["n_hpc", text.count], ["n_lpc", text.count], ["mean_wait_min", text.minutes],
    ["p95_wait_min", text.minutes], ["share_wait_over_15_min", text.percent], ["tcu", text.percent]]) {
    byId(`fig-${key}`).textContent = format(data.front[key][solution]);
  }
  byId("slider").value = order.indexOf(solution);
  byId("slider").setAttribute("aria-valuetext", `${title}, ${text.count(data.front.n_hpc[solution])} points`);
  for (const button of document.querySelectorAll(".named button")) {
    button.setAttribute("aria-pressed", String(known && button.dataset.name === name));
  }
  for (const row of document.querySelectorAll("#named-table tbody tr")) {
    row.classList.toggle("chosen", known && row.dataset.name === name);
  }
  rows = siteRows();
  siteMap.show(data.layouts[solution], rows.map((row) => row.utilisation_share));
  byId("tip").hidden = true;
  byId("hourly-title").textContent = `the ${titleOf(name).toLowerCase()} plan`;
  byId("sites-title").textContent = known ? `Figures of the ${titleOf(name).toLowerCase()} plan, over all simulated days.`
    : `Points of plan ${order.indexOf(solution) + 1}; use is estimated from the ${titleOf(name).toLowerCase()} plan.`;
  siteTable.show(rows);
  updateCount();
  views.front?.signal("selected_solution", solution).runAsync();
  views.wait?.signal("selected_name", name).runAsync();
  views.use?.signal("selected_name", name).runAsync();
}

function selectSolution(wanted) {
  solution = wanted;
  name = data.named.find((named) => named.solution === wanted)?.name ?? nearestName(wanted);
  update();
}

function selectNamed(wanted) {
  name = wanted;
  solution = data.named.find((named) => named.name === wanted).solution;
  update();
}

function chooseSite(site) {
  siteMap.showSite(site);
  siteTable.mark(site);
}

function drawLegend() {
  const legend = byId("legend");
  const part = (label) => {
    const span = document.createElement("span");
    legend.append(span);
    span.append(label);
    return span;
  };
  const sizes = [1, Math.max(2, Math.round(mostPlugs / 4)), mostPlugs].filter((n, i, all) => all.indexOf(n) === i);
  const points = part("Points");
  for (const n of sizes) {
    const r = siteMap.radius(n);
    const svg = svgElement("svg", { width: 2 * r + 2, height: 2 * r + 2 });
    svgElement("circle", { cx: r + 1, cy: r + 1, r, fill: "none", stroke: "currentColor" }, svg);
    points.append(svg, String(n));
  }
  const use = part("In use 0 %");
  const scale = svgElement("svg", { width: 100, height: 12 });
  for (let i = 0; i < 10; i += 1) svgElement("rect", { x: i * 10, y: 0, width: 10.3, height: 12, class: `u${i}` }, scale);
  use.append(scale, "100 %");
  const flows = part("");
  const line = svgElement("svg", { width: 26, height: 8 });
  svgElement("line", { x1: 0, x2: 26, y1: 4, y2: 4, stroke: "var(--flow)", "stroke-width": SiteMap.WIDEST_ROAD }, line);
  flows.append(line, `${text.count(siteMap.mostTrucks)} electric trucks a day`);
}

function drawUnserved() {
  const table = byId("unserved-table");
  if (!table) return;
  for (const [place, reason, trips] of data.map.unserved.slice(0, 10)) {
    const row = table.tBodies[0].insertRow();
    row.insertCell().textContent = place;
    row.insertCell().textContent = reason;
    row.insertCell().textContent = text.count(trips);
    row.cells[2].className = "num";
  }
}

function download(fileName, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type: "text/csv;charset=utf-8" }));
  link.download = fileName;
  link.click();
  URL.revokeObjectURL(link.href);
}

/* Solution whose dot lies nearest to a click, undefined where none is near: dots may overlap. */
function nearestDot(event) {
  const reach = 22;
  const view = views.front;
  const svg = byId("chart-front").querySelector("svg");
  const box = svg.getBoundingClientRect();
  const shrink = box.width / svg.viewBox.baseVal.width;
  const [left, top] = view.origin();
  const [toX, toY] = [view.scale("x"), view.scale("y")];
  const distance = (row) => Math.hypot(
    (event.clientX - box.left) / shrink - left - toX(data.front.tcu[row]),
    (event.clientY - box.top) / shrink - top - toY(data.front.mean_wait_min[row]),
  );
  const near = order.map((row) => [distance(row), row]).filter(([far]) => far <= reach);
  return near.sort((a, b) => a[0] - b[0])[0]?.[1];
}

async function drawCharts() {
  const options = { actions: false, renderer: "svg", ast: true };
  for (const key of ["front", "wait", "use"]) {
    const embedded = await vegaEmbed(byId(`chart-${key}`), data.charts[key], options);
    views[key] = embedded.view;
  }
  byId("chart-front").addEventListener("click", (event) => {
    const found = nearestDot(event);
    if (found !== undefined) selectSolution(found);
  });
  document.body.dataset.ready = "true";
}

for (const element of document.querySelectorAll(".named button, #named-table tbody tr")) {
  element.addEventListener("click", () => selectNamed(element.dataset.name));
}
byId("slider").addEventListener("input", (event) => selectSolution(order[Number(event.target.value)]));
byId("layer-flows").addEventListener("change", (event) => siteMap.showFlows(event.target.checked));
byId("layer-unserved").addEventListener("change", (event) => siteMap.showUnserved(event.target.checked));
byId("zoom-in").addEventListener("click", () => siteMap.zoomBy(1.6));
byId("zoom-out").addEventListener("click", () => siteMap.zoomBy(1 / 1.6));
byId("zoom-all").addEventListener("click", () => siteMap.showAll());
byId("site-search").addEventListener("input", (event) => { siteTable.search(event.target.value); updateCount(); });
byId("site-csv").addEventListener("click", () => download(`${data.study}-sites.csv`, siteTable.csv()));
siteMap.onChoose = chooseSite;
siteTable.onChoose = (site) => {
  byId("map").scrollIntoView({ block: "center" });
  chooseSite(site);
};

drawLegend();
drawUnserved();
update();
drawCharts().then(update);
