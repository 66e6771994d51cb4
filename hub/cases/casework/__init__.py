"""One complaint from its opening to its end: statuses, assignment, comments, the list, and the search."""
