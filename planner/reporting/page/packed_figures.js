"use strict";
/* Figures of every plan, packed: 16-bit whole numbers, column by column, compressed, in base64. */

class PackedFigures {
  static MISSING = 65535;

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
    this.figures = new Map(figures.map(({ name, unit }, number) => [name, { unit, start: number * columns * nSolutions }]));
  }

  /* Values of a figure in a solution, one per column, null where not known. */
  row(name, solution) {
    const { unit, start } = this.figures.get(name);
    const perUnit = Math.round(1 / unit);
    return Array.from({ length: this.columns }, (_, column) => {
      const whole = this.view.getUint16(2 * (start + column * this.nSolutions + solution), true);
      if (whole === PackedFigures.MISSING) return null;
      return unit < 1 ? whole / perUnit : whole * unit;
    });
  }
}
