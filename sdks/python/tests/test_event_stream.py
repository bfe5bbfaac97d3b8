"""Frames of event streams."""

from __future__ import annotations

import pytest

from octostore._event_stream import Frame, FrameReader

STREAM = (
    ": a comment\n\n"
    "event: state\nid: 7\ndata: ä\ndata:  b\n\n"
    "data\r\nretry: 3\r\n\r\n"
    "id: 8\n\n"
    "event:released\ndata: {}\n\n"
    "data: never ended"
).encode()

FRAMES = [
    Frame(event="state", id="7", data="ä\n b"),
    Frame(event="message", id=None, data=""),
    Frame(event="released", id=None, data="{}"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 7, len(STREAM)])
def test_pieces_may_be_cut_anywhere(size: int) -> None:
    reader = FrameReader()
    pieces = [STREAM[at : at + size] for at in range(0, len(STREAM), size)]
    assert [frame for piece in pieces for frame in reader.read(piece)] == FRAMES
