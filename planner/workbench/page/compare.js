"use strict";
/* Two plans on one extent: on both sides of a border, or as the difference between them. */

const charts = new Charts(data);
const SIDES = ["left", "right"];
const MOST_LABELS = 12;
const MOST_LISTED = 15;
const allSites = data.sites.site_id.map((_, site) => site);
const measureOf = Object.fromEntries(data.measures.map((each) => [each.key, each]));
const chosen = { left: "0", right: "1", "left-plan": "", "right-plan": "", show: "swipe", measure: data.measures[0].key, border: "50" };

let maps = [];
let pair;
let drawnRuns;

const isDifference = () => chosen.show === "difference";
const written = (value, measure) => (value === null ? UNKNOWN : form[measure.form](value));
const change = (value, measure) => {
  if (value === null) return UNKNOWN;
  return measure.form === "percent" ? t("{n} pp", { n: signed(100 * value, (share) => form.number(share, 1)) }) : signed(value, form[measure.form]);
};

/* What the address asks for, as far as it can be had. */
function takeChosen() {
  for (const key of Object.keys(chosen)) chosen[key] = address.chosen[key] ?? chosen[key];
  if (!measureOf[chosen.measure]) chosen.measure = data.measures[0].key;
  SIDES.forEach((side, number) => {
    if (!data.plans[chosen[side]]) chosen[side] = String(number);
    const names = data.plans[chosen[side]].map(({ name }) => name);
    if (!names.includes(chosen[`${side}-plan`])) chosen[`${side}-plan`] = names.includes("balanced") ? "balanced" : names[0];
  });
}

function showChoice() {
  for (const [number, side] of SIDES.entries()) {
    document.querySelectorAll("#map .side")[number].setAttribute("aria-label", data.names[chosen[side]]);
    byId(`${side}-run`).value = chosen[side];
    byId(`${side}-plan`).replaceChildren(...data.plans[chosen[side]].map(({ name, title }) => new Option(title[speech.code], name)));
    byId(`${side}-plan`).value = chosen[`${side}-plan`];
    byId(`swipe-${side}`).textContent = data.names[chosen[side]];
  }
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === chosen.show));
  byId("measure").value = chosen.measure;
  showBorder();
}

function showBorder() {
  byId("swipe").value = chosen.border;
  byId("swipe").setAttribute("aria-valuetext", t("{left} up to {n} %, then {right}", { left: data.names[chosen.left], right: data.names[chosen.right], n: chosen.border }));
  /* Moved as pictures; a property that all sites inherit would have them all looked at. */
  const right = document.querySelector("#map .side + .side");
  right.style.transform = `translateX(${chosen.border}%)`;
  right.firstElementChild.style.transform = `translateX(-${chosen.border}%)`;
  byId("border").style.left = `${chosen.border}%`;
}

/* A map for each side, drawn anew where another run has other roads. */
function drawMaps() {
  const runs = SIDES.map((side) => chosen[side]);
  if (runs.join() === drawnRuns) return;
  drawnRuns = runs.join();
  const at = maps[0]?.extent ?? address.chosen.at;
  maps = [...document.querySelectorAll("#map .side")].map((side, number) => {
    const inner = side.firstElementChild;
    const svg = inner.lastElementChild.cloneNode(false);
    svg.removeAttribute("style");
    inner.replaceChildren(svg);
    return new PairedMap(svg, byId("tip"), { ...data.map, roads: data.roads[runs[number]] }, pair.mostPoints);
  });
  PairedMap.pair(maps);
  maps.forEach((map) => { map.describe = describe; });
  maps[0].place();
  maps[0].extent = at;
}

function describe(site) {
  const rows = data.measures.map((measure) => {
    const [before, after] = [pair.before, pair.after].map((figures) => written(figures[measure.key][site], measure));
    return [measure.title[speech.code], `${before} → ${after} (${change(pair.changes[measure.key].values[site], measure)})`];
  });
  const lacks = SIDES.filter((_, number) => !pair.has[number][site]);
  if (lacks.length === 1) rows.push([t("Not a site of"), data.names[chosen[lacks[0]]]]);
  return [data.sites.name[site], rows];
}

