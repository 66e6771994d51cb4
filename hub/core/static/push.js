// Lets this browser be woken by web push, where it can be.

const button = document.getElementById("wake");

function bytes(text) {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

async function wake() {
  try {
    const registration = await navigator.serviceWorker.register(button.dataset.worker);
    const { key } = await (await fetch("/api/alerts/key")).json();
    const subscription = await registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(key) });
    const answer = await fetch("/api/alerts/subscriptions", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-CSRF-Token": button.dataset.csrf },
      body: JSON.stringify({ facility: button.dataset.facility, ...subscription.toJSON() }),
    });
    button.textContent = answer.ok ? button.dataset.done : button.dataset.failed;
  } catch {
    button.textContent = button.dataset.failed;
  }
}

if (button && "serviceWorker" in navigator && "PushManager" in window) {
  button.hidden = false;
  button.addEventListener("click", wake);
}
