"""Has every system call of short runs fail once, and looks at what each run leaves. Started by scripts/inject and by the tests.

usage: inject.py [--minutes N] [--runs N] [--jobs N] BINARY SAMPLES [SCENARIO[:CALL[:NUMBER[:ERROR]]]...]

A scenario is run as it is under strace first: that says which calls there are. Then it is run again and again, with strace having the n-th call of one
kind fail with one error, or wait for three seconds. strace counts the calls of each thread by itself, so several threads may meet the failure in one run.
Calls before Main has begun are the runtime's and the loader's; they are left out. One line a defect, which begins with what repeats it; the last one
counts. Exit code 1 if there are any.

--minutes N     begin no run after this time; what has not failed yet by then comes last
--runs N        of each scenario so many failures, evenly spread over its calls, and a tenth of delays
--jobs N        runs at the same time; 3 for each processor, since many of them sleep
"""
import argparse
import collections
import concurrent.futures
import ctypes
import glob
import itertools
import json
import os
import re
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import time

ERRORS = ["ENOSPC", "EIO", "EINTR", "EACCES", "EMFILE", "ENOMEM"]
DELAY = "delay"

# Calls that fail or wait. What cannot fail (getpid, exit) and what the run does not wait for is not among them.
CALLS = """openat open newfstatat fstat stat lstat statx readlink getcwd access flock read pread64 readv write pwrite64 writev lseek fsync fdatasync ftruncate
    fadvise64 statfs fstatfs fchmod rename renameat renameat2 link linkat unlink unlinkat mkdir rmdir close getdents64 fcntl ioctl dup pipe2 poll ppoll
    select pselect6 epoll_wait epoll_create1 epoll_ctl socket bind listen connect accept accept4 sendto sendmsg recvfrom recvmsg recvmmsg setsockopt
    getsockopt getsockname shutdown clone3 prctl capget capset setresuid setresgid setgroups sched_getaffinity sched_setaffinity getrandom sysinfo""".split()
MEMORY = "mmap mremap brk mprotect madvise munmap".split()

# What a call can fail with, where the runtime takes any other error for its own defect and ends.
ALWAYS = {"epoll_wait": ["EINTR"]}

# A call that these errors interrupt is made again, so that nobody notices.
RETRIED = set("openat read pread64 readv write pwrite64 writev flock fsync ftruncate sendto sendmsg recvfrom poll ppoll select accept accept4 connect".split())

# Where the runtime itself ends the process, and nobody can keep it from that: its signal handler cannot tell its own thread of the signal, or it has no
# room for a thread of its own.
OF_RUNTIME = re.compile(r'^write\(\d+<[^>]*>, "[^"]{1,4}", 1\) += -1 |^Process terminated. (Failed to create the thread pool|Exception thrown from Socket)', re.M)

# A read of what the user named, as strace shows it.
INPUT = re.compile(r"^p?read(64)?\(\d+<[^>]*\.(pcap|pcapng|gz|zst|csv|tsv|json)>")

# A run that takes longer than its patience goes on without strace, which stops a thread at each signal: on a busy machine the signals of a garbage
# collection that waits for a thread can keep that thread from getting anywhere. A run that was merely slow ends then, a hang does not.
PATIENCE = 120
HANG = 120
DELAY_SECONDS = 3


class Scenario:
    """A command, what it reads and what it writes."""

    def __init__(self, arguments, outputs=(), standard_input=None, reads_output=False, pipe=None, wire=0, link=None):
        self.arguments = arguments.split()
        self.outputs = outputs            # replaced as a whole: old or new, never half
        self.standard_input = standard_input
        self.reads_output = reads_output  # standard output is a pipe and has the table
        self.pipe = pipe                  # a named pipe with a reader
        self.wire = wire                  # frames to send to a live capture
        self.link = link                  # a symbolic link, and where it leads


