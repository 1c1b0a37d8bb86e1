"use strict";
/* A new site on the page of a plan: its place is shown or told, its points are told or what its trucks need. */

let stopPointing;
let toldOfNew = [];

/* How many points a new site needs and why, until something else is chosen or changed. */
function tellNew() {
  byId("new-told").textContent = toldOfNew.map((note) => note[speech.code]).join(" ");
}

/* The tool for a new site: the next click is its place. */
function pointAtRoad(on) {
  byId("add-site").setAttribute("aria-pressed", String(on));
  byId("new-site").hidden = !on;
  stopPointing?.();
  stopPointing = on ? siteMap.pointAt((x, y) => proposePlace(...siteMap.lonLatAt(x, y))) : undefined;
  siteMap.point();
  if (on) {
    encircle(false);
    choose([]);
    byId("new-site").reset();
    byId("new-lon").focus();
  }
}

/* Where the site would stand: its road is looked for at once. */
async function proposePlace(lon, lat) {
  const place = await ask("GET", way(`/place?lon=${lon}&lat=${lat}`));
  if (!place || byId("new-site").hidden) return;
  for (const [id, value] of [["new-lon", place.lon], ["new-lat", place.lat], ["new-name", place.name]]) byId(id).value = value;
  siteMap.point(...siteMap.drawnAt(place.lon, place.lat));
}

function listenToNewSite() {
  byId("add-site").addEventListener("click", () => pointAtRoad(byId("new-site").hidden));
  byId("leave-new").addEventListener("click", () => pointAtRoad(false));
  for (const id of ["new-lon", "new-lat"]) {
    byId(id).addEventListener("change", () => {
      if (byId("new-lon").value !== "" && byId("new-lat").value !== "") proposePlace(Number(byId("new-lon").value), Number(byId("new-lat").value));
    });
  }
  byId("new-site").addEventListener("submit", async (event) => {
    event.preventDefault();
    const number = (id) => Number(byId(id).value);
    /* What is left empty is what the site needs. */
    const points = Object.fromEntries(kinds.map(({ key, newField }) => [key, newField.value === "" ? undefined : Number(newField.value)]));
    const { n_fast: faster, n_slow: slower } = points;
    const all = isByClass && (faster ?? slower) !== undefined ? (faster ?? 0) + (slower ?? 0) : points.n_hpc;
    const site = { lon: number("new-lon"), lat: number("new-lat"), n_hpc: all, n_slow: slower, n_lpc: points.n_lpc, name: byId("new-name").value, ...(byId("new-grid-mw").value ? { grid_mw: number("new-grid-mw") } : {}) };
    pointAtRoad(false);
    const answer = await change("/sites", site);
    if (!answer) return;
    choose([sites.site_id.indexOf(answer.site_id)]);
    toldOfNew = answer.notes;
    tellNew();
  });
}
