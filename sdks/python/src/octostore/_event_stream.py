"""Streams of Server-Sent Events."""

from __future__ import annotations

import codecs
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    """One frame of a stream."""

    event: str
    id: str | None
    """None if the frame has none."""
    data: str


class FrameReader:
    """Assembles frames from chunks that may be split anywhere, even within a character."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""
        self._event = ""
        self._id: str | None = None
        self._data: list[str] = []

    def read(self, piece: bytes) -> Iterator[Frame]:
        """Return the frames that a chunk completes."""
        *lines, self._rest = (self._rest + self._decoder.decode(piece)).split("\n")
        for line in lines:
            yield from self._take(line.removesuffix("\r"))

    def _take(self, line: str) -> Iterator[Frame]:
        if not line:
            yield from self._complete()
            return
        field, _, value = line.partition(":")
        value = value.removeprefix(" ")
        if field == "event":
            self._event = value
        elif field == "id":
            self._id = value
        elif field == "data":
            self._data.append(value)

    def _complete(self) -> Iterator[Frame]:
        if self._data:
            yield Frame(self._event or "message", self._id, "\n".join(self._data))
        self._event = ""
        self._id = None
        self._data = []
