// Draws the agent's document. While its `scene` stays the same only marks change; otherwise the glass is drawn anew.

import { drawForm, contact, forgetTyped } from "/web/form.js";
import { drawBar } from "/web/bar.js";
import { drawPeople, frame } from "/web/people.js";
import { drawStaff, markStaff, staffCorner } from "/web/staff.js";
import { face, icon, make, qrCode } from "/web/dom.js";
import { onTouch } from "/web/touch.js";
import { chime, hush, read } from "/web/voice.js";

const screen = document.getElementById("screen");
const root = document.documentElement;
let view = null;
let warned = false;

// The glass has another size, or the type has arrived: what was measured must be measured again.
export function redraw(send) {
  if (!view) return;
  measure();
  drawScene(send);
  mark();
}

export const hasTrouble = () => Boolean(view?.trouble);

export function forget() {
  forgetTyped();
  hush();
}

export function draw(next, send) {
  const before = view;
  view = next;
  if (view.phase !== "contact") forgetTyped();
  if (view.phase === "waiting" && before?.phase !== "waiting") hush();
  measure();
  if (view.scene !== before?.scene) drawScene(send);
  mark();
  read(view);
}

function measure() {
  const { width_mm, height_mm } = view.glass;
  const mm = Math.min(innerWidth / width_mm, innerHeight / height_mm);
  const style = root.style;
  style.setProperty("--mm", `${mm}px`);
  style.setProperty("--width", `${width_mm * mm}px`);
  style.setProperty("--height", `${height_mm * mm}px`);
  style.setProperty("--shift-x", `${view.shift[0]}px`);
  style.setProperty("--shift-y", `${view.shift[1]}px`);
  root.lang = view.language;
  screen.className = [
    view.staff ? `staff place-${view.staff.place}` : view.phase,
    view.glass.small ? "small" : "",
    view.glass.tall ? "tall" : "",
    view.glass.width_mm >= 300 ? "roomy" : "",
    view.low_reach ? "low" : "",
    view.contrast ? "stark" : "",
    view.dim ? "dim" : "",
    view.lively ? "lively" : "",
    view.step ? `step-${view.step}` : "",
  ].join(" ");
  screen.style.filter = view.brightness < 100 ? `brightness(${view.brightness}%)` : "";
}

function drawScene(send) {
  if (view.staff) {
    drawStaff(view, screen, send);
    return;
  }
  const title = make("h1", { id: "title", tabIndex: -1, textContent: view.title });
  const detail = view.detail ? [make("p", { id: "detail", textContent: view.detail })] : [];
  const notices = view.notices.map((notice) => make("p", { className: "notice", textContent: notice }));
  const sign = view.phase === "thanks" ? [icon("tick")] : [];
  const code = view.qr ? [qrCode(view.qr)] : [];
  const text = make("div", { id: "text" }, ...sign, title, ...detail, ...code, ...notices);
  const trouble = make("p", { id: "trouble", role: "alert" });
  if (view.form) text.append(trouble); // stands for the title, above what was typed
  const upper = make("div", { id: "upper" });
  const lower = make("div", { id: "lower" });
  const bar = view.bar.hidden ? [] : [drawBar(view, send)];
  const inviting = ["waiting", "selected"].includes(view.phase) && !view.low_reach && !view.glass.small;
  screen.replaceChildren(upper, ...photographNotice(send), lower, ...(inviting ? [] : bar), ...(view.form ? [] : [trouble]), warningButton(send), staffCorner(send));
  fill(upper, lower, text, send);
  if (inviting) lower.append(...bar);
  if (!view.form) title.focus({ preventScroll: true });
}

