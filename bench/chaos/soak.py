"""Does what scripts/soak says; call that."""
import argparse
import os
import shutil
import signal
import statistics
import struct
import sys
import tempfile
import time

import account
from folder import PATTERN, Folder
from meter import Meter, heed_signals, read_summary
from table import Ledger, headers
from traffic import FIXED_PAYLOAD, HEADERS, number_of
from wire import FAR_END, Wire, stack_drops, start_sender

USER, IDLE, SEED = "nobody", 2, 1
# Judges a flow at its third packet, by its duration until then: about half of them are benign.
MODEL = """{ "schema": "flowmeter-model/1", "name": "slow", "profile": "flowmeter", "intercept": 0, "decide_after": 3,
  "features": [ { "name": "duration_us", "transform": "identity", "centre": 520000, "scale": 10000, "weight": 1 } ] }
"""
PARTS = ("suspicious", "benign")
PCAP_HEADER, PCAP_RECORD = 24, struct.Struct("<IIII")
LOSSES = ("kernel_drops", "interface_drops", "sink_overruns", "rows_lost", "packets_lost", "evicted")
# What the median of memory may grow by from the second quarter of the run to the last.
SLACK_KIB = 8 << 10


class Part:
    """The packets in the files that a capture is split into: each that was sent is in one of them, once."""

    def __init__(self):
        self.seen = bytearray()
        self.frames = {name: 0 for name in PARTS}
        self.problems = []

    def add(self, path, name):
        """Takes the packets of a file; whether nothing is wrong with it."""
        before = len(self.problems)
        with open(path, "rb") as file:
            data = file.read()
        at = PCAP_HEADER
        while at + PCAP_RECORD.size <= len(data):
            _, _, captured, length = PCAP_RECORD.unpack_from(data, at)
            at += PCAP_RECORD.size
            frame = data[at:at + captured]
            at += captured
            self.frames[name] += 1
            if captured != length:
                self.problems.append(f"{path}: a packet of {length} bytes has been cut to {captured}")
            if length >= HEADERS + FIXED_PAYLOAD and frame[12:14] == b"\x08\x00":
                self._see(path, frame)
        if at != len(data) or len(data) < PCAP_HEADER:
            self.problems.append(f"{path}: the last packet is torn")
        return len(self.problems) == before

    def _see(self, path, frame):
        source, destination = (".".join(map(str, frame[at:at + 4])) for at in (26, 30))
        n = number_of((source, frame[34] << 8 | frame[35]), (destination, frame[36] << 8 | frame[37]))
        bit = len(frame) - HEADERS - FIXED_PAYLOAD
        if n is None or bit.bit_count() != 1:
            self.problems.append(f"{path}: a packet that was never sent")
            return
        if n >= len(self.seen):
            self.seen.extend(bytes(n + 4096 - len(self.seen)))
        if self.seen[n] & bit:
            self.problems.append(f"{path}: packet {bit:08b} of flow {n} is there twice")
        self.seen[n] |= bit


