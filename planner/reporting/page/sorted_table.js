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
    this.heads = [...table.tHead.rows[0].cells];
    this.heads.forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      button.addEventListener("click", () => this.sort(column));
      head.append(button);
    });
    document.querySelector(`button[data-table="${table.id}"]`)
      ?.addEventListener("click", () => download(fileName, this.csv()));
  }

  /* All tables of the page that stand in it; files are named after the study. */
  static all(study) {
    for (const table of document.querySelectorAll("table.sorted")) new SortedTable(table, `${study}-${table.id.slice("table-".length)}.csv`);
  }

  /* What a cell holds: its figure, else its text in the language of the page. */
  static value(cell) {
    if (cell.dataset.value !== undefined) return cell.dataset.value === "" ? null : Number(cell.dataset.value);
    return (cell.querySelector(`[lang="${speech.code}"]`) ?? cell).textContent;
  }

  sort(column) {
    const head = this.heads[column];
    const isFigure = head.classList.contains("num");
    const down = head.ariaSort ? head.ariaSort === "ascending" : isFigure;
    for (const each of this.heads) each.ariaSort = null;
    head.ariaSort = down ? "descending" : "ascending";
    const rows = [...this.table.tBodies[0].rows].map((row) => [SortedTable.value(row.cells[column]), row]);
    rows.sort(([a], [b]) => inOrder(a, b, down));
    this.table.tBodies[0].append(...rows.map(([, row]) => row));
  }

  csv() {
    const rows = [...this.table.tBodies[0].rows].map((row) => [...row.cells].map(SortedTable.value));
    return csvOf(this.heads.map((head) => head.dataset.key), rows);
  }
}
