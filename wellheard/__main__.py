"""`python -m wellheard`: the same as the console script."""

from wellheard.cli import main

main()
