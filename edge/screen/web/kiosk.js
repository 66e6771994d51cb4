// The connection to the agent: documents in, touches out, and a sign of life.
// Decides nothing: what is on the glass is drawn in draw.js, the survey runs in the agent.

import { draw, forget, hasTrouble, redraw } from "/web/draw.js";
import { fingerDownMs, whenTouched } from "/web/touch.js";
import { whenVoicesChange } from "/web/voice.js";

const BEAT_MS = 5000;
const RETRY_MS = 1000;
const SAID_SO_AFTER_MS = 1500;
const FORGOTTEN_AFTER_MS = 20000; // what somebody typed does not wait for an agent that may not come back

const offline = document.getElementById("offline");
let live;
let kindSentence = "";
let silence = [];
let drawn = false;
let scene;

function send(request) {
  if (live?.readyState === WebSocket.OPEN) live.send(JSON.stringify(request));
}

function connect() {
  live = new WebSocket(`ws://${location.host}/live`);
  live.onmessage = (message) => {
    silence.forEach(clearTimeout);
    silence = [];
    offline.hidden = true;
    const view = JSON.parse(message.data);
    kindSentence = view.offline;
    draw(view, send);
    scene = view.scene;
    if (!drawn) beat();
    drawn = true;
  };
  live.onclose = () => {
    if (silence.length === 0) {
      silence = [setTimeout(sayOffline, SAID_SO_AFTER_MS), setTimeout(forget, FORGOTTEN_AFTER_MS)];
    }
    setTimeout(connect, RETRY_MS);
  };
}

function sayOffline() {
  offline.textContent = kindSentence || "…";
  offline.hidden = false;
}

// Only a page that paints can say so. One that has fallen silent, is empty, or still shows what should be gone is
// started anew by the agent.
function beat() {
  requestAnimationFrame(() => {
    const shown = document.getElementById("screen").getBoundingClientRect();
    const painted = shown.height > 0 && document.querySelector("#screen h1") !== null;
    send({ do: "beat", painted, scene, down_ms: fingerDownMs() });
  });
}

addEventListener("resize", () => redraw(send));
document.fonts.addEventListener("loadingdone", () => redraw(send));
whenVoicesChange(() => redraw(send));
whenTouched(() => send({ do: "touch" }), hasTrouble);
setInterval(beat, BEAT_MS);
connect();
