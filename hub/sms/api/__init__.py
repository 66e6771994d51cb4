"""The REST resources of SMS: campaigns, lists of patients, conversations and alerts."""
