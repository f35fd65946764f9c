"""Measurements, one verb each: ``python -m benchmarks [VERB ...]``; without a verb, all of them."""
