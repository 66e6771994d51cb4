// The photographs of the people on duty: as many as are large enough at a time, the rest one touch away.

import { icon, make } from "/web/dom.js";

const LEAST_MM = { width: 62, height: 40 };
const SMALL_LEAST_MM = { width: 70, height: 30 };

const FLAT_BELOW_MM = 60;
const PORTRAIT_MM = 22;
const ALONE_BELOW_MM = 34; // of all photographs only the chosen one has room
const IN_A_COLUMN = 3;
const LEAST_SHARE = 0.6; // of the type's size; what is longer still ends in an ellipsis

let page = 0;

export function drawPeople(view, send) {
  const element = make("div", { id: "people", role: "group", aria: { labelledby: "title" } });
  return { element, begin: () => begin(element, view, send) };
}

function begin(element, view, send) {
  const answering = view.phase !== "waiting";
  const narrow = answering && (view.glass.small || view.low_reach || element.clientHeight < ALONE_BELOW_MM * millimetre());
  const people = narrow ? view.people.filter((person) => person.chosen) : view.people;
  if (view.phase === "waiting") page = 0;
  // A name is never broken inside a word: where one has no room, fewer people are shown at a time.
  let columns = narrow ? 1 : across(element, view.glass, people.length);
  const scene = { view, send, still: narrow };
  show(element, people, columns, scene);
  while (columns > 1 && [...element.querySelectorAll(".name")].some(isTooWide)) show(element, people, --columns, scene);
  shrink(element);
}

const isTooWide = (name) => name.scrollWidth > name.clientWidth + 1;

function isCrowded(name) {
  const card = name.closest(".person");
  return isTooWide(name) || card.scrollHeight > card.clientHeight + 2 * millimetre();
}

// What is still too long is written smaller, each name by itself.
function shrink(element) {
  for (const name of element.querySelectorAll(".name")) {
    for (let share = 0.95; share >= LEAST_SHARE && isCrowded(name); share -= 0.05) name.style.setProperty("font-size", `${share}em`);
  }
}

function show(element, people, columns, scene) {
  const room = scene.still ? 1 : columns * rows(element, scene.view.glass);
  const paged = people.length > room;
  const each = paged ? room : people.length;
  const pages = Math.ceil(people.length / each);
  const shown = people.slice((page % pages) * each, (page % pages) * each + each);
  const cards = shown.map((person) => card(person, scene));
  if (paged) {
    const more = make("button", { type: "button", className: "more", aria: { label: scene.view.more_people } }, icon("more"));
    more.addEventListener("click", () => {
      page += 1;
      show(element, people, columns, scene);
      shrink(element);
      frame(scene.view);
    });
    cards.push(more);
  }
  const wide = Math.max(1, Math.min(shown.length, columns));
  element.classList.toggle("paged", paged);
  element.style.setProperty("--cards", String(wide));
  element.style.setProperty("--card-rows", String(Math.ceil(shown.length / wide)));
  element.replaceChildren(...cards);
  fit(element);
}

// A low card has its photograph beside the name. What they do is left out where it would crowd out the photograph.
function fit(element) {
  const mm = millimetre();
  const card = element.firstElementChild;
  element.classList.remove("names");
  const low = card.clientHeight < FLAT_BELOW_MM * mm || card.clientWidth > 1.6 * card.clientHeight;
  element.classList.toggle("flat", low);
  const cramped = [...element.querySelectorAll(".person")].some(
    (one) => one.scrollHeight > one.clientHeight + 1 || one.querySelector(".portrait").clientHeight < PORTRAIT_MM * mm,
  );
  element.classList.toggle("names", cramped);
  element.classList.toggle("strip", element.clientHeight < ALONE_BELOW_MM * mm);
}

const millimetre = () => parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));

function across(element, glass, count) {
  if (glass.tall && count <= IN_A_COLUMN) return 1;
  const least = glass.small ? SMALL_LEAST_MM : LEAST_MM;
  return Math.max(1, Math.floor(element.clientWidth / (least.width * millimetre())));
}

function rows(element, glass) {
  const least = glass.small ? SMALL_LEAST_MM : LEAST_MM;
  return Math.max(1, Math.floor(element.clientHeight / (least.height * millimetre())));
}

function card(person, { send, still }) {
  const picture = person.photo ? photograph(person) : drawn(person);
  const inside = [
    make("span", { className: "portrait" }, picture, make("span", { className: "tick" }, icon("tick"))),
    make(
      "span",
      { className: "who" },
      make("span", { className: "name", textContent: person.name }),
      make("span", { className: "speciality", textContent: breakable(person.speciality) }),
    ),
  ];
  if (still) return make("div", { className: "person", data: { id: person.id } }, ...inside);
  const button = make("button", { type: "button", className: "person", data: { id: person.id } }, ...inside);
  // Framed at once, here: the agent's word follows. Choosing can be taken back, so the first contact is enough.
  const choose = () => {
    mark(button.parentElement, person.id);
    send({ do: "choose", employee: person.id });
  };
  button.addEventListener("pointerdown", (event) => event.isPrimary && choose());
  button.addEventListener("click", (event) => event.detail === 0 && choose());
  return button;
}

// Soft hyphens between syllables, near enough in all four languages: browsers for kiosks come without dictionaries.
const SYLLABLE = /([aeiouyàáèéíïòóúüаеёиоуыэюя])([bcdfghjklmnpqrstvwxzñçбвгджзйклмнпрстфхцчшщ]?ь?)(?=[bcdfghjklmnpqrstvwxzñçбвгджзйклмнпрстфхцчшщ][aeiouyàáèéíïòóúüаеёиоуыэюя][\p{L}])/giu;

const breakable = (text) => text.replace(/\p{L}{9,}/gu, (word) => word.replace(SYLLABLE, "$1$2\u00ad"));

function photograph(person) {
  const picture = make("img", { src: `/photographs/${person.photo}`, alt: "", draggable: false });
  picture.addEventListener("error", () => picture.replaceWith(drawn(person)));
  return picture;
}

const drawn = (person) => make("span", { className: "initials", aria: { hidden: "true" }, textContent: person.initials });

export function frame(view) {
  const element = document.getElementById("people");
  const chosen = view.people.find((person) => person.chosen);
  if (element) mark(element, chosen?.id);
}

function mark(element, id) {
  element.querySelectorAll(".person").forEach((person) => {
    const chosen = person.dataset.id === id;
    person.classList.toggle("chosen", chosen);
    if (person.tagName === "BUTTON") person.setAttribute("aria-pressed", String(chosen));
  });
}
