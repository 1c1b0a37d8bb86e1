"use strict";
/* The report's map, on which several sites can be chosen, encircled, and told what has changed. */

class EditMap extends SiteMap {
  /* From so many lines and circles on a map is moved as a picture, and drawn anew once it rests. */
  static LARGE = 8000;
  static REST_MS = 150;
  /* Half the width of a character of a label, pixels. */
  static HALF_CHARACTER = 4.7;

  draw() {
    super.draw();
    this.labels = svgElement("g", { class: "change-labels" }, this.svg);
    this.outline = svgElement("polygon", { class: "lasso", visibility: "hidden" }, this.svg);
    this.pointer = svgElement("path", { class: "pointer", visibility: "hidden" }, this.svg);
    this.changes = new Map();
    this.chosen = new Set();
  }

  /* Text at each site that has changed, by its number. */
  tellChanges(changes) {
    this.changes = changes;
    this.labels.replaceChildren(...[...changes].map(([site, text]) => {
      const label = svgElement("text", { "data-site": site, class: "place" });
      label.textContent = text;
      return label;
    }));
    const { width, height } = this.fit();
    this.namePlaces(width, height);
  }

  namePlaces(width, height) {
    if (this.toScreen) this.placeLabels();
    super.namePlaces(width, height);
  }

  /* Beside their sites, the first ones first; a label that would cover another on every side is hidden until the map is closer. */
  placeLabels() {
    const taken = [];
    for (const label of this.labels.children) {
      const site = Number(label.dataset.site);
      const [x, y] = this.toScreen(...this.map.site_xy[site]);
      const away = this.radius(this.plugs[site]) + 4;
      const half = EditMap.HALF_CHARACTER * label.textContent.length;
      const place = [[0, -away], [0, away + 10], [away + half, 4], [-away - half, 4]]
        .map(([dx, dy]) => ({ atX: x + dx, atY: y + dy, box: [x + dx - half, y + dy - 11, x + dx + half, y + dy + 4] }))
        .find(({ box }) => !taken.some((other) => meets(other, box)));
      label.setAttribute("visibility", place ? "visible" : "hidden");
      if (!place) continue;
      taken.push(place.box);
      label.setAttribute("x", place.atX);
      label.setAttribute("y", place.atY);
    }
    this.reserved = taken;
  }

  /* Where a position in degrees is drawn, and the other way. */
  drawnAt(lon, lat) {
    const { left, top, scale, margin } = this.map.mercator;
    const radians = Math.PI / 180;
    return [(lon * radians - left) * scale + margin, (top - Math.log(Math.tan(Math.PI / 4 + (lat * radians) / 2))) * scale + margin];
  }

  lonLatAt(x, y) {
    const { left, top, scale, margin } = this.map.mercator;
    const degrees = 180 / Math.PI;
    const mercator = top - (y - margin) / scale;
    return [((x - margin) / scale + left) * degrees, (2 * Math.atan(Math.exp(mercator)) - Math.PI / 2) * degrees];
  }

  /* Sites after those of the run, by where they are drawn; those of before are none any more. */
  addSites(places) {
    this.nOfRun ??= this.map.site_xy.length;
    if (JSON.stringify(this.map.site_xy.slice(this.nOfRun)) === JSON.stringify(places)) return;
    for (const circle of this.siteCircles.splice(this.nOfRun)) circle.remove();
    /* What is told at sites is told anew with the figures of these. */
    this.labels.replaceChildren();
    this.map.site_xy.splice(this.nOfRun, Infinity, ...places);
    this.siteCircles.push(...places.map((_, i) =>
      svgElement("circle", { class: "site empty", r: 2, "data-site": this.nOfRun + i, tabindex: -1, role: "button" }, this.circles)));
    if (this.marked >= this.siteCircles.length) this.marked = undefined;
    this.plugs = this.map.site_xy.map((_, site) => this.plugs[site] ?? 0);
    this.placeAll();
  }

