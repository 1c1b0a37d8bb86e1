"use strict";
/* One state - the changes that the server keeps - and everything that follows it. */

const byId = (id) => document.getElementById(id);
const nSites = data.sites.site_id.length;
const ofRun = { ...data.sites, n_hpc: data.plan.n_hpc, n_lpc: data.plan.n_lpc, n_slow: data.plan.n_slow };
const siteMap = new EditMap(byId("map"), byId("tip"), data.map, data.mostPoints);
const BUSY_AFTER_MS = 300;
const ASK_MS = 700;

/* Kinds of points that the page tells apart: what their fields are called, and how many a site has. */
const isByClass = Object.keys(data.kinds).length > 0;
const kinds = [
  ...(isByClass
    ? [
      { key: "n_fast", title: () => data.kinds.n_fast[speech.code], of: ({ n_hpc, n_slow }, site) => n_hpc[site] - n_slow[site] },
      { key: "n_slow", title: () => data.kinds.n_slow[speech.code], of: ({ n_slow }, site) => n_slow[site] },
    ]
    : [{ key: "n_hpc", title: () => t("High-power points"), of: ({ n_hpc }, site) => n_hpc[site] }]),
  { key: "n_lpc", title: () => t("Overnight points"), of: ({ n_lpc }, site) => n_lpc[site] },
].map((kind) => ({ ...kind, field: byId(kind.key.replace("_", "-")), newField: byId(kind.key.replace("n_", "new-")) })).filter(({ field }) => field);

/* Changes of one plan are none of another. */
const ofPlan = `changes of ${data.run} ${data.solution}`;

let state;
let chosen = [];
let stopEncircling;
let sites = ofRun;
let waiting = Promise.resolve();

const way = (rest = "") => `/api/changes/${state.key}${rest}`;
const pageOfPlan = ({ byClass }) => `/plan?${new URLSearchParams({ run: data.run, solution: data.solution, ...(byClass ? { by_class: true } : {}) })}`;
const showsDifferences = () => byId("differences").getAttribute("aria-pressed") === "true";
const signed = (value, written) => (value > 0 ? `+${written(value)}` : `\u2212${written(-value)}`);

/* One request after the other: a second click counts on what the first has made of the plan. */
function change(rest, body, type) {
  waiting = waiting.then(() => asked("POST", way(rest), body, type));
  return waiting;
}

/* How the changes bind a search, all of them or single sites by their keys, is kept with them. */
function bind(binding) {
  Object.assign(state.binding, binding);
  waiting = waiting.then(() => ask("POST", way("/bounds"), binding));
  return waiting;
}

async function asked(...request) {
  let timer;
  let isAnswered = false;
  const tell = async () => {
    const told = state && await ask("GET", way("/progress"));
    if (isAnswered) return;
    byId("busy").textContent = told?.text ? told.text[speech.code] : t("Simulating ...");
    timer = setTimeout(tell, ASK_MS);
  };
  timer = setTimeout(tell, BUSY_AFTER_MS);
  const answer = await ask(...request);
  isAnswered = true;
  clearTimeout(timer);
  byId("busy").textContent = "";
  if (answer?.key !== undefined) take(answer);
  return answer;
}

function take(answer) {
  state = answer;
  sessionStorage.setItem(ofPlan, state.key);
  address.write({ changes: state.key });
  /* With a class more the page has other fields, columns and colours. */
  if (state.by_class !== data.byClass) {
    location.replace(`${pageOfPlan({ byClass: state.by_class })}#${new URLSearchParams({ changes: state.key, ...shown() })}`);
    return;
  }
  byId("panel").innerHTML = state.panel;
  speech.label(byId("panel"));
  byId("undo").disabled = state.n_done === 0;
  byId("redo").disabled = state.n_done === state.n_steps;
  takeSites();
  toldOfNew = [];
  update();
}

/* Sites of the run and, after them, those that are added; these have no points in the plan. */
function takeSites() {
  const added = (key) => state.added.map((site) => site[key]);
  const none = state.added.map(() => 0);
  sites = {
    site_id: [...ofRun.site_id, ...added("site_id")],
    name: [...ofRun.name, ...added("name")],
    road: [...ofRun.road, ...added("road")],
    n_hpc: [...ofRun.n_hpc, ...none],
    n_lpc: [...ofRun.n_lpc, ...none],
    n_slow: [...ofRun.n_slow, ...none],
  };
  siteMap.addSites(state.added.map(({ lon, lat }) => siteMap.drawnAt(lon, lat)));
  siteMap.point();
  chosen = chosen.filter((site) => site < sites.name.length);
  for (const select of byId("panel").querySelectorAll("[data-bound]")) {
    select.value = state.binding.of_sites[select.dataset.bound] ?? "";
  }
  byId("how").value = state.binding.how;
}

