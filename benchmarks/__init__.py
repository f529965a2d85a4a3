"""Measures the numbers that the design promises: ``python -m benchmarks``.

What is compared runs side by side in one process, in turns, so that a busy machine slows both alike.
"""
