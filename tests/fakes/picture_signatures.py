"""How files of pictures begin, by which one is found that ought not to be there.

Each is longer than what chance puts into sealed bytes and has bytes that text does not have: in 100 kB of sealed
bytes written as base64, any four letters stand once in two hundred times.
"""

JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00"
SIGNATURES = (JPEG, b"JFIF\x00\x01", b"Exif\x00\x00", b"\x89PNG\r\n\x1a\n")
