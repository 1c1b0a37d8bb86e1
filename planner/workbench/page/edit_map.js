"use strict";
/* The report's map, on which several sites can be chosen, encircled, and told what has changed. */

class EditMap extends SiteMap {
  /* From so many lines and circles on a map is moved as a picture, and drawn anew once it rests. */
  static LARGE = 8000;
  static REST_MS = 150;

  draw() {
    super.draw();
    this.labels = svgElement("g", { class: "change-labels" }, this.svg);
    this.outline = svgElement("polygon", { class: "lasso", visibility: "hidden" }, this.svg);
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
    if (this.toScreen) this.placeLabels();
  }

  placeLabels() {
    for (const label of this.labels.children) {
      const site = Number(label.dataset.site);
      const [x, y] = this.toScreen(...this.map.site_xy[site]);
      label.setAttribute("x", x);
      label.setAttribute("y", y - this.radius(this.plugs[site]) - 4);
    }
  }

  place() {
    if (this.placed && this.map.site_xy.length + this.map.roads.length >= EditMap.LARGE) this.movePicture();
    else this.placeAll();
  }

  placeAll() {
    this.svg.style.transform = "";
    super.place();
    this.placed = this.toScreen && this.view();
    if (this.toScreen) this.placeLabels();
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
    this.placeLabels();
  }

  choose(sites) {
    this.chosen = new Set(sites);
    this.siteCircles.forEach((circle, site) => circle.classList.toggle("chosen", this.chosen.has(site)));
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
