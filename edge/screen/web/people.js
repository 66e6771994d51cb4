// The photographs of the people on duty: as many as are large enough at a time, the rest one touch away.

import { icon, make } from "/web/dom.js";

const LEAST_MM = { width: 62, height: 40 };
const SMALL_LEAST_MM = { width: 70, height: 30 };

const FLAT_BELOW_MM = 60;
const PORTRAIT_MM = 22;
const ALONE_BELOW_MM = 34; // of all photographs only the chosen one has room
const IN_A_COLUMN = 3;

let page = 0;

export function drawPeople(view, send) {
  const element = make("div", { id: "people", role: "group", aria: { labelledby: "title" } });
  return { element, begin: () => begin(element, view, send) };
}

function begin(element, view, send) {
  const answering = view.phase !== "waiting";
  const narrow = answering && (view.glass.small || view.low_reach || element.clientHeight < ALONE_BELOW_MM * millimetre());
  const people = narrow ? view.people.filter((person) => person.chosen) : view.people;
  const room = narrow ? 1 : capacity(element, view.glass, people.length);
  if (view.phase === "waiting") page = 0;
  show(element, people, room, { view, send, still: narrow });
}

function show(element, people, room, scene) {
  const paged = people.length > room;
  const each = paged ? room : people.length;
  const pages = Math.ceil(people.length / each);
  const shown = people.slice((page % pages) * each, (page % pages) * each + each);
  const cards = shown.map((person) => card(person, scene));
  if (paged) {
    const more = make("button", { type: "button", className: "more", aria: { label: scene.view.more_people } }, icon("more"));
    more.addEventListener("click", () => {
      page += 1;
      show(element, people, room, scene);
      frame(scene.view);
    });
    cards.push(more);
  }
  const side = paged ? 1 : 0;
  element.classList.toggle("paged", paged);
  element.style.setProperty("--cards", String(Math.max(1, Math.min(cards.length - side, across(element, scene.view.glass, people.length)))));
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

function capacity(element, glass, count) {
  const least = glass.small ? SMALL_LEAST_MM : LEAST_MM;
  const rows = Math.max(1, Math.floor(element.clientHeight / (least.height * millimetre())));
  return across(element, glass, count) * rows;
}

function card(person, { send, still }) {
  const picture = person.photo ? photograph(person) : drawn(person);
  const inside = [
    make("span", { className: "portrait" }, picture, make("span", { className: "tick" }, icon("tick"))),
    make(
      "span",
      { className: "who" },
      make("span", { className: "name", textContent: breakable(person.name) }),
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
