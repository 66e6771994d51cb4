"""Become another program that the kernel kills together with its parent: `leash.py PARENT PROGRAM [ARGUMENT…]`.

Run as a script by the supervisor, with nothing but the standard library. A hook between fork and exec
would do the same, but running Python there can deadlock in a process with threads, which the hub is.
The wish survives exec, but not a change of user: the program must stay the user it is.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def main(parent: int, command: list[str]) -> None:
    """Never returns: the command takes this process over, or the process ends."""
    libc = ctypes.CDLL(None, use_errno=True)
    # SIGKILL: the broker has nothing to put in order, and the next one wants the port at once.
    if libc.prctl(PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG)")
    if os.getppid() != parent:
        sys.exit("the parent ended before the wish was made")
    try:
        os.execv(command[0], command)  # noqa: S606
    except OSError as error:
        sys.exit(f"{command[0]}: {error.strerror}")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
