"use strict";
/* The list of what lies in the folder, which follows what happens there. */

const found = document.getElementById("found");
const OFTEN_MS = 1500;
const SELDOM_MS = 6000;
let shown = "";
let next;

/* Take over what has changed, and leave the keyboard where it was. */
function show(html) {
  if (html === shown) return;
  const buttons = () => [...found.querySelectorAll("a, button")];
  const at = document.activeElement;
  const key = buttons().includes(at) ? at.dataset.body + at.textContent : undefined;
  found.innerHTML = html;
  shown = html;
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

speech.listen();
speech.choose(speech.first());
look();
document.body.dataset.ready = "";
