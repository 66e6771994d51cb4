// Shows what was pushed, and opens the page when it is touched.

self.addEventListener("push", (event) => {
  const told = event.data ? event.data.json() : { title: "Wellheard", body: "", url: "/" };
  event.waitUntil(self.registration.showNotification(told.title, { body: told.body, data: { url: told.url }, requireInteraction: true, tag: told.url, renotify: true }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(self.clients.openWindow(event.notification.data.url));
});
