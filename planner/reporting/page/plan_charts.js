"use strict";
/* The charts of a plan, which follow the plan that is chosen. */

class PlanCharts extends Charts {
  /* hours: figures by hour of every plan; siteHours: those of each site by the hour of the day. */
  constructor(data, hours, siteHours, solution) {
    super(data);
    this.options = {};
    this.hours = hours;
    this.siteHours = siteHours;
    this.axis = "tcu";
    this.solution = solution;
  }

  hourRows(solution, name) {
    const wait = this.hours.row("mean_wait_min", solution);
    const use = this.hours.row("occupied_share", solution);
    return wait.map((mean_wait_min, i) => ({ name, hour: this.data.firstHour + i, mean_wait_min, occupied_share: use[i] }));
  }

  /* Hours of the day at some sites, the first site first. */
  rowsOfSites(sites) {
    const power = this.siteHours.row("power_kw", this.solution);
    const wait = this.siteHours.row("mean_wait_min", this.solution);
    return sites.flatMap((site, order) => Array.from({ length: 24 }, (_, hour) => ({
      order, index: site, site: this.data.sites.name[site], from: hour, to: hour + 1,
      power_kw: power[24 * site + hour], mean_wait_min: wait[24 * site + hour],
    })));
  }

  worstSites() {
    const { waits } = this;
    return waits.map((_, site) => site).filter((site) => waits[site] !== null).sort((a, b) => waits[b] - waits[a] || a - b).slice(0, 10);
  }

  /* Site whose hours are shown: the one that was clicked, else where trucks wait longest. */
  get shownSite() {
    return this.site ?? this.worstSites()[0] ?? 0;
  }

  showSite(site) {
    this.site = site;
    const shown = this.rowsOfSites([this.shownSite]);
    document.getElementById("site-hours-title").textContent = this.data.sites.name[this.shownSite];
    for (const id of ["site-power", "site-waits"]) this.view(id)?.data("site-hours", shown).runAsync();
  }

  frontRows() {
    const { front, named } = this.data;
    return front.n_hpc.map((_, solution) => ({
      solution,
      ...Object.fromEntries(Object.keys(front).map((key) => [key, front[key][solution]])),
      title: named.filter((each) => each.solution === solution).map((each) => each.title[speech.code]).join(", "),
    }));
  }

  datasets() {
    return {
      ...this.data.chartData,
      front: this.frontRows(),
      "published-tcu": this.data.published[speech.code].tcu,
      "published-n_hpc": this.data.published[speech.code].n_hpc,
      "named-hours": this.data.named.flatMap((named) => this.hourRows(named.solution, named.name)),
      "chosen-hours": this.hourRows(this.solution, "chosen"),
      "worst-hours": this.rowsOfSites(this.worstSites()),
      "site-hours": this.rowsOfSites([this.shownSite]),
    };
  }

  async draw() {
    await super.draw();
    await this.drawFront();
  }

  async drawFront() {
    await this.drawOne(`front-${this.axis}`, "front");
    this.show(this.solution);
  }

  /* Follow the chosen plan. */
  show(solution) {
    this.solution = solution;
    this.view("front")?.signal("selected_solution", solution).runAsync();
    const hours = this.hourRows(solution, "chosen");
    for (const id of ["wait", "use"]) this.view(id)?.data("chosen-hours", hours).runAsync();
    this.view("worst")?.data("worst-hours", this.rowsOfSites(this.worstSites())).runAsync();
    this.showSite(this.site);
  }

  /* Solution whose dot lies nearest to a click, undefined where none is near: dots may overlap. */
  nearestDot(event) {
    const reach = 22;
    const view = this.view("front");
    const svg = document.querySelector("#chart-front svg");
    const box = svg.getBoundingClientRect();
    const shrink = box.width / svg.viewBox.baseVal.width;
    const [left, top] = view.origin();
    const [toX, toY] = [view.scale("x"), view.scale("y")];
    const { front, longestWait } = this.data;
    let best;
    let nearest = reach;
    front.mean_wait_min.forEach((wait, row) => {
      if (wait > longestWait) return;
      const distance = Math.hypot(
        (event.clientX - box.left) / shrink - left - toX(front[this.axis][row]),
        (event.clientY - box.top) / shrink - top - toY(wait),
      );
      if (distance < nearest) [best, nearest] = [row, distance];
    });
    return best;
  }
}
