"use strict";
/* Map of the sites over the motorways: SVG, pan and zoom, no tiles and no requests. */

const SVG_NAMESPACE = "http://www.w3.org/2000/svg";

function svgElement(name, attributes, parent) {
  const element = document.createElementNS(SVG_NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (parent) parent.append(element);
  return element;
}

/* Whether two boxes of left, top, right and bottom have a part in common. */
function meets([left, top, right, bottom], box) {
  return box[0] < right && box[2] > left && box[1] < bottom && box[3] > top;
}

class SiteMap {
  static LARGEST_RADIUS = 11;
  static WIDEST_ROAD = 6;
  static LARGEST_ZOOM = 24;
  static MOST_NAMES = 24;
  /* A name for so many square pixels at most, so that on a telephone names leave room for the sites. */
  static NAME_AREA = 12000;
  /* Where the name of a place may stand, the best first: by half its width to the side, pixels down. */
  static NAME_PLACES = [
    [0, -12], [0, 20], [1, 4], [-1, 4], [1, -8], [-1, -8], [1, 16], [-1, 16],
    [0.5, -12], [-0.5, -12], [0.5, 20], [-0.5, 20], [0, -18], [0, 26], [0.5, -18], [-0.5, -18], [0.5, 26], [-0.5, 26],
  ];

  /* Boxes of other texts on the map, which names of places leave free. */
  reserved = [];

  constructor(svg, tip, map, mostPlugs) {
    this.svg = svg;
    this.tip = tip;
    this.map = map;
    this.mostPlugs = mostPlugs;
    this.zoom = 1;
    this.shiftX = 0;
    this.shiftY = 0;
    this.plugs = map.site_xy.map(() => 0);
    this.describe = () => ["", []];
    this.describeLost = () => ["", []];
    this.onChoose = () => {};
    this.draw();
    this.listen();
    new ResizeObserver(() => this.place()).observe(svg);
  }

  draw() {
    this.scene = svgElement("g", {}, this.svg);
    for (const [path, planned] of this.map.countries) {
      svgElement("path", { d: path, class: planned ? "land" : "land beyond" }, this.scene);
    }
    this.roads = svgElement("g", { class: "roads flows" }, this.scene);
    /* Maps that are held against each other have one scale. */
    this.mostTrucks = this.map.mostTrucks ?? Math.max(1, ...this.map.roads.map((road) => road[2]));
    this.roadPaths = this.map.roads.map(([path, , trucks]) => {
      const element = svgElement("path", { d: path, class: "road" }, this.roads);
      element.style.strokeWidth = this.roadWidth(trucks);
      return element;
    });
    this.circles = svgElement("g", {}, this.svg);
    this.siteCircles = this.map.site_xy.map((_, site) =>
      svgElement("circle", { class: "site empty", r: 2, "data-site": site, tabindex: site ? -1 : 0, role: "button" }, this.circles));
    this.lost = svgElement("g", { visibility: "hidden" }, this.svg);
    const mostLost = Math.max(1, ...this.map.unserved.map((lost) => lost[2]));
    this.lostSize = this.map.unserved.map((lost) => 3 + 4 * Math.sqrt(lost[2] / mostLost));
    this.lostMarks = this.map.unserved.map((_, i) => svgElement("path", { class: "lost", "data-lost": i }, this.lost));
    this.names = svgElement("g", {}, this.svg);
    this.placeTexts = this.map.places.map(() => svgElement("text", { class: "place" }, this.names));
    this.scaleBar = svgElement("g", { class: "scale-bar" }, this.svg);
  }

  /* Scale at which the whole drawing fits the box. */
  fit() {
    const { width, height } = this.box();
    return { width, height, scale: Math.min(width / this.map.width, height / this.map.height) };
  }

  /* The frame that the map is seen in. */
  box() {
    return this.svg.parentElement.getBoundingClientRect();
  }

  /* Pixels a unit of the drawing, and where its left upper corner is. */
  view() {
    const { width, height, scale } = this.fit();
    const k = scale * this.zoom;
    return { k, left: width / 2 + this.shiftX - (this.map.width / 2) * k, top: height / 2 + this.shiftY - (this.map.height / 2) * k };
  }

  place() {
    const { width, height } = this.fit();
    if (!width) return;
    /* One unit is one pixel on the screen; on paper the whole picture scales. */
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    const { k, left, top } = this.view();
    this.toScreen = (x, y) => [left + x * k, top + y * k];
    this.scene.setAttribute("transform", `translate(${left} ${top}) scale(${k})`);
    this.siteCircles.forEach((circle, site) => {
      const [x, y] = this.toScreen(...this.map.site_xy[site]);
      circle.setAttribute("cx", x);
      circle.setAttribute("cy", y);
      circle.setAttribute("r", this.radius(this.plugs[site]));
    });
    this.lostMarks.forEach((mark, i) => {
      const [x, y] = this.toScreen(this.map.unserved[i][3], this.map.unserved[i][4]);
      const size = this.lostSize[i];
      mark.setAttribute("d", `M${x - size} ${y - size}l${2 * size} ${2 * size}m0-${2 * size}l-${2 * size} ${2 * size}`);
    });
    this.drawScale(k, height);
    this.namePlaces(width, height);
  }

  /* The most important places that are in view and whose names do not cover another one, and sites as few as can be. */
  namePlaces(width, height) {
    if (!this.toScreen) return;
    /* Scale bar and buttons. */
    const taken = [[0, height - 34, 130, height], [width - 50, 0, width, 130], ...this.reserved];
    const most = Math.min(SiteMap.MOST_NAMES, Math.ceil((width * height) / SiteMap.NAME_AREA)) + taken.length;
    const sites = this.map.site_xy.map(([mapX, mapY], site) => {
      const [x, y] = this.toScreen(mapX, mapY);
      const r = this.radius(this.plugs[site]);
      return [x - r, y - r, x + r, y + r];
    });
    this.placeTexts.forEach((text, i) => {
      const [names, mapX, mapY] = this.map.places[i];
      const [x, y] = this.toScreen(mapX, mapY);
      text.textContent = names[speech.code];
      const half = 3.6 * text.textContent.length + 5;
      const free = taken.length < most
        ? SiteMap.NAME_PLACES.map(([dx, dy]) => [x + dx * half, y + dy])
          .map(([atX, atY]) => ({ atX, atY, box: [atX - half, atY - 14, atX + half, atY + 6] }))
          .filter(({ box }) => box[0] >= 0 && box[1] >= 0 && box[2] <= width && box[3] <= height && !taken.some((other) => meets(other, box)))
        : [];
      const reach = [x - 2 * half, y - 32, x + 2 * half, y + 32];
      const near = free.length ? sites.filter((site) => meets(site, reach)) : [];
      const best = free
        .map((place) => ({ ...place, covered: near.filter((site) => meets(site, place.box)).length }))
        .reduce((found, place) => (found && found.covered <= place.covered ? found : place), undefined);
      text.setAttribute("visibility", best ? "visible" : "hidden");
      if (!best) return;
      taken.push(best.box);
      text.setAttribute("x", best.atX);
      text.setAttribute("y", best.atY);
    });
  }

  /* Kilometres at the middle of what is seen: in Mercator's projection they grow to the north. */
  drawScale(k, height) {
    const { top, scale, margin } = this.map.mercator;
    const [, atTop] = this.toScreen(0, 0);
    const mercator = top - ((height / 2 - atTop) / k - margin) / scale;
    const kmPerPixel = 6371.0088 / (Math.cosh(mercator) * scale * k);
    const most = 110 * kmPerPixel;
    const power = 10 ** Math.floor(Math.log10(most));
    const km = [5, 2, 1].map((step) => step * power).find((step) => step <= most);
    const length = km / kmPerPixel;
    this.scaleBar.replaceChildren();
    svgElement("path", { d: `M10 ${height - 15}v5h${length}v-5` }, this.scaleBar);
    const label = svgElement("text", { x: 10 + length / 2, y: height - 16 }, this.scaleBar);
    label.textContent = `${km >= 1 ? form.count(km) : km.toPrecision(1)} km`;
  }

  roadWidth(trucks) {
    return 0.7 + ((SiteMap.WIDEST_ROAD - 0.7) * trucks) / this.mostTrucks;
  }

  radius(plugs) {
    if (!plugs) return 1.6;
    const largest = SiteMap.LARGEST_RADIUS * Math.min(2.2, Math.pow(this.zoom, 0.4));
    return Math.max(2, largest * Math.sqrt(plugs / this.mostPlugs));
  }

  /* Plugs of every site, and which of the five colours it has, null where its figure is not known. */
  show(plugs, colours) {
    this.plugs = plugs;
    this.siteCircles.forEach((circle, site) => {
      const empty = !plugs[site] || colours[site] === null;
      circle.setAttribute("class", `site ${empty ? "empty" : `u${colours[site]}`}`);
      circle.setAttribute("r", this.radius(plugs[site]));
      circle.setAttribute("aria-label", this.describe(site).flat(2).join(", "));
    });
    const { width, height } = this.fit();
    this.namePlaces(width, height);
    const focused = document.activeElement;
    const order = plugs.map((_, site) => site).sort((a, b) => plugs[b] - plugs[a]);
    this.circles.append(...order.map((site) => this.siteCircles[site]));
    if (focused?.dataset?.site !== undefined) focused.focus();
    this.mark(this.marked);
  }

  mark(site) {
    if (this.marked !== undefined) this.siteCircles[this.marked].classList.remove("chosen");
    this.marked = site;
    if (site !== undefined) this.siteCircles[site].classList.add("chosen");
  }

  showFlows(on) {
    this.roads.classList.toggle("flows", on);
    this.roadPaths.forEach((path, i) => {
      path.style.strokeWidth = on ? this.roadWidth(this.map.roads[i][2]) : 1;
    });
  }

  showUnserved(on) {
    this.lost.setAttribute("visibility", on ? "visible" : "hidden");
  }

  zoomBy(factor, x, y) {
    const { width, height } = this.fit();
    const before = this.zoom;
    this.zoom = Math.max(1, Math.min(SiteMap.LARGEST_ZOOM, this.zoom * factor));
    const ratio = this.zoom / before;
    const [centreX, centreY] = [(x ?? width / 2) - width / 2, (y ?? height / 2) - height / 2];
    this.shiftX = centreX - (centreX - this.shiftX) * ratio;
    this.shiftY = centreY - (centreY - this.shiftY) * ratio;
    this.moveBy(0, 0);
  }

  moveBy(dx, dy) {
    const { width, height, scale } = this.fit();
    const k = scale * this.zoom;
    const [mostX, mostY] = [(this.map.width * k) / 2, (this.map.height * k) / 2];
    this.shiftX = Math.max(-mostX, Math.min(mostX, this.shiftX + dx));
    this.shiftY = Math.max(-mostY, Math.min(mostY, this.shiftY + dy));
    if (this.zoom === 1) this.shiftX = this.shiftY = 0;
    cancelAnimationFrame(this.frame);
    this.frame = requestAnimationFrame(() => this.place());
    if (width && height) this.tip.hidden = true;
  }

  showAll() {
    this.zoom = 1;
    this.moveBy(0, 0);
  }

  showSite(site) {
    const { scale } = this.fit();
    this.zoom = Math.max(this.zoom, 5);
    const k = scale * this.zoom;
    const [x, y] = this.map.site_xy[site];
    this.shiftX = (this.map.width / 2 - x) * k;
    this.shiftY = (this.map.height / 2 - y) * k;
    this.place();
    this.mark(site);
    this.explain(site);
  }

  explain(site) {
    this.tell(this.describe(site), this.map.site_xy[site]);
  }

  explainLost(i) {
    this.tell(this.describeLost(i), this.map.unserved[i].slice(3));
  }

  rowOf([name, value]) {
    const row = document.createElement("tr");
    row.insertCell().textContent = name;
    row.insertCell().textContent = value;
    row.cells[1].className = "num";
    return row;
  }

  tell([title, rows], place) {
    const heading = document.createElement("b");
    heading.textContent = title;
    const table = document.createElement("table");
    table.append(...rows.map(this.rowOf));
    this.tip.replaceChildren(heading, table);
    this.tip.hidden = false;
    this.moveTip(this.toScreen(...place));
  }

  /* The same at a position in the box. */
  tellAt(told, position) {
    this.tell(told, [0, 0]);
    this.moveTip(position);
  }

  moveTip([x, y]) {
    const { width, height } = this.fit();
    const box = this.tip.getBoundingClientRect();
    const left = x + 16 + box.width > width ? x - 16 - box.width : x + 16;
    this.tip.style.left = `${Math.max(0, left)}px`;
    this.tip.style.top = `${Math.max(0, Math.min(height - box.height, y - box.height / 2))}px`;
  }

  /* The next site in the direction of an arrow key: near, and not far to the side. */
  neighbour(site, key) {
    const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
    const [x0, y0] = this.map.site_xy[site];
    let best;
    let nearest = Infinity;
    this.map.site_xy.forEach(([x, y], other) => {
      const along = (x - x0) * dx + (y - y0) * dy;
      const aside = Math.abs((x - x0) * dy + (y - y0) * dx);
      const far = along + 2 * aside;
      if (other !== site && along > 0 && far < nearest) [best, nearest] = [other, far];
    });
    return best;
  }

  focusSite(site) {
    for (const circle of this.siteCircles) circle.setAttribute("tabindex", -1);
    this.siteCircles[site].setAttribute("tabindex", 0);
    this.siteCircles[site].focus({ preventScroll: true });
  }

  listen() {
    const { svg } = this;
    svg.addEventListener("pointerover", (event) => {
      const { site, lost } = event.target.dataset;
      if (site !== undefined) this.explain(Number(site));
      else if (lost !== undefined) this.explainLost(Number(lost));
    });
    svg.addEventListener("focusin", (event) => {
      const { site } = event.target.dataset;
      if (site !== undefined) this.explain(Number(site));
    });
    svg.addEventListener("focusout", () => { this.tip.hidden = true; });
    svg.addEventListener("pointerout", () => { this.tip.hidden = true; });
    svg.addEventListener("click", (event) => {
      const { site } = event.target.dataset;
      if (site !== undefined) this.onChoose(Number(site));
    });
    svg.addEventListener("wheel", (event) => {
      if (!event.ctrlKey && !event.metaKey && !svg.contains(document.activeElement)) return;
      event.preventDefault();
      const box = this.box();
      this.zoomBy(Math.exp(-event.deltaY / 300), event.clientX - box.left, event.clientY - box.top);
    }, { passive: false });
    svg.addEventListener("dblclick", (event) => {
      const box = this.box();
      this.zoomBy(2, event.clientX - box.left, event.clientY - box.top);
    });
    svg.addEventListener("pointerdown", (event) => {
      if (event.target.dataset.site === undefined) svg.setPointerCapture(event.pointerId);
    });
    svg.addEventListener("pointermove", (event) => {
      if (svg.hasPointerCapture(event.pointerId)) this.moveBy(event.movementX, event.movementY);
    });
    svg.addEventListener("keydown", (event) => {
      const { site } = event.target.dataset;
      if (site !== undefined && (event.key === "Enter" || event.key === " ")) {
        this.onChoose(Number(site));
        event.preventDefault();
        return;
      }
      if (site !== undefined && event.key.startsWith("Arrow")) {
        const next = this.neighbour(Number(site), event.key);
        if (next !== undefined) this.focusSite(next);
        event.preventDefault();
        return;
      }
      const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
      if (moves[event.key]) this.moveBy(...moves[event.key]);
      else if (event.key === "+" || event.key === "=") this.zoomBy(1.5);
      else if (event.key === "-") this.zoomBy(1 / 1.5);
      else if (event.key === "0") this.showAll();
      else return;
      event.preventDefault();
    });
  }
}
