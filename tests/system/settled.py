"""Read last by a server that forks: what it has read stays, so what is forked neither looks at it nor copies it."""

import gc

gc.collect()
gc.freeze()
