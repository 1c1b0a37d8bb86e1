"use strict";
/* Results by group: areas, motorways or sites in the colour of their group's figure, and its tip. */

class GroupMap {
  constructor(siteMap, groups, areas) {
    this.siteMap = siteMap;
    this.groups = groups;
    this.rows = [];
    const group = svgElement("g", { visibility: "hidden" });
    siteMap.scene.insertBefore(group, siteMap.roads);
    this.group = group;
    this.shapes = areas.map(([name, path]) => [name, svgElement("path", { d: path, class: "region" }, group)]);
    this.listen("region", this.shapes);
    this.roads = siteMap.map.roads.map(([, road], i) => [road, siteMap.roadPaths[i]]);
    this.listen("road", this.roads);
    this.choose("", groups.shown[0]);
  }

  /* Which groups, none by an empty name, and the figure that colours them. */
  choose(name, figure) {
    this.grouping = this.groups.groupings.find((each) => each.name === name && each.ofSite);
    this.figure = figure;
    this.paint();
  }

  get isOn() {
    return this.grouping !== undefined;
  }

  /* Whether the sites themselves take the colours: neither areas nor roads do. */
  get coloursSites() {
    return this.isOn && !["area", "line"].includes(this.sign);
  }

  get classes() {
    return { ...this.grouping.classes[this.figure], sign: this.sign };
  }

  /* What takes the colours: areas where there are any, motorways, else sites. */
  get sign() {
    if (this.grouping.name === "road") return "line";
    return this.grouping.name === "region" && this.shapes.length ? "area" : "dot";
  }

  rowOf(name) {
    return this.rows.find((row) => row.grouping === this.grouping.name && row.group === name);
  }

  /* Which of the five colours a group has, null where its figure or the group is not known. */
  colour(row) {
    const shown = row === undefined || row.group === "unknown" ? null : row[this.figure];
    return shown === null ? null : this.classes.colours[this.classes.limits.filter((limit) => shown > limit).length];
  }

  rowOfSite(site) {
    return this.rows[this.grouping.first + this.grouping.ofSite[site]];
  }

  /* Figures of all groups in a plan. */
  show(rows) {
    this.rows = rows;
    this.paint();
  }

  paint() {
    const by = this.grouping?.name;
    this.group.setAttribute("visibility", by === "region" ? "visible" : "hidden");
    this.siteMap.svg.classList.toggle("grouped", this.isOn && !this.coloursSites);
    const paint = (shapes, property, isShown) => shapes.forEach(([name, shape]) => {
      const colour = isShown ? this.colour(this.rowOf(name)) : null;
      shape.classList.toggle("painted", colour !== null);
      shape.style[property] = colour === null ? "" : `var(--u${colour})`;
    });
    paint(this.shapes, "fill", by === "region");
    paint(this.roads, "stroke", by === "road");
  }

  tip(name, row) {
    const lines = this.groups.columns.filter(({ key }) => row && row[key] !== null)
      .map(({ key, form: written, title }) => [title[speech.code], form[written](row[key])]);
    return [groupName(name), lines.length ? lines : [[t("No site"), ""]]];
  }

  siteTip(site) {
    const row = this.rowOfSite(site);
    return this.tip(row.group, row);
  }

  listen(grouping, shapes) {
    for (const [name, shape] of shapes) {
      shape.addEventListener("pointermove", (event) => {
        if (this.grouping?.name !== grouping) return;
        const box = this.siteMap.svg.getBoundingClientRect();
        this.siteMap.tellAt(this.tip(name, this.rowOf(name)), [event.clientX - box.left, event.clientY - box.top]);
      });
    }
  }
}
