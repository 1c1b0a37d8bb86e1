"use strict";
/* Figures of every plan, packed: whole numbers of 16 or 32 bits, column by column, compressed, in base64. */

class PackedFigures {
  static async open(packed, nSolutions) {
    const bytes = Uint8Array.from(atob(packed.base64), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const buffer = await new Response(stream).arrayBuffer();
    return new PackedFigures(packed, nSolutions, new DataView(buffer));
  }

  constructor({ figures, columns }, nSolutions, view) {
    this.columns = columns;
    this.nSolutions = nSolutions;
    this.view = view;
    this.figures = new Map();
    let start = 0;
    for (const { name, unit, bytes } of figures) {
      this.figures.set(name, { unit, bytes, start });
      start += bytes * columns * nSolutions;
    }
  }

  /* Values of a figure in a solution, one per column, null where not known. */
  row(name, solution) {
    const { unit, bytes, start } = this.figures.get(name);
    const perUnit = Math.round(1 / unit);
    const missing = 2 ** (8 * bytes) - 1; // the largest number stands for a figure not known
    return Array.from({ length: this.columns }, (_, column) => {
      const at = start + bytes * (column * this.nSolutions + solution);
      const whole = bytes === 2 ? this.view.getUint16(at, true) : this.view.getUint32(at, true);
      if (whole === missing) return null;
      return unit < 1 ? whole / perUnit : whole * unit;
    });
  }
}
