"use strict";
/* The charts: drawn by Vega from the definitions in the page, anew in each language. */

class Charts {
  /* data: of the page; hours: figures by hour of every plan. */
  constructor(data, hours) {
    this.data = data;
    this.hours = hours;
    this.views = new Map();
    this.axis = "tcu";
  }

  hourRows(solution, name) {
    const wait = this.hours.row("mean_wait_min", solution);
    const use = this.hours.row("occupied_share", solution);
    return wait.map((mean_wait_min, i) => ({ name, hour: this.data.firstHour + i, mean_wait_min, occupied_share: use[i] }));
  }

  frontRows() {
    const { front, named } = this.data;
    return front.n_hpc.map((_, solution) => ({
      solution,
      ...Object.fromEntries(Object.keys(front).map((key) => [key, front[key][solution]])),
      title: named.filter((each) => each.solution === solution).map((each) => each.title[speech.code]).join(", "),
    }));
  }

  datasets(solution) {
    return {
      ...this.data.chartData,
      front: this.frontRows(),
      "published-tcu": this.data.published[speech.code].tcu,
      "published-n_hpc": this.data.published[speech.code].n_hpc,
      "named-hours": this.data.named.flatMap((named) => this.hourRows(named.solution, named.name)),
      "chosen-hours": this.hourRows(solution, "chosen"),
    };
  }

  async draw(solution) {
    this.solution = solution;
    const datasets = this.datasets(solution);
    await this.drawFront(datasets);
    for (const name of Object.keys(this.data.charts[speech.code])) {
      if (!name.startsWith("front-")) await this.embed(name, `chart-${name}`, datasets);
    }
  }

  async drawFront(datasets = this.datasets(this.solution)) {
    await this.embed(`front-${this.axis}`, "chart-front", datasets);
    this.show(this.solution);
  }

  async embed(name, id, datasets) {
    const element = document.getElementById(id);
    if (!element) return;
    this.views.get(id)?.finalize();
    this.views.set(id, await embedded(element, this.data.charts[speech.code][name], datasets));
  }

  /* Follow the chosen plan. */
  show(solution) {
    this.solution = solution;
    this.views.get("chart-front")?.signal("selected_solution", solution).runAsync();
    const hours = this.hourRows(solution, "chosen");
    for (const id of ["chart-wait", "chart-use"]) this.views.get(id)?.data("chosen-hours", hours).runAsync();
  }

  /* Solution whose dot lies nearest to a click, undefined where none is near: dots may overlap. */
  nearestDot(event) {
    const reach = 22;
    const view = this.views.get("chart-front");
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
