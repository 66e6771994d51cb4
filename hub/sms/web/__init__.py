"""The staff's pages of SMS: campaigns, lists of patients, words, conversations and alerts."""
