"use strict";
/* What is taken away from the page of a plan: tables, maps, pictures, and a link with all changes in it. */

/* The command that gives the figures on the page, once the layout is kept in its file. */
function evaluateCommand(...more) {
  const name = byId("layout-name").value || "my-layout";
  const plan = data.solution === "balanced" ? [] : ["--solution", data.solution];
  const beside = state.has_other_sites ? ["--sites", `layouts/${name}-sites.csv`] : [];
  return ["planner evaluate", shellWord(data.run), `layouts/${name}.csv`, ...beside, ...plan, ...(data.slowKw === null ? [] : ["--slow-kw", data.slowKw]), ...(state.knows_queues ? ["--replan"] : []), ...more].join(" ");
}

/* The command that gives the figures of a site that is chosen: without a table where nothing else is changed. */
function editCommand() {
  const [site] = chosen;
  const others = state.changed.some((each) => each !== site) || ["n_lpc", "n_slow"].some((key) => state[key][site] !== sites[key][site]);
  if (chosen.length !== 1 || others || state.has_other_sites) return evaluateCommand();
  return `${evaluateCommand().replace(/ layouts\/\S+/, "")} --site ${shellWord(sites.site_id[site])} --points ${state.n_hpc[site]}`;
}

/* The address of the page with its changes, and with what is to be seen of them. */
async function linkOfState() {
  const made = await ask("GET", way("/link"));
  if (!made) return undefined;
  return `${location.origin}${pageOfPlan(data)}#${new URLSearchParams({ ...made, ...shown() })}`;
}

/* What of the plan is seen: its colours, the part of the map, the sites that are chosen. */
function shown() {
  const { k, left, top } = siteMap.view();
  const { width, height } = siteMap.fit();
  const seen = [siteMap.zoom, (width / 2 - left) / k, (height / 2 - top) / k].map((value) => Number(value.toPrecision(6)));
  return {
    colour: byId("colouring").value,
    ...(showsDifferences() ? { differences: 1 } : {}),
    view: seen.join(" "),
    ...(chosen.length ? { chosen: JSON.stringify(keysOf(chosen)) } : {}),
    lang: speech.code,
  };
}

/* What a link asks for: changes of one's own that begin as its are; undefined where it holds none. */
async function followLinked(linked) {
  const { state: held, of = "" } = linked;
  if (!held) return undefined;
  const answer = await asked("POST", "/api/links/changes", { state: held, of });
  byId("saved").textContent = (answer?.notes ?? []).map((note) => note[speech.code]).join(" ");
  return answer;
}

/* What of the plan a link shows. */
function showLinked(linked) {
  if (Object.hasOwn(data.classes, linked.colour)) byId("colouring").value = linked.colour;
  byId("differences").setAttribute("aria-pressed", String(linked.differences === "1"));
  const [zoom, x, y] = (linked.view ?? "").split(" ").map(Number);
  if (!(zoom > 1)) return;
  siteMap.zoom = Math.min(zoom, SiteMap.LARGEST_ZOOM);
  const k = siteMap.fit().scale * siteMap.zoom;
  siteMap.shiftX = (data.map.width / 2 - x) * k;
  siteMap.shiftY = (data.map.height / 2 - y) * k;
  siteMap.moveBy(0, 0);
}

/* The sites that a link has chosen, as far as the plan with its changes has them. */
function chooseLinked({ chosen: keys }) {
  if (!keys || !state) return;
  let linked = [];
  try {
    linked = [JSON.parse(keys)].flat();
  } catch { /* not as it was written */ }
  choose(linked.map((key) => sites.site_id.indexOf(key)).filter((site) => site >= 0));
}

function listenToTaking() {
  for (const button of document.querySelectorAll("[data-take]")) {
    button.addEventListener("click", async () => {
      await waiting;
      const name = `${byId("layout-name").value || "my-layout"}-${button.dataset.take}`;
      saveFile(await asked("GET", way(`/${button.dataset.take}?lang=${speech.code}`)), name);
    });
  }
  byId("copy-link").addEventListener("click", async () => {
    await waiting;
    const link = await linkOfState();
    if (!link) return;
    history.replaceState(null, "", link);
    try {
      await navigator.clipboard.writeText(link);
      byId("copied").textContent = t("Copied.");
    } catch { // a browser may forbid it
      byId("copied").textContent = t("It stands in the address bar: copy it there.");
    }
  });
}
