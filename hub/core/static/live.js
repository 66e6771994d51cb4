// Keeps the live page alive: answers come by Server-Sent Events, tiles are read again when something has changed.
// After a lost connection htmx says which answer it saw last, so none is missed and none shown twice.

import { follow } from "./connection.js";
import { showTime, showTimes } from "./times.js";

const SHOWN_ANSWERS = 100;
const RETRY_MS = 3_000;
const ANSWERS_AFTER_MS = 200;
const ANSWERS_EVERY_MS = 1_500;
const TILES_AFTER_MS = 3_000; // longer than the hub shares a tile (hub/dashboards/shared.py)
const TILES_EVERY_MS = 20_000; // in a crowd: five hundred open pages must not keep the hub busy
const SPREAD_MS = 700;

const live = document.getElementById("live");
const names = JSON.parse(live.dataset.names);
const words = JSON.parse(live.dataset.words);
const asked = JSON.parse(live.dataset.asked);
const template = document.getElementById("answer-row");

const on = (event, act) => live.addEventListener(event, act);
const told = (act) => (event) => act(JSON.parse(event.detail.data));

on("answer", told(showAnswer));
on("flagged", told(showFlags));
on("presence", () => readTiles());
on("device", () => readTiles());
on("refresh", () => { readAnswers(); readTiles(); });
on("htmx:error", (event) => { if (event.target !== live) tryTileAgain(event.target); });
on("htmx:response:error", (event) => { if (event.target !== live) tryTileAgain(event.target); });
follow(live, () => readTiles());

// A tile that could not be read at first says so, and is asked for again.
function tryTileAgain(tile) {
  if (!tile.matches(".awaited")) return;
  tile.dataset.failed = "";
  setTimeout(() => tile.dispatchEvent(new Event("read-tile")), RETRY_MS + Math.random() * SPREAD_MS);
}

// Soon after the first event; while more keep coming, ever more seldom. Each page at another moment.
function throttled(event, soonest, longest) {
  let waiting = false;
  let readAt = -Infinity;
  let pause = soonest;
  return () => {
    if (waiting) return;
    waiting = true;
    const since = performance.now() - readAt;
    pause = since > 2 * longest ? soonest : Math.min(longest, pause * 2);
    const due = Math.max(soonest, pause - since) + Math.random() * SPREAD_MS;
    setTimeout(() => { waiting = false; readAt = performance.now(); live.dispatchEvent(new Event(event)); }, due);
  };
}

const readTiles = throttled("read-tiles", TILES_AFTER_MS, TILES_EVERY_MS);
const readAnswers = throttled("read-again", ANSWERS_AFTER_MS, ANSWERS_EVERY_MS);
document.addEventListener("htmx:after:swap", showTimes);

function isAskedFor(answer) {
  return answer.occurred_ms < Number(live.dataset.until)
    && Object.entries(asked).every(([field, wanted]) => wanted === null || answer[field] === wanted);
}

function showAnswer(answer) {
  readTiles();
  if (!isAskedFor(answer)) return;
  const rows = document.getElementById("answer-rows");
  if (rows.querySelector(`[data-id="${answer.id}"]`)) return;
  rows.prepend(rowOf(answer));
  while (rows.children.length > SHOWN_ANSWERS) rows.lastElementChild.remove();
  document.getElementById("no-answers").hidden = true;
}

function rowOf(answer) {
  const row = template.content.firstElementChild.cloneNode(true);
  const put = (field, text) => { row.querySelector(`[data-field="${field}"]`).textContent = text; };
  const device = names.devices[answer.device] ?? answer.device;
  const mood = answer.question in words.wishes ? "plain" : words.moods[answer.value] ?? "plain";
  const face = row.querySelector(".face");
  face.setAttribute("class", `face mood-${mood}`);
  face.firstElementChild.setAttribute("href", `#face-${mood}`);
  put("value", words.answers[answer.value] ?? answer.value ?? words.button.replace("%(number)s", answer.button));
  put("place", names.touchpoints[answer.touchpoint] ?? answer.touchpoint ?? device);
  put("who", names.employees[answer.employee] ?? answer.employee ?? "");
  put("from", [device, answer.panel, answer.button].filter((part) => part !== null).join(" · "));
  put("facility", names.facilities[answer.facility] ?? answer.facility);
  put("question", words.questions[answer.question] ?? answer.question ?? "–");
  for (const flag of answer.flags) addChip(row, words.flags[flag] ?? flag);
  if (words.time_sources[answer.time_source]) addChip(row, words.time_sources[answer.time_source]);
  row.classList.toggle("flagged", answer.flags.length > 0);
  row.classList.add("fresh");
  row.dataset.id = answer.id;
  row.dataset.key = `${answer.device}/${answer.epoch}/${answer.sequence}`;
  row.dataset.stored = answer.stored_ms ?? "";
  const time = row.querySelector("time");
  time.dateTime = new Date(answer.occurred_ms).toISOString();
  time.dataset.zone = names.time_zones[answer.facility] ?? "UTC";
  showTime(time, Date.now());
  put("exactly", time.title);
  row.querySelector('[data-field="page"]').href = `/answers/${answer.id}`;
  return row;
}

function addChip(row, text) {
  const chips = row.querySelector('[data-field="flags"]');
  if ([...chips.children].some((chip) => chip.textContent === text)) return;
  const chip = document.createElement("span");
  chip.className = "chip";
  chip.textContent = text;
  chips.append(chip);
}

function showFlags(told) {
  readTiles();
  for (const [epoch, sequence] of told.responses) {
    const row = document.querySelector(`#answer-rows [data-key="${CSS.escape(`${told.device}/${epoch}/${sequence}`)}"]`);
    if (row === null) continue;
    row.classList.add("flagged");
    addChip(row, words.flags[told.flag] ?? told.flag);
  }
}

showTimes();
