"use strict";
/* Finding a site on the page of a plan by its name, and bringing it into view. */

const wantedName = () => byId("map-search").value.trim().toLowerCase();
let found = {};

/* Sites with what is looked for in their names, one after the other; the one of just that name first. */
function find() {
  const wanted = wantedName();
  const isCalled = (site) => sites.name[site].toLowerCase() === wanted;
  if (found.wanted !== wanted) {
    const which = [...sites.name.keys()].filter((site) => wanted && `${sites.name[site]} ${sites.site_id[site]}`.toLowerCase().includes(wanted));
    found = { wanted, which: which.sort((one, other) => isCalled(other) - isCalled(one)), at: -1 };
  }
  const { which } = found;
  byId("map-search").setCustomValidity(wanted && !which.length ? t("No site of this name") : "");
  byId("map-search").reportValidity();
  found.at = (found.at + 1) % which.length;
  byId("found-told").textContent = which.length > 1 ? t("{n} of {all}; Enter: the next", { n: form.count(found.at + 1), all: form.count(which.length) }) : "";
  if (which.length) goTo(which[found.at]);
}

function goTo(site) {
  choose([site]);
  siteMap.showSite(site);
  bringIntoView();
}

/* On a telephone what is chosen and its editor are seen together: the editor lies over the foot of the map. */
function bringIntoView() {
  const editor = byId("site-editor");
  if (editor.hidden) return;
  editor.scrollIntoView({ block: "nearest" });
  if (getComputedStyle(editor).position !== "sticky" || chosen.length > 1) return;
  const site = siteMap.siteCircles[chosen[0]].getBoundingClientRect();
  if (site.bottom > editor.getBoundingClientRect().top) byId("seen").scrollIntoView();
}