READ = "-q -o out.csv --summary s.json --hosts h.csv"
LIVE = "-q -o out.csv --rotate 4kB --summary s.json --metrics PORT"
SCENARIOS = {
    "read": Scenario(f"read SAMPLES/office.pcap {READ}", ["out.csv", "s.json", "h.csv"]),
    "read-many": Scenario(
        f"read a.pcap.gz b.pcap.zst c.pcapng --workers 2 --profile full {READ}", ["out.csv", "s.json", "h.csv"]),
    "read-split": Scenario(
        f"read SAMPLES/office.pcap --write-suspicious w.pcap --write-benign b.pcap {READ}", ["out.csv", "s.json", "h.csv", "w.pcap", "b.pcap"]),
    "read-pipe": Scenario("read - -q --summary s.json", ["s.json"], standard_input="office.pcap", reads_output=True),
    "read-fifo": Scenario("read SAMPLES/office.pcap -q -o pipe --summary s.json", ["s.json"], pipe="pipe"),
    "read-link": Scenario("read SAMPLES/office.pcap -q -o link.csv", ["there.csv"], link=("link.csv", "there.csv")),
    "capture": Scenario(f"capture -i FAR {LIVE} --hosts h.csv --model none --idle-timeout 1s", ["out.csv"], wire=200),
    "capture-split": Scenario(
        f"capture -i FAR {LIVE} --workers 2 --write-suspicious w.pcap --write-benign b.pcap --forward-to OUT --model early.json", wire=200),
    "capture-fifo": Scenario("capture -i FAR -q -o pipe --summary s.json --model none", pipe="pipe", wire=200),
    "score": Scenario("score in.csv --model builtin -q -o out.csv", ["out.csv"]),
    "train": Scenario(
        "train SAMPLES/office.pcap --labels SAMPLES/labels.tsv --folds 2 -o m.json --report r.html --json j.json", ["m.json", "r.html", "j.json"]),
    "evaluate": Scenario(
        "evaluate --model early.json SAMPLES/office.pcap --labels SAMPLES/labels.tsv --report r.html --json j.json", ["r.html", "j.json"]),
    "tune": Scenario(
        "tune --benign tune.pcap --malicious tune.pcap --budget 5% -o m.json --json j.json", ["m.json", "j.json"]),
    "report": Scenario("report in.csv -o out.html", ["out.html"]),
    "generate": Scenario("generate out.pcap --packets 2000 --flows 50 --seed 7", ["out.pcap"]),
    "model": Scenario("model -o m.json", ["m.json"]),
}


class Wire:
    """Two pairs of interfaces in the script's own network namespace: one to capture, and one to forward to."""

    def __init__(self, slot):
        self.near, self.far, self.out, self.ids = (f"{name}{slot}" for name in ("near", "far", "out", "ids"))
        self.port = 9400 + slot
        for one, other in ((self.near, self.far), (self.out, self.ids)):
            sh("ip", "link", "add", one, "type", "veth", "peer", "name", other)
            for end in (one, other):
                with open(f"/proc/sys/net/ipv6/conf/{end}/disable_ipv6", "w") as switch:
                    switch.write("1")
                sh("ip", "link", "set", end, "up")
        self.sender = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
        self.sender.bind((self.near, 0))
        self.index = str(socket.if_nametoindex(self.far))

    def is_captured(self):
        with open("/proc/self/net/packet") as sockets:
            return any(line.split()[4] == self.index and line.split()[5] == "1" for line in list(sockets)[1:])

    def send(self, first, count):
        for i in range(first, first + count):
            payload = bytes(64)
            udp = struct.pack(">HHHH", 5000, 443, 8 + len(payload), 0)
            ip = struct.pack(">BBHHHBBH4s4s", 0x45, 0, 28 + len(payload), i, 0, 64, 17, 0, bytes([10, 0, i >> 8, i & 255]), bytes([192, 0, 2, 1]))
            self.sender.send(bytes(12) + b"\x08\x00" + ip + udp + payload)


def sh(*command):
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


