// Keeps lists of cases and alerts up to date: the hub says that something changed, and the list is read again.
// A page on which somebody may be writing is left alone, and says so instead.

const AFTER_MS = 250;
const EVERY_MS = 1_500;
const list = document.querySelector("[data-live]");
const changed = document.getElementById("changed");
const lost = document.getElementById("lost");
const shown = Number(location.pathname.split("/").pop());
let waiting = null;
let readAt = 0;

async function readAgain() {
  waiting = null;
  readAt = Date.now();
  const answer = await fetch(list.dataset.live, { headers: { Accept: "text/html" } });
  if (!answer.ok) { if (answer.status === 401) location.reload(); return; }
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const part = page.getElementById("cases") ?? page.body;
  const focused = document.activeElement?.closest?.("[data-case]")?.dataset.case;
  list.replaceChildren(...part.childNodes);
  if (focused) list.querySelector(`[data-case="${CSS.escape(focused)}"]`)?.focus();
}

function soon() {
  waiting ??= setTimeout(readAgain, Math.max(AFTER_MS, EVERY_MS - (Date.now() - readAt)));
}

const events = new EventSource("/api/live");
const told = (act) => (event) => act(JSON.parse(event.data));
if (list) {
  for (const kind of ["case", "alert", "refresh"]) events.addEventListener(kind, soon);
} else if (changed) {
  events.addEventListener("case", told((event) => { if (event.case === shown) changed.hidden = false; }));
}
let wasLost = false;
events.addEventListener("error", () => { wasLost = true; if (lost) lost.hidden = false; });
events.addEventListener("open", () => { if (lost) lost.hidden = true; if (wasLost && list) soon(); wasLost = false; document.documentElement.dataset.connected = "yes"; });
