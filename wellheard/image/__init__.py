"""`wellheard image`: what turns a stock Raspberry Pi OS Lite card into one certain terminal.

`settings` decides what may be asked for, `cloud` and `files` what is written for it, `folder` how that comes to rest on
a disk, `card` how it gets onto a flashed card. What the files do on the terminal is written in `firmware_config/`.
"""
