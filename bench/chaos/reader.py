"""Reads a named pipe into files, one for each time it was opened, and may stall or leave."""
import os
import select
import threading
import time

CAPACITY = 65536
SHORTEST_ROW = 150
# What a reader that leaves takes with it: rows in the pipe that it has not read.
LOST_BY_LEAVING = CAPACITY // SHORTEST_ROW + 1


class PipeReader:
    """The reader of a pipe, on a thread of its own."""

    def __init__(self, path, folder):
        self._path, self._folder = path, folder
        self.segments = []
        self.leavings = 0
        self._is_here = self._reads = True
        self._is_over = False
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        while not self.segments:
            time.sleep(0.01)

    def stall(self):
        self._reads = False

    def go_on(self):
        self._reads = True

    def leave(self):
        self._is_here = False
        self.leavings += 1

    def come_back(self):
        self._is_here = True

    def finish(self):
        """Reads what is left when the writer is gone; the files."""
        self._reads = self._is_over = True
        self._thread.join(20)
        return self.segments

    def _run(self):
        while not self._is_over:
            if not self._is_here:
                time.sleep(0.02)
                continue
            descriptor = os.open(self._path, os.O_RDONLY | os.O_NONBLOCK)
            segment = os.path.join(self._folder, f"pipe-{len(self.segments)}")
            with open(segment, "wb") as file:
                self.segments.append(segment)
                self._read(descriptor, file)
            os.close(descriptor)

    def _read(self, descriptor, file):
        while self._is_here or self._is_over:
            if not self._reads:
                time.sleep(0.02)
                continue
            is_last = self._is_over
            if select.select([descriptor], [], [], 0.05)[0]:
                try:
                    part = os.read(descriptor, CAPACITY)
                except BlockingIOError:
                    continue
                if part:
                    file.write(part)
                    continue
                time.sleep(0.02)
            if is_last:
                return
