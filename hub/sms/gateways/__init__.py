"""Ways to the telephone network: one port, four gateways, and what is true of all of them."""
