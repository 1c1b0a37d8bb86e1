"use strict";
/* List of the sites, which follows the plan that is chosen and finds by name. */

class SiteTable extends SortedTable {
  /* texts: by column, what a row of figures shows there; rows know more than the table shows. */
  constructor(table, fileName, texts, sortKey) {
    super(table, fileName);
    this.texts = texts;
    this.query = "";
    this.onChoose = () => {};
    this.lines.forEach((line) => this.listen(line));
    this.heads.find((head) => head.dataset.key === sortKey).ariaSort = "descending";
  }

  listen(line) {
    const site = Number(line.dataset.name);
    line.addEventListener("click", () => this.onChoose(site));
    line.addEventListener("keydown", (event) => {
      const next = { ArrowDown: line.nextElementSibling, ArrowUp: line.previousElementSibling }[event.key];
      if (event.key === "Enter") this.onChoose(site);
      else if (next) next.focus();
      else return;
      event.preventDefault();
    });
  }

  /* Rows are objects by site with one value per column key, null where not known. */
  show(rows) {
    this.rows = rows;
    this.fill(rows, this.texts);
    this.draw();
  }

  search(query) {
    this.query = query.trim().toLowerCase();
    this.draw();
  }

  mark(site) {
    for (const line of this.lines) line.classList.toggle("chosen", Number(line.dataset.name) === site);
  }

  shown() {
    return super.shown().filter((line) => {
      const { name, road, site_id } = this.rows[line.dataset.name];
      return `${name} ${road} ${site_id}`.toLowerCase().includes(this.query);
    });
  }

  draw() {
    const lines = this.shown();
    lines.forEach((line, i) => { line.tabIndex = i === 0 ? 0 : -1; });
    this.table.tBodies[0].replaceChildren(...lines);
    this.found = lines.length;
  }

  /* All that is known of the sites that are found, in the present order. */
  csv() {
    const keys = Object.keys(this.rows[0]).filter((key) => key !== "site");
    return csvOf(keys, this.shown().map((line) => keys.map((key) => this.rows[line.dataset.name][key])));
  }
}
