"use strict";
/* Files that are dropped: kept in the folder, looked at, their columns mapped, taken into the study's text. */

const dropArea = document.getElementById("drop");
const dropped = (name) => document.getElementById(`dropped-${name}`);
const element = (name, values, ...children) => {
  const made = Object.assign(document.createElement(name), values);
  made.append(...children);
  return made;
};
/* What the user has said of the file; what is not said is guessed. */
let said;
let looked;
let looking = Promise.resolve();
let droppedMap;
/* Places that all count one are small circles. */
const SMALL = 12;

async function keep(file) {
  if (file.size > data.mostBytes) {
    tellFault(t("{file} is larger than the workbench takes ({mb} MB): put it into the folder data, and choose it there.", { file: file.name, mb: form.count(data.mostBytes / 1e6) }));
    return undefined;
  }
  return ask("POST", `/api/dropped?name=${encodeURIComponent(file.name)}`, file, "application/octet-stream");
}

/* Keep files one after the other and look at the last; what is refused stays told. */
async function take(files) {
  const busy = document.getElementById("drop-busy");
  busy.textContent = t("Reading ...");
  const names = [];
  let refused = "";
  for (const file of files) {
    const kept = await keep(file);
    if (kept) names.push(kept.file);
    else refused = faultBox.textContent;
  }
  if (names.length) {
    await list();
    await beginLook(names.at(-1));
  }
  busy.textContent = names.length > 1 ? t("Kept: {files}", { files: names.join(", ") }) : "";
  if (refused) tellFault(refused);
}

async function list() {
  const names = await ask("GET", "/api/dropped");
  const kept = document.getElementById("kept");
  kept.replaceChildren(new Option(""), ...(names ?? []).map((name) => new Option(name)));
  if (said) kept.value = said.file;
}

function beginLook(file, use = "") {
  said = { file, use, columns: {}, options: {}, companions: {} };
  document.getElementById("kept").value = file;
  return look();
}

/* One look after the other, at the text as it stands. */
function look() {
  const asked = said;
  document.getElementById("drop-busy").textContent = t("Reading ...");
  looking = looking.then(() => waiting).then(async () => {
    const answer = await ask("POST", "/api/dropped/look", { ...asked, text: text.value });
    document.getElementById("drop-busy").textContent = "";
    if (answer && asked === said) {
      looked = answer;
      showLook();
    }
  });
  return looking;
}

const choice = (options, value, set) => {
  const select = element("select", {}, ...options);
  if (value && ![...select.options].some((each) => each.value === value)) select.add(new Option(value));
  select.value = value;
  select.addEventListener("change", () => set(select.value));
  return select;
};

function showLook() {
  const code = speech.code;
  document.getElementById("dropped").hidden = false;
  dropped("file").textContent = looked.file;
  dropped("taken").textContent = "";
  dropped("use").replaceChildren(new Option(t("please choose"), ""), ...looked.uses.map(({ use, title }) => new Option(title[code], use)));
  dropped("use").value = looked.use;
  dropped("companions").replaceChildren(...looked.companions.map(({ key, title, file }) => element("label", {}, title[code], " ", choice(
    [...document.getElementById("kept").options].filter((each) => each.value !== looked.file).map((each) => new Option(each.value)),
    file,
    (value) => { said.companions[key] = value; look(); },
  ))));
  showColumns(code);
  showOptions(code);
  dropped("faults").replaceChildren(...looked.faults.map((fault) => element("p", { className: "over", textContent: fault[code] })));
  showSaid(code);
  showMap();
  dropped("take").disabled = !looked.use || looked.faults.length > 0;
}

function showColumns(code) {
  const { ours, theirs } = looked.columns;
  dropped("columns").hidden = !ours.length;
  dropped("columns").tBodies[0].replaceChildren(...ours.map(({ name, meaning, needed, column, known }) => {
    const select = choice(
      [...(known ? [] : [new Option("", "")]), ...theirs.map((each) => new Option(each.column))],
      column,
      (value) => { said.columns[name] = value; look(); },
    );
    select.dataset.column = name;
    select.setAttribute("aria-label", `${name}: ${meaning[code]}`);
    const title = element("th", { scope: "row" }, element("code", { textContent: name }), ` ${meaning[code]}${needed ? " *" : ""}`);
    const sample = theirs.find((each) => each.column === column)?.sample ?? "";
    return element("tr", {}, title, element("td", {}, select), element("td", { className: "hint", textContent: sample }));
  }));
}

