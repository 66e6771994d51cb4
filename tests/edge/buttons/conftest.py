"""umockdev is a Debian package: where it is not installed, only `make rig` opens real nodes."""

from ctypes.util import find_library

collect_ignore = [] if find_library("umockdev") else ["test_kernel_nodes.py"]
