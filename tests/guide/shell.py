"""One shell that runs the blocks of a page one after the other, as a reader would who copies them."""

import os
import re
import select
import signal
import socket
import subprocess
import threading
import time

LIMIT_S = 60
ADDRESS = re.compile(r"\b127\.0\.0\.1:(\d{4,5})\b")

# Runs a block in the shell itself, so that its variables, functions and jobs stay. A command that fails before the last one
# is noted too: a reader would stop there.
STEP = """trap 'echo "line $LINENO: $BASH_COMMAND" >>{failed}' ERR
. {script} >{output} 2>&1 </dev/null
echo "ended $?" >&9
"""


class Ports:
    """A free port for each that a page names, the same one wherever it names it, and another one for each page."""

    given = set()
    giving = threading.Lock()

    def __init__(self):
        self.free = {}

    def put(self, text):
        return ADDRESS.sub(lambda found: f"127.0.0.1:{self.of(found[1])}", text)

    def of(self, named):
        if named not in self.free:
            with self.giving:
                self.free[named] = next(port for port in iter(free_port, None) if port not in self.given)
                self.given.add(self.free[named])
        return self.free[named]


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Shell:
    """`folder` is where it begins and its HOME; `scratch` holds what it is fed and what it printed."""

    def __init__(self, folder, scratch, path, more=None):
        environment = {"HOME": str(folder), "PATH": path, "LANG": "C.UTF-8", "FREEHOLD_LANG": "en", **(more or {})}
        self.scratch = scratch
        ends, tells = os.pipe()
        self.ends = ends
        self.process = subprocess.Popen(
            ["bash", "--noprofile", "--norc"],
            cwd=folder,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=[tells],
            start_new_session=True,
        )
        self.feed(f"exec 9>&{tells}\n")
        os.close(tells)

    def feed(self, text):
        self.process.stdin.write(text.encode())
        self.process.stdin.flush()

    def run(self, commands):
        """Exit status of the last command (None: it did not end), what it printed, and which commands failed."""
        script, output, failed = (self.scratch / name for name in ("script", "output", "failed"))
        script.write_text(commands)
        output.write_text("")
        failed.write_text("")
        self.feed(STEP.format(script=script, output=output, failed=failed))
        status = self.ended()
        return status, output.read_text(errors="replace"), failed.read_text().splitlines()

    def ended(self):
        told, until = b"", time.monotonic() + LIMIT_S
        while not told.endswith(b"\n"):
            ready, _, _ = select.select([self.ends], [], [], max(0, until - time.monotonic()))
            piece = os.read(self.ends, 64) if ready else b""
            if not piece:
                return None
            told += piece
        return int(told.split()[-1])

    def close(self):
        """Ends the shell and what it started: politely, and after five seconds for good."""
        group = self.process.pid
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                os.killpg(group, number)
            except ProcessLookupError:
                break
            for _ in range(50):
                self.process.poll()
                if not alive(group):
                    break
                time.sleep(0.1)
        self.process.wait()
        os.close(self.ends)


def alive(group):
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
