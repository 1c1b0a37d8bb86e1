"use strict";
/* The charts of a page: drawn by Vega from the definitions in it, anew in each language. */

const CHOSEN = "solution_name";
const SCREEN = { title: 13, text: 12, height: 1 };
const PAPER = { title: 10.5, text: 9.5, height: 0.68 };
const PAPER_WIDTH = 700; /* of A4 between its margins, CSS pixels */
const AXES = 52; /* beside a plot, at the sizes of a screen */
const SMALLEST_SCALE = 0.85;
/* Layers of marks and names may be empty: no reason to warn. */
const ERRORS_ALONE = 1;
/* Where legends above a chart have a row for each entry: in less than this they would be cut. */
const NARROW = 480;

/* How many small charts stand side by side in a room on the screen. */
function columnsIn(chart, room) {
  const each = chart.concat[0].width + AXES + chart.spacing;
  return Math.max(1, Math.min(chart.columns, Math.floor((room / SMALLEST_SCALE + chart.spacing) / each)));
}

/* Title in lines that a small chart is wide enough for. */
function titleLines(title, width, size) {
  const most = Math.floor((width + 0.6 * AXES) / (0.62 * size));
  const lines = [""];
  for (const word of title.split(" ")) {
    const line = `${lines.at(-1)} ${word}`.trim();
    if (line.length > most && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = line;
  }
  return lines;
}

/* Small charts as wide as their room, their letters never smaller than they can be read. */
function laidOut(chart, room, columns, sizes) {
  const spacing = columns > 1 ? chart.spacing * sizes.height : chart.spacing;
  const axes = (AXES * sizes.text) / SCREEN.text;
  const wide = Math.floor((room - spacing * (columns - 1)) / columns - axes);
  const own = chart.concat[0].width;
  const width = sizes === SCREEN ? Math.min(columns > 1 ? own : 1.5 * own, Math.max(wide, own * SMALLEST_SCALE * (columns > 1))) : wide;
  const { config } = chart;
  const isNarrow = sizes === SCREEN && columns === 1;
  const legend = { ...config.legend, labelFontSize: sizes.text + 1, ...(isNarrow && { columns: 1, layout: { top: { anchor: "start", direction: "vertical" } } }) };
  return {
    ...chart,
    columns,
    spacing,
    concat: chart.concat.map((small) => ({
      ...small,
      width,
      height: Math.round(small.height * sizes.height),
      title: titleLines(small.title, width, sizes.title),
    })),
    config: {
      ...config,
      font: getComputedStyle(document.body).fontFamily,
      axis: { ...config.axis, labelFontSize: sizes.text, titleFontSize: sizes.text },
      title: { ...config.title, fontSize: sizes.title },
      legend,
    },
  };
}

/* A chart whose legends have a row for each entry, from its left edge on. */
function narrowed(chart, room) {
  const rows = { columns: 1, labelLimit: room - 30, layout: { top: { anchor: "start", direction: "vertical" } } };
  const inRows = (key, value) => {
    if (key === "gradientLength") return Math.min(value, room / 4);
    if (key === "labelAngle" && value < 0) return -90; // slanted labels reach beyond the edge
    return key === "legend" && value?.columns ? { ...value, columns: 1, direction: "vertical", offset: value.offset ?? 10 } : value;
  };
  const { config, ...rest } = chart;
  return { ...JSON.parse(JSON.stringify(rest), inRows), config: { ...config, legend: { ...config.legend, ...rows } } };
}

class Charts {
  /* data: of the page, with definitions by language and rows by name. */
  constructor(data) {
    this.data = data;
    this.drawn = new Map();
    this.options = { logLevel: ERRORS_ALONE };
  }

  get definitions() {
    return this.data.charts[speech.code];
  }

  datasets() {
    return this.data.chartData ?? {};
  }

  view(id) {
    return this.drawn.get(id)?.[0].view;
  }

  /* Charts are laid out anew where another number of small ones stands side by side, or legends get narrow. */
  columns() {
    return Object.entries(this.definitions).map(([name, chart]) => (chart.concat ? columnsIn(chart, this.room(name)) : this.room(name) < NARROW)).join();
  }

  room(id) {
    return document.getElementById(`chart-${id}`)?.clientWidth || PAPER_WIDTH;
  }

  async draw() {
    delete document.body.dataset.ready;
    this.laidOut = this.columns();
    const datasets = this.datasets();
    for (const name of Object.keys(this.definitions)) await this.drawOne(name, name, datasets);
    document.body.dataset.ready = "true";
  }

  /* Small charts are drawn once more for paper, where the choice of the plan is followed. */
  drawOne(name, id, datasets = this.datasets()) {
    this.drawing = this.drawAnew(name, id, datasets);
    return this.drawing;
  }

  async drawAnew(name, id, datasets) {
    const element = document.getElementById(`chart-${id}`);
    if (!element) return;
    for (const each of this.drawn.get(id) ?? []) each.finalize();
    const chart = this.definitions[name];
    const room = this.room(id);
    if (!chart.concat) {
      this.drawn.set(id, [await this.embed(element, room < NARROW ? narrowed(chart, room) : chart, datasets)]);
      return;
    }
    const screen = await this.embed(element, laidOut(chart, room, columnsIn(chart, room), SCREEN), datasets);
    const onPaper = laidOut(chart, PAPER_WIDTH, chart.columns, PAPER);
    const paper = await this.embed(document.getElementById(`paper-${id}`), onPaper, datasets, { bind: document.createElement("div") });
    this.drawn.set(id, [screen, paper]);
    const choice = chart.params?.find((each) => each.name === CHOSEN);
    if (!choice) return;
    screen.view.addSignalListener(CHOSEN, (_, plan) => {
      paper.view.signal(CHOSEN, plan).runAsync();
      address.write({ plan });
    });
    const { plan } = address.chosen;
    if (choice.bind.options.includes(plan)) await screen.view.signal(CHOSEN, plan).runAsync();
  }

  /* With those of the page's data that a chart asks for by name, and the language's figures. */
  async embed(element, chart, datasets, more = {}) {
    const asked = JSON.stringify(chart);
    const used = Object.fromEntries(Object.entries(datasets).filter(([key]) => asked.includes(`"name":"${key}"`)));
    const { decimal, thousands } = LANGUAGES[speech.code];
    const formatLocale = { decimal, thousands, grouping: [3], currency: ["", "\u00a0€"], percent: "\u00a0%" };
    const options = { actions: false, renderer: "svg", ast: true, formatLocale, ...this.options, ...more };
    const { view, finalize } = await vegaEmbed(element, { ...chart, datasets: { ...chart.datasets, ...used } }, options);
    return { view, finalize, chart, datasets: used };
  }

  listen() {
    listenToCorners(this);
    addEventListener("resize", () => {
      if (document.body.dataset.ready && this.columns() !== this.laidOut) this.draw();
    });
  }
}