class Run:
    """One run of a scenario in a folder of its own."""

    def __init__(self, tool, name, slot, injection=None):
        self.scenario, self.tool, self.slot, self.injection = SCENARIOS[name], tool, slot, injection
        self.folder = tempfile.mkdtemp(prefix="run-", dir=tool.work)
        self.trace = os.path.join(tool.work, f"trace-{slot}")
        self.sent = 0
        self.is_of_runtime = self.is_slow = False
        for output in self.scenario.outputs:
            self.write(output, b"old\n")
            os.chmod(os.path.join(self.folder, output), 0o600)
        if self.scenario.pipe:
            os.mkfifo(os.path.join(self.folder, self.scenario.pipe))
        if self.scenario.link:
            os.symlink(self.scenario.link[1], os.path.join(self.folder, self.scenario.link[0]))

    def write(self, name, content):
        with open(os.path.join(self.folder, name), "wb") as file:
            file.write(content)

    def start(self):
        words = [self.tool.place(word, self.slot) for word in self.scenario.arguments]
        tracing = ["-o", self.trace]
        if self.injection:
            call, number, error = self.injection
            # brk(2) says where the heap ends, and never an error number: an end below the one that was asked for is a refusal.
            what = f"delay_enter={DELAY_SECONDS}000000" if error == DELAY else "retval=0" if call == "brk" else f"error={error}"
            tracing += ["-e", f"trace={call}", "-e", f"inject={call}:{what}:when={number}"]
        given = open(self.tool.place(f"SAMPLES/{self.scenario.standard_input}", 0), "rb") if self.scenario.standard_input else subprocess.DEVNULL
        # So much memory that no garbage is collected: see PATIENCE.
        environment = {"PATH": os.environ["PATH"], "HOME": self.tool.work, "LANG": "C.UTF-8", "DOTNET_GCgen0size": "4000000"}
        if self.scenario.wire:
            self.notify = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
            self.notify.bind(os.path.join(self.folder, "notify"))
            environment["NOTIFY_SOCKET"] = os.path.join(self.folder, "notify")
        self.process = subprocess.Popen(
            ["strace", "-D", "-f", "-y", "-qq", *tracing, self.tool.binary, *words], cwd=self.folder, env=environment, stdin=given,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True)
        self.result, self.errors, self.piped = b"", b"", b""
        self.readers = [threading.Thread(target=self.collect, args=("result", self.process.stdout)),
                        threading.Thread(target=self.collect, args=("errors", self.process.stderr))]
        if self.scenario.pipe:
            # Open for writing, too, so that the reader never waits for a run that has failed before it opened the pipe.
            pipe = os.path.join(self.folder, self.scenario.pipe)
            self.end = os.open(pipe, os.O_RDWR)
            self.readers.append(threading.Thread(target=self.collect, args=("piped", os.fdopen(os.open(pipe, os.O_RDONLY), "rb"))))
        for reader in self.readers:
            reader.start()

    def failed_calls(self):
        """The calls that strace had fail, as it shows them."""
        with open(self.trace, errors="replace") as lines:
            return [line.split(None, 1)[1].strip() for line in lines if "INJECTED" in line]

    def collect(self, name, stream):
        with stream:
            setattr(self, name, stream.read())

    def finish(self):
        """Returns what is wrong with the run."""
        try:
            open(self.trace, "w").close()
            self.start()
            if self.scenario.wire:
                self.drive()
            patience = PATIENCE + (10 * DELAY_SECONDS if self.injection and self.injection[2] == DELAY else 0)
            try:
                self.wait(patience)
            except subprocess.TimeoutExpired:
                threads = self.threads()
                self.process.kill()
                self.process.wait()
                return [f"did not end within {patience + HANG} s; {threads}"]
            finally:
                if self.scenario.pipe:
                    os.close(self.end)
                for reader in self.readers:
                    reader.join()
            self.said = self.errors.decode(errors="replace")
            self.files, self.opened = {}, []
            for name in sorted(os.listdir(self.folder)):
                path = os.path.join(self.folder, name)
                if os.path.isfile(path) and name != (self.scenario.link or [""])[0]:
                    if name in self.scenario.outputs and os.stat(path).st_mode & 0o777 != 0o600:
                        self.opened.append(name)
                    with open(path, "rb") as file:
                        self.files[name] = file.read()
            if self.scenario.reads_output:
                self.files["output.csv"] = self.result
            if self.scenario.pipe:
                self.files["pipe.csv"] = self.piped
            return None
        finally:
            if self.scenario.wire and hasattr(self, "notify"):
                self.notify.close()
            shutil.rmtree(self.folder, ignore_errors=True)

    def wait(self, patience):
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.is_slow = True
            with open(f"/proc/{self.process.pid}/status") as status:
                tracer = int(re.search(r"^TracerPid:\s+(\d+)", status.read(), re.M).group(1))
            if tracer:
                os.kill(tracer, signal.SIGKILL)
            self.process.wait(HANG)

    def threads(self):
        """What each thread of the process does: its name, state, processor time in hundredths of a second, and where in the kernel it waits."""
        seen = []
        for path in sorted(glob.glob(f"/proc/{self.process.pid}/task/*/stat")):
            try:
                with open(path) as stat, open(path.removesuffix("stat") + "wchan") as wait:
                    name, fields = re.match(r"\d+ \((.*)\) (.*)", stat.read()).groups()
                    fields = fields.split()
                    seen.append(f"{name} {fields[0]} {int(fields[11]) + int(fields[12])} {wait.read()}")
            except OSError:
                pass  # A thread that has ended meanwhile.
        return ", ".join(seen)

    def drive(self):
        """Sends frames to a capture once it takes them, asks for its metrics, has it rotate, and ends it."""
        wire = self.tool.wires[self.slot]
        if self.is_ready(wire):
            for first in range(0, self.scenario.wire, 50):
                wire.send(first, 50)
                self.sent += 50
                time.sleep(0.05)
            self.scrape(wire.port)
            self.signal(signal.SIGHUP)
            time.sleep(0.15)
        self.signal(signal.SIGTERM)

    def is_ready(self, wire):
        self.notify.settimeout(0.05)
        limit = time.monotonic() + 4 * DELAY_SECONDS
        captured = None
        while time.monotonic() < limit and self.process.poll() is None:
            try:
                if self.notify.recv(4096).startswith(b"READY=1"):
                    return True
            except TimeoutError:
                pass
            if captured is None and wire.is_captured():
                captured = time.monotonic()
            if captured is not None and time.monotonic() - captured > 2 * DELAY_SECONDS:
                return True
        return False

    def scrape(self, port):
        try:
            with socket.create_connection(("127.0.0.1", port), 0.3) as connection:
                connection.settimeout(0.3)
                connection.sendall(b"GET /metrics HTTP/1.1\r\n\r\n")
                while connection.recv(65536):
                    pass
        except OSError:
            pass  # The run may have no metrics, or this very call of it has failed.

    def signal(self, number):
        if self.process.poll() is None:
            self.process.send_signal(number)


