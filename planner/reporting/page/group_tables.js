"use strict";
/* Groups of sites and trucks in the plan that is chosen, a table per grouping. */

const groupName = (name) => (name === "unknown" ? t("unknown") : name);

class GroupTables {
  /* groups: names, groupings and columns; figures: of each group in every plan. */
  constructor(groups, figures, fileName) {
    this.groups = groups;
    this.figures = figures;
    this.tables = groups.groupings.map(({ table }) => {
      const element = document.getElementById(table);
      return element && new SortedTable(element, () => fileName(table.slice("table-".length)));
    }).filter(Boolean);
    this.texts = Object.fromEntries(groups.columns.map(({ key, form: written }) => [key, (row) => form[written](row[key])]));
  }

  /* Figures of all groups in a plan. */
  rowsOf(solution) {
    const { names, groupings, columns } = this.groups;
    const values = columns.map(({ key }) => [key, this.figures.row(key, solution)]);
    return names.map((group, i) => ({
      group,
      grouping: groupings.findLast(({ first }) => first <= i).name,
      ...Object.fromEntries(values.map(([key, row]) => [key, row[i]])),
    }));
  }

  show(rows) {
    for (const table of this.tables) {
      table.fill(rows, this.texts);
      table.draw();
    }
  }
}
