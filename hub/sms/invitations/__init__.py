"""From a clinic's list of patients to their invitations: read, checked, drawn, and sent when each is due."""
