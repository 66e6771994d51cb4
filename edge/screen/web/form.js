// The form: what is being typed lives here and nowhere else, until it is sent; then, or on leaving, it is gone.

import { SimpleKeyboard } from "/web/vendor/simple-keyboard.js";
import { make } from "/web/dom.js";

const LONGEST = { number: 20, comment: 300 };

const typed = { number: "", comment: "" };
let keyboard;

export function forgetTyped() {
  typed.number = typed.comment = "";
  keyboard?.clearInput();
  keyboard?.destroy();
  keyboard = undefined;
  document.querySelectorAll("#field").forEach((field) => (field.value = ""));
}

export const contact = () => ({ do: "contact", phone: typed.number, comment: typed.comment });

// The field with its label, and the place where the keyboard will be.
export function drawForm(view, send) {
  const step = view.step;
  const field = make("input", {
    id: "field",
    type: step === "number" ? "tel" : "text",
    inputMode: "none",
    autocomplete: "off",
    spellcheck: false,
    maxLength: LONGEST[step],
    value: typed[step],
    placeholder: view.glass.small ? view.title : "",
  });
  field.setAttribute("aria-label", view.title);
  field.setAttribute("aria-describedby", "trouble");
  field.addEventListener("input", () => keep(step, field, field.value));
  field.addEventListener("keydown", (event) => {
    if (event.key === "Enter") goOn(step, send);
  });
  const host = make("div", { id: "keys", className: `simple-keyboard keys-${step}`, role: "group" });
  host.setAttribute("aria-labelledby", "title");
  return { field, host, begin: () => begin(view, field, host, send) };
}

function begin(view, field, host, send) {
  const { form, step } = view;
  host.style.setProperty("--columns", form.columns);
  host.style.setProperty("--rows", form.rows);
  keyboard?.destroy();
  let page = 0;
  keyboard = new SimpleKeyboard(host, {
    layout: Object.fromEntries(form.pages.map((rows, number) => [`page${number}`, rows])),
    layoutName: "page0",
    display: labels(form, 0),
    mergeDisplay: true,
    useButtonTag: true,
    buttonTheme: themes(form),
    buttonAttributes: names(form, 0),
    disableCaretPositioning: true,
    preventMouseDownDefault: true,
    maxLength: LONGEST[step],
    onChange: (text) => keep(step, field, text),
    onKeyPress: (key) => {
      if (key === "{next}") goOn(step, send);
      if (key === "{back}") send({ do: "back" });
      if (key === "{page}") {
        page = (page + 1) % form.pages.length;
        keyboard.setOptions({ layoutName: `page${page}`, display: labels(form, page), buttonAttributes: names(form, page) });
      }
    },
  });
  keyboard.setInput(typed[step]);
  field.focus({ preventScroll: true });
}

// The key for more keys shows what comes: the first of them.
function labels(form, page) {
  const [next] = form.pages[(page + 1) % form.pages.length][0];
  return { ...form.labels, "{page}": `${next}…` };
}

function themes(form) {
  const wide = Object.entries(form.spans).map(([key, span]) => ({ class: `span-${span}`, buttons: key }));
  return [...wide, { class: "onward", buttons: "{next}" }, { class: "command", buttons: "{page} {bksp} {back} {space}" }];
}

function names(form, page) {
  const spoken = { ...form.names, "{page}": `${labels(form, page)["{page}"]} ${form.names["{page}"]}` };
  return Object.entries(spoken).map(([key, name]) => ({ attribute: "aria-label", value: name, buttons: key }));
}

function keep(step, field, text) {
  typed[step] = text;
  if (field.value !== text) field.value = text;
  if (keyboard && keyboard.getInput() !== text) keyboard.setInput(text);
  field.scrollLeft = field.scrollWidth;
}

function goOn(step, send) {
  send(step === "number" ? { do: "number", phone: typed.number } : { do: "comment" });
}
