"use strict";
/* What a part of a page shows as a picture: drawings and texts where they are, with the styles that make them look so. */

const picture = {
  STYLES: ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "font-size", "font-family", "font-weight", "text-anchor", "paint-order", "visibility"],
  /* These are none of their parents'. */
  OWN: ["opacity", "vector-effect"],
  MARGIN: 12,

  /* Texts and drawings of a box, the lowest first, and below them whose they are; buttons and tips are no part of it. */
  of(box) {
    const frame = box.getBoundingClientRect();
    const drawn = svgElement("svg", { xmlns: SVG_NAMESPACE });
    const paper = svgElement("rect", { fill: getComputedStyle(document.body).backgroundColor }, drawn);
    this.lowest = 0;
    this.draw(box, drawn, frame.left - this.MARGIN, frame.top - this.MARGIN);
    const caption = svgElement("text", { x: this.MARGIN, y: this.lowest + 2 * this.MARGIN, "font-size": "12px" }, drawn);
    caption.textContent = this.caption();
    caption.style.setProperty("font-family", getComputedStyle(box).fontFamily);
    caption.style.setProperty("fill", getComputedStyle(box).color);
    const size = { width: Math.ceil(frame.width + 2 * this.MARGIN), height: Math.ceil(this.lowest + 3 * this.MARGIN) };
    for (const [name, value] of Object.entries(size)) {
      drawn.setAttribute(name, value);
      paper.setAttribute(name, value);
    }
    drawn.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    return new XMLSerializer().serializeToString(drawn);
  },

  /* The run, its plan and the moment, as far as the page tells them. */
  caption() {
    const way = document.querySelector("nav.study").innerText.split("›").at(-1);
    const more = [...document.querySelectorAll(".named [aria-current='page'], #moment")].map((each) => each.innerText);
    return [way, ...more].map((text) => text.replace(/\s+/g, " ").trim()).filter((text) => text).join(" · ");
  },

  draw(node, drawn, left, top) {
    if (node.nodeType === Node.TEXT_NODE) this.write(node, drawn, left, top);
    else if (!node.checkVisibility?.() || node.matches("button, .tip, .zoom, input, select")) return;
    else if (node instanceof SVGSVGElement) this.place(node, drawn, left, top);
    else for (const child of node.childNodes) this.draw(child, drawn, left, top);
  },

  place(svg, drawn, left, top) {
    /* A map that is larger than its frame is seen through the frame, one beside another up to the border. */
    const seen = (svg.closest(".map-box") ?? svg).getBoundingClientRect();
    const hidden = parseFloat(getComputedStyle(svg.parentElement).clipPath.match(/inset\(.* ([\d.]+%?)\)/)?.[1] ?? "0");
    const from = (seen.width * hidden) / 100;
    const [x, y, width, height] = [seen.left - left + from, seen.top - top, seen.width - from, seen.height];
    const paper = getComputedStyle(svg).backgroundColor;
    if (paper !== "rgba(0, 0, 0, 0)") svgElement("rect", { x, y, width, height, fill: paper }, drawn);
    const copy = svg.cloneNode(true);
    this.dress(svg, copy, {});
    for (const [name, value] of Object.entries({ x, y, width, height, viewBox: `${from} 0 ${width} ${height}` })) copy.setAttribute(name, value);
    drawn.append(copy);
    this.lowest = Math.max(this.lowest, y + height);
    if (from) svgElement("line", { x1: x, x2: x, y1: y, y2: y + height, stroke: getComputedStyle(svg).color, "stroke-width": 2 }, drawn);
  },

  /* The style of each element, where it differs from its parent's. */
  dress(original, copy, parent) {
    const style = getComputedStyle(original);
    const own = { ...parent };
    for (const name of [...copy.getAttributeNames()]) {
      if (name === "class" || name === "style" || name === "role" || name === "id" || name === "tabindex" || name.startsWith("data-") || name.startsWith("aria-")) copy.removeAttribute(name);
    }
    for (const name of this.STYLES) {
      const value = style.getPropertyValue(name);
      if (value !== parent[name]) copy.style.setProperty(name, value);
      own[name] = value;
    }
    for (const name of this.OWN) {
      const value = style.getPropertyValue(name);
      if (value !== "1" && value !== "none") copy.style.setProperty(name, value);
    }
    [...original.children].forEach((child, i) => this.dress(child, copy.children[i], own));
  },

  /* A text of HTML, line by line as it is broken on the screen. */
  write(node, drawn, left, top) {
    if (!node.data.trim() || !node.parentElement.checkVisibility()) return;
    const style = getComputedStyle(node.parentElement);
    const range = document.createRange();
    let line;
    for (const word of node.data.matchAll(/\S+/g)) {
      range.setStart(node, word.index);
      range.setEnd(node, word.index + word[0].length);
      const at = range.getBoundingClientRect();
      if (line && Math.abs(line.at.top - at.top) < 2) {
        line.element.textContent += ` ${word[0]}`;
        continue;
      }
      const element = svgElement("text", { x: at.left - left, y: at.top - top + 0.8 * at.height }, drawn);
      element.textContent = word[0];
      this.lowest = Math.max(this.lowest, at.bottom - top);
      for (const name of ["font-size", "font-family", "font-weight"]) element.style.setProperty(name, style.getPropertyValue(name));
      element.style.setProperty("fill", style.color);
      line = { at, element };
    }
  },

  async png(svg) {
    const image = new Image();
    image.src = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
    await image.decode();
    const canvas = Object.assign(document.createElement("canvas"), { width: 2 * image.width, height: 2 * image.height });
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    URL.revokeObjectURL(image.src);
    return new Promise((done) => { canvas.toBlob(done, "image/png"); });
  },

  /* Save what a box shows; undefined where it could not be made. */
  async save(box, kind, name) {
    const svg = this.of(box);
    const made = {
      svg: () => new Blob([svg], { type: "image/svg+xml" }),
      png: () => this.png(svg),
      pdf: () => ask("POST", "/api/pictures/pdf", svg, "image/svg+xml"),
    };
    saveFile(await made[kind](), `${name}.${kind}`);
  },
};

function saveFile(content, name) {
  if (content === undefined) return;
  const link = Object.assign(document.createElement("a"), { href: URL.createObjectURL(content), download: name });
  link.click();
  URL.revokeObjectURL(link.href);
}

/* The map of the page with what stands around it: its legend, and whose maps they are. */
document.addEventListener("click", ({ target }) => {
  const kind = target.closest("[data-picture]")?.dataset.picture;
  if (kind) picture.save(document.querySelector(".map-box").parentElement, kind, `${data.name ?? "runs"}-map`);
});
