// Languages and reading aids: one touch each.

import { icon, make } from "/web/dom.js";
import { onTouch } from "/web/touch.js";
import { hasVoice, isReading, toggle } from "/web/voice.js";

export function drawBar(view, send) {
  const { languages, tools, speak, leave } = view.bar;
  const buttons = [
    ...languages.map((one) => language(one, send)),
    make("span", { className: "gap" }),
    ...tools.map((one) => tool(one.do, one.name, one.on, () => send({ do: one.do }))),
  ];
  if (hasVoice(view.language)) buttons.push(speaker(view, speak));
  if (leave) buttons.push(tool("leave", leave, null, () => send({ do: "leave" })));
  return make("nav", { id: "bar" }, ...buttons);
}

function language({ code, name, current }, send) {
  const button = make("button", { type: "button", className: "tool language", lang: code });
  button.setAttribute("aria-pressed", String(current));
  const rest = make("span", { className: "rest", textContent: name.slice(3) });
  button.append(make("span", { className: "name" }, name.slice(0, 3), rest));
  onTouch(button, () => send({ do: "language", language: code }));
  return button;
}

function tool(kind, name, on, act) {
  const button = make("button", { type: "button", className: `tool ${kind}`, aria: { label: name } }, icon(kind));
  if (on !== null) button.setAttribute("aria-pressed", String(on));
  onTouch(button, act);
  return button;
}

function speaker(view, name) {
  const button = tool("speak", name, isReading(), () => {
    toggle(view);
    button.setAttribute("aria-pressed", String(isReading()));
  });
  return button;
}
