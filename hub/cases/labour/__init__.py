"""How much work each case costs, and whose."""