/* A switch that cannot be pressed says why. */
function tellSwitches() {
  byId("learn").setAttribute("aria-pressed", String(state.knows_queues));
  const slower = byId("slower");
  if (!slower || !state.by_class) return;
  slower.disabled = Boolean(state.needs_classes);
  slower.title = state.needs_classes?.[speech.code] ?? slower.getAttribute(`data-${speech.code}-title`);
}

function colourOf(site) {
  const { limits, colours } = showsDifferences() ? data.waitChanges : data.classes[byId("colouring").value];
  const value = showsDifferences() ? waitChange(site) : state.sites[byId("colouring").value][site];
  return value === null ? null : colours[limits.filter((limit) => value > limit).length];
}

/* Minutes that trucks wait longer at a site than in the plan; null where nobody waits in one of them. */
function waitChange(site) {
  const [before, after] = [data.plan.sites[data.wait][site] ?? null, state.sites[data.wait][site]];
  return before === null || after === null ? null : after - before;
}

function changeText(site) {
  const wait = waitChange(site);
  const more = kinds.filter(({ key }) => key !== "n_lpc").map(({ title, of }) => [of(state, site) - of(sites, site), isByClass ? ` ${title()}` : ""]);
  const parts = more.filter(([points]) => points).map(([points, title]) => signed(points, form.count) + title);
  if (showsDifferences() && wait !== null && Math.abs(wait) >= 0.05) parts.push(signed(wait, form.minutes));
  return parts.join(", ");
}

function update() {
  byId("map").classList.toggle("difference", showsDifferences());
  byId("legend").classList.toggle("difference", showsDifferences());
  siteMap.show(state.n_hpc, state.n_hpc.map((_, site) => colourOf(site)));
  siteMap.tellChanges(new Map(state.changed.map((site) => [site, changeText(site)]).filter(([, text]) => text)));
  const classes = showsDifferences() ? data.waitChanges : data.classes[byId("colouring").value];
  drawMapLegend(byId("legend"), siteMap, { ...classes, sign: "dot" }, data.pointSizes, false);
  byId("tip").hidden = true;
  updateEditor();
  tellSwitches();
  tellNew();
  updateCommand();
}

siteMap.describe = (site) => {
  const points = (now, before) => (now === before ? form.count(now) : `${form.count(before)} → ${form.count(now)}`);
  const rows = [
    ...kinds.map(({ title, of }) => [title(), points(state ? of(state, site) : 0, of(sites, site))]),
    ...data.columns.map(({ key, form: written, title }) => [title[speech.code], form[written](state?.sites[key][site] ?? null)]),
  ];
  if (state?.connections[site]) rows.push([t("Grid connection"), connectionText(site)]);
  if (state?.beyond.includes(site)) rows.push([t("Beyond its power or space"), t("yes")]);
  return [sites.name[site], rows];
};

function connectionText(site) {
  const [mw, goes] = state.connections[site];
  const megawatts = (value) => form.number(value, String(value).split(".")[1]?.length ?? 0);
  return isByClass
    ? t("{mw} MW, of which points take {taken} MW", { mw: megawatts(mw), taken: megawatts(goes) })
    : goes === 1 ? t("{mw} MW carry 1 point", { mw: megawatts(mw) })
    : t("{mw} MW carry {n} points", { mw: megawatts(mw), n: form.count(goes) });
}

function choose(which) {
  chosen = [...new Set(which)];
  toldOfNew = [];
  siteMap.choose(chosen);
  updateEditor();
}

function waitText(site) {
  const { title } = data.columns.find(({ key }) => key === data.wait);
  const before = data.plan.sites[data.wait][site] ?? null;
  return `${title[speech.code]}: ${form.minutes(state.sites[data.wait][site])} (${t("Plan")}: ${form.minutes(before)})`;
}

