"""E-mails to the clinic's own staff: put within a transaction, sent later, once in effect."""
