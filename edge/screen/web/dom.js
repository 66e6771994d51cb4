// Making elements, without ever reading text as markup.

const SVG = "http://www.w3.org/2000/svg";

export function make(tag, properties = {}, ...children) {
  const { data = {}, aria = {}, role, lang, ...rest } = properties;
  const element = Object.assign(document.createElement(tag), rest);
  Object.entries(data).forEach(([name, value]) => (element.dataset[name] = value));
  Object.entries(aria).forEach(([name, value]) => element.setAttribute(`aria-${name}`, value));
  if (role) element.setAttribute("role", role);
  if (lang) element.lang = lang;
  element.append(...children.filter((child) => child !== null));
  return element;
}

function drawing(kind, ...paths) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  svg.setAttribute("class", kind);
  for (const d of paths) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    svg.append(path);
  }
  return svg;
}

// A code for telephones: always dark on white, whatever the colours around it.
export function qrCode({ name, size, path }) {
  const svg = drawing("qr", `M0 0h${size}v${size}h-${size}z`, path);
  svg.setAttribute("viewBox", `0 0 ${size} ${size}`);
  svg.removeAttribute("aria-hidden");
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", `QR ${name}`);
  return svg;
}

const ICONS = {
  contrast: ["M12 3a9 9 0 1 0 0 18a9 9 0 1 0 0-18z", "M12 3v18a9 9 0 0 0 0-18z"],
  low_reach: ["M12 3v14", "M5 11l7 7l7-7", "M4 21h16"],
  speak: ["M4 9v6h4l5 5V4L8 9z", "M16.5 8.5a5 5 0 0 1 0 7", "M19 6a9 9 0 0 1 0 12"],
  leave: ["M5 5l14 14", "M19 5L5 19"],
  more: ["M5 12h14", "M13 6l6 6l-6 6"],
  photograph: ["M4 7h3.5L9 5h6l1.5 2H20v12H4z", "M12 9.5a3.5 3.5 0 1 0 0 7a3.5 3.5 0 1 0 0-7z"],
  tick: ["M4 12.5l5.5 5.5L20 7"],
};

export const icon = (name) => drawing(`icon icon-${name}`, ...ICONS[name]);

const ROUND = "M12 1.5a10.5 10.5 0 1 0 0 21a10.5 10.5 0 1 0 0-21z";
const EYES = ["M8 8.2v2.2", "M16 8.2v2.2"];
const MOUTHS = {
  very_good: "M6 13.5h12a6 6 0 0 1-12 0z",
  good: "M7 15a6 6 0 0 0 10 0",
  so_so: "M7.5 16h9",
  bad: "M7 17.5a6 6 0 0 1 10 0",
  very_bad: "M6 18.5a6 6 0 0 1 12 0z",
};

export const face = (name) => drawing(`face face-${name}`, ROUND, ...EYES, MOUTHS[name]);