function showOptions(code) {
  dropped("how").hidden = !looked.options.length;
  if (looked.options.some(({ value }) => value)) dropped("how").open = true;
  dropped("options").replaceChildren(...looked.options.map(({ key, value, options, default: usual, help }) => {
    const set = (typed) => { said.options[key] = typed; look(); };
    let input;
    if (options.length) input = choice([new Option("", ""), ...options.map((each) => new Option(each))], value, set);
    else {
      input = element("input", { value, placeholder: usual, autocomplete: "off", spellcheck: false });
      input.addEventListener("change", () => set(input.value));
    }
    input.dataset.option = key;
    return element("div", { className: "field" }, element("label", {}, element("code", { textContent: key }), input), element("p", { className: "hint", textContent: help[code] }));
  }));
}

function showSaid(code) {
  const part = (title, lines) => (lines.length ? [element("h3", { textContent: title }), element("ul", { tabIndex: 0 }, ...lines.map((line) => element("li", { textContent: line })))] : []);
  const rows = looked.dropped.map(({ row, name, reason }) => `${row ? `${t("Row {row}", { row })}, ` : ""}${name}: ${reason[code]}`);
  if (looked.n_dropped > rows.length) rows.push("...");
  dropped("said").replaceChildren(
    ...(looked.use || looked.faults.length ? [] : [element("p", { className: "notice", textContent: t("It may be several things: please choose above what it is.") })]),
    ...(looked.waits ? [element("p", { className: "notice", textContent: looked.waits[code] })] : []),
    ...part(t("Read"), looked.read.map((line) => line[code])),
    ...part(t("Not taken ({n})", { n: form.count(looked.n_dropped) }), rows),
    ...part(t("Guessed"), looked.guessed.map((line) => line[code])),
  );
}

function showMap() {
  const { map } = looked;
  dropped("box").hidden = !map;
  if (!map) return;
  /* A new map has no listeners of the one before, which goes with what holds it. */
  const holder = document.getElementById("map-holder");
  const svg = document.getElementById("map").cloneNode(false);
  const fresh = element("div", { id: holder.id }, svg);
  holder.replaceWith(fresh);
  const most = Math.max(SMALL, ...map.sizes);
  droppedMap = new SiteMap(svg, dropped("tip"), map, most);
  droppedMap.describe = (place) => [map.names[place], [[map.told[place], most > SMALL ? form.count(map.sizes[place]) : ""]]];
  droppedMap.describeLost = (place) => [map.unserved[place][0].all, [[map.unserved[place][1][speech.code], ""]]];
  droppedMap.showFlows(false);
  droppedMap.showUnserved(true);
  droppedMap.show(map.sizes, map.sizes.map(() => 2));
}

dropArea.addEventListener("change", ({ target }) => {
  if (target.id === "drop-files") take([...target.files]).then(() => { target.value = ""; });
  else if (target.id === "kept" && target.value) beginLook(target.value);
  else if (target.id === "dropped-use") beginLook(looked.file, target.value);
});
/* Enter sets what is typed here; it does not run the study. */
dropArea.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  event.preventDefault();
  event.target.blur();
});
for (const type of ["dragenter", "dragover"]) {
  dropArea.addEventListener(type, (event) => {
    event.preventDefault();
    dropArea.classList.add("over-it");
  });
}
dropArea.addEventListener("dragleave", () => dropArea.classList.remove("over-it"));
dropArea.addEventListener("drop", (event) => {
  event.preventDefault();
  dropArea.classList.remove("over-it");
  if (event.dataTransfer.files.length) take([...event.dataTransfer.files]);
});
/* A file that misses the area is not opened in place of the page. */
for (const type of ["dragover", "drop"]) window.addEventListener(type, (event) => event.preventDefault());
for (const [name, act] of [["in", () => droppedMap.zoomBy(1.6)], ["out", () => droppedMap.zoomBy(1 / 1.6)], ["all", () => droppedMap.showAll()]]) {
  dropped(name).addEventListener("click", act);
}
dropped("take").addEventListener("click", async () => {
  await look();
  if (looked.faults.length || !looked.use) return;
  text.value = looked.text;
  await draft();
  dropped("taken").textContent = t("In the study now.");
});
speech.onChange.push(() => looked && showLook());
list();
