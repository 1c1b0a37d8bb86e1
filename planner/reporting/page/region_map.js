"use strict";
/* Regions on the map of a plan: darker where more energy is charged a day, with figures in the tip. */

class RegionMap {
  constructor(siteMap, regions, columns) {
    this.siteMap = siteMap;
    this.regions = regions;
    this.columns = columns;
    this.figures = [];
    const group = svgElement("g", { class: "regions", visibility: "hidden" });
    siteMap.scene.insertBefore(group, siteMap.roads);
    this.group = group;
    this.shapes = regions.areas.map(([, path], region) => {
      const shape = svgElement("path", { d: path, class: "region" }, group);
      shape.addEventListener("pointermove", (event) => this.explain(region, event));
      return shape;
    });
  }

  showAreas(on) {
    this.group.setAttribute("visibility", on ? "visible" : "hidden");
  }

  /* Figures of the regions in a plan, of its sites. */
  show(rows) {
    const { ofSite, nDays } = this.regions;
    this.figures = this.regions.areas.map((_, region) => {
      const own = rows.filter((row) => ofSite[row.site] === region);
      const sum = (value) => own.reduce((total, row) => total + value(row), 0);
      const sessions = sum((row) => row.n_sessions_hpc);
      return {
        n_sites: own.length,
        n_hpc: sum((row) => row.n_hpc),
        energy_day_mwh: sum((row) => row.energy_mwh) / nDays,
        mean_wait_min: sessions ? sum((row) => row.n_sessions_hpc * (row.mean_wait_min ?? 0)) / sessions : null,
        sum_of_site_peaks_kw: sum((row) => row.peak_power_kw),
      };
    });
    const most = Math.max(1e-9, ...this.figures.map((each) => each.energy_day_mwh));
    this.shapes.forEach((shape, region) => {
      shape.style.fillOpacity = 0.04 + (0.5 * this.figures[region].energy_day_mwh) / most;
    });
  }

  explain(region, event) {
    const box = this.siteMap.svg.getBoundingClientRect();
    const figures = this.figures[region];
    const lines = this.columns.map(({ key, form: written, title }) => [title[speech.code], form[written](figures[key])]);
    this.siteMap.tellAt([this.regions.areas[region][0], lines], [event.clientX - box.left, event.clientY - box.top]);
  }
}
