"use strict";
/* The list of what lies in the folder, which follows what happens there. */

const found = document.getElementById("found");
const OFTEN_MS = 1500;
const SELDOM_MS = 6000;
const BEGINS = ["/api/runs", "/api/questions", "/api/runs/resume"];
const asking = document.getElementById("ask");
const compared = new Set();
/* Runs whose questions are shown, and numbers that are asked with. */
const opened = new Set();
const numbers = new Map();
let shown = "";
let next;

/* Take over what has changed, and leave the keyboard where it was. */
function show(html) {
  /* What is being typed stays. */
  if (html === shown || document.activeElement?.closest("#compare, .asks input")) return;
  const buttons = () => [...found.querySelectorAll("a, button")];
  const at = document.activeElement;
  const key = buttons().includes(at) ? at.dataset.body + at.textContent : undefined;
  found.innerHTML = html;
  shown = html;
  showCompared();
  showQuestions();
  buttons().find((each) => each.dataset.body + each.textContent === key)?.focus();
  goToLinked();
}

/* Where a link asks for the questions of a run, they are shown, once. */
let linked = new URLSearchParams(location.hash.slice(1)).get("ask");
function goToLinked() {
  const details = [...found.querySelectorAll("[data-asks]")].find((each) => each.dataset.asks === linked);
  if (!details) return;
  linked = null;
  details.open = true;
  details.closest("li").scrollIntoView();
  details.querySelector("summary").focus();
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
  const number = button.parentElement.querySelector("input");
  if (number && !number.reportValidity()) return;
  button.disabled = true;
  const { question } = button.dataset;
  const about = question ? { question, lang: speech.code, ...(number ? { number: Number(number.value) } : {}) } : {};
  if (await ask("POST", button.dataset.post, { ...JSON.parse(button.dataset.body), ...about }) === undefined) {
    button.disabled = false;
    return;
  }
  await look();
  if (BEGINS.includes(button.dataset.post)) showWork();
});

/* What has been begun far below is told at the top of the list. */
function showWork() {
  found.querySelector("#work")?.scrollIntoView({ block: "nearest" });
}

/* Runs that are ticked, and the command that compares them. */
function showCompared() {
  for (const box of found.querySelectorAll("[data-compare]")) box.checked = compared.has(box.dataset.compare);
  const form = found.querySelector("#compare");
  form.hidden = compared.size < 2;
  form.querySelector("[data-compared]").href = `/compare?${new URLSearchParams([...compared].map((run) => ["runs", run]))}`;
  form.querySelector("code").textContent = `planner compare ${[...compared].map(shellWord).join(" ")} --out outputs/${form.elements.name.value}`;
}

const nameOf = (details) => details.dataset.asks ?? details.dataset.opens;

/* Questions stay open and numbers stay typed when the list is drawn anew; commands have them in. */
function showQuestions() {
  for (const each of found.querySelectorAll("details")) each.open = opened.has(nameOf(each));
  for (const input of found.querySelectorAll("[data-number]")) {
    if (numbers.has(input.dataset.number)) input.value = numbers.get(input.dataset.number);
    const option = input.getAttribute("aria-label");
    for (const text of [...input.parentElement.querySelectorAll("code, code span")].filter((each) => !each.children.length)) {
      text.textContent = text.textContent.replace(new RegExp(`${option} \\S+`), () => `${option} ${input.value}`);
    }
  }
}

found.addEventListener("toggle", ({ target }) => {
  if (target.open) opened.add(nameOf(target));
  else opened.delete(nameOf(target));
}, true);
found.addEventListener("input", ({ target }) => {
  if (!target.dataset.number) return;
  numbers.set(target.dataset.number, target.value);
  showQuestions();
});

found.addEventListener("change", ({ target }) => {
  if (target.dataset.compare && target.checked) compared.add(target.dataset.compare);
  else if (target.dataset.compare) compared.delete(target.dataset.compare);
  showCompared();
});
found.addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await ask("POST", "/api/comparisons", { runs: [...compared], name: event.target.elements.name.value });
  document.activeElement.blur();
  if (answer) { compared.clear(); showCompared(); await look(); showWork(); }
});

function asked() {
  const { study, share, name, keys } = Object.fromEntries(new FormData(asking));
  const set = keys.split("\n").map((line) => line.trim()).filter((line) => line);
  return { study, name, set: share ? [`demand.electrification_share=${Number((Number(share) / 100).toPrecision(10))}`, ...set] : set };
}

function showAsked() {
  const { study, name, set } = asked();
  const words = ["planner run", shellWord(study), ...set.map((each) => `--set ${shellWord(each)}`), `--out outputs/${name}`];
  document.getElementById("ask-command").textContent = words.join(" ");
}

/* A link of another workbench leads to its changes in this one. */
document.getElementById("open-link").addEventListener("submit", async (event) => {
  event.preventDefault();
  const answer = await ask("POST", "/api/links", { link: event.target.elements.link.value });
  if (answer) location.assign(answer.page);
});

asking.addEventListener("input", showAsked);
asking.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (await ask("POST", "/api/runs", asked())) { await look(); showWork(); }
});
showAsked();

speech.listen();
speech.choose(speech.first());
look().then(() => { document.body.dataset.ready = ""; });
