"use strict";
/* A page of charts and tables: drawn anew in each language, the chosen plan kept. */

const data = JSON.parse(document.getElementById("data").textContent);
const CHOSEN = "solution_name";
const SCREEN = { title: 13, text: 12, height: 1 };
const PAPER = { title: 10.5, text: 9.5, height: 0.68 };
const PAPER_WIDTH = 700; /* of A4 between its margins, CSS pixels */
const AXES = 52; /* beside a plot, at the sizes of a screen */
const SMALLEST_SCALE = 0.85;
/* Layers of marks are empty for plans of which nothing is published: no reason to warn. */
const LOG_LEVEL = 1; /* errors alone */
const views = new Map();
let columnsDrawn = "";

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

/* The chart as wide as its room, its letters never smaller than they can be read. */
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

function chosenIn(view) {
  return view?.getState({ signals: (name) => name === CHOSEN, data: () => false }).signals[CHOSEN];
}

function roomOf(name) {
  return document.getElementById(`chart-${name}`).clientWidth || PAPER_WIDTH;
}

function columnsNow() {
  return Object.entries(data.charts[speech.code]).map(([name, chart]) => columnsIn(chart, roomOf(name))).join();
}

/* For the screen, and once more for paper, where the choice of the plan is followed. */
async function drawChart(name, chart) {
  const options = chartOptions({ logLevel: LOG_LEVEL });
  const before = views.get(name);
  const chosen = chosenIn(before?.[0].view);
  for (const drawn of before ?? []) drawn.finalize();
  const room = roomOf(name);
  const onScreen = laidOut(chart, room, columnsIn(chart, room), SCREEN);
  const onPaper = laidOut(chart, PAPER_WIDTH, chart.columns, PAPER);
  const screen = await vegaEmbed(document.getElementById(`chart-${name}`), onScreen, options);
  const paper = await vegaEmbed(document.getElementById(`paper-${name}`), onPaper, { ...options, bind: document.createElement("div") });
  views.set(name, [screen, paper]);
  if (chosenIn(screen.view) === undefined) return;
  screen.view.addSignalListener(CHOSEN, (_, plan) => paper.view.signal(CHOSEN, plan).runAsync());
  if (chosen !== undefined) await screen.view.signal(CHOSEN, chosen).runAsync();
}

async function drawCharts() {
  delete document.body.dataset.ready;
  columnsDrawn = columnsNow();
  for (const [name, chart] of Object.entries(data.charts[speech.code])) await drawChart(name, chart);
  document.body.dataset.ready = "true";
}

function start() {
  SortedTable.all(data.title);
  speech.listen();
  speech.onChange.push(drawCharts);
  speech.choose(speech.first());
  addEventListener("resize", () => {
    if (document.body.dataset.ready && columnsNow() !== columnsDrawn) drawCharts();
  });
}

start();