// What belongs above and what below: everything that can be touched is below, but for the photographs.
function fill(upper, lower, text, send) {
  if (view.form) {
    const { field, host, begin } = drawForm(view, send);
    text.append(field);
    upper.append(text);
    lower.append(host);
    begin();
    return;
  }
  const people = view.people.length > 0 ? drawPeople(view, send) : null;
  if (view.phase === "waiting") {
    fillWaiting(upper, lower, text, people, send);
  } else if (people && !view.low_reach && !view.glass.small) {
    upper.append(people.element);
    lower.append(text, ...targets(send));
  } else {
    upper.append(...(people ? [people.element] : []), text);
    lower.append(...targets(send));
  }
  people?.begin();
}

function fillWaiting(upper, lower, text, people, send) {
  text.classList.add("invitation");
  if (!people) {
    const begin = make("button", { type: "button", className: "begin" });
    onTouch(begin, () => send({ do: "choose", employee: null }));
    begin.append(text);
    lower.append(begin);
  } else if (view.low_reach) {
    upper.append(text);
    lower.append(people.element);
  } else {
    upper.append(people.element);
    lower.append(text);
  }
}

function targets(send) {
  if (view.agree) {
    return [
      make(
        "div",
        { id: "answers", className: "words", role: "group", aria: { labelledby: "title" } },
        answer(view.agree.yes, null, () => send(contact())),
        answer(view.agree.no, null, () => send({ do: "leave" })),
      ),
    ];
  }
  if (view.answers.length === 0) return [];
  const asked = view.question;
  const buttons = view.answers.map((one) =>
    answer(one.name, one.face, () => send({ do: "answer", question: asked, value: one.value })),
  );
  const group = make("div", { id: "answers", className: view.look, role: "group", aria: { labelledby: "title" } }, ...buttons);
  group.style.setProperty("--columns", columns());
  return [group];
}

function answer(name, drawn, act) {
  const button = make("button", { type: "button", className: "answer" }, drawn ? face(drawn) : null, make("span", { textContent: name }));
  onTouch(button, () => {
    button.classList.add("touched");
    act();
  });
  return button;
}

// As many side by side as are wide enough, and no row that is nearly empty.
function columns() {
  const count = view.answers.length;
  const { width_mm, small, tall } = view.glass;
  if (view.look === "words") return tall ? 1 : count;
  if (view.look === "faces") return tall ? 1 : small ? 2 : count;
  const widest = small ? 22.3 : 32.3; // with the gap
  const most = Math.max(1, Math.floor((width_mm - 3) / widest));
  return Math.ceil(count / Math.ceil(count / most));
}

// That a photograph goes with the answer, and the way to say no; the answers never wait for it.
function photographNotice(send) {
  if (!view.photograph) return [];
  const button = make("button", { type: "button", className: "tool" });
  onTouch(button, () => send({ do: "photograph" }));
  return [make("div", { id: "photograph", role: "group" }, icon("photograph"), make("p", { role: "status" }), button)];
}

function warningButton(send) {
  const button = make("button", { type: "button", id: "warning", hidden: true });
  button.append(make("span"), make("b", { aria: { hidden: "true" } }));
  onTouch(button, () => send({ do: "touch" }));
  return button;
}

function mark() {
  if (view.staff) {
    markStaff(view);
    return;
  }
  const title = document.getElementById("title");
  const trouble = document.getElementById("trouble");
  setText(title, view.title);
  setText(trouble, view.trouble ?? "");
  trouble.hidden = !view.trouble;
  frame(view);
  markPhotograph();
  if (!view.busy) screen.querySelectorAll(".touched").forEach((one) => one.classList.remove("touched"));
  screen.setAttribute("aria-busy", String(view.busy));
  markWarning();
}

function markPhotograph() {
  const notice = document.getElementById("photograph");
  if (!notice || !view.photograph) return;
  setText(notice.children[1], view.photograph.text);
  setText(notice.lastChild, view.photograph.act);
}

function markWarning() {
  const button = document.getElementById("warning");
  button.hidden = !view.warning;
  if (view.warning) {
    setText(button.firstChild, view.warning.text);
    setText(button.lastChild, String(view.warning.seconds));
    if (!warned) chime();
  }
  warned = Boolean(view.warning);
}

function setText(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
