"""End a training when the program that started it is gone."""

import os
import signal
import threading

STANDARD_INPUT = 0


def end_with_parent() -> None:
    """End this process and its group at once when standard input closes.

    The parent holds the other end of it and writes nothing, so that it closes only when the parent ends, even if that
    was killed. A step of training, or a rank that hangs, would go on otherwise. What was saved last is kept.
    """
    threading.Thread(target=_wait, daemon=True).start()


def _wait() -> None:
    while os.read(STANDARD_INPUT, 1024):
        pass
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpid(), signal.SIGKILL)
    os._exit(1)
