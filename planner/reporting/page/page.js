"use strict";
/* One state - the chosen plan, the colouring, the language - and everything that follows it. */

const byId = (id) => document.getElementById(id);

const nSites = data.sites.site_id.length;
const siteIndices = [...Array(nSites).keys()];
const nSolutions = data.layouts.length;
/* Positions of the slider: from most to fewest points. */
const order = [...Array(nSolutions).keys()].sort((a, b) => data.front.n_hpc[b] - data.front.n_hpc[a]
  || data.front.mean_wait_min[a] - data.front.mean_wait_min[b]);
const mostPlugs = Math.max(1, ...data.layouts.flat());

const state = { solution: 0, name: data.default, colouring: "use" };
let figures;
let charts;
let groupTables;
let rows = [];

const COLOURINGS = {
  use: (row) => row.utilisation_share,
  wait: (row) => row.mean_wait_min,
  grid: (row) => (row.grid_connection_kw ? row.peak_power_kw / row.grid_connection_kw : null),
};

/* Which of the five colours a site has, null where its figure is not known. */
function colourOf(row) {
  if (groupMap.isOn) return groupMap.coloursSites ? groupMap.colour(groupMap.rowOfSite(row.site)) : null;
  const { limits, colours } = data.classes[state.colouring];
  const shown = COLOURINGS[state.colouring](row);
  return shown === null ? null : colours[limits.filter((limit) => shown > limit).length];
}

function namedOf(name) {
  return data.named.find((named) => named.name === name);
}

function isNamed() {
  return state.name !== null;
}

function planTitle() {
  return isNamed() ? namedOf(state.name).title[speech.code]
    : t("Plan {number}", { number: order.indexOf(state.solution) + 1 });
}

function siteRows() {
  const { solution } = state;
  const columns = { ...data.sites, n_hpc: data.layouts[solution] };
  for (const { name } of data.siteFigures.figures) columns[name] = figures.row(name, solution);
  return siteIndices.map((site) => ({
    site, ...Object.fromEntries(data.siteColumns.map(({ key }) => [key, columns[key][site]])),
  }));
}

const overGrid = (row) => !data.limitsByGrid && row.grid_connection_kw !== null && row.peak_power_kw !== null
  && row.peak_power_kw > row.grid_connection_kw;
const peakText = (value, row) => (overGrid(row) ? "▲ " : "") + form.power(value);

const originText = (value) => ({ official: t("official"), given: t("given by you"), computed: t("computed") })[value] ?? value;

/* What a reader sees of a site: all but its keys. */
const siteColumns = data.siteColumns.filter(({ key }) => !["site_id", "lon", "lat"].includes(key)).map(({ key, form: written, title }) => ({
  key, title: () => title[speech.code], text: form[written],
  ...(key === "peak_power_kw" ? { text: peakText } : {}),
  ...(key === "site_origin" ? { text: originText } : {}),
}));

/* Figures of the list that are those of the chosen plan. */
const followed = ["n_hpc", ...data.siteFigures.figures.map(({ name }) => name)];
const siteTexts = Object.fromEntries(siteColumns.filter(({ key }) => followed.includes(key)).map(({ key, text }) => [key, (row) => text(row[key], row)]));
const planFile = (table) => `${data.study}-${table}-${state.name ?? `plan-${order.indexOf(state.solution) + 1}`}.csv`;
const siteTable = new SiteTable(byId("table-sites"), () => planFile("sites"), siteTexts, "n_hpc");

const siteMap = new SiteMap(byId("map"), byId("tip"), data.map, mostPlugs);

const groupMap = new GroupMap(siteMap, data.groups, data.map.regions);

siteMap.describe = (site) => {
  if (groupMap.coloursSites && rows.length) return groupMap.siteTip(site);
  const row = rows[site];
  return [row.name, siteColumns.filter(({ key }) => key !== "name" && row[key] !== "").map(({ key, title, text }) => [title(), text(row[key], row)])];
};

siteMap.describeLost = (i) => {
  const [place, reason, trips] = data.map.unserved[i];
  return [place[speech.code], [[t("Trips that find no site in range"), form.count(trips)], [t("Reason"), reason[speech.code]]]];
};

function updateCount() {
  byId("sites-count").textContent = t("{found} of {all} sites", { found: form.count(siteTable.found), all: form.count(nSites) });
}

