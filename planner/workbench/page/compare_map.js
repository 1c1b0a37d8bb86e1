"use strict";
/* Maps of the same sites that show the same extent, which stands in the address. */

const byId = (id) => document.getElementById(id);
const signed = (value, written) => `${value > 0 ? "+" : value < 0 ? "\u2212" : "\u00b1"}${written(Math.abs(value))}`;
address.KEYS.push("at", "show", "measure", "left", "left-plan", "right", "right-plan", "border", "step");
address.read();

class PairedMap extends EditMap {
  static TELL_MS = 400;

  others = [];

  /* Of several maps each moves with the others; the first one tells the address. */
  static pair(maps) {
    for (const map of maps) map.others = maps.filter((other) => other !== map);
    const [first] = maps;
    first.onMove = () => {
      clearTimeout(first.telling);
      first.telling = setTimeout(() => address.write({ at: first.extent }), PairedMap.TELL_MS);
    };
    byId("zoom-in").onclick = () => first.zoomBy(1.6);
    byId("zoom-out").onclick = () => first.zoomBy(1 / 1.6);
    byId("zoom-all").onclick = () => first.showAll();
  }

  /* Roads are a picture of their own behind the sites: where these alone change, it is not drawn anew. */
  draw() {
    super.draw();
    this.behind = svgElement("svg", { "aria-hidden": "true" });
    this.svg.before(this.behind);
    this.behind.append(this.scene);
  }

  layBehind() {
    this.behind.setAttribute("viewBox", this.svg.getAttribute("viewBox"));
    this.behind.style.transform = this.svg.style.transform;
  }

  placeAll() {
    if (!this.svg.isConnected) return; // a map of other roads has taken its place
    super.placeAll();
    if (this.placed) this.layBehind();
  }

  movePicture() {
    super.movePicture();
    this.layBehind();
  }

  place() {
    if (!this.svg.isConnected) return;
    super.place();
    for (const other of this.others) {
      if (["zoom", "shiftX", "shiftY"].every((key) => other[key] === this[key])) continue;
      Object.assign(other, { zoom: this.zoom, shiftX: this.shiftX, shiftY: this.shiftY });
      other.place();
    }
  }

  moveBy(dx, dy) {
    super.moveBy(dx, dy);
    for (const map of [this, ...this.others]) map.onMove?.();
  }

  /* Zoom, and the place of the drawing in the middle: the same on screens of all sizes. */
  get extent() {
    const { k } = this.view();
    return [this.zoom, this.map.width / 2 - this.shiftX / k, this.map.height / 2 - this.shiftY / k].map((value) => value.toFixed(2)).join(" ");
  }

  set extent(text) {
    const [zoom, x, y] = (text ?? "").split(" ").map(Number);
    if (![zoom, x, y].every(Number.isFinite) || !text) return;
    this.zoom = Math.max(1, Math.min(SiteMap.LARGEST_ZOOM, zoom));
    const { k } = this.view();
    this.shiftX = (this.map.width / 2 - x) * k;
    this.shiftY = (this.map.height / 2 - y) * k;
    this.place();
  }

  /* Sizes and colours of a moment: what stays is not touched, so that thousands of sites can be played. */
  advance(sizes, colours) {
    const before = this.shownColours ?? [];
    this.siteCircles.forEach((circle, site) => {
      const colour = sizes[site] ? colours[site] : null;
      if (colour !== before[site]) circle.setAttribute("class", `site ${colour === null ? "empty" : `u${colour}`}`);
      if (sizes[site] !== this.plugs[site]) circle.setAttribute("r", this.radius(sizes[site]));
    });
    this.shownColours = sizes.map((size, site) => (size ? colours[site] : null));
    this.plugs = sizes;
    this.placeLabels();
  }

  show(sizes, colours) {
    this.shownColours = sizes.map((size, site) => (size ? colours[site] : null));
    super.show(sizes, colours);
  }
}

/* Which of the five colours a value has, null where it is not known. */
function colourIn(classes, value) {
  return value === null || value === undefined ? null : classes.colours[classes.limits.filter((limit) => value > limit).length];
}
