"""E-mails to patients who left an address: from templates, approved, and only with consent."""
