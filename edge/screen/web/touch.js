// What counts as a touch. A finger that trembles or slides within a target still means it; lifting it elsewhere does not.

const AT_MOST_EVERY_MS = 1000;

// The target acts when the finger is lifted over it; a keyboard's Enter or space arrives as a click without a pointer.
export function onTouch(target, act) {
  let down = false;
  target.addEventListener("pointerdown", (event) => {
    down = event.isPrimary;
  });
  target.addEventListener("pointerup", (event) => {
    const over = document.elementFromPoint(event.clientX, event.clientY);
    if (down && over !== null && target.contains(over)) act();
    down = false;
  });
  target.addEventListener("pointercancel", () => {
    down = false;
  });
  target.addEventListener("click", (event) => {
    if (event.detail === 0) act();
  });
}

// How long the longest touch that goes on has lasted; a glass that is broken, or on which something lies, never lets go.
const down = new Map();
addEventListener("pointerdown", (event) => down.set(event.pointerId, event.timeStamp), { capture: true });
for (const ends of ["pointerup", "pointercancel"]) addEventListener(ends, (event) => down.delete(event.pointerId), { capture: true });

export function fingerDownMs() {
  return down.size === 0 ? 0 : Math.round(performance.now() - Math.min(...down.values()));
}

// Any touch at all, told at most once a second unless it is urgent: somebody is there.
export function whenTouched(tell, isUrgent) {
  let told = -AT_MOST_EVERY_MS;
  const touched = (event) => {
    if (!isUrgent() && event.timeStamp - told < AT_MOST_EVERY_MS) return;
    told = event.timeStamp;
    tell();
  };
  addEventListener("pointerdown", touched, { capture: true });
  addEventListener("keydown", touched, { capture: true });
  addEventListener("contextmenu", (event) => event.preventDefault());
  addEventListener("dragstart", (event) => event.preventDefault());
}
