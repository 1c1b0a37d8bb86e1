"use strict";
/* A year of the roadmap on the map, and its column of figures beside. */

const YEAR_MS = 1600;
const MOST_LABELS = 24;
const IS_NEW = "is_new";
const svg = document.querySelector("#map svg");
const siteMap = new PairedMap(svg, byId("tip"), data.map, data.mostPoints);
const allSites = data.sites.site_id.map((_, site) => site);
const measureOf = Object.fromEntries(data.measures.map((each) => [each.key, each]));
const player = new Player(byId("step"), byId("play"), { stepMs: YEAR_MS, onStep: showYear, onRest: () => address.write({ step: data.years[player.step].year }) });

function showYear(step) {
  const year = data.years[step];
  const { measure: key = IS_NEW } = address.chosen;
  const classes = data.classes[key] ?? data.classes[IS_NEW];
  const values = key in year.figures ? year.figures[key] : year[IS_NEW];
  if (year.flows) {
    siteMap.map.roads.forEach((road, i) => { road[2] = year.flows[i]; });
    siteMap.showFlows(true);
  }
  const points = year.figures.n_hpc.map((n) => n ?? 0);
  siteMap.show(points, values.map((value) => colourIn(classes, value)));
  const more = allSites.filter((site) => year.moreHpc[site] > 0).sort((a, b) => year.moreHpc[b] - year.moreHpc[a] || a - b);
  siteMap.tellChanges(new Map(more.slice(0, MOST_LABELS).map((site) => [site, signed(year.moreHpc[site], form.count)])));
  drawMapLegend(byId("legend"), siteMap, { ...classes, sign: "dot" }, data.pointSizes, false);
  byId("sentence").textContent = year.sentence[speech.code];
  byId("moment").textContent = year.year;
  for (const row of document.querySelectorAll("#years tr, #years-ahead tr")) [...row.cells].forEach((cell, column) => cell.classList.toggle("now", column === step + 1));
  document.querySelectorAll(".of-year").forEach((links, number) => { links.hidden = number !== step; });
  return year.year;
}

siteMap.describe = (site) => {
  const year = data.years[player.step];
  const rows = [
    [t("More in {year}", { year: year.year }), signed(year.moreHpc[site], form.count)],
    ...data.measures.map(({ key }) => [measureOf[key].title[speech.code], form[measureOf[key].form](year.figures[key][site])]),
  ];
  return [data.sites.name[site], rows];
};

function follow() {
  const step = data.years.findIndex(({ year }) => year === address.chosen.step);
  byId("step").value = Math.max(0, step);
  byId("measure").value = data.classes[address.chosen.measure] ? address.chosen.measure : IS_NEW;
  siteMap.extent = address.chosen.at;
  player.show();
}

byId("measure").addEventListener("change", ({ target }) => { address.write({ measure: target.value }); player.show(); });
PairedMap.pair([siteMap]);
speech.choose(speech.first());
player.tell();
speech.listen();
speech.onChange.push(() => { player.tell(); player.show(); });
address.follow.push(follow);
siteMap.place();
follow();
document.body.dataset.ready = "";