function updateMap() {
  siteMap.show(data.layouts[state.solution], rows.map(colourOf));
  byId("tip").hidden = true;
}

function update() {
  const { solution } = state;
  const title = planTitle();
  byId("plan-title").textContent = title;
  byId("plan-kind").textContent = isNamed() ? t("named plan") : t("of {n} on the front", { n: form.count(nSolutions) });
  byId("plan-text").textContent = isNamed() ? namedOf(state.name).text[speech.code]
    : t("A plan of the front without a name of its own.");
  for (const key of ["n_hpc", "n_lpc", "mean_wait_min", "p95_wait_min", "share_wait_over_15_min", "tcu"]) {
    const figure = byId(`fig-${key}`);
    figure.dataset.value = data.front[key][solution] ?? "";
    figure.textContent = form[figure.dataset.form](data.front[key][solution]);
  }
  byId("slider").value = order.indexOf(solution);
  byId("slider").setAttribute("aria-valuetext", t("{plan}, {n} points", { plan: title, n: form.count(data.front.n_hpc[solution]) }));
  for (const button of document.querySelectorAll(".named button")) {
    button.setAttribute("aria-pressed", String(button.dataset.name === state.name));
  }
  document.querySelectorAll("#table-plans tbody tr").forEach((row) => row.classList.toggle("chosen", row.dataset.name === state.name));
  rows = siteRows();
  const ofGroups = groupTables.rowsOf(solution);
  groupMap.show(ofGroups);
  groupTables.show(ofGroups);
  updateMap();
  byId("hourly-title").textContent = title;
  byId("sites-title").textContent = title;
  byId("groups-title").textContent = title;
  siteTable.show(rows);
  updateCount();
  updateOverGrid();
  if (!charts) return;
  charts.waits = rows.map((row) => row.mean_wait_min);
  charts.show(solution);
}

function updateOverGrid() {
  const n = rows.filter(overGrid).length;
  byId("over-grid").textContent = data.limitsByGrid ? "" : n === 0
    ? t("No site draws more power at the peak than its grid connection has, where that is known.")
    : n === 1 ? t("1 site draws more power at the peak than its grid connection has (marked ▲).")
      : t("{n} sites draw more power at the peak than their grid connections have (marked ▲).", { n: form.count(n) });
}

function selectSolution(wanted) {
  state.solution = wanted;
  state.name = data.named.find((named) => named.solution === wanted)?.name ?? null;
  address.write({ plan: state.name ?? order.indexOf(wanted) + 1 });
  update();
}

function selectNamed(wanted) {
  state.name = wanted;
  state.solution = namedOf(wanted).solution;
  address.write({ plan: wanted });
  update();
}

function chooseSite(site) {
  address.write({ site: data.sites.site_id[site] });
  siteMap.showSite(site);
  siteTable.mark(site);
  charts?.showSite(site);
}

/* What a link asks for, as far as this plan has it. */
async function followLink() {
  const { plan, site, axis, colour, group, figure } = address.chosen;
  if (namedOf(plan)) selectNamed(plan);
  else if (order[plan - 1] !== undefined) selectSolution(order[plan - 1]);
  const radio = document.querySelector(`input[name=axis][value="${CSS.escape(axis)}"]`);
  if (radio) {
    radio.checked = true;
    charts.axis = axis;
  }
  if (Object.hasOwn(COLOURINGS, colour)) {
    byId("colouring").value = colour;
    state.colouring = colour;
    updateMap();
    drawLegend();
  }
  if ([...byId("group-by").options].some(({ value }) => value === group)) {
    byId("group-by").value = group;
    if (data.groups.shown.includes(figure)) byId("group-figure").value = figure;
    chooseGroups();
  }
  const found = data.sites.site_id.indexOf(site);
  if (found >= 0) chooseSite(found);
  await charts.draw();
}

/* Colour the map by the figures of groups, or by those of each site. */
function chooseGroups() {
  groupMap.choose(byId("group-by").value, byId("group-figure").value);
  byId("group-figure").parentElement.hidden = !groupMap.isOn;
  byId("colouring").parentElement.hidden = groupMap.isOn;
  updateMap();
  drawLegend();
}

