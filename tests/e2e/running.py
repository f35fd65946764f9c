"""What runs while a test does: started as a whole, and ended whatever happens."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self


class Running(ABC):
    """As a context it has been started; what a start that fails began, and all of it afterwards, is ended."""

    @abstractmethod
    def start(self) -> None:
        """Start it; returns when it is ready."""

    @abstractmethod
    def kill(self) -> None:
        """End what runs of it, at once."""

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.kill()
            raise
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self.kill()