function updateEditor() {
  byId("site-editor").hidden = !chosen.length;
  if (!chosen.length) return;
  const same = (values) => (chosen.every((site) => values[site] === values[chosen[0]]) ? values[chosen[0]] : "");
  byId("chosen-name").textContent = chosen.length === 1 ? sites.name[chosen[0]] : t("{n} sites", { n: form.count(chosen.length) });
  byId("chosen-text").textContent = chosen.length === 1
    ? [sites.road[chosen[0]], waitText(chosen[0]), ...(state.connections[chosen[0]] ? [connectionText(chosen[0])] : [])].join(" · ")
    : t("What you set goes for all of them.");
  for (const { field, of } of kinds) field.value = same(state.n_hpc.map((_, site) => of(state, site)));
  byId("grid-mw").value = byId("grid-mw").defaultValue = same(state.connections.map((connection) => connection?.[0] ?? ""));
  const [, figures] = chosen.length === 1 ? siteMap.describe(chosen[0]) : ["", []];
  byId("chosen-figures").replaceChildren(...figures.map(siteMap.rowOf));
  byId("chosen-figures").parentElement.hidden = !figures.length;
  byId("last-point").hidden = !chosen.some((site) => state.n_hpc[site] === 1);
  const { mean_wait_min: now } = state.figures;
  byId("of-all").textContent = t("Whole country: mean wait {now} (plan: {plan})", { now: form.minutes(now), plan: form.minutes(state.plan.mean_wait_min) });
  byId("edit-command").textContent = editCommand();
}

/* Mixes that planner classes has found by now. */
function updateMixes() {
  const found = Object.entries(state.mixes);
  byId("take-mix").hidden = !found.length;
  const { value } = byId("mix");
  byId("mix").replaceChildren(...found.map(([name, title]) => new Option(title[speech.code], name, false, name === value)));
}

function updateCommand() {
  updateMixes();
  const name = byId("layout-name").value || "my-layout";
  byId("take-command").textContent = evaluateCommand("--qgis");
  byId("search-command").textContent = `planner run studies/${name}.yaml --out outputs/${name}`;
  byId("search-again").querySelector("button").disabled = !state.searches_again;
  byId("save-command").textContent = evaluateCommand(`--out layouts/${name}`);
}

const keysOf = (which) => which.map((site) => sites.site_id[site]);
const changeChosen = (body) => change("", { sites: keysOf(chosen), ...body });

function encircle(on) {
  byId("lasso").setAttribute("aria-pressed", String(on));
  stopEncircling?.();
  stopEncircling = on ? siteMap.encircle((found) => { encircle(false); choose(found); }) : undefined;
}

function listenToChanges() {
  byId("undo").addEventListener("click", () => change("/undo"));
  byId("redo").addEventListener("click", () => change("/redo"));
  byId("slower")?.addEventListener("click", () => change("/classes", { on: !state.by_class }));
  byId("learn").addEventListener("click", () => change("/replan", { on: !state.knows_queues }));
  for (const button of document.querySelectorAll("[data-more]")) {
    button.addEventListener("click", () => changeChosen({ [button.dataset.of]: Number(button.dataset.more) }));
  }
  byId("close-site").addEventListener("click", () => changeChosen({ n_hpc: 0 }));
  byId("as-in-plan").addEventListener("click", () => changeChosen({ as_in_plan: true }));
  byId("site-editor").addEventListener("submit", (event) => {
    event.preventDefault();
    const number = (id) => (byId(id).value === "" ? undefined : Number(byId(id).value));
    const points = Object.fromEntries(kinds.map(({ key, field }) => [key, field.value === "" ? undefined : Number(field.value)]));
    /* A connection that nobody has written stays the one that the study has. */
    const isWritten = byId("grid-mw").value !== byId("grid-mw").defaultValue;
    changeChosen({ ...points, ...(isWritten ? { grid_mw: number("grid-mw") } : {}) });
  });
  byId("take-mix").addEventListener("submit", (event) => {
    event.preventDefault();
    change("/mix", { name: byId("mix").value });
  });
  byId("save-layout").addEventListener("submit", async (event) => {
    event.preventDefault();
    await waiting;
    const answer = await asked("POST", way("/layout"), { name: byId("layout-name").value, lang: speech.code });
    if (answer) byId("saved").innerHTML = answer.html;
  });
  byId("search-again").addEventListener("submit", async (event) => {
    event.preventDefault();
    await waiting;
    const name = byId("layout-name").value;
    const answer = await asked("POST", way("/study"), { name });
    if (answer && await asked("POST", "/api/runs", { study: answer.study, name })) location.assign("/");
  });
  byId("layout-name").addEventListener("input", updateCommand);
  byId("upload").addEventListener("change", async ({ target }) => {
    const [file] = target.files;
    if (!file) return;
    const answer = await change(`/table?name=${encodeURIComponent(file.name)}`, file, "application/octet-stream");
    byId("saved").textContent = (answer?.notes ?? []).map((note) => note[speech.code]).join(" ");
    target.value = "";
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("input, select, textarea") && event.key !== "Escape") return;
    const key = event.key.toLowerCase();
    if ((event.ctrlKey || event.metaKey) && key === "z") change(event.shiftKey ? "/redo" : "/undo");
    else if ((event.ctrlKey || event.metaKey) && key === "y") change("/redo");
    else if (event.key === "Escape") { encircle(false); pointAtRoad(false); choose([]); } else return;
    event.preventDefault();
  });
}

