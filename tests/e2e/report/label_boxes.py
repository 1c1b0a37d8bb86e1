"""Labels of charts and maps that cover each other, as a browser lays them out."""

OVERLAPS = """() => {
  const found = [];
  const label = (element) => element.textContent.trim();
  const seen = (element) => {
    const style = getComputedStyle(element);
    const isShown = style.visibility !== "hidden" && Number(style.opacity) > 0;
    return label(element) && isShown && element.getClientRects().length;
  };
  for (const picture of document.querySelectorAll(".chart-box, .map-box")) {
    const { id } = picture.querySelector("[id]");
    const all = [...picture.querySelectorAll("svg text, .save button, .zoom button")].filter(seen);
    const boxes = all.map((element) => [label(element), element.getBoundingClientRect()]);
    boxes.forEach(([one, a], i) => {
      for (const [other, b] of boxes.slice(i + 1)) {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        // Boxes are as high as lines, letters are lower; a halo is a copy of its text.
        if (wide > 2 && high > 4 && one !== other) found.push([id, one, other]);
      }
    });
    const room = picture.getBoundingClientRect();
    for (const [one, box] of boxes) {
      const isBeyond = box.left < room.left - 2 || box.right > room.right + 2;
      if (isBeyond) found.push([id, one, "the edge"]);
    }
  }
  return found;
}"""
"""Pairs of labels that share an area, with the picture; labels that reach beyond it."""