function drawLegend() {
  const classes = groupMap.isOn ? groupMap.classes : { ...data.classes[state.colouring], sign: "dot" };
  drawMapLegend(byId("legend"), siteMap, classes, data.pointSizes, byId("layer-unserved").checked);
}

function frontCsv() {
  const names = order.map((solution) => data.named.filter((named) => named.solution === solution).map((named) => named.name).join(" "));
  const keys = Object.keys(data.front);
  return csvOf(["solution", "name", ...keys],
    order.map((solution, i) => [solution, names[i], ...keys.map((key) => data.front[key][solution])]));
}

/* The site that a search names: exactly, else the first that holds it. */
function searchedSite(query) {
  const wanted = query.trim().toLowerCase();
  if (!wanted) return undefined;
  const names = data.sites.name.map((name) => name.toLowerCase());
  const exact = names.indexOf(wanted);
  const found = exact >= 0 ? exact : names.findIndex((name, site) => `${name} ${data.sites.road[site].toLowerCase()}`.includes(wanted));
  return found >= 0 ? found : undefined;
}

function listen() {
  for (const element of document.querySelectorAll(".named button, #table-plans tbody tr")) {
    element.addEventListener("click", () => selectNamed(element.dataset.name));
  }
  speech.listen();
  for (const input of document.querySelectorAll("input[name=axis]")) {
    input.addEventListener("change", () => {
      charts.axis = input.value;
      address.write({ axis: input.value });
      charts.drawFront();
    });
  }
  byId("slider").addEventListener("input", (event) => selectSolution(order[Number(event.target.value)]));
  byId("colouring").addEventListener("change", (event) => {
    state.colouring = event.target.value;
    address.write({ colour: state.colouring });
    updateMap();
    drawLegend();
  });
  for (const id of ["group-by", "group-figure"]) {
    byId(id).addEventListener("change", () => {
      address.write({ group: byId("group-by").value, figure: byId("group-figure").value });
      chooseGroups();
    });
  }
  byId("layer-flows").addEventListener("change", (event) => siteMap.showFlows(event.target.checked));
  byId("layer-unserved").addEventListener("change", (event) => {
    siteMap.showUnserved(event.target.checked);
    drawLegend();
  });
  byId("zoom-in").addEventListener("click", () => siteMap.zoomBy(1.6));
  byId("zoom-out").addEventListener("click", () => siteMap.zoomBy(1 / 1.6));
  byId("zoom-all").addEventListener("click", () => siteMap.showAll());
  byId("map-search").addEventListener("change", (event) => {
    const site = searchedSite(event.target.value);
    event.target.setCustomValidity(site === undefined && event.target.value ? t("No site of this name") : "");
    event.target.reportValidity();
    if (site !== undefined) chooseSite(site);
  });
  byId("site-search").addEventListener("input", (event) => { siteTable.search(event.target.value); updateCount(); });
  byId("front-csv").addEventListener("click", () => download(`${data.study}-front.csv`, frontCsv()));
  byId("chart-front").addEventListener("click", (event) => {
    const found = charts.nearestDot(event);
    if (found !== undefined) selectSolution(found);
  });
  siteMap.onChoose = chooseSite;
  siteTable.onChoose = (site) => {
    byId("map").scrollIntoView({ block: "center" });
    chooseSite(site);
  };
}

async function start() {
  byId("site-names").append(...data.sites.name.map((name) => Object.assign(document.createElement("option"), { value: name })));
  SortedTable.all(data.study, ["table-sites", ...data.groups.groupings.map(({ table }) => table)]);
  groupTables = new GroupTables(data.groups, await PackedFigures.open(data.groups.figures, nSolutions), planFile);
  figures = await PackedFigures.open(data.siteFigures, nSolutions);
  const hours = await PackedFigures.open(data.hourlyFigures, nSolutions);
  state.solution = namedOf(state.name).solution;
  speech.choose(speech.first());
  byId("group-figure").parentElement.hidden = true;
  update();
  drawLegend();
  listen();
  charts = new PlanCharts(data, hours, await PackedFigures.open(data.siteHours, nSolutions), state.solution);
  charts.waits = rows.map((row) => row.mean_wait_min);
  await followLink();
  charts.listen();
  address.follow.push(followLink);
  speech.onChange.push(update, drawLegend, () => charts.draw());
}

start().catch((error) => {
  byId("notice").hidden = false;
  throw error;
});