  /* A mark where a site would stand; none without a place. */
  point(...place) {
    this.pointed = place.length ? place : undefined;
    this.placePointer();
  }

  placePointer() {
    this.pointer.setAttribute("visibility", this.pointed ? "visible" : "hidden");
    if (!this.pointed || !this.toScreen) return;
    const [x, y] = this.toScreen(...this.pointed);
    this.pointer.setAttribute("d", `M${x - 12} ${y}h24M${x} ${y - 12}v24`);
  }

  place() {
    if (this.placed && this.map.site_xy.length + this.map.roads.length >= EditMap.LARGE) this.movePicture();
    else this.placeAll();
  }

  placeAll() {
    this.svg.style.transform = "";
    super.place();
    this.placed = this.toScreen && this.view();
    this.placePointer();
  }

  movePicture() {
    const { k, left, top } = this.view();
    const ratio = k / this.placed.k;
    this.svg.style.transform = `translate(${left - this.placed.left * ratio}px, ${top - this.placed.top * ratio}px) scale(${ratio})`;
    clearTimeout(this.rest);
    this.rest = setTimeout(() => this.placeAll(), EditMap.REST_MS);
  }

  show(plugs, colours) {
    super.show(plugs, colours);
    this.choose(this.chosen);
  }

  choose(sites) {
    this.chosen = new Set(sites);
    this.siteCircles.forEach((circle, site) => circle.classList.toggle("chosen", this.chosen.has(site)));
  }

  /* Let a click be a place on the map, told where it is drawn. */
  pointAt(onPoint) {
    const clicked = (event) => {
      if (event.target.closest(".zoom")) return;
      event.stopPropagation();
      const { left, top } = this.box();
      const view = this.view();
      onPoint((event.clientX - left - view.left) / view.k, (event.clientY - top - view.top) / view.k);
    };
    const box = this.svg.parentElement;
    box.addEventListener("click", clicked, true);
    this.svg.classList.add("pointing");
    return () => {
      box.removeEventListener("click", clicked, true);
      this.svg.classList.remove("pointing");
    };
  }

  /* Let the pointer draw around sites in place of moving the map. */
  encircle(onDone) {
    let points;
    const box = this.svg.parentElement;
    const at = (event) => {
      const { left, top } = this.box();
      return [event.clientX - left, event.clientY - top];
    };
    const handlers = {
      pointerdown: (event) => {
        points = [at(event)];
        this.svg.setPointerCapture(event.pointerId);
      },
      pointermove: (event) => {
        if (!points) return;
        points.push(at(event));
        this.outline.setAttribute("points", points.join(" "));
        this.outline.setAttribute("visibility", "visible");
      },
      pointerup: () => {
        if (!points) return;
        const drawn = points;
        points = undefined;
        this.outline.setAttribute("visibility", "hidden");
        const found = this.map.site_xy.map((_, site) => site).filter((site) => inside(this.toScreen(...this.map.site_xy[site]), drawn));
        /* The click that ends the line is none on the map. */
        setTimeout(() => onDone(found));
      },
      click: () => {},
    };
    const taken = (event) => {
      if (event.target.closest(".zoom")) return;
      event.stopPropagation();
      event.preventDefault();
      handlers[event.type](event);
    };
    for (const type of Object.keys(handlers)) box.addEventListener(type, taken, true);
    this.svg.classList.add("encircling");
    return () => {
      for (const type of Object.keys(handlers)) box.removeEventListener(type, taken, true);
      this.svg.classList.remove("encircling");
    };
  }
}

/* Whether a point lies in a polygon: a ray from it meets the sides an odd number of times. */
function inside([x, y], polygon) {
  return polygon.reduce((odd, [x1, y1], i) => {
    const [x2, y2] = polygon.at(i - 1);
    return (y1 > y) !== (y2 > y) && x < ((x2 - x1) * (y - y1)) / (y2 - y1) + x1 ? !odd : odd;
  }, false);
}
