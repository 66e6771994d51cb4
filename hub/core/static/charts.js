// Draws the control charts of a page from the numbers beside them; every text comes with those. Colours are the style
// sheet's, so that charts are light or dark as the page is. Nothing moves. While nobody reads in it the page renews itself.

import { init } from "./vendor/echarts.js";

const TOP = 20;
const RENEW_MS = 60_000;
const OUTSIDE = "outside";
const SHAPES = { outside: "diamond", run: "triangle" };
const narrow = matchMedia("(max-width: 575.98px)");
const drawings = new Map();

function theme() {
  const style = getComputedStyle(document.documentElement);
  const of = (name) => style.getPropertyValue(`--chart-${name}`).trim();
  return {
    text: of("text"), line: of("line"), interval: of("interval"), limits: of("limits"),
    centre: of("centre"), unusual: of("unusual"), grid: of("grid"), ground: of("ground"),
    font: getComputedStyle(document.body).fontFamily,
  };
}

function draw(place) {
  const id = place.dataset.chart;
  const drawn = JSON.parse(document.getElementById(`${id}-drawn`).textContent);
  const closer = drawn.closer !== null && !isWhole(id);
  drawings.get(id)?.chart.dispose();
  place.replaceChildren();
  const chart = init(place, null, { renderer: "canvas" });
  chart.setOption(options(drawn, theme(), closer));
  drawings.set(id, { chart, drawn, at: drawn.labels.length });
  place.dataset.drawn = "yes";
}

function options(drawn, colours, closer) {
  const words = { color: colours.text, fontFamily: colours.font, fontSize: 12 };
  const reach = closer ? [-drawn.closer, drawn.closer] : drawn.axis ?? [0, null];
  return {
    animation: false,
    textStyle: words,
    grid: { left: 8, right: narrow.matches ? 12 : 96, top: TOP, bottom: 4, containLabel: true },
    xAxis: {
      type: "category", data: drawn.labels,
      axisLabel: { ...words, hideOverlap: true }, axisTick: { show: false },
      axisLine: { onZero: false, lineStyle: { color: colours.grid } },
    },
    yAxis: {
      type: "value", min: reach[0], max: reach[1] ?? undefined, interval: drawn.axis ? reach[1] / 2 : undefined, splitNumber: 4,
      minInterval: drawn.axis ? undefined : 1,
      axisLabel: { ...words, formatter: signed(drawn) }, splitLine: { lineStyle: { color: colours.grid } },
    },
    tooltip: {
      trigger: "axis", className: "chart-tip", confine: true, transitionDuration: 0,
      axisPointer: { lineStyle: { color: colours.centre } },
      formatter: (shown) => tip(drawn.tips[shown[0].dataIndex]),
    },
    series: [limits(drawn, colours, reach), intervals(drawn, colours), centre(drawn, colours), values(drawn, colours)],
  };
}

const signed = (drawn) => (value) => {
  const text = Math.abs(value).toLocaleString(document.documentElement.lang);
  if (value === 0 || !(drawn.axis?.[0] < 0)) return text;
  return value < 0 ? `−${text}` : `+${text}`;
};

// A pale rectangle as wide as the step; a gap has a small ring at the foot instead.
function limits(drawn, colours, reach) {
  const first = drawn.limits.findIndex((pair) => pair !== null);
  return {
    type: "custom", silent: true, z: 1, clip: true, encode: { x: 0, y: [1, 2] },
    data: drawn.limits.map((pair, at) => [at, ...(pair ?? [null, null])]),
    renderItem: (_, api) => {
      const at = api.value(0);
      const [width] = api.size([1, 0]);
      if (drawn.values[at] === null && drawn.unfinished[at] === null) {
        const [x, y] = api.coord([at, reach[0]]);
        return { type: "circle", shape: { cx: x, cy: y - 5, r: 2.5 }, style: { fill: "none", stroke: colours.centre } };
      }
      if (drawn.limits[at] === null) return undefined;
      const [x, low] = api.coord([at, api.value(1)]);
      const [, high] = api.coord([at, api.value(2)]);
      const band = { type: "rect", shape: { x: x - width / 2, y: high, width, height: low - high }, style: { fill: colours.limits } };
      if (at !== first) return band;
      const name = {
        text: drawn.words.limits, x: x - width / 2, y: Math.max(high - 2, TOP + 12), verticalAlign: "bottom", fill: colours.text, font: `11px ${colours.font}`,
      };
      return { type: "group", children: [band, { type: "text", style: name }] };
    },
  };
}

