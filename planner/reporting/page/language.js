"use strict";
/* The language of the page: texts, figures and attributes. All languages stand in the file. */

const data = JSON.parse(document.getElementById("data").textContent);
const UNKNOWN = "–";
/* Code, locale and signs of each, from the buttons that choose one. */
const LANGUAGES = Object.fromEntries([...document.querySelectorAll(".languages button")].map((button) => [button.lang, button.dataset]));
const isLanguage = (code) => Object.hasOwn(LANGUAGES, code);

/* What the reader chose, in the address: whoever opens the link sees the same. */
const address = {
  KEYS: ["plan", "site", "axis", "colour", "group", "figure", "lang"],
  chosen: {},
  follow: [],

  read() {
    const asked = new URLSearchParams(location.hash.slice(1));
    const known = this.KEYS.filter((key) => asked.has(key));
    /* A link to a place in the page leaves all as it is. */
    if (known.length) this.chosen = Object.fromEntries(known.map((key) => [key, asked.get(key)]));
    return known.length > 0;
  },

  write(values) {
    Object.assign(this.chosen, values);
    history.replaceState(null, "", `#${new URLSearchParams(this.chosen)}`);
  },

  /* Another link in the same window. */
  listen() {
    addEventListener("hashchange", () => {
      if (!this.read()) return;
      if (isLanguage(this.chosen.lang)) speech.choose(this.chosen.lang);
      for (const each of this.follow) each();
    });
  },
};
address.read();

const speech = {
  code: "en",
  texts: data.texts,
  onChange: [],

  /* From #lang=, else ?lang=, else what the reader chose last, else the browser's languages. */
  first() {
    const given = new URLSearchParams(location.search).get("lang");
    const { lang } = address.chosen;
    /* A command that opens a page in a language means those that it leads to as well. */
    if (!isLanguage(lang) && isLanguage(given)) this.keep(given);
    const known = [lang, given, this.remembered(), ...navigator.languages.map((code) => code.slice(0, 2))];
    return known.find(isLanguage) ?? "en";
  },

  /* Storage may be forbidden to a file: then the address alone remembers. */
  remembered() {
    try {
      return localStorage.getItem("planner-language");
    } catch {
      return null;
    }
  },

  keep(code) {
    try {
      localStorage.setItem("planner-language", code);
    } catch { /* see above */ }
  },

  choose(code) {
    this.code = code;
    document.documentElement.lang = code;
    document.title = document.querySelector("title").getAttribute(`data-${code}-tab`);
    this.label(document);
    for (const cell of document.querySelectorAll("td[data-form], dd[data-form]")) {
      const value = cell.dataset.value === "" ? null : Number(cell.dataset.value);
      cell.textContent = form[cell.dataset.form](value);
    }
    for (const button of document.querySelectorAll(".languages button")) {
      button.setAttribute("aria-pressed", String(button.lang === code));
    }
    for (const follow of this.onChange) follow();
  },

  /* Attributes of a part of the page, also of one that has just come. */
  label(part) {
    for (const name of ["aria-label", "placeholder", "title", "label"]) {
      for (const element of part.querySelectorAll(`[data-en-${name}]`)) {
        element.setAttribute(name, element.getAttribute(`data-${this.code}-${name}`));
      }
    }
  },

  /* The buttons choose, and what they choose is remembered. */
  listen() {
    address.listen();
    for (const button of document.querySelectorAll(".languages button")) {
      button.addEventListener("click", () => { this.choose(button.lang); this.keep(button.lang); address.write({ lang: button.lang }); });
    }
  },
};

/* Text in the language of the page, with its {values}. */
function t(english, values = {}) {
  const template = speech.texts[speech.code]?.[english] ?? english;
  return template.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

/* How the language writes numbers with so many decimals: made once each, which takes longer than writing many. */
const numberFormats = {};

function numberFormat(decimals) {
  const { locale } = LANGUAGES[speech.code];
  return numberFormats[`${locale} ${decimals}`] ??= new Intl.NumberFormat(locale, { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
}

/* Figures as the language writes them, a dash for null; a hard space before the unit. */
const form = {
  number: (value, decimals) => {
    if (value === null) return UNKNOWN;
    const isNothing = Math.abs(value) < 0.5 / 10 ** decimals; // else it would be written as -0
    return numberFormat(decimals).format(isNothing ? 0 : value);
  },
  text: (value) => value || UNKNOWN,
  long_text: (value) => form.text(value),
  yes_no: (value) => t(value ? "yes" : "no"),
  count: (value) => form.number(value, 0),
  one: (value) => form.number(value, 1),
  two: (value) => form.number(value, 2),
  three: (value) => form.number(value, 3),
  degrees: (value) => form.number(value, 4),
  digits: (value, most) => (value === null ? UNKNOWN : value.toLocaleString(LANGUAGES[speech.code].locale, { maximumSignificantDigits: most })),
  figure: (value) => form.digits(value, 10),
  significant: (value) => form.digits(value, 4),
  minutes: (value) => (value === null ? UNKNOWN : `${form.number(value, value >= 9.95 ? 0 : 1)}\u00a0min`),
  percent: (share) => {
    if (share === null) return UNKNOWN;
    const percent = 100 * share;
    const isWhole = percent === 0 || Math.abs(percent - Math.round(percent)) < 1e-9;
    if (!isWhole && percent >= 99.5 && percent < 100) return `${form.number(Math.min(percent, 99.9), 1)}\u00a0%`; // not all
    return `${form.number(percent, isWhole || percent >= 9.95 ? 0 : 1)}\u00a0%`;
  },
  power: (kilowatts) => (kilowatts === null ? UNKNOWN
    : kilowatts >= 995 ? `${form.number(kilowatts / 1000, 1)}\u00a0MW` : `${form.number(kilowatts, 0)}\u00a0kW`),
  energy: (megawattHours) => (megawattHours === null ? UNKNOWN : `${form.number(megawattHours, megawattHours >= 99.5 ? 0 : 1)}\u00a0MWh`),
};
