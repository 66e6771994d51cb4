// Rows of a list that are picked for something that is done to all of them: one by one, a range with Shift, all that are
// shown, or the focused row by the key x. A list that is read again keeps what was picked and is still in it.

const bar = document.getElementById("several");
const count = bar.querySelector("[data-picked]");
const everything = bar.querySelector("[data-picks-everything]");
const picked = new Set();
let last = null;

const boxes = () => [...document.querySelectorAll("[data-picks]")];
const all = () => document.querySelector("[data-picks-all]");

function pick(box, on) {
  if (on) picked.add(box.value); else picked.delete(box.value);
}

function show() {
  const shown = boxes();
  const there = new Set(shown.map((box) => box.value));
  for (const value of picked) if (!there.has(value)) picked.delete(value);
  for (const box of shown) box.checked = picked.has(box.value);
  const whole = all();
  if (whole !== null) {
    whole.checked = picked.size > 0 && picked.size === shown.length;
    whole.indeterminate = picked.size > 0 && picked.size < shown.length;
  }
  if (everything !== null && !(whole?.checked)) everything.checked = false;
  bar.hidden = picked.size === 0;
  count.textContent = everything?.checked ? everything.dataset.count : String(picked.size);
}

document.addEventListener("click", (event) => {
  const box = event.target.closest("[data-picks]");
  if (box === null) return;
  const shown = boxes();
  const [from, to] = [shown.findIndex((one) => one.value === last), shown.indexOf(box)].sort((a, b) => a - b);
  if (event.shiftKey && from >= 0) for (const one of shown.slice(from, to + 1)) pick(one, box.checked);
  pick(box, box.checked);
  last = box.value;
  show();
});

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-picks-all]")) for (const box of boxes()) pick(box, event.target.checked);
  if (event.target.matches("[data-picks-all], [data-picks-everything]")) {
    if (event.target === everything && everything.checked) for (const box of boxes()) pick(box, true);
    show();
  }
});

bar.querySelector("[data-picks-none]").addEventListener("click", () => {
  picked.clear();
  show();
  all()?.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "x" || event.ctrlKey || event.metaKey || event.altKey) return;
  const box = document.activeElement.matches("[data-row]") ? document.activeElement.querySelector("[data-picks]") : null;
  if (box !== null) box.click();
});

document.addEventListener("htmx:after:swap", show);
for (const box of boxes()) pick(box, box.checked); // as the browser remembers them on the way back
show();
