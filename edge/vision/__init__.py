"""What the terminal's camera is for: people who approach, and faces found on a picture.

Nothing here is imported by an agent without a camera: numpy, OpenCV and onnxruntime cost memory.
"""
