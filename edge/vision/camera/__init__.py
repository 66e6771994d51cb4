"""Where pictures come from: a device, a video file, a folder of pictures, a stream, or a Raspberry Pi's own camera."""
