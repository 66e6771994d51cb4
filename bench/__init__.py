"""Benchmarks: each module, run as `python -m bench.NAME`, prints one JSON object a line, the last of them a summary.

Goals are reported, not enforced: a machine that is busy or small is no reason to fail.
"""
