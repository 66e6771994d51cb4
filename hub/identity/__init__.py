"""Who is who: organisations, facilities, places, employees and their shifts; accounts and what they may do."""
