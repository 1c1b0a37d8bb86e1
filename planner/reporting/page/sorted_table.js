"use strict";
/* A table that stands in the page: its headings sort it, its button downloads what it shows. */

/* Order of two values of a column, those that are not known last. */
function inOrder(a, b, down) {
  if (a === null || b === null) return (a === null) - (b === null);
  const order = typeof a === "string" ? a.localeCompare(b, speech.code, { numeric: true }) : a - b;
  return down ? -order : order;
}

class SortedTable {
  constructor(table, fileName) {
    this.table = table;
    this.lines = [...table.tBodies[0].rows];
    this.heads = [...table.tHead.rows[0].cells];
    this.heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => this.sort(column));
      head.append(button);
    });
    document.querySelector(`button[data-table="${table.id}"]`)
      ?.addEventListener("click", () => download(fileName(), this.csv()));
  }

  /* All tables of the page but those that are live; files are named after the study. */
  static all(study, live = []) {
    for (const table of document.querySelectorAll("table.sorted")) {
      if (!live.includes(table.id)) new SortedTable(table, () => `${study}-${table.id.slice("table-".length)}.csv`);
    }
  }

  /* What a cell holds: its figure, else its text in the language of the page. */
  static value(cell) {
    if (cell.dataset.value !== undefined) return cell.dataset.value === "" ? null : Number(cell.dataset.value);
    return (cell.querySelector(`[lang="${speech.code}"]`) ?? cell).textContent;
  }

  sort(column, down = this.heads[column].ariaSort ? this.heads[column].ariaSort === "ascending" : this.heads[column].classList.contains("num")) {
    for (const each of this.heads) each.ariaSort = null;
    this.heads[column].ariaSort = down ? "descending" : "ascending";
    this.draw();
  }

  /* Lines that are shown, in the order of the heading that was clicked. */
  shown() {
    const column = this.heads.findIndex((head) => head.ariaSort);
    if (column < 0) return this.lines;
    const down = this.heads[column].ariaSort === "descending";
    const values = this.lines.map((line) => [SortedTable.value(line.cells[column]), line]);
    return values.sort(([a], [b]) => inOrder(a, b, down)).map(([, line]) => line);
  }

  draw() {
    this.table.tBodies[0].replaceChildren(...this.shown());
  }

  /* Figures of the columns that follow a choice: texts, by column, say what a row shows there. */
  fill(rows, texts) {
    this.heads.forEach((head, column) => {
      const text = texts[head.dataset.key];
      if (!text) return;
      for (const line of this.lines) {
        const row = rows[line.dataset.name];
        const cell = line.cells[column];
        cell.dataset.value = row[head.dataset.key] ?? "";
        cell.textContent = text(row);
        cell.classList.toggle("over", cell.textContent.startsWith("▲"));
      }
    });
  }

  csv() {
    const rows = [...this.table.tBodies[0].rows].map((row) => [...row.cells].map(SortedTable.value));
    return csvOf(this.heads.map((head) => head.dataset.key), rows);
  }
}
