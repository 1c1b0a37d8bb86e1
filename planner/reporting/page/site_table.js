"use strict";
/* List of the sites in the chosen plan: sortable, searchable, downloadable. */

class SiteTable {
  /* Columns have a key, a title(), a text(value, row), and say whether they are numbers. */
  constructor(table, columns, sortKey) {
    this.table = table;
    this.columns = columns;
    this.sortKey = sortKey;
    this.descending = true;
    this.query = "";
    this.rows = [];
    this.onChoose = () => {};
    this.drawHead();
  }

  drawHead() {
    const row = this.table.tHead.insertRow();
    for (const column of this.columns) {
      const cell = document.createElement("th");
      cell.scope = "col";
      if (column.number) cell.className = "num";
      const button = document.createElement("button");
      button.type = "button";
      button.addEventListener("click", () => {
        this.descending = this.sortKey === column.key ? !this.descending : Boolean(column.number);
        this.sortKey = column.key;
        this.draw();
      });
      cell.append(button);
      row.append(cell);
    }
  }

  /* Rows are objects with one value per column key, null where not known, and a site index. */
  show(rows) {
    this.rows = rows;
    this.draw();
  }

  search(query) {
    this.query = query.trim().toLowerCase();
    this.draw();
  }

  mark(site) {
    this.marked = site;
    for (const row of this.table.tBodies[0].rows) {
      row.classList.toggle("chosen", Number(row.dataset.site) === site);
    }
  }

  sorted() {
    const found = this.rows.filter((row) => `${row.name} ${row.road} ${row.site_id}`.toLowerCase().includes(this.query));
    return found.sort((a, b) => inOrder(a[this.sortKey], b[this.sortKey], this.descending) || a.site - b.site);
  }

  draw() {
    this.columns.forEach((column, i) => {
      const cell = this.table.tHead.rows[0].cells[i];
      const sorted = column.key === this.sortKey;
      cell.ariaSort = sorted ? (this.descending ? "descending" : "ascending") : null;
      cell.firstChild.textContent = column.title();
    });
    const rows = this.sorted();
    this.table.tBodies[0].replaceChildren(...rows.map((row, i) => this.drawRow(row, i === 0)));
    this.found = rows.length;
  }

  drawRow(row, isFirst) {
    const line = document.createElement("tr");
    line.dataset.site = row.site;
    line.classList.toggle("chosen", row.site === this.marked);
    line.tabIndex = isFirst ? 0 : -1;
    for (const column of this.columns) {
      const cell = line.insertCell();
      cell.textContent = column.text(row[column.key], row);
      if (column.number) cell.className = "num";
      if (column.warn && column.warn(row)) cell.classList.add("over");
    }
    line.addEventListener("click", () => this.onChoose(row.site));
    line.addEventListener("keydown", (event) => {
      const next = { ArrowDown: line.nextElementSibling, ArrowUp: line.previousElementSibling }[event.key];
      if (event.key === "Enter") this.onChoose(row.site);
      else if (next) next.focus();
      else return;
      event.preventDefault();
    });
    return line;
  }

  /* All rows that are found, in the present order. */
  csv() {
    const keys = Object.keys(this.rows[0] ?? {}).filter((key) => key !== "site");
    return csvOf(keys, this.sorted().map((row) => keys.map((key) => row[key])));
  }
}
