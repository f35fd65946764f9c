"""The Pod Security Standards: which pods which level allows, and in which words a pod is refused.

No input or output here: bytes and values in, values out.
"""
