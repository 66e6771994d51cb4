// Keeps an element's stream of events alive, and says quietly at the top of the page when it is interrupted.
// After a lost connection htmx says what it saw last, so nothing is missed and nothing told twice.

const SILENCE_MS = 40_000; // the hub says something every 15 seconds
const LOOK_EVERY_MS = 5_000;
const NOTICE_AFTER_MS = 2_000;
const RETRY_MS = 3_000;

// `back` is called when a connection that was said to be lost is there again.
export function follow(stream, back) {
  const lost = document.getElementById("lost");
  let connection = null;
  let heard = Date.now();
  let noticeTimer = null;

  const on = (event, act) => stream.addEventListener(event, act);
  on("htmx:sse:before:message", () => { heard = Date.now(); });
  on("htmx:sse:after:connection", (event) => { connection = event.detail.connection; connected(); });
  on("htmx:sse:before:connection", (event) => { if (event.detail.connection.attempt > 0) disconnected(); });
  on("htmx:sse:error", (event) => { disconnected(); leaveIfUnwelcome(event.detail.status); });
  on("htmx:sse:close", connectAgain);
  on("htmx:error", (event) => { if (event.target === stream) connectAgain(); });
  on("htmx:response:error", (event) => {
    leaveIfUnwelcome(event.detail.ctx?.response?.status);
    if (event.target === stream) connectAgain();
  });
  setInterval(() => {
    if (Date.now() - heard <= SILENCE_MS) return;
    heard = Date.now();
    connection?.reader?.cancel();
  }, LOOK_EVERY_MS);

  function connected() {
    heard = Date.now();
    clearTimeout(noticeTimer);
    noticeTimer = null;
    document.documentElement.dataset.connected = "yes";
    if (!lost.hidden) back();
    lost.hidden = true;
  }

  function disconnected() {
    document.documentElement.dataset.connected = "no";
    noticeTimer ??= setTimeout(() => { lost.hidden = false; }, NOTICE_AFTER_MS);
  }

  function connectAgain() {
    disconnected();
    setTimeout(() => stream.dispatchEvent(new Event("connect-again")), RETRY_MS);
  }
}

// The session may have ended; the sign-in page leads back here.
function leaveIfUnwelcome(status) {
  if (status === 401 || status === 403) location.reload();
}
