"""One run of flowmeter capture: starts it, reads what it says, asks for its counters, and waits for its end."""
import fcntl
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time

F_SETPIPE_SZ = 1031
SAMPLE = re.compile(r"^([a-z_]+)(?:\{([^}]*)\})? (\S+)$", re.M)


class Scrape:
    """The counters at a moment: of each name, the sum over all labels."""

    def __init__(self, asked, text):
        self.asked = asked
        self.totals = {}
        for name, labels, value in SAMPLE.findall(text):
            if not name.endswith("_bucket"):
                self.totals[name] = self.totals.get(name, 0) + float(value)

    def __getitem__(self, name):
        return int(self.totals.get("flowmeter_" + name, 0))


class Meter:
    """A running capture. Its stderr goes through a small pipe that can be left unread or closed."""

    def __init__(self, command, folder, port, environment=None, period=0.25):
        self.folder, self.port, self.period = folder, port, period
        self.began = time.monotonic()
        self.scrapes, self.said = [], []
        self.stopped = []
        self.is_reading = threading.Event()
        self.is_reading.set()
        self._closes = False
        self._ended = threading.Event()
        read, write = os.pipe()
        fcntl.fcntl(write, F_SETPIPE_SZ, 4096)
        self.process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=write, env={**os.environ, **(environment or {})})
        os.close(write)
        self.pid = self.process.pid
        self._threads = [threading.Thread(target=self._listen, args=(read,)), threading.Thread(target=self._scrape)]
        for thread in self._threads:
            thread.daemon = True
            thread.start()

    def get(self, path, patience=1.0):
        """(status, body) of what its server answers; (0, "") if it does not."""
        try:
            with socket.create_connection(("127.0.0.1", self.port), patience) as connection:
                connection.settimeout(patience)
                connection.sendall(f"GET {path} HTTP/1.1\r\nHost: chaos\r\n\r\n".encode())
                answer = b""
                while part := connection.recv(65536):
                    answer += part
            head, _, body = answer.partition(b"\r\n\r\n")
            return int(head.split()[1]), body.decode()
        except (OSError, IndexError, ValueError):
            return 0, ""

    def await_ready(self, patience):
        """When it was seen to be ready; None if it ended or takes too long."""
        while time.monotonic() - self.began < patience and self.process.poll() is None:
            if self.get("/readyz")[0] == 200:
                return time.monotonic()
            time.sleep(0.05)
        return None

    def signal(self, number):
        try:
            self.process.send_signal(number)
        except ProcessLookupError:
            pass

    def pause(self):
        self.stopped.append([time.monotonic(), float("inf")])
        self.signal(signal.SIGSTOP)

    def resume(self):
        self.signal(signal.SIGCONT)
        if self.stopped and self.stopped[-1][1] == float("inf"):
            self.stopped[-1][1] = time.monotonic()

    def stop_reading(self):
        self.is_reading.clear()

    def read_again(self):
        self.is_reading.set()

    def close_stderr(self):
        self._closes = True
        self.is_reading.set()

    def wait(self, patience):
        """Its exit code, minus the number of a signal; None if it does not end in time."""
        try:
            code = self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return None
        self._ended.set()
        self.is_reading.set()
        for thread in self._threads:
            thread.join(10)
        return code

    def last_scrape(self, before):
        """The last counters that were asked for before a time; None if there are none."""
        return next((scrape for scrape in reversed(self.scrapes) if scrape.asked <= before), None)

    def _listen(self, descriptor):
        with open(descriptor, "rb", buffering=0) as pipe, open(os.path.join(self.folder, "stderr"), "ab") as log:
            while True:
                self.is_reading.wait()
                if self._closes:
                    return
                part = pipe.read(4096)
                if not part:
                    return
                log.write(part)
                log.flush()

    def _scrape(self):
        while not self._ended.is_set():
            asked = time.monotonic()
            status, body = self.get("/metrics")
            if status == 200:
                self.scrapes.append(Scrape(asked, body))
            self._ended.wait(max(self.period - (time.monotonic() - asked), 0))


def heed_signals():
    """Ends in order at SIGTERM. An ignored signal would be inherited, and the capture would heed that: it is what nohup is for."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


def read_summary(path):
    """The summary of a run, None if there is none."""
    try:
        with open(path) as file:
            return json.load(file)
    except (OSError, ValueError):
        return None
