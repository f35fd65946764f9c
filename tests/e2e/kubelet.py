"""What a kubelet does with a mounted Secret: a while after a change, all files are new at once."""

import base64
import shutil
import time
from pathlib import Path
from threading import Event, Thread
from typing import Self

from urllib3.exceptions import HTTPError

from tests.e2e.api import Api, Manifest

_STEP = 0.2


class Volume:
    """A folder with the files of *secret*, *delay* seconds late; as a context, it is kept up."""

    def __init__(self, api: Api, secret: Manifest, folder: Path, delay: float) -> None:
        self.folder = folder
        self._api = api
        self._secret = secret
        self._delay = delay
        self._version = ""
        self._is_over = Event()
        self._thread = Thread(target=self._keep_up, daemon=True)

    def __enter__(self) -> Self:
        self.folder.mkdir(parents=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        self._thread.join()

    def has(self, name: str) -> bool:
        return (self.folder / name).exists()

    def _keep_up(self) -> None:
        while not self._is_over.wait(_STEP):
            try:
                found = self._api.get(self._secret)
            except HTTPError:
                continue
            data = found.body.get("data") if found.code == 200 else None
            if data and found.body["metadata"]["resourceVersion"] != self._version:
                self._is_over.wait(self._delay)
                self._version = found.body["metadata"]["resourceVersion"]
                self._swap({name: base64.b64decode(text) for name, text in data.items()})

    def _swap(self, files: dict[str, bytes]) -> None:
        generation = self.folder / f"..{time.time_ns()}"
        generation.mkdir()
        for name, content in files.items():
            (generation / name).write_bytes(content)
            if not (self.folder / name).is_symlink():
                (self.folder / name).symlink_to(f"..data/{name}")
        current, beside = self.folder / "..data", self.folder / "..data_tmp"
        before = current.resolve() if current.exists() else None
        beside.symlink_to(generation.name)
        beside.replace(current)
        if before:
            shutil.rmtree(before)
