// What every page can do: the menu on a narrow screen, choices that apply at once, notices that go, and keys.

import "./times.js";

const typing = (element) => element.matches("input, select, textarea, [contenteditable]");
const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggles]");
  if (button === null) return;
  const open = document.getElementById(button.dataset.toggles).classList.toggle("show");
  button.setAttribute("aria-expanded", String(open));
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

// Words that somebody writes are shown at once where a patient will read them.
document.addEventListener("input", (event) => {
  const { name, value, placeholder } = event.target;
  for (const shown of document.querySelectorAll(`[data-shows="${CSS.escape(name)}"]`)) shown.textContent = value || placeholder;
});

// A list is narrowed by what is typed above it; accents and capitals do not matter.
const plain = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

document.addEventListener("input", (event) => {
  if (!event.target.matches("[data-narrows]")) return;
  const wanted = plain(event.target.value.trim());
  const all = [...document.getElementById(event.target.dataset.narrows).children];
  for (const row of all) row.hidden = !plain(row.textContent).includes(wanted);
  document.querySelector("[data-none]").hidden = all.some((row) => !row.hidden);
});

// Empty choices of a filter do not belong into the address.
document.addEventListener("submit", (event) => {
  if (!event.target.matches("[data-filters]")) return;
  for (const field of event.target.elements) if (field.name && field.value === "") field.disabled = true;
});

function step(by) {
  const all = rows();
  const at = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : Math.min(all.length - 1, Math.max(0, at + by))];
  if (next === undefined) return;
  next.tabIndex = -1;
  next.focus();
}

const KEYS = {
  j: () => step(1),
  k: () => step(-1),
  "/": () => document.querySelector("[data-search]")?.focus(),
  "?": () => document.getElementById("keys").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
  if (event.key === "Enter" && event.target.matches("[data-row]")) {
    event.target.querySelector("a[href], button, summary")?.click();
  } else if (event.key in KEYS && !document.querySelector("dialog[open]")) {
    event.preventDefault();
    KEYS[event.key]();
  }
});

// What opens over the page closes again by Escape, or by a click beside it.
const closeAll = (except) => {
  for (const open of document.querySelectorAll("details[data-closes][open]")) if (open !== except) open.open = false;
};
document.addEventListener("click", (event) => closeAll(event.target.closest("details[data-closes]")));
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  event.target.closest("details[data-closes]")?.querySelector("summary").focus();
  closeAll(null);
});

for (const notice of document.querySelectorAll("[data-goes-after]")) {
  setTimeout(() => { if (!notice.contains(document.activeElement)) notice.remove(); }, Number(notice.dataset.goesAfter));
}

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) window.print();
});
