"use strict";
/* A form beside the text of a study: what is typed in one stands in the other. */

const studyForm = document.getElementById("new-study");
const text = document.getElementById("text");
const base = document.getElementById("base");
const studyName = document.getElementById("study-name");
const CALM_MS = 500;
let waiting = Promise.resolve();
/* How many answers have been asked for: all but the last are of a form that has changed since. */
let asked = 0;
let calm;
let told;
/* Values of the study that this one begins with. */
let begun;

/* Show values and faults that the server has told of the text; what is being typed stays. */
function show(answer) {
  if (!answer) return;
  told = answer;
  checked = undefined;
  showChecked();
  if (text !== document.activeElement) text.value = answer.text;
  for (const input of studyForm.querySelectorAll("[data-key]")) {
    const value = answer.values[input.dataset.key] ?? "";
    if (answer.refused?.key === input.dataset.key) continue;
    if (input.tagName === "SELECT" && ![...input.options].some((each) => each.value === value)) input.add(new Option(value));
    if (input !== document.activeElement) input.value = value;
  }
  showChoices();
  showOldSentence();
  showSources();
  showFaults();
}

/* A sentence that says 10 % would stand above the results of a study of 1 %. */
function showOldSentence() {
  const { description, name: _, ...others } = begun ?? told.values;
  const isOld = Boolean(description) && told.values.description === description && Object.entries(others).some(([key, value]) => told.values[key] !== value);
  for (const place of studyForm.querySelectorAll("[data-old-sentence]")) place.hidden = !isOld;
}

const wordsOf = (list) => list.match(/[\w-]+/g) ?? [];

/* Boxes of a list: those that it names, or that hold where it names none. */
function showChoices() {
  for (const boxes of studyForm.querySelectorAll("[data-choices]")) {
    const chosen = wordsOf(boxes.querySelector("[data-key]").value || boxes.dataset.choices);
    for (const box of boxes.querySelectorAll("[type=checkbox]")) box.checked = chosen.includes(box.value);
  }
}

/* A list keeps its order; what is ticked comes to its end. */
function chosenOf(boxes, box) {
  const before = wordsOf(boxes.querySelector("[data-key]").value || boxes.dataset.choices).filter((each) => each !== box.value);
  return `[${[...before, ...(box.checked ? [box.value] : [])].join(", ")}]`;
}

/* Where the figures of named sets come from, beside the keys that name them. */
function showSources() {
  for (const place of studyForm.querySelectorAll("[data-sources]")) {
    const lines = told.sources[place.dataset.sources] ?? [];
    place.hidden = !lines.length;
    const written = lines.map((line) => Object.assign(document.createElement("p"), { textContent: line[speech.code] }));
    const many = document.createElement("details");
    many.append(Object.assign(document.createElement("summary"), { textContent: t("{n} figures with their sources", { n: form.count(lines.length) }) }), ...written);
    place.replaceChildren(...(lines.length > 4 ? [many] : written));
  }
}

function showFaults() {
  const faults = [...told.faults, ...(told.refused ? [told.refused] : [])];
  for (const field of studyForm.querySelectorAll("[data-field]")) {
    const own = faults.filter(({ key }) => key === field.dataset.field);
    const place = field.querySelector(".over");
    place.textContent = own.map((each) => each.text[speech.code]).join(" ");
    place.hidden = !own.length;
    field.querySelector("fieldset, [data-key]").setAttribute("aria-invalid", String(own.length > 0));
    if (own.length && field.closest("details")) field.closest("details").open = true;
  }
  document.getElementById("faults").replaceChildren(...faults.map((each) => Object.assign(document.createElement("p"), { className: "over", textContent: each.text[speech.code] })));
  document.getElementById("to-fault").hidden = !faults.length;
  document.getElementById("to-fault").textContent = t("Go to the first fault ({n})", { n: form.count(faults.length) });
  for (const name of ["keep", "save"]) document.getElementById(name).disabled = told.faults.length > 0;
  document.getElementById("study-command").textContent = `${data.command} studies/${studyName.value}.yaml --out outputs/${studyName.value}`;
}

