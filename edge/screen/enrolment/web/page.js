// Shows what the agent says of the way into the hub; once the terminal is taken in, its own page answers here.
const EVERY_MS = 2000;
const at = (id) => document.getElementById(id);
let shown = "";

async function look() {
  try {
    const answer = await fetch("/enrolment/standing", { cache: "no-store" });
    if (answer.status === 404) return location.reload();
    draw(await answer.json());
  } catch {
    // The agent starts anew; it answers again in a moment.
  }
}

function draw(standing) {
  const said = JSON.stringify(standing);
  if (said === shown) return;
  shown = said;
  at("claim").hidden = !standing.code;
  at("code").textContent = standing.code;
  if (standing.code) at("qr").src = `/enrolment/qr.svg?${encodeURIComponent(standing.code)}`;
  at("fact").textContent = standing.fact;
  at("sentences").replaceChildren(
    ...Object.entries(standing.sentences).map(([language, sentence]) => {
      const item = document.createElement("li");
      item.lang = language;
      item.textContent = sentence;
      return item;
    }),
  );
}

setInterval(look, EVERY_MS);
look();
