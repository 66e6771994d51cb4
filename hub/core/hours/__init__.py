"""Weekly hours with holidays and exceptions: what they amount to, and how people fill them in."""