function update() {
  showChoice();
  drawMaps();
  const { key } = measureOf[chosen.measure];
  const points = [pair.before, pair.after].map(({ n_hpc }) => n_hpc.map((n) => n ?? 0));
  const difference = pair.changes[key];
  maps.forEach((map) => { map.mostPlugs = pair.mostPoints; });
  if (isDifference()) {
    maps[0].show(allSites.map((site) => Math.max(points[0][site], points[1][site])), difference.values.map((value) => colourIn(difference, value)));
  } else {
    maps.forEach((map, side) => map.show(points[side], [pair.before, pair.after][side][key].map((value) => colourIn(pair.classes[key], value))));
  }
  const alone = allSites.filter((site) => pair.has[0][site] !== pair.has[1][site]);
  for (const map of maps) for (const site of alone) map.siteCircles[site].classList.add("alone");
  byId("map").classList.toggle("difference", isDifference());
  byId("legend").classList.toggle("difference", isDifference());
  document.querySelector(".swipe-slide").classList.toggle("off", isDifference());
  byId("swipe").disabled = isDifference();
  const shownClasses = isDifference() ? difference : pair.classes[key];
  drawMapLegend(byId("legend"), maps[0], { ...shownClasses, sign: "dot" }, pair.pointSizes, false);
  if (alone.length) tellAlone();
  listMostChanged(key, difference);
}

function tellAlone() {
  const sign = svgElement("svg", { width: 14, height: 14 });
  svgElement("circle", { cx: 7, cy: 7, r: 5, class: "site alone", fill: "none" }, sign);
  const item = document.createElement("span");
  item.append(sign, t("a site of one of the two alone"));
  byId("legend").append(item);
}

function listMostChanged(key, { values, limits }) {
  const measure = measureOf[key];
  const most = allSites.filter((site) => Math.abs(values[site] ?? 0) > limits.at(2)).sort((a, b) => Math.abs(values[b]) - Math.abs(values[a]) || a - b);
  maps[0].tellChanges(new Map(isDifference() ? most.slice(0, MOST_LABELS).map((site) => [site, change(values[site], measure)]) : []));
  byId("most-changed").replaceChildren(...most.slice(0, MOST_LISTED).map((site) => {
    const line = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: data.sites.name[site] });
    button.addEventListener("click", () => maps[0].showSite(site));
    const figure = Object.assign(document.createElement("span"), { className: "num", textContent: change(values[site], measure) });
    line.append(button, figure);
    return line;
  }));
}

let asking = 0;

/* Figures of the two plans; an answer that comes after a later choice is none. */
async function askPair() {
  const number = asking += 1;
  const query = new URLSearchParams(data.query);
  for (const side of SIDES) {
    query.set(side, chosen[side]);
    query.set(`${side}_plan`, chosen[`${side}-plan`]);
  }
  showChoice();
  const answer = await ask("GET", `/api/comparisons/sites?${query}`);
  if (!answer || number !== asking) return;
  pair = answer;
  byId("figures").innerHTML = pair.figures;
  update();
  document.body.dataset.compared = "";
}

function choose(values, { asks = false } = {}) {
  address.write(values);
  takeChosen();
  if (asks) askPair();
  else update();
}

function listenToBorder() {
  const move = (border) => {
    chosen.border = String(Math.round(Math.max(0, Math.min(100, border))));
    showBorder();
  };
  const keep = () => address.write({ border: chosen.border });
  byId("swipe").addEventListener("input", ({ target }) => move(Number(target.value)));
  byId("swipe").addEventListener("change", keep);
  const border = byId("border");
  border.addEventListener("pointerdown", (event) => border.setPointerCapture(event.pointerId));
  border.addEventListener("pointermove", (event) => {
    if (!border.hasPointerCapture(event.pointerId)) return;
    const { left, width } = byId("map").getBoundingClientRect();
    move((100 * (event.clientX - left)) / width);
  });
  border.addEventListener("pointerup", keep);
}

for (const side of SIDES) {
  for (const what of ["run", "plan"]) {
    byId(`${side}-${what}`).addEventListener("change", ({ target }) => choose({ [what === "run" ? side : `${side}-plan`]: target.value }, { asks: true }));
  }
}
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => choose({ show: button.dataset.show }));
byId("measure").addEventListener("change", ({ target }) => choose({ measure: target.value }));
listenToBorder();
SortedTable.all(data.study);
speech.choose(speech.first());
speech.listen();
takeChosen();
speech.onChange.push(() => charts.draw(), () => pair && update());
address.follow.push(() => { takeChosen(); maps.forEach((map) => { map.extent = address.chosen.at; }); askPair(); });
charts.listen();
askPair();
charts.draw();
