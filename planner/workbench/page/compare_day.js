"use strict";
/* A moment of the simulated days on the map, and the course of the country beside. */

const STEP_MS = 125;
const MOST_LABELS = 12;
const MOST_LISTED = 6;
const WAITING = "n_waiting";
const POWER = "power_kw";
const MINUTES_A_DAY = 24 * 60;
const MONDAY = Date.UTC(2024, 0, 1);
const charts = new Charts(data);
const siteMap = new PairedMap(document.querySelector("#map svg"), byId("tip"), data.map, data.mostPoints);
const allSites = data.sites.name.map((_, site) => site);
const titles = Object.fromEntries(data.measures.map((each) => [each.key, each]));

let figures;
let player;
let now;

const measure = () => (data.classes[address.chosen.measure] ? address.chosen.measure : WAITING);
const sum = (values) => values.reduce((all, value) => all + value, 0);
const minuteOf = (step) => data.startMin + step * data.stepMin;

/* A moment as people write it: the week begins on a Monday. */
function momentOf(step) {
  const written = new Intl.DateTimeFormat(LANGUAGES[speech.code].locale, { weekday: "long", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: "UTC" });
  return written.format(MONDAY + 60000 * minuteOf(step));
}

/* Queues are as large as they are long; other figures colour sites as large as their points. */
function sizesAndColours() {
  const key = measure();
  const classes = data.classes[key];
  const values = now[key];
  return [key === WAITING ? now[WAITING] : data.sites.n_hpc, values.map((value) => (value ? colourIn(classes, value) : null))];
}

function showStep(step) {
  now = Object.fromEntries(data.measures.map(({ key }) => [key, figures.row(key, step)]));
  const waiting = now[WAITING];
  siteMap.advance(...sizesAndColours());
  const queues = allSites.filter((site) => waiting[site] > 0).sort((a, b) => waiting[b] - waiting[a] || a - b);
  siteMap.tellChanges(new Map(queues.slice(0, MOST_LABELS).map((site) => [site, form.count(waiting[site])])));
  byId("all-waiting").textContent = form.count(sum(waiting));
  byId("sites-waiting").textContent = form.count(queues.length);
  byId("all-power").textContent = form.power(sum(now[POWER]));
  listLongest(queues.slice(0, MOST_LISTED), waiting);
  for (const id of ["course-waiting", "course-power"]) charts.view(id)?.signal("now", minuteOf(step) / 60).runAsync();
  const day = Math.floor(minuteOf(step) / MINUTES_A_DAY);
  for (const button of document.querySelectorAll("[data-step]")) button.setAttribute("aria-pressed", String(Math.floor(minuteOf(Number(button.dataset.step)) / MINUTES_A_DAY) === day));
  const moment = momentOf(step);
  byId("moment").textContent = moment;
  return moment;
}

function listLongest(queues, waiting) {
  byId("longest").replaceChildren(...queues.map((site) => {
    const line = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: data.sites.name[site] });
    button.addEventListener("click", () => siteMap.showSite(site));
    line.append(button, Object.assign(document.createElement("span"), { className: "num", textContent: form.count(waiting[site]) }));
    return line;
  }));
}

/* What is read out of each site is written where the slider rests. */
function rest() {
  siteMap.show(...sizesAndColours());
  const key = measure();
  const isQueue = key === WAITING;
  siteMap.mostPlugs = isQueue ? data.mostWaiting : data.mostPoints;
  siteMap.placeAll();
  drawMapLegend(byId("legend"), siteMap, { ...data.classes[key], sign: "dot" }, isQueue ? data.waitingSizes : data.pointSizes, false, isQueue ? t("Trucks waiting") : undefined);
}

siteMap.describe = (site) => [data.sites.name[site], [
  [t("High-power points"), form.count(data.sites.n_hpc[site])],
  ...Object.values(titles).map(({ key, form: written, title }) => [title[speech.code], form[written](now?.[key][site] ?? null)]),
]];

function follow() {
  byId("measure").value = measure();
  const step = Number(address.chosen.step);
  siteMap.extent = address.chosen.at;
  byId("step").value = Number.isInteger(step) ? step : data.busiestStep;
  player.show();
  rest();
}

async function start() {
  figures = await PackedFigures.open(data.course, data.nSteps);
  byId("step").max = data.nSteps - 1;
  speech.choose(speech.first());
  player = new Player(byId("step"), byId("play"), { stepMs: STEP_MS, onStep: showStep, onRest: () => { address.write({ step: player.step }); rest(); } });
  byId("measure").addEventListener("change", ({ target }) => { address.write({ measure: target.value }); player.show(); rest(); });
  for (const button of document.querySelectorAll("[data-step]")) button.addEventListener("click", () => player.go(Number(button.dataset.step)));
  PairedMap.pair([siteMap]);
  siteMap.place();
  follow();
  address.follow.push(follow);
  charts.listen();
  await charts.draw();
  speech.onChange.push(async () => { player.tell(); rest(); await charts.draw(); player.show(); });
  speech.listen();
  player.show();
}

start();
