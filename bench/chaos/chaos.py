"""Does what scripts/chaos says; call that."""
import argparse
import mmap
import os
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

import account
import schedule
from account import Life
from folder import PARTIAL, PATTERN, Folder
from meter import Meter, heed_signals, read_summary
from pressure import MemoryLimit
from reader import LOST_BY_LEAVING, PipeReader
from table import Ledger, headers, rows_in
from wire import FAR_END, Wire, stack_drops, start_sender

HERE = os.path.dirname(os.path.abspath(__file__))
USER = "nobody"
PORT = 9999
LONGEST_START = 60
LONGEST_END = 40
LONGEST_RETURN = 25
LONGEST_DEATH = 10
ENDS = {"TERM": (signal.SIGTERM, 0), "INT": (signal.SIGINT, 130)}
FOLDER_TROUBLE = ("full", "read-only", "away", "removed", "taken", "planted", "reader-stalls", "reader-leaves")


class Chaos:
    """The whole run: one sender, one folder, and life after life of the process."""

    def __init__(self, binary, work, seed, rate):
        self.binary, self.work, self.seed, self.rate = binary, work, seed, rate
        self.began = time.monotonic()
        self.totals = {"lives": 0, "events": 0, "rows": 0, "packets": 0, "sent": 0, "missing": 0, "allowed": 0, "lost_rows": 0, "killed": 0}
        self.problems = []
        self.left_behind = {}
        self.wire = self.folder = self.memory = self.sender = None

    def say(self, text):
        print(f"{time.monotonic() - self.began:9.2f}  {text}", flush=True)

    def close(self):
        if self.sender is not None:
            self.sender.kill()
            self.sender.wait()
        for part in (self.wire, self.folder, self.memory):
            if part is not None:
                part.close()

    def prepare(self):
        """Lays the wire and starts to send."""
        self.wire = Wire()
        self.folder = Folder(self.work, USER)
        self.memory = MemoryLimit()
        for name in ("summaries", "lives"):
            os.mkdir(os.path.join(self.work, name))
        shutil.chown(os.path.join(self.work, "summaries"), USER)
        self.headers = headers(self.binary, self.work, set(schedule.PROFILES))
        clock = os.path.join(self.work, "clock")
        with open(clock, "wb") as file:
            file.write(bytes(8))
        os.chmod(clock, 0o644)
        self._clock_file = open(clock, "r+b")
        self._clock = mmap.mmap(self._clock_file.fileno(), 8)
        library = os.path.join(self.work, "clock.so")
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, os.path.join(HERE, "clock.c")], check=True)
        self.environment = {"LD_PRELOAD": library, "CHAOS_CLOCK": clock}
        self.sender, self.sent = start_sender(self.wire, self.work, self.rate, self.seed)
        self.ledger = Ledger(self.sent)

    def set_clock(self, seconds):
        self._clock[:] = struct.pack("<q", int(seconds * 1e9))

    @property
    def ahead(self):
        return struct.unpack("<q", self._clock[:])[0] / 1e9

    def run(self, minutes, calm=False):
        """Life after life until the time is up."""
        for number, plan in enumerate(schedule.lives(self.seed, calm)):
            if time.monotonic() - self.began > minutes * 60:
                break
            OneLife(self, number, plan).run()
            if self.sender.poll() is not None:
                raise RuntimeError("the sender ended by itself")
        self._after_all()

    def _after_all(self):
        """A last start, which has nothing to do but to finish what is left."""
        plan = next(schedule.lives(self.seed, calm=True))
        OneLife(self, self.totals["lives"], schedule.LifePlan(**{**plan.__dict__, "seconds": 3})).run()
        if left := self.folder.partials():
            self.problems.append(f"at the end files have not got their names: {' '.join(left)}")

    def conclude(self, life, verdict, evidence):
        totals = self.totals
        totals["lives"] += 1
        totals["killed"] += life.is_killed
        for name, value in (
            ("rows", life.rows), ("packets", life.packets), ("sent", verdict.sent), ("missing", verdict.missing),
            ("allowed", verdict.missing and verdict.allowed), ("lost_rows", verdict.lost_rows)):
            totals[name] += value
        self.say(
            f"life {life.number}: {life.rows} rows, {life.packets} packets; of {verdict.sent} that had to be there {verdict.missing} are missing"
            f" and {verdict.allowed} may be; {verdict.lost_rows} rows counted as lost")
        for problem in verdict.problems:
            self.say(f"VIOLATION in life {life.number}: {problem}")
        self.problems += [f"life {life.number}: {problem}" for problem in verdict.problems]
        if not verdict.problems:
            shutil.rmtree(evidence)