class Watched:
    """One capture and all that is watched of it."""

    def __init__(self, soak, name, port, profile, options, is_split=False):
        self.soak, self.name, self.profile = soak, name, profile
        self.work = os.path.join(soak.work, name)
        self.kept = os.path.join(self.work, "kept")
        os.makedirs(self.kept)
        self.folder = Folder(self.work, USER, size_mib=512)
        self.header = headers(soak.binary, self.work, [profile], *options)[profile]
        self.ledger, self.part = Ledger(soak.sent), Part() if is_split else None
        self.samples, self.problems, self.files = [], [], 0
        summaries = os.path.join(self.work, "summaries")
        os.mkdir(summaries)
        shutil.chown(summaries, USER)
        self.summary = os.path.join(summaries, "s.json")
        self.command = [
            soak.binary, "capture", "-i", FAR_END, "-o", os.path.join(self.folder.path, PATTERN), "--user", USER, "--profile", profile, *options,
            "--workers", "2", "--idle-timeout", f"{IDLE}s", "--rotate", "10s", "--metrics", str(port), "--stats-every", "1s", "--summary",
            self.summary]
        if is_split:
            for part in PARTS:
                self.command += [f"--write-{part}", os.path.join(self.folder.path, f"{part}-%Y%m%dT%H%M%S.pcap")]
        soak.say(f"{name}: {' '.join(self.command)}")
        self.meter = Meter(self.command, self.work, port, period=1)
        ready = self.meter.await_ready(60)
        if ready is None:
            raise RuntimeError(f"{name} does not get ready; see {self.work}/stderr")
        self.life = account.Life(0, profile, IDLE, ready)

    def close(self):
        self.meter.signal(signal.SIGKILL)
        self.folder.close()

    def stop(self):
        self.life.signalled = time.monotonic()
        self.meter.signal(signal.SIGTERM)

    def look(self):
        """A sample of what it takes, and its new files."""
        self._sample()
        self._collect()

    def judge(self, seconds, stack_drops_seen):
        """What is wrong with the whole run, as lines."""
        life = self.life
        life.end, life.code = "TERM", self.meter.wait(60)
        self._collect()
        time.sleep(0.2)
        self.soak.sent.read()
        life.summary, life.scrapes, life.stack_drops = read_summary(self.summary), self.meter.scrapes, stack_drops_seen
        if life.code != 0 or life.summary is None:
            return [f"{self.name}: ended with {life.code}"]
        verdict = account.check(life, self.ledger)
        problems = self.problems + verdict.problems
        summary, capture = life.summary, life.summary["capture"]
        if self.part is not None:
            problems += self._judge_parts(summary)
        losses = {name: capture[name] for name in LOSSES}
        problems += [f"{name}: {count}" for name, count in losses.items() if count]
        if len(life.scrapes) < 0.8 * seconds:
            problems.append(f"answered {len(life.scrapes)} scrapes in {seconds:.0f} s")
        problems += self._growth()
        self.soak.say(
            f"{self.name}: {summary['frames']} frames, {life.rows} rows{f', parts {self.part.frames}' if self.part else ''}, {len(life.scrapes)} scrapes; "
            f"of {verdict.sent} packets {verdict.missing} are missing; {losses}")
        return [f"{self.name}: {problem}" for problem in problems]

    def _judge_parts(self, summary):
        problems = list(self.part.problems)
        frames = sum(self.part.frames.values())
        if frames + summary["capture"]["packets_lost"] != summary["frames"]:
            problems.append(f"{summary['frames']} frames were taken, and {frames} are in the parts")
        for name in PARTS:
            if self.part.frames[name] == 0:
                problems.append(f"no packet is in the {name} part, so nothing was tried")
        for n, mask in enumerate(self.ledger.claimed):
            if mask and (n >= len(self.part.seen) or self.part.seen[n] & mask != mask):
                problems.append(f"packets of flow {n} are in the table and in no part")
                break
        return problems

    def _sample(self):
        try:
            with open(f"/proc/{self.meter.pid}/status") as file:
                status = dict(line.split(":", 1) for line in file if ":" in line)
            self.samples.append((
                int(status["VmRSS"].split()[0]), int(status["RssAnon"].split()[0]), int(status["Threads"]),
                len(os.listdir(f"/proc/{self.meter.pid}/fd"))))
        except (OSError, KeyError):
            self.problems.append("ended by itself")
            return
        if len(self.samples) % 60 == 0:
            resident, anonymous, threads, files = self.samples[-1]
            self.soak.say(
                f"{self.name}: resident {resident >> 10} MiB ({anonymous >> 10} of its own), {threads} threads, {files} descriptors, {self.life.rows} rows")

    def _collect(self):
        for name in sorted(os.listdir(self.folder.path)):
            if name.endswith(".partial"):
                continue
            path = os.path.join(self.kept, f"{self.files:05}-{name}")
            self.files += 1
            shutil.move(os.path.join(self.folder.path, name), path)
            if name.endswith(".csv"):
                report = self.ledger.add(path, self.profile, self.header)
                self.life.take(report)
                is_good = not report.problems
            else:
                is_good = self.part.add(path, name.split("-")[0])
            if is_good:
                os.unlink(path)

    def _growth(self):
        problems = []
        count = len(self.samples)
        if count < 8:
            return [f"{count} samples are too few to see growth; let it run for longer"]
        quarters = [self.samples[quarter * count // 4:(quarter + 1) * count // 4] for quarter in range(4)]
        for column, name, slack in (
            (0, "resident KiB", SLACK_KIB), (1, "KiB of its own", SLACK_KIB), (2, "threads", 0), (3, "descriptors", 0)):
            medians = [statistics.median(sample[column] for sample in quarter) for quarter in quarters]
            peaks = [max(sample[column] for sample in quarter) for quarter in quarters]
            self.soak.say(
                f"{self.name}: {name}: medians of the quarters {' '.join(f'{value:.0f}' for value in medians)}, most {' '.join(map(str, peaks))}")
            if medians[3] > medians[1] + slack:
                problems.append(f"{name} grow: {medians[1]:.0f} in the second quarter of the run, {medians[3]:.0f} in the last")
        return problems


class Soak:
    """A sender, and two captures that see the same packets."""

    def __init__(self, binary, work, rate):
        self.binary, self.work, self.rate = binary, work, rate
        self.began = time.monotonic()
        self.problems, self.watched = [], []
        self.wire = self.sender = None

    def say(self, text):
        print(f"{time.monotonic() - self.began:9.2f}  {text}", flush=True)

    def close(self):
        for one in self.watched:
            one.close()
        if self.sender is not None:
            self.sender.kill()
            self.sender.wait()
        if self.wire is not None:
            self.wire.close()

    def run(self, minutes):
        self.wire = Wire()
        self.sender, self.sent = start_sender(self.wire, self.work, self.rate, SEED)
        model = os.path.join(self.work, "model.json")
        with open(model, "w") as file:
            file.write(MODEL)
        drops_before = stack_drops()
        self.watched.append(Watched(self, "histories", 9998, "appflow", ()))
        self.watched.append(Watched(self, "split", 9997, "flowmeter", ("--model", model), is_split=True))
        began = time.monotonic()
        while (now := time.monotonic()) - began < minutes * 60 and not any(one.problems for one in self.watched):
            self.sent.read()
            for one in self.watched:
                one.look()
            time.sleep(max(1 - (time.monotonic() - now), 0.05))
        for one in self.watched:
            one.stop()
        for one in self.watched:
            self.problems += one.judge(now - began, stack_drops() - drops_before)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("binary")
    parser.add_argument("minutes", type=float)
    parser.add_argument("--rate", type=int, default=3000)
    arguments = parser.parse_args()
    heed_signals()
    work = tempfile.mkdtemp(prefix="flowmeter-soak-")
    os.chmod(work, 0o755)
    soak = Soak(arguments.binary, work, arguments.rate)
    try:
        soak.say(f"{arguments.minutes:g} minutes, {arguments.rate} packets a second")
        soak.run(arguments.minutes)
        for problem in soak.problems[:20]:
            soak.say(f"VIOLATION: {problem}")
        soak.say(f"FAILED: {len(soak.problems)} violations; evidence in {work}" if soak.problems else "PASSED: nothing grew, nothing was lost")
        return 1 if soak.problems else 0
    finally:
        soak.close()
        if not soak.problems and sys.exc_info()[0] is None:
            shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
