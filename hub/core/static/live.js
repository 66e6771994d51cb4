// Keeps the live page alive: answers come by Server-Sent Events, everything else is read again when it has changed.
// After a lost connection the browser says which answer it saw last, so none is missed and none shown twice.
"use strict";

const SHOWN_ANSWERS = 100;
const SILENCE_MS = 40_000; // the hub says something every 15 seconds
const NOTICE_AFTER_MS = 2_000;
const RETRY_MS = 3_000;
const REFRESH_EVERY_MS = 1_500;

const main = document.querySelector("main[data-live]");
const names = JSON.parse(main.dataset.names);
const words = JSON.parse(main.dataset.words);
const lost = document.getElementById("lost");
const template = document.getElementById("answer-row");

let last = Number(main.dataset.last);
let source = null;
let heard = Date.now();
let noticeTimer = null;

function connect() {
  source?.close();
  source = new EventSource(`${main.dataset.live}?after=${last}`);
  source.addEventListener("open", connected);
  source.addEventListener("error", disconnected);
  source.addEventListener("beat", () => { heard = Date.now(); });
  source.addEventListener("answer", (event) => { heard = Date.now(); showAnswer(JSON.parse(event.data)); });
  source.addEventListener("flagged", (event) => { showFlags(JSON.parse(event.data)); });
  source.addEventListener("device", () => { refreshState(); });
  source.addEventListener("refresh", () => { refreshAnswers(); refreshState(); });
  heard = Date.now();
}

function connected() {
  heard = Date.now();
  clearTimeout(noticeTimer);
  noticeTimer = null;
  document.documentElement.dataset.connected = "yes";
  if (!lost.hidden) refreshState();
  lost.hidden = true;
}

function disconnected() {
  document.documentElement.dataset.connected = "no";
  noticeTimer ??= setTimeout(() => { lost.hidden = false; }, NOTICE_AFTER_MS);
  if (source.readyState === EventSource.CLOSED) setTimeout(connectIfWelcome, RETRY_MS);
}

// The browser gives up after an error response: ask first, because the session may have ended.
async function connectIfWelcome() {
  try {
    const response = await fetch("/live/state");
    if (response.status === 401 || response.status === 403) location.reload();
    else if (response.ok) { connect(); return; }
  } catch { /* still away */ }
  setTimeout(connectIfWelcome, RETRY_MS);
}

function throttled(read) {
  let waiting = false;
  let readAt = 0;
  return () => {
    if (waiting) return;
    waiting = true;
    const due = Math.max(readAt + REFRESH_EVERY_MS - Date.now(), Math.random() * 300);
    setTimeout(async () => {
      waiting = false;
      readAt = Date.now();
      try { await read(); } catch { /* the connection's notice tells */ }
    }, due);
  };
}

// The answer's elements take the place of those that have the same id here.
async function readAgain(address) {
  const response = await fetch(address);
  if (!response.ok) return;
  const read = document.createElement("template");
  read.innerHTML = await response.text();
  for (const element of [...read.content.children]) document.getElementById(element.id)?.replaceWith(element);
  showTimes();
}

const refreshState = throttled(() => readAgain("/live/state"));
const refreshAnswers = throttled(async () => {
  if (template === null) return;
  await readAgain("/live/answers");
  for (const row of document.querySelectorAll("#answer-rows > li")) last = Math.max(last, Number(row.dataset.id));
});

function showAnswer(answer) {
  last = Math.max(last, answer.id);
  const rows = document.getElementById("answer-rows");
  if (rows.querySelector(`[data-id="${answer.id}"]`)) return;
  rows.prepend(rowOf(answer));
  while (rows.children.length > SHOWN_ANSWERS) rows.lastElementChild.remove();
  document.getElementById("no-answers").hidden = true;
  refreshState();
}

function rowOf(answer) {
  const row = template.content.firstElementChild.cloneNode(true);
  const put = (field, text) => { row.querySelector(`[data-field="${field}"]`).textContent = text; };
  const device = names.devices[answer.device] ?? answer.device;
  const value = row.querySelector('[data-field="value"]');
  value.className = `value mood-${words.moods[answer.value] ?? "plain"}`;
  put("value", words.answers[answer.value] ?? answer.value ?? words.button.replace("%(number)s", answer.button));
  put("place", names.touchpoints[answer.touchpoint] ?? answer.touchpoint ?? device);
  put("who", names.employees[answer.employee] ?? answer.employee ?? "");
  put("from", [device, answer.panel, answer.button].filter((part) => part !== null).join(" · "));
  for (const flag of answer.flags) addChip(row, words.flags[flag] ?? flag);
  if (words.time_sources[answer.time_source]) addChip(row, words.time_sources[answer.time_source]);
  row.classList.toggle("flagged", answer.flags.length > 0);
  row.classList.add("fresh");
  row.dataset.id = answer.id;
  row.dataset.key = `${answer.device}/${answer.epoch}/${answer.sequence}`;
  row.dataset.stored = answer.stored_ms ?? "";
  const time = row.querySelector("time");
  time.dataset.ms = answer.occurred_ms;
  time.dataset.zone = names.time_zones[answer.facility] ?? "UTC";
  showTime(time, Date.now());
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
  for (const [epoch, sequence] of told.responses) {
    const row = document.querySelector(`#answer-rows [data-key="${CSS.escape(`${told.device}/${epoch}/${sequence}`)}"]`);
    if (row === null) continue;
    row.classList.add("flagged");
    addChip(row, words.flags[told.flag] ?? told.flag);
  }
}

// Relative while fresh, the facility's own time after an hour; exact on hover.
function showTimes() {
  for (const time of document.querySelectorAll("time[data-ms]")) showTime(time, Date.now());
}

function showTime(time, now) {
  const at = Number(time.dataset.ms);
  const zone = time.dataset.zone;
  if (!time.dateTime) {
    time.dateTime = new Date(at).toISOString();
    time.title = formatter(zone, { dateStyle: "medium", timeStyle: "long" }).format(at);
  }
  const seconds = Math.max(0, Math.round((now - at) / 1000));
  const text = seconds < 5 ? words.times.now
    : seconds < 60 ? words.times.seconds.replace("%(n)s", seconds)
    : seconds < 3600 ? words.times.minutes.replace("%(n)s", Math.floor(seconds / 60))
    : exactly(at, zone, now);
  if (time.textContent !== text) time.textContent = text;
}

function exactly(at, zone, now) {
  const day = formatter(zone, { day: "numeric", month: "short" });
  const clock = formatter(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at);
  return day.format(at) === day.format(now) ? clock : `${day.format(at)}, ${clock}`;
}

// Making a formatter costs a hundred times more than using one.
const formatters = new Map();
function formatter(timeZone, options) {
  const key = timeZone + JSON.stringify(options);
  if (!formatters.has(key)) {
    formatters.set(key, new Intl.DateTimeFormat(document.documentElement.lang, { timeZone, ...options }));
  }
  return formatters.get(key);
}

setInterval(showTimes, 5_000);
setInterval(() => { if (Date.now() - heard > SILENCE_MS) { disconnected(); connect(); } }, 5_000);
showTimes();
connect();
