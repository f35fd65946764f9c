"""What cannot be read, and the line where that shows."""


class Malformed(ValueError):
    """A text that is no manifest: ``line`` counts from 1 within the text, ``problem`` is for its author."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")
        self.line = line
        self.problem = problem
