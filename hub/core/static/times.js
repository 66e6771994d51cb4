// Moments as people say them: how long ago for a day, then day and hour in the facility's zone; exact on hover.
// The hub writes them in the same words (hub/core/texts.py); here they are kept fresh.

const EVERY_MS = 5_000;
const UNITS = [["hour", 3_600], ["minute", 60], ["second", 1]];
const DAY_S = 24 * 3_600;
const language = document.documentElement.lang === "en" ? "en-GB" : document.documentElement.lang;
const relative = new Intl.RelativeTimeFormat(language);

export function showTime(time, now) {
  const at = Date.parse(time.dateTime);
  const zone = time.dataset.zone;
  if (!time.title) time.title = formatter(zone, { dateStyle: "medium", timeStyle: "long" }).format(at);
  const passed = Math.max(1, Math.floor((now - at) / 1000));
  const [unit, size] = UNITS.find(([, size]) => passed >= size);
  const text = passed < DAY_S ? relative.format(-Math.floor(passed / size), unit) : exactly(at, zone, now);
  if (time.textContent !== text) time.textContent = text;
}

export function showTimes() {
  for (const time of document.querySelectorAll("time[data-zone][datetime]")) showTime(time, Date.now());
}

function exactly(at, zone, now) {
  const year = formatter(zone, { year: "numeric" });
  const far = year.format(at) === year.format(now) ? {} : { year: "numeric" };
  const day = formatter(zone, { day: "numeric", month: "short", ...far }).format(at);
  return `${day}, ${formatter(zone, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(at)}`;
}

// Making a formatter costs a hundred times more than using one.
const formatters = new Map();
function formatter(timeZone, options) {
  const key = timeZone + JSON.stringify(options);
  if (!formatters.has(key)) formatters.set(key, new Intl.DateTimeFormat(language, { timeZone, ...options }));
  return formatters.get(key);
}

setInterval(showTimes, EVERY_MS);
