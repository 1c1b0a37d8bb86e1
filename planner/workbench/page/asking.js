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
    return (answer.headers.get("Content-Type") ?? "").includes("json") ? answer.json() : answer.text();
  }
  const said = await answer.text();
  let told = said;
  try {
    const { fault, detail } = JSON.parse(said);
    told = fault?.[speech.code] ?? (typeof detail === "string" ? detail : JSON.stringify(detail));
  } catch { /* plain text */ }
  tellFault(told);
  return undefined;
}

function tellFault(text) {
  faultBox.textContent = text;
  faultBox.hidden = false;
}

const tellLanguage = () => document.documentElement.dispatchEvent(new Event("language"));
speech.onChange.push(tellLanguage);
