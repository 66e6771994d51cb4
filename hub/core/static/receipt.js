// Whoever scanned the code on a terminal's screen has it behind the address's #, which no server is told.

const field = document.querySelector("[name=code]");
const scanned = decodeURIComponent(location.hash.slice(1));
if (field && scanned) {
  field.value = scanned;
  history.replaceState(null, "", location.pathname);
  field.form.requestSubmit();
}
