"use strict";
/* Requests to the server, and buttons that stand for them. */

const faultBox = document.getElementById("fault");

/* What the server answers; a fault is shown in its words, and undefined returned. */
async function ask(method, path, body, type = "application/json") {
  let answer;
  try {
    answer = await fetch(path, {
      method,
      ...(body === undefined ? {} : { body: type === "application/json" ? JSON.stringify(body) : body, headers: { "Content-Type": type } }),
    });
  } catch {
    tellFault(t("The workbench does not answer: start it again with planner open. What you have changed is kept."));
    return undefined;
  }
  if (answer.ok) {
    faultBox.hidden = true;
    const kind = answer.headers.get("Content-Type") ?? "";
    return kind.includes("json") ? answer.json() : kind.startsWith("text/") ? answer.text() : answer.blob();
  }
  const said = await answer.text();
  let told = said;
  try {
    told = JSON.parse(said).fault[speech.code];
  } catch { /* plain text */ }
  tellFault(told);
  return undefined;
}

function tellFault(text) {
  faultBox.textContent = text;
  faultBox.hidden = false;
}

/* Lines of commands break before an option, not behind its dashes. */
function keepOptionsWhole() {
  for (const code of document.querySelectorAll("code")) {
    // What is written anew without an option in it would be looked at without end.
    if (code.firstElementChild || !/ --[\w-]/.test(code.textContent)) continue;
    code.replaceChildren(...code.textContent.split(/(--[\w-]+)/).map((part) => {
      if (!part.startsWith("--")) return part;
      const option = document.createElement("span");
      option.className = "option";
      option.textContent = part;
      return option;
    }));
  }
}
new MutationObserver(keepOptionsWhole).observe(document.body, { childList: true, subtree: true });
keepOptionsWhole();

/* A word of a command as a shell reads it. */
function shellWord(word) {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

const tellLanguage = () => document.documentElement.dispatchEvent(new Event("language"));
speech.onChange.push(tellLanguage);
