// The telephone of the demonstration: what has been sent is no longer in the field, and the next message can be written.

document.getElementById("phone-write").addEventListener("htmx:before:request", (event) => event.currentTarget.reset());
