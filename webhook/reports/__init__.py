"""What a run found, as values, and as the text and JSON that people and programs read.

No input or output here: verdicts in, text out.
"""