function listenToMap() {
  let adds = false;
  byId("map").addEventListener("click", (event) => {
    adds = event.shiftKey || event.ctrlKey || event.metaKey;
    if (event.target.dataset.site === undefined && !adds) choose([]);
  }, true);
  siteMap.onChoose = (site) => {
    choose(adds ? [...chosen, site] : [site]);
    bringIntoView();
  };
  byId("lasso").addEventListener("click", () => encircle(!stopEncircling));
  byId("differences").addEventListener("click", () => {
    byId("differences").setAttribute("aria-pressed", String(!showsDifferences()));
    update();
  });
  byId("colouring").addEventListener("change", () => {
    byId("differences").setAttribute("aria-pressed", "false");
    update();
  });
  byId("zoom-in").addEventListener("click", () => siteMap.zoomBy(1.6));
  byId("zoom-out").addEventListener("click", () => siteMap.zoomBy(1 / 1.6));
  byId("zoom-all").addEventListener("click", () => siteMap.showAll());
  byId("panel").addEventListener("click", (event) => {
    const site = event.target.closest("[data-choose]")?.dataset.choose;
    if (site === undefined) return;
    goTo(Number(site));
  });
  byId("panel").addEventListener("change", ({ target }) => {
    if (target.dataset.bound === undefined) return;
    const { [target.dataset.bound]: _, ...others } = state.binding.of_sites;
    bind({ of_sites: target.value ? { ...others, [target.dataset.bound]: target.value } : others });
  });
  byId("how").addEventListener("change", ({ target }) => bind({ how: target.value }));
  byId("map-search").addEventListener("change", find);
  byId("map-search").addEventListener("keydown", (event) => {
    if (event.key === "Enter" && found.wanted === wantedName()) find();
  });
}

/* Changes of this tab, else those that a link holds, else a copy of those that it names, else none. */
async function begin(link) {
  const own = sessionStorage.getItem(ofPlan);
  const linked = link.changes;
  const plan = { run: data.run, solution: data.solution, by_class: data.slowKw !== null };
  if (own && (!linked || linked === own) && !link.state && await asked("GET", `/api/changes/${own}`)) return;
  if (await followLinked(link)) return;
  const refused = link.state ? faultBox.textContent : "";
  if (linked && linked !== own && await asked("POST", "/api/changes", { ...plan, copy_of: linked })) return;
  await asked("POST", "/api/changes", plan);
  if (refused) tellFault(refused);
}

/* The toolbar stays above the map, with as many rows as the window and the language need. */
function followToolbar() {
  const bar = document.querySelector(".bar");
  new ResizeObserver(() => document.body.style.setProperty("--bar-height", `${bar.offsetHeight}px`)).observe(bar);
}

async function start() {
  followToolbar();
  byId("site-names").append(...data.sites.name.map((name) => Object.assign(document.createElement("option"), { value: name })));
  speech.choose(speech.first());
  listenToMap();
  listenToChanges();
  listenToTaking();
  listenToNewSite();
  const link = Object.fromEntries(new URLSearchParams(location.hash.slice(1)));
  showLinked(link);
  await begin(link);
  chooseLinked(link);
  speech.listen();
  speech.onChange.push(() => state && update());
  document.body.dataset.ready = "";
}

start();