class OneLife:
    """One run of the process and what happens to it."""

    def __init__(self, chaos, number, plan):
        self.chaos, self.plan, self.folder = chaos, plan, chaos.folder
        self.evidence = os.path.join(chaos.work, "lives", f"{number:04}")
        os.mkdir(self.evidence)
        self.life = Life(number, plan.profile, plan.idle, ready=0, took_files=False)
        self.files = 0
        self.running = {}
        self.resuming_since = None
        self.squeezed = float("-inf")
        self.reader = self.second = None
        self.clients, self.hogs = [], []
        self.output = os.path.join(self.folder.path, PATTERN)
        self.summary = os.path.join(chaos.work, "summaries", f"{number:04}.json")

    # From the start to the end.

    def run(self):
        chaos, plan, life = self.chaos, self.plan, self.life
        chaos.say(
            f"life {life.number} begins: profile {plan.profile}, {plan.workers} workers, {plan.output}, idle {plan.idle}s, rings {plan.buffer}, "
            f"{plan.max_flows} flows{', hosts' if plan.has_hosts else ''}; {plan.end} after {plan.seconds:.1f} s")
        drops_before = stack_drops()
        if plan.is_pipe:
            self.output = os.path.join(self.evidence, "pipe")
            os.mkfifo(self.output)
            shutil.chown(self.output, USER)
            self.reader = PipeReader(self.output, self.evidence)
        self.meter = Meter(self.command(), self.evidence, PORT, chaos.environment)
        chaos.memory.add(self.meter.pid)
        ready = self.meter.await_ready(LONGEST_START)
        if ready is None:
            code = self.meter.process.poll()
            life.problems.append("does not get ready" if code is None else f"ends with {code} when it is started")
            self.meter.signal(signal.SIGKILL)
        else:
            life.ready = ready
            self._left_behind_is_finished()
            self._live()
        self._die(drops_before, ready is not None)

    def command(self):
        plan = self.plan
        command = [
            self.chaos.binary, "capture", "-i", FAR_END, "-o", self.output, "--user", USER, "--profile", plan.profile, "--workers",
            str(plan.workers), "--idle-timeout", f"{plan.idle}s", "--buffer", plan.buffer, "--max-flows", plan.max_flows, "--metrics", str(PORT),
            "--stats-every", "200ms", "--summary", self.summary]
        if plan.profile == "deepfence":
            command += ["--min-packets", "1"]
        if not plan.is_pipe:
            command += ["--rotate", f"{plan.every}s,{plan.size}"]
            if plan.has_hosts:
                command += ["--hosts", os.path.join(self.folder.path, "hosts-%Y%m%dT%H%M%S.csv")]
        return command

    def _live(self):
        due = sorted(
            [(event.at, 0, event) for event in self.plan.events] + [(event.at + event.lasts, 1, event) for event in self.plan.events],
            key=lambda entry: entry[:2])
        began = time.monotonic()
        collected = 0.0
        while (now := time.monotonic()) - began < self.plan.seconds:
            while due and due[0][0] <= now - began:
                _, is_end, event = due.pop(0)
                (self._end if is_end else self._begin)(event)
            if now - collected > 0.5:
                self._collect()
                self._look_at_wire()
                self._look_at_health()
                self.chaos.sent.read()
                collected = now
            if self.meter.process.poll() is not None:
                return
            time.sleep(0.02)

    def _die(self, drops_before, was_ready):
        chaos, life, meter = self.chaos, self.life, self.meter
        life.end = self.plan.end
        code = meter.process.poll()
        if code is not None and was_ready:
            life.end = "OOM" if self._is_out_of_memory(code) else "itself"
            life.signalled = time.monotonic()
            if life.end == "itself":
                life.problems.append(f"ended by itself, with {code}")
        elif was_ready:
            if "stop" in self.running:
                self._end(self.running["stop"])
            life.signalled = time.monotonic()
            meter.signal(signal.SIGKILL if life.end == "KILL" else ENDS[life.end][0])
        during = sorted(self.running)
        code = meter.wait(LONGEST_END)
        if code is None:
            life.problems.append(f"has not ended {LONGEST_END} s after SIG{life.end}")
            subprocess.run(["sh", "-c", f"cat /proc/{meter.pid}/task/*/comm /proc/{meter.pid}/task/*/wchan > {self.evidence}/threads 2>&1"])
            meter.signal(signal.SIGKILL)
            code = meter.wait(LONGEST_END)
            self.squeezed = float("-inf")
        life.code = code
        if life.end != "KILL" and self._is_out_of_memory(code):
            life.end = "OOM"
        chaos.say(f"life {life.number} ends: SIG{life.end}, exit code {code}{', during ' + ' '.join(during) if during else ''}")
        for event in list(self.running.values()):
            self._end(event)
        chaos.set_clock(0)
        if self.second is not None:
            self._end_second()
        self._check_code(was_ready)
        life.stack_drops = stack_drops() - drops_before
        life.scrapes, life.stopped = meter.scrapes, meter.stopped
        life.summary = read_summary(self.summary)
        if was_ready and not life.is_killed and life.summary is None and life.end != "itself":
            life.problems.append("has left no summary")
        self._take_all()
        time.sleep(0.15)
        chaos.sent.read()
        verdict = account.check(life, chaos.ledger)
        chaos.conclude(life, verdict, self.evidence)

    def _is_out_of_memory(self, code):
        """Whether the kernel killed it for its memory, which may take a moment."""
        return code == -signal.SIGKILL and time.monotonic() - self.squeezed < LONGEST_DEATH

    def _check_code(self, was_ready):
        life = self.life
        if life.is_killed or life.end == "itself" or not was_ready:
            return
        right = ENDS[life.end][1]
        # What still can not be written at the end is a failure of the run.
        in_trouble = any(ended >= life.signalled for _, ended in life.folder_faults)
        if life.code != right and not (life.code == 1 and in_trouble):
            life.problems.append(f"exit code {life.code} after SIG{life.end}, where {right} is right")

    # Files.

    def _collect(self):
        for path in self.folder.finals():
            try:
                self._take(path)
            except FileNotFoundError:
                continue

    def _take(self, path):
        """A file that has its name is taken away, as a program that ships files would, and read."""
        inode = os.stat(path).st_ino
        kept = os.path.join(self.evidence, f"{self.files:04}-{os.path.basename(path)}")
        self.files += 1
        shutil.move(path, kept)
        if inode in self.chaos.left_behind:
            number, content = self.chaos.left_behind.pop(inode)
            with open(kept, "rb") as file:
                if file.read() != content:
                    self.life.problems.append(f"{kept}: is not what life {number} left behind")
            return
        self.life.take(self.chaos.ledger.add(kept, self.plan.profile, self.chaos.headers[self.plan.profile]))

    def _take_all(self):
        """What the process has left: files, pipes, and files without their name, whose rows are its, too; the next life finishes them."""
        life, chaos = self.life, self.chaos
        header = chaos.headers[self.plan.profile]
        life.problems += self.folder.unplant()
        self._collect()
        if self.reader is not None:
            segments = self.reader.finish()
            life.pipe_rows = self.reader.leavings * LOST_BY_LEAVING
            for at, segment in enumerate(segments):
                was_left = at + 1 < len(segments) or life.is_killed
                if os.path.getsize(segment) > 0:
                    life.take(chaos.ledger.add(segment, self.plan.profile, header, may_be_torn=was_left, may_go_on=at > 0))
        life.removed_rows = sum(rows_in(content) for content in self.folder.taken_partials())
        for path in self.folder.partials():
            inode = os.stat(path).st_ino
            if inode in chaos.left_behind:
                # A capture into a pipe leaves alone what it did not make.
                if not self.plan.is_pipe:
                    life.problems.append(f"{path}: was left by life {chaos.left_behind[inode][0]} and has not been finished")
                continue
            with open(path, "rb") as file:
                content = file.read()
            content = content[: content.rfind(b"\n") + 1]
            kept = os.path.join(self.evidence, f"left-{inode}.csv")
            with open(kept, "wb") as file:
                file.write(content)
            chaos.left_behind[inode] = (life.number, content)
            if life.is_killed and life.number % 2:
                # As a crash of the machine in the middle of a write would leave it.
                with open(path, "ab") as file:
                    file.write(b"2026-11-25T00:00:00.00,torn")
            if rows_in(content) > 0:
                life.take(chaos.ledger.add(kept, self.plan.profile, header))
            if not life.is_killed and not life.folder_faults:
                life.problems.append(f"{path}: has not got its name, and nothing kept it from that")
        self._check_hosts()

    def _check_hosts(self):
        for name in os.listdir(self.folder.path):
            path = os.path.join(self.folder.path, name)
            if name.startswith("hosts-") and not name.endswith(PARTIAL):
                with open(path, "rb") as file:
                    content = file.read()
                lines = content.split(b"\n")
                if lines[-1] or any(line.count(b",") != lines[0].count(b",") for line in lines[:-1]):
                    shutil.copy(path, self.evidence)
                    self.life.problems.append(f"{path}: has a torn row")
                os.unlink(path)

    def _left_behind_is_finished(self):
        """Who is ready has finished what was left, or deleted it where it had no rows."""
        there = {os.stat(path).st_ino for path in self.folder.partials()}
        for inode, (number, content) in list(self.chaos.left_behind.items()):
            if self.plan.is_pipe:
                continue
            if inode in there:
                self.life.problems.append(f"is ready and has not finished what life {number} left behind")
            elif rows_in(content) == 0:
                del self.chaos.left_behind[inode]
        self._collect()
        for inode, (number, content) in list(self.chaos.left_behind.items()):
            if not self.plan.is_pipe:
                self.life.problems.append(f"{rows_in(content)} rows that life {number} left behind are gone")
                del self.chaos.left_behind[inode]

    # Looks from outside.

    def _look_at_wire(self):
        """After the interface is back: from when on packets are taken again."""
        if self.resuming_since is None or "stop" in self.running:
            return
        later = [scrape["packets_total"] for scrape in self.meter.scrapes if scrape.asked > self.resuming_since + 1]
        rises = sum(next_one > one for one, next_one in zip(later, later[1:]))
        if rises >= 2 and self.meter.get("/readyz")[0] in (200, 503) and self.meter.scrapes[-1]["interface_up"] == 1:
            self.life.wire_faults[-1][1] = time.monotonic()
            self.chaos.say(f"    takes packets again, {time.monotonic() - self.resuming_since:.1f} s after the interface is back")
            self.resuming_since = None
            return
        woken = max((ended for _, ended in self.meter.stopped), default=0)
        if time.monotonic() - max(self.resuming_since, woken) > LONGEST_RETURN:
            self.life.problems.append(f"takes no packets {LONGEST_RETURN} s after the interface is back")
            self.resuming_since = None

    def _look_at_health(self):
        if "stop" in self.running or not self.meter.scrapes:
            return
        woken = max((ended for _, ended in self.meter.stopped), default=0)
        silent = time.monotonic() - max(self.meter.scrapes[-1].asked, woken)
        if silent > 15:
            self.life.problems.append(f"has not answered /metrics for {silent:.0f} s")
            self.meter.scrapes[-1].asked = time.monotonic()

    # Faults.

    def _begin(self, event):
        if event.fault in ("down", "delete") and self.resuming_since is not None:
            return
        self.chaos.totals["events"] += 1
        self.chaos.say(f"    {event.fault}{f' {event.value:+d} s' if event.fault == 'clock' else ''} for {event.lasts:.1f} s")
        self.running[event.fault] = event
        now = time.monotonic()
        if event.fault == "squeeze":
            self.squeezed = float("inf")
        if event.fault in FOLDER_TROUBLE:
            self.life.folder_faults.append([now, float("inf")])
        if event.fault in ("down", "delete"):
            self.life.wire_faults.append([now, float("inf")])
        BEGIN[event.fault](self, event)

    def _end(self, event):
        if self.running.pop(event.fault, None) is None:
            return
        END.get(event.fault, lambda one, event: None)(self, event)
        if event.fault == "squeeze":
            self.squeezed = time.monotonic()
        if event.fault in FOLDER_TROUBLE:
            # It is tried again every second; what was found to be gone may be counted later.
            self.life.folder_faults[-1][1] = time.monotonic() + 3
        if event.fault in ("down", "delete"):
            self.resuming_since = time.monotonic()

    def _remove(self, event):
        self._collect()
        self.life.took_files = True
        for path in self.folder.remove():
            self._take(path)

    def _take_partials(self, event):
        self.life.took_files = True
        self.folder.take_partials()

    def _move_away(self, event):
        self.life.took_files = True
        self.folder.move_away()

    def _plant(self, event):
        self.folder.plant(time.time() + self.chaos.ahead, self.plan.every)

    def _start_second(self, event):
        self.second_log = open(os.path.join(self.evidence, "second"), "ab")
        self.second = subprocess.Popen(
            [self.chaos.binary, "capture", "-i", "lo", "-o", self.output, "--user", USER, "--profile", self.plan.profile, "--rotate",
             f"{self.plan.every}s", "--filter", "udp port 9", "-q"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.second_log)

    def _end_second(self, event=None):
        second, self.second = self.second, None
        second.terminate()
        try:
            code = second.wait(LONGEST_END)
        except subprocess.TimeoutExpired:
            second.kill()
            code = second.wait()
        self.second_log.close()
        # Before it has taken over its signals SIGTERM ends it as any program.
        if code not in (0, -signal.SIGTERM):
            self.life.problems.append(f"a second capture into the same folder ended with {code}")

    def _hang_clients(self, event):
        for request in (b"", b"GET /met", b"GET /metrics HTTP/1.1\r\n", b"\0" * 4000) * 6:
            try:
                client = socket.create_connection(("127.0.0.1", PORT), 1)
                client.sendall(request)
                self.clients.append(client)
            except OSError:
                break

    def _release_clients(self, event):
        while self.clients:
            self.clients.pop().close()

    def _start_hogs(self, event):
        self.hogs = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(2)]

    def _end_hogs(self, event):
        while self.hogs:
            hog = self.hogs.pop()
            hog.kill()
            hog.wait()