// A bar from end to end; a step that is not over is a ring where it stands by now.
function intervals(drawn, colours) {
  return {
    type: "custom", silent: true, z: 2, clip: true, encode: { x: 0, y: [1, 2] },
    data: drawn.intervals.map((pair, at) => [at, ...(drawn.unfinished[at] === null ? pair : [0, drawn.unfinished[at]])]),
    renderItem: (_, api) => {
      const at = api.value(0);
      if (drawn.unfinished[at] !== null) {
        const [cx, cy] = api.coord([at, drawn.unfinished[at]]);
        return { type: "circle", shape: { cx, cy, r: 4 }, style: { fill: colours.ground, stroke: colours.line, lineWidth: 2 } };
      }
      const [from, to] = drawn.intervals[at];
      if (from === null) return undefined;
      const [x, low] = api.coord([at, from]);
      const [, high] = api.coord([at, to]);
      const width = Math.min(8, api.size([1, 0])[0] * 0.5);
      return { type: "rect", shape: { x: x - width / 2, y: high, width, height: low - high }, style: { fill: colours.interval } };
    },
  };
}

function centre(drawn, colours) {
  return {
    type: "line", silent: true, symbol: "none", z: 3,
    data: drawn.labels.map(() => drawn.centre),
    lineStyle: { color: colours.centre, width: 1, type: "dashed" },
    endLabel: {
      show: drawn.centre !== null && !narrow.matches, formatter: drawn.words.centre,
      color: colours.text, fontFamily: colours.font, fontSize: 12,
    },
  };
}

function values(drawn, colours) {
  const lastOf = (at) => drawn.signals[at] !== drawn.signals[at + 1];
  return {
    type: "line", connectNulls: false, z: 4, showAllSymbol: true,
    lineStyle: { color: colours.line, width: 2 },
    itemStyle: { color: colours.line },
    emphasis: { disabled: true },
    data: drawn.values.map((value, at) => {
      const signal = drawn.signals[at];
      if (signal === null) return { value, symbol: "circle", symbolSize: 5 };
      const told = signal === OUTSIDE || lastOf(at);
      const below = value < drawn.centre;
      return {
        value, symbol: SHAPES[signal], symbolSize: signal === OUTSIDE ? 12 : 9,
        itemStyle: { color: colours.unusual, borderColor: colours.ground, borderWidth: 1 },
        label: {
          show: told, position: below ? "bottom" : "top", formatter: drawn.words[signal],
          color: colours.text, fontFamily: colours.font, fontSize: 12, fontWeight: 600,
        },
      };
    }),
    labelLayout: { hideOverlap: true },
  };
}

function tip(lines) {
  const [name, ...rest] = lines;
  const told = document.createElement("div");
  const title = document.createElement("strong");
  title.textContent = name;
  told.append(title, ...rest.map((line) => {
    const row = document.createElement("div");
    row.textContent = line;
    return row;
  }));
  return told;
}

const isWhole = (id) => document.querySelector(`[data-scale="${CSS.escape(id)}"]`)?.getAttribute("aria-pressed") === "true";

function drawAll() {
  for (const { chart } of drawings.values()) chart.dispose();
  drawings.clear();
  for (const button of document.querySelectorAll("[data-scale]")) button.hidden = false;
  for (const place of document.querySelectorAll("[data-chart]")) draw(place);
}

// Arrows lead from point to point; what the tip shows is said as well.
document.addEventListener("keydown", (event) => {
  const id = event.target.dataset?.chart;
  if (id === undefined || !["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
  event.preventDefault();
  const drawing = drawings.get(id);
  const last = drawing.drawn.labels.length - 1;
  const next = { ArrowLeft: drawing.at - 1, ArrowRight: drawing.at + 1, Home: 0, End: last }[event.key];
  drawing.at = Math.min(last, Math.max(0, next));
  drawing.chart.dispatchAction({ type: "showTip", seriesIndex: 3, dataIndex: drawing.at });
  document.getElementById(`${id}-said`).textContent = drawing.drawn.tips[drawing.at].join(". ");
});

document.addEventListener("focusout", (event) => {
  drawings.get(event.target.dataset?.chart)?.chart.dispatchAction({ type: "hideTip" });
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-scale]");
  if (button === null) return;
  button.setAttribute("aria-pressed", String(button.getAttribute("aria-pressed") !== "true"));
  draw(document.querySelector(`[data-chart="${CSS.escape(button.dataset.scale)}"]`));
});

new ResizeObserver(() => { for (const { chart } of drawings.values()) chart.resize(); }).observe(document.body);
new MutationObserver(drawAll).observe(document.documentElement, { attributeFilter: ["data-bs-theme"] });
narrow.addEventListener("change", drawAll);

// New answers: the same page again, unless somebody is reading in it. What is stored can always be read later.
async function renew() {
  const charts = document.getElementById("charts");
  const isRead = charts.contains(document.activeElement) || charts.querySelector("details[open]") !== null;
  if (document.hidden || isRead) return;
  const lost = document.getElementById("lost");
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (answer.redirected) return location.reload(); // the session has ended
    if (!answer.ok) throw new Error(answer.statusText);
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    charts.replaceChildren(...page.getElementById("charts").childNodes);
    drawAll();
    lost.hidden = true;
  } catch {
    lost.hidden = false;
  }
}

drawAll();
setInterval(renew, RENEW_MS);
addEventListener("online", renew);
addEventListener("offline", () => { document.getElementById("lost").hidden = false; });
