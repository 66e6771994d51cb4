"""How the terminals are: facts become troubles, a standing in plain words, and alerts that somebody takes on."""
