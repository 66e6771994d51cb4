"""The neural networks: how each one's outputs are read, and running them with onnxruntime."""