/* One after the other: a key is set in the text as the last answer has left it. */
function inTurn(work) {
  const number = ++asked;
  waiting = waiting.then(async () => {
    const answer = await work();
    if (number === asked) show(answer);
    else if (answer && text !== document.activeElement) text.value = answer.text;
  });
  return waiting;
}

function draft(key = "", value = "") {
  return inTurn(() => ask("POST", "/api/studies/draft", { text: text.value, kind: data.kind, key, value }));
}

function begin() {
  inTurn(async () => {
    const answer = await ask("GET", `/api/studies/text?study=${encodeURIComponent(base.value)}`);
    begun = answer?.values;
    return answer;
  });
  return draft("name", studyName.value);
}

studyForm.addEventListener("change", ({ target }) => {
  if (target === base) begin();
  else if (target === studyName) draft("name", studyName.value);
  else if (target.closest("[data-choices]")) {
    const key = target.closest("[data-choices]").querySelector("[data-key]");
    key.value = chosenOf(target.closest("[data-choices]"), target);
    draft(key.dataset.key, key.value);
  } else if (target.dataset.key) draft(target.dataset.key, target.value);
});
/* Enter takes a value over; a study is run by its button, or with Ctrl-Enter from wherever one types. */
studyForm.addEventListener("keydown", (event) => {
  if (event.key !== "Enter") return;
  const types = event.target.matches("input[data-key], #study-name");
  if (event.ctrlKey || event.metaKey) event.target.blur();
  else if (!types) return;
  else event.target.dispatchEvent(new Event("change", { bubbles: true }));
  event.preventDefault();
  if (event.ctrlKey || event.metaKey) waiting.then(() => studyForm.requestSubmit(document.getElementById("keep")));
});
document.getElementById("to-fault").addEventListener("click", () => {
  const field = studyForm.querySelector("[aria-invalid=true]");
  (field?.matches("fieldset") ? field.querySelector("[type=checkbox]") : field ?? text).focus();
});
text.addEventListener("input", () => {
  clearTimeout(calm);
  calm = setTimeout(draft, CALM_MS);
});
/* Keep the text as it stands after the last change. */
async function save() {
  await waiting;
  return ask("POST", "/api/studies", { name: studyName.value, kind: data.kind, text: text.value });
}

studyForm.addEventListener("submit", async (event) => {
  event.preventDefault();
  const kept = await save();
  if (kept && await ask("POST", "/api/runs", { study: kept.study, name: studyName.value })) location.assign("/");
});
document.getElementById("save").addEventListener("click", async () => {
  const kept = studyForm.reportValidity() && await save();
  if (kept) document.getElementById("saved").textContent = t("Saved: {study}", { study: kept.study });
});

/* What planner validate says, of the files too; it holds until the text changes. */
let checked;
function showChecked() {
  const place = document.getElementById("checked");
  const line = (className) => (said) => Object.assign(document.createElement("p"), { className, textContent: said[speech.code] });
  place.replaceChildren(...(checked ? [...checked.faults.map((each) => each.text).map(line("over")), ...checked.said.map(line("hint"))] : []));
  if (checked && !checked.faults.length) place.append(Object.assign(document.createElement("p"), { textContent: t("No errors found.") }));
}
document.getElementById("check").addEventListener("click", async () => {
  await waiting;
  document.getElementById("checked").textContent = t("Reading ...");
  checked = await ask("POST", "/api/studies/check", { kind: data.kind, text: text.value });
  showChecked();
});

speech.listen();
speech.choose(speech.first());
speech.onChange.push(() => {
  if (!told) return;
  showSources();
  showFaults();
  showChecked();
});
begin().then(() => { document.body.dataset.ready = ""; });
