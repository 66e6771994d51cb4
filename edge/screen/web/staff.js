// The staff's corner: held for three seconds it asks for the PIN. Cleaning swallows every touch until it ends.

import { SimpleKeyboard } from "/web/vendor/simple-keyboard.js";
import { make } from "/web/dom.js";
import { onTouch } from "/web/touch.js";

const HELD_MS = 3000;

let keyboard;

// An invisible place in the upper left corner; a patient's short touch there does nothing.
export function staffCorner(send) {
  const corner = make("div", { id: "corner", aria: { hidden: "true" } });
  let waiting;
  corner.addEventListener("pointerdown", () => {
    waiting = setTimeout(() => send({ do: "staff" }), HELD_MS);
  });
  ["pointerup", "pointercancel", "pointerleave"].forEach((end) => corner.addEventListener(end, () => clearTimeout(waiting)));
  return corner;
}

export function drawStaff(view, screen, send) {
  keyboard?.destroy();
  keyboard = undefined;
  const { staff } = view;
  const title = make("h1", { id: "title", tabIndex: -1, textContent: staff.title });
  const told = make("p", { id: "told", role: "status" });
  const upper = make("div", { id: "upper" }, make("div", { id: "text" }, title, told));
  const lower = make("div", { id: "lower" });
  screen.replaceChildren(upper, lower);
  if (staff.place === "pin") drawPin(view, upper, lower, send);
  if (staff.place === "open") drawOpen(view, upper, lower, send);
  if (staff.place === "learning") lower.append(actions(staff, ["back"], send));
  markStaff(view);
}

export function markStaff({ staff }) {
  const counting = staff.place === "cleaning" || (staff.place === "pin" && staff.seconds > 0);
  document.getElementById("told").textContent = counting ? String(staff.seconds) : staff.heard;
}

function drawPin({ staff }, upper, lower, send) {
  const field = make("input", { id: "field", type: "password", inputMode: "none", autocomplete: "off", maxLength: 12 });
  field.setAttribute("aria-labelledby", "title");
  upper.append(field);
  const host = make("div", { id: "keys", className: "keys-number", role: "group" });
  host.setAttribute("aria-labelledby", "title");
  host.style.setProperty("--columns", staff.form.columns);
  host.style.setProperty("--rows", staff.form.rows);
  lower.append(host);
  const { form } = staff;
  keyboard = new SimpleKeyboard(host, {
    layout: { default: form.pages[0] },
    display: form.labels,
    mergeDisplay: true,
    useButtonTag: true,
    buttonTheme: Object.entries(form.spans).map(([key, span]) => ({ class: `span-${span}`, buttons: key })),
    buttonAttributes: Object.entries(form.names).map(([key, name]) => ({ attribute: "aria-label", value: name, buttons: key })),
    onChange: (text) => (field.value = text),
    onKeyPress: (key) => {
      if (key === "{back}") send({ do: "staff_act", act: "leave" });
      if (key !== "{next}") return;
      send({ do: "pin", pin: field.value });
      field.value = "";
      keyboard.clearInput();
    },
  });
  field.focus({ preventScroll: true });
}

function drawOpen({ staff, bar }, upper, lower, send) {
  const facts = make("dl", { id: "facts" });
  staff.facts.forEach(([name, told]) => facts.append(make("dt", { textContent: name }), make("dd", { textContent: told })));
  upper.append(facts);
  const languages = make(
    "div",
    { id: "bar" },
    ...bar.languages.map(({ code, name, current }) => {
      const button = make("button", { type: "button", className: "tool", lang: code, textContent: name.slice(0, 3) });
      button.setAttribute("aria-pressed", String(current));
      onTouch(button, () => send({ do: "language", language: code }));
      return button;
    }),
  );
  lower.append(languages, actions(staff, ["learn", "clean", "darker", "brighter", "leave"], send));
}

function actions(staff, acts, send) {
  const buttons = acts.map((act) => {
    const button = make("button", { type: "button", className: "tool act", textContent: staff.names[act] });
    onTouch(button, () => send({ do: "staff_act", act }));
    return button;
  });
  return make("div", { id: "acts" }, ...buttons);
}
