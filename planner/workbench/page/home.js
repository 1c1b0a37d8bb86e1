"use strict";
/* The list of what lies in the folder, which follows what happens there. */

const found = document.getElementById("found");
const OFTEN_MS = 1500;
const SELDOM_MS = 6000;
const asking = document.getElementById("ask");
const compared = new Set();
let shown = "";
let next;

/* Take over what has changed, and leave the keyboard where it was. */
function show(html) {
  /* What is being typed stays. */
  if (html === shown || document.activeElement?.closest("#compare")) return;
  const buttons = () => [...found.querySelectorAll("a, button")];
  const at = document.activeElement;
  const key = buttons().includes(at) ? at.dataset.body + at.textContent : undefined;
  found.innerHTML = html;
  shown = html;
  showCompared();
  buttons().find((each) => each.dataset.body + each.textContent === key)?.focus();
}

async function look() {
  clearTimeout(next);
  const html = await ask("GET", "/fragments/found");
  if (html !== undefined) show(html);
  next = setTimeout(look, found.querySelector("#work") && !document.hidden ? OFTEN_MS : SELDOM_MS);
}

found.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-post]");
  if (!button) return;
  button.disabled = true;
  if (await ask("POST", button.dataset.post, JSON.parse(button.dataset.body)) === undefined) button.disabled = false;
  else await look();
});

/* Runs that are ticked, and the command that compares them. */
function showCompared() {
  for (const box of found.querySelectorAll("[data-compare]")) box.checked = compared.has(box.dataset.compare);
  const form = found.querySelector("#compare");
  form.hidden = compared.size < 2;
  form.querySelector("code").textContent = `planner compare ${[...compared].join(" ")} --out outputs/${form.elements.name.value}`;
}

found.addEventListener("change", ({ target }) => {
  if (target.dataset.compare && target.checked) compared.add(target.dataset.compare);
  else if (target.dataset.compare) compared.delete(target.dataset.compare);
  showCompared();
});
found.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await ask("POST", "/api/comparisons", { runs: [...compared], name: event.target.elements.name.value });
  document.activeElement.blur();
  if (answer) { compared.clear(); showCompared(); await look(); }
});

function asked() {
  const { study, share, name, keys } = Object.fromEntries(new FormData(asking));
  const set = keys.split("\n").map((line) => line.trim()).filter((line) => line);
  return { study, name, set: share ? [`demand.electrification_share=${Number((Number(share) / 100).toPrecision(10))}`, ...set] : set };
}

function showAsked() {
  const { study, name, set } = asked();
  const words = ["planner run", study, ...set.map((each) => `--set ${each}`), `--out outputs/${name}`];
  document.getElementById("ask-command").textContent = words.join(" ");
}

asking.addEventListener("input", showAsked);
asking.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await ask("POST", "/api/runs", asked())) await look();
});
showAsked();

speech.listen();
speech.choose(speech.first());
look();
document.body.dataset.ready = "";