class Check:
    """What must hold of a run, whatever call of it failed."""

    def __init__(self, whole, longest):
        self.whole = whole      # runs that nothing was done to
        self.longest = longest  # of what a run said, characters shown

    def faults(self, run):
        code, said = run.process.returncode, run.said
        call, _, error = run.injection or ("", 0, DELAY)
        if code == -signal.SIGABRT and OF_RUNTIME.search("\n".join([*run.failed_calls(), said])):
            run.is_of_runtime = True
            return
        if code not in (0, 1):
            yield f"exit code {code}: {said.strip()[:self.longest]}"
            return
        if "   at " in said or "defect of the program" in said:
            yield f"a stack trace: {said.strip()[:self.longest]}"
        if code == 1 and not re.search("^flowmeter: .+", said, re.M):
            yield "failed without a word"
        if code == 1 and (error == DELAY or (error == "EINTR" and call in RETRIED)):
            yield f"is not waited for or tried again: {said.strip()[:200]}"
        if code == 0 and call == "fsync" and error in ("EIO", "ENOSPC") and not run.scenario.wire:
            yield "a disk that failed is not told"
        if code == 0 and call in ("read", "pread64") and error == "EIO" and any(INPUT.search(failed) for failed in run.failed_calls()):
            yield "an input that could not be read is not told"
        for name in run.opened:
            yield f"{name} has other rights than the file that it replaced"
        for name, content in run.files.items():
            yield from self.faults_of(run, name, content)
        if code == 0:
            for name in self.whole[0].files:
                if name not in run.files and not run.scenario.wire:
                    yield f"{name} is missing"
            if run.scenario.wire:
                yield from self.sums(run)

    def faults_of(self, run, name, content):
        if name in run.scenario.outputs and content == b"old\n":
            if run.process.returncode == 0 and not run.scenario.wire:
                yield f"{name} is still the old one"
            return
        is_whole = not name.endswith(".partial")
        kind = name.removesuffix(".partial").rpartition(".")[2]
        expected = [whole.files[name] for whole in self.whole if name in whole.files]
        is_table = kind == "csv"
        if is_whole and not run.scenario.wire and len(expected) == 2 and same(is_table, *expected):
            through_pipe = name in ("output.csv", "pipe.csv") and run.process.returncode == 1
            if not through_pipe and "can not be read past" not in run.said and not same(is_table, content, expected[0]):
                yield f"{name} is not as it should be"
        if is_table and content and not content.endswith(b"\n"):
            yield f"{name} has a torn row"
        elif is_table and content:
            lines = content.decode().split("\n")[:-1]
            if any(line.count(",") != lines[0].count(",") for line in lines):
                yield f"{name} has a torn row within"
            rows = [line for line in lines if line != lines[0]]
            if len(set(rows)) < len(rows) and "h.csv" not in name:
                yield f"{name} has a row twice"
        elif is_whole and kind == "json":
            try:
                json.loads(content)
            except ValueError:
                yield f"{name} is half"
        elif is_whole and kind == "html" and not content.rstrip().endswith(b"</html>"):
            yield f"{name} is half"
        elif kind == "pcap" and (is_whole or run.scenario.wire) and frames_of(content) is None:
            yield f"{name} has a torn record"

    def sums(self, run):
        """Every frame that was sent is counted, and every row of a flow is in a file or counted as lost."""
        if "s.json" not in run.files:
            yield "s.json is missing"
            return
        summary = json.loads(run.files["s.json"])
        skipped = sum(summary["skipped"].values()) + summary["outside_profile"]
        lost = sum(worker.get(key, 0) for worker in summary["capture"]["workers"] for key in ("dropped", "interface_dropped")) \
            if isinstance(summary["capture"].get("workers"), list) else summary["capture"].get("packets_lost", 0)
        ignored = summary["capture"].get("packets_ignored", 0)
        # What comes while the interface is being opened again, nobody sees; a line says so.
        is_gap = "opening it again" in run.said and summary["frames"] < run.sent
        if summary["metered"] + skipped != summary["frames"] or (summary["frames"] + lost + ignored != run.sent and not is_gap):
            yield f"of {run.sent} frames {summary['frames']} are counted, {summary['metered']} metered, {lost} lost, {ignored} ignored"
        rows = sum(max(content.count(b"\n") - headers(content), 0) for name, content in run.files.items() if re.match("out|pipe", name))
        if "out.csv" in run.scenario.outputs and run.files.get("out.csv") != b"old\n":
            yield "out.csv, which was there before, is gone"
        rows_lost = summary["capture"]["rows_lost"] + summary["capture"].get("flows_lost", 0)
        if rows + rows_lost != summary["flows"]:
            yield f"of {summary['flows']} flows {rows} rows are there and {rows_lost} lost"
        # A file without rows that could not be deleted is taken away by the next start.
        left = [name for name, content in run.files.items() if name.endswith(".partial") and content.count(b"\n") > 1]
        if left:
            yield f"{', '.join(left)} is left"


