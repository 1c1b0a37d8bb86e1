"use strict";
/* The report's map, on which several sites can be chosen, encircled, and told what has changed. */

class EditMap extends SiteMap {
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
    super.place();
    if (this.toScreen) this.placeLabels();
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
      const { left, top } = this.svg.getBoundingClientRect();
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
        onDone(this.map.site_xy.map((_, site) => site).filter((site) => inside(this.toScreen(...this.map.site_xy[site]), drawn)));
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
