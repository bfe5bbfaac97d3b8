"""The driver of the Python SDK: requests from standard input to the SDK, and what comes of them to output.

It decides nothing.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import traceback
from typing import Any

from dispatch import REQUESTS
from octostore import OctoStoreError
from protocol import ProgramError, as_json, error_facts

writing = threading.Lock()


def write(message: dict[str, object]) -> None:
    with writing:
        sys.stdout.write(f"{json.dumps(message)}\n")
        sys.stdout.flush()


def serve(given: dict[str, Any]) -> None:
    request_id, what = given.pop("id"), given.pop("do")
    try:
        write({"id": request_id, "value": as_json(REQUESTS[what](given, write))})
    except (OctoStoreError, ProgramError) as error:
        write({"id": request_id, "error": error_facts(error)})


def crash(failure: threading.ExceptHookArgs) -> None:
    traceback.print_exception(failure.exc_type, failure.exc_value, failure.exc_traceback)
    os._exit(1)


def main() -> None:
    threading.excepthook = crash
    for line in sys.stdin:
        given = json.loads(line)
        if given["do"] == "client":
            # At once, and in the main thread: only there can a client with `release_on_exit` handle signals.
            serve(given)
        else:
            threading.Thread(target=serve, args=[given], daemon=True).start()
    # Whatever is still open must not hold it up.
    os._exit(0)


if __name__ == "__main__":
    main()