def headers(table):
    lines = table.split(b"\n")
    return lines.count(lines[0]) if lines[0] else 0


def same(is_table, one, other):
    return sorted(one.split(b"\n")) == sorted(other.split(b"\n")) if is_table else one == other


def frames_of(capture):
    """The records of a pcap file; None if it is torn."""
    if not capture:
        return 0
    at, count = 24, 0
    while at < len(capture):
        if at + 16 > len(capture):
            return None
        at += 16 + struct.unpack_from("<I", capture, at + 8)[0]
        count += 1
    return count if at == len(capture) else None


class Tool:
    def __init__(self, options):
        self.options = options
        self.binary, self.samples = os.path.abspath(options.binary), os.path.abspath(options.samples)
        self.work = tempfile.mkdtemp(prefix="flowmeter-inject-")
        self.wires = []
        self.of_runtime = self.slow = 0

    def place(self, word, slot):
        wire = self.wires[slot] if self.wires else None
        named = os.path.join(self.work, word)
        if word in ("FAR", "OUT", "PORT"):
            return {"FAR": wire.far, "OUT": wire.out, "PORT": str(wire.port)}[word]
        if word.startswith("SAMPLES/"):
            return word.replace("SAMPLES", self.samples)
        return named if os.path.isfile(named) else word

    def prepare(self, names):
        """What the scenarios read, and the network they capture."""
        capture = os.path.join(self.samples, "office.pcap")
        sh(self.binary, "read", capture, "-q", "-o", os.path.join(self.work, "in.csv"))
        with open(os.path.join(self.work, "early.json"), "w") as model:
            json.dump({"schema": "flowmeter-model/1", "name": "by size", "profile": "flowmeter", "intercept": -4.5, "decide_after": 3, "features": [
                {"name": "bytes", "transform": "identity", "centre": 0, "scale": 100, "weight": 1}]}, model)
        if "tune" in names:
            sh(self.binary, "generate", os.path.join(self.work, "tune.pcap"), "--packets", "6000", "--flows", "150", "--seed", "7")
        if "read-many" in names:
            with open(capture, "rb") as file:
                content = file.read()
            import gzip
            with open(os.path.join(self.work, "a.pcap.gz"), "wb") as file:
                file.write(gzip.compress(content, mtime=0))
            sh("zstd", "-q", capture, "-o", os.path.join(self.work, "b.pcap.zst"))
            with open(os.path.join(self.work, "c.pcapng"), "wb") as file:
                file.write(pcapng_of(content))
        if any(SCENARIOS[name].wire for name in names):
            if ctypes.CDLL(None, use_errno=True).unshare(0x40000000) != 0:
                sys.exit("inject: no right to make a network namespace; run it as root, or name scenarios without capture")
            sh("ip", "link", "set", "lo", "up")
            self.wires = [Wire(slot) for slot in range(self.options.jobs)]

    def injections(self, name):
        """Two runs without a failure, and all (scenario, call, number, error) such that each call has failed once before any fails a second time."""
        whole = []
        for _ in range(2):
            run, faults = self.complete(name, 0)
            faults = faults or list(Check([run, run], 300).faults(run))
            if faults or run.process.returncode != 0:
                sys.exit(f"inject: {name} fails without a failure: {faults} {run.errors.decode(errors='replace')}")
            whole.append(run)
        first, last = calls_of(run.trace)
        targets = [(call, number) for call in CALLS for number in range(first[call] + 1, last[call] + 1)]
        failures = [(name, call, number, ERRORS[(i + turn) % len(ERRORS)]) for turn in range(len(ERRORS)) for i, (call, number) in enumerate(targets)]
        memory = [(name, call, number, "ENOMEM") for call in MEMORY for number in range(first[call] + 1, last[call] + 1)]
        delays = [(name, call, number, DELAY) for call, number in targets]
        failures = memory + [one for one in failures if one[1] not in ALWAYS or one[3] in ALWAYS[one[1]]]
        if self.options.runs:
            failures, delays = spread(failures, self.options.runs), spread(delays, self.options.runs // 10)
        # Delays take long and no processor: they are spread among the others.
        step = max(1, len(failures) // max(1, len(delays)))
        return whole, [one for i, failure in enumerate(failures) for one in [failure, *delays[i // step:i // step + 1][:i % step == 0]]]

    def complete(self, name, slot, injection=None):
        """Runs to the end. On a busy machine strace may not get hold of the process in time, which then ends by its alarm: then again."""
        for _ in range(5):
            run = Run(self, name, slot, injection)
            faults = run.finish()
            if faults or run.process.returncode != -signal.SIGALRM:
                break
        return run, faults

    def run(self, choices, limit):
        """Has the chosen calls fail, those of all scenarios in turn; returns the exit code."""
        checks, queues = {}, []
        for name, *chosen in choices:
            whole, injections = self.injections(name)
            queues.append([one for one in injections if all(str(mine) == wanted for mine, wanted in zip(one[1:], chosen))])
            checks[name] = Check(whole, 5000 if chosen else 300)
        injections = [one for turn in itertools.zip_longest(*queues) for one in turn if one]
        until = None if limit is None else time.monotonic() + limit
        slots, lock = list(range(self.options.jobs)), threading.Lock()
        runs, calls, defects = collections.Counter(), set(), collections.Counter()

        def one(injection):
            if until is not None and time.monotonic() > until:
                return
            name = injection[0]
            with lock:
                slot = slots.pop()
            run, faults = self.complete(name, slot, injection[1:])
            faults = [*(faults or checks[name].faults(run))]
            shown = sorted(set(run.failed_calls())) if faults else []
            with lock:
                slots.append(slot)
                runs[name] += 1
                calls.add(injection[:3])
                self.of_runtime += run.is_of_runtime
                self.slow += run.is_slow
                if faults:
                    defects[name] += 1
                    print(f"{':'.join(map(str, injection))}: {'; '.join(faults + shown)}".replace("\n", " | "), flush=True)

        with concurrent.futures.ThreadPoolExecutor(self.options.jobs) as pool:
            for _ in pool.map(one, injections):
                pass
        for name in runs:
            print(f"{name}: {runs[name]} runs, {defects[name]} defects", file=sys.stderr)
        print(f"{runs.total()} runs of {len(injections)}, {len(calls)} calls, {self.of_runtime} ended by the runtime itself, "
              f"{self.slow} slower than {PATIENCE} s, {defects.total()} defects")
        return 1 if defects or not runs else 0


def spread(items, count):
    step = max(1, -(-len(items) // max(1, count)))
    return items[::step]


def calls_of(trace):
    """Of each call the number of the last one before Main began, and of the last one at all, in any thread."""
    first, counts, main = collections.Counter(), collections.Counter(), None
    with open(trace, errors="replace") as lines:
        for line in lines:
            match = re.match(r"(\d+) +(\w+)\(", line)
            if not match:
                continue
            thread, call = match.groups()
            if main is None and re.search(r"fcntl\(0<[^>]*>, F_GETFD", line):
                main = thread
                for (_, earlier), count in counts.items():
                    first[earlier] = max(first[earlier], count)
            counts[thread, call] += 1
    last = collections.Counter()
    for (_, call), count in counts.items():
        last[call] = max(last[call], count)
    return first, last


def pcapng_of(pcap):
    """The same packets as pcapng."""
    def block(kind, body):
        body += bytes(-len(body) % 4)
        return struct.pack("<II", kind, len(body) + 12) + body + struct.pack("<I", len(body) + 12)
    link, = struct.unpack_from("<I", pcap, 20)
    blocks = [block(0x0A0D0D0A, struct.pack("<IHHq", 0x1A2B3C4D, 1, 0, -1)), block(1, struct.pack("<HHI", link, 0, 0))]
    at = 24
    while at < len(pcap):
        seconds, fraction, captured, length = struct.unpack_from("<IIII", pcap, at)
        stamp = seconds * 1_000_000 + fraction
        blocks.append(block(6, struct.pack("<IIIII", 0, stamp >> 32, stamp & 0xFFFFFFFF, captured, length) + pcap[at + 16:at + 16 + captured]))
        at += 16 + captured
    return b"".join(blocks)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--runs", type=int)
    parser.add_argument("--jobs", type=int, default=3 * (os.cpu_count() or 1))
    parser.add_argument("binary")
    parser.add_argument("samples")
    parser.add_argument("scenarios", nargs="*")
    options = parser.parse_args()
    choices = [choice.split(":") for choice in options.scenarios or SCENARIOS]
    tool = Tool(options)
    try:
        tool.prepare({name for name, *_ in choices})
        return tool.run(choices, None if options.minutes is None else 60 * options.minutes)
    finally:
        shutil.rmtree(tool.work, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
