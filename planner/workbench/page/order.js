"use strict";
/* The sites that are left, as often as there is news. */

const NEWS_MS = 1000;
/* Points of the largest circle there could be: sites that are left are all as large as one of one point. */
const SMALL = 6;
const siteMap = data.sites && new PairedMap(document.querySelector("#map svg"), byId("tip"), data.map, SMALL);
let told;

function show() {
  if (!told) return;
  byId("progress").textContent = told.progress?.[speech.code] ?? (told.isRunning ? "" : t("Stopped: Start on the first page resumes it."));
  if (!siteMap || !told.isOpen) return;
  const left = told.isOpen.filter((isOpen) => isOpen).length;
  const numbers = { left: form.count(left), n: form.count(told.isOpen.length), first: form.count(told.first) };
  byId("sentence").textContent = left > told.first
    ? t("{left} of {n} sites are left; the first {first} are among them.", numbers)
    : t("These {left} sites come first, unless an exchange is better.", numbers);
  siteMap.show(told.isOpen.map(Number), told.isOpen.map((isOpen) => (isOpen ? 4 : null)));
}

async function look() {
  const answer = await ask("GET", `/api/order?${new URLSearchParams({ folder: data.folder })}`);
  if (answer?.page) return location.replace(answer.page);
  if (answer?.isOpen && !siteMap) return location.reload();
  told = answer ?? told;
  show();
  return setTimeout(look, NEWS_MS);
}

if (siteMap) {
  siteMap.describe = (site) => [data.sites.name[site], [[t("Site"), told?.isOpen?.[site] ? t("is left") : t("closed")]]];
  PairedMap.pair([siteMap]);
}
speech.choose(speech.first());
speech.listen();
speech.onChange.push(show);
siteMap?.place();
look();
document.body.dataset.ready = "";