BEGIN = {
    "down": lambda one, event: one.chaos.wire.set("down"),
    "delete": lambda one, event: one.chaos.wire.disconnect(),
    "full": lambda one, event: one.folder.fill(),
    "read-only": lambda one, event: one.folder.lock(),
    "away": OneLife._move_away,
    "removed": OneLife._remove,
    "taken": OneLife._take_partials,
    "planted": OneLife._plant,
    "second": OneLife._start_second,
    "stop": lambda one, event: one.meter.pause(),
    "hang-up": lambda one, event: one.meter.signal(signal.SIGHUP),
    "statistics": lambda one, event: one.meter.signal(signal.SIGUSR1),
    "squeeze": lambda one, event: one.chaos.memory.squeeze(),
    "stderr-stalls": lambda one, event: one.meter.stop_reading(),
    "stderr-closes": lambda one, event: one.meter.close_stderr(),
    "clients-hang": OneLife._hang_clients,
    "hogs": OneLife._start_hogs,
    "clock": lambda one, event: one.chaos.set_clock(one.chaos.ahead + event.value),
    "reader-stalls": lambda one, event: one.reader.stall(),
    "reader-leaves": lambda one, event: one.reader.leave(),
}
END = {
    "down": lambda one, event: one.chaos.wire.set("up"),
    "delete": lambda one, event: one.chaos.wire.connect(),
    "full": lambda one, event: one.folder.empty(),
    "read-only": lambda one, event: one.folder.unlock(),
    "away": lambda one, event: one.folder.move_back(),
    "removed": lambda one, event: one.folder.make_again(),
    "planted": lambda one, event: one.life.problems.extend(one.folder.unplant()),
    "second": lambda one, event: one._end_second(),
    "stop": lambda one, event: one.meter.resume(),
    "squeeze": lambda one, event: one.chaos.memory.release(),
    "stderr-stalls": lambda one, event: one.meter.read_again(),
    "clients-hang": OneLife._release_clients,
    "hogs": OneLife._end_hogs,
    "reader-stalls": lambda one, event: one.reader.go_on(),
    "reader-leaves": lambda one, event: one.reader.come_back(),
}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("minutes", type=float)
    parser.add_argument("seed", type=int)
    parser.add_argument("--rate", type=int, default=3000)
    parser.add_argument("--prove", action="store_true")
    arguments = parser.parse_args()
    work = tempfile.mkdtemp(prefix="flowmeter-chaos-")
    os.chmod(work, 0o755)
    heed_signals()
    chaos = Chaos(arguments.binary, work, arguments.seed, arguments.rate)
    try:
        chaos.prepare()
        chaos.say(f"seed {arguments.seed}, {arguments.minutes:g} minutes, {arguments.rate} packets a second; evidence in {work}")
        if chaos.memory.reason:
            chaos.say(f"left out: pressure on memory, since {chaos.memory.reason}")
        if arguments.prove:
            import prove
            return prove.prove(chaos, OneLife)
        chaos.run(arguments.minutes)
        return conclude(chaos)
    finally:
        chaos.close()
        if not chaos.problems and sys.exc_info()[0] is None:
            shutil.rmtree(work)


def conclude(chaos):
    totals = chaos.totals
    chaos.say(
        f"{totals['lives']} lives, {totals['killed']} of them killed, {totals['events']} faults; {totals['rows']} rows with {totals['packets']} packets; "
        f"of {totals['sent']} packets that had to be in a row {totals['missing']} are missing, where counters have up to {totals['allowed']} as lost; "
        f"{totals['lost_rows']} rows counted as lost")
    if chaos.problems:
        chaos.say(f"FAILED: seed {chaos.seed}: {len(chaos.problems)} violations; evidence in {chaos.work}")
        for problem in chaos.problems:
            chaos.say(f"  {problem}")
        return 1
    chaos.say(f"PASSED: seed {chaos.seed}: no packet in two rows, no torn row, every loss counted")
    return 0


if __name__ == "__main__":
    sys.exit(main())
