"""Pages on which it is said how cases are handled: hours, people, labels and e-mails; and forms to print."""
