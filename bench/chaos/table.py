"""Reads the tables that were written, and keeps account of which packet is in which row."""
import csv
import os
import subprocess

import traffic

# Of each profile: the columns of the ends, of the packets, and how many payload bytes a row has by its cells.
ENDS = ("src_ip", "src_port", "dst_ip", "dst_port")


def _wire_bytes(column, packets):
    return lambda row: int(row[column]) - int(row[packets]) * traffic.HEADERS


PROFILES = {
    "flowmeter": (ENDS, ("packets",), _wire_bytes("bytes", "packets")),
    "extended": (ENDS, ("packets",), _wire_bytes("bytes", "packets")),
    "full": (ENDS, ("packets",), _wire_bytes("bytes", "packets")),
    "cic": (
        ("Src IP", "Src Port", "Dst IP", "Dst Port"), ("Total Fwd Packet", "Total Bwd packets"),
        lambda row: int(row["Total Length of Fwd Packet"]) + int(row["Total Length of Bwd Packet"]),
    ),
    "appflow": (
        ENDS, ("packets_numbers",),
        lambda row: round((float(row["mean_packets_len"]) - traffic.HEADERS) * int(row["packets_numbers"])),
    ),
    "deepfence": (("srcIP", "srcPort", "dstIP", "dstPort"), ("flowLength",), _wire_bytes("packetSizeTotal", "flowLength")),
}


def headers(binary, work, profiles, *options):
    """The header line of each profile's table, by `flowmeter read` of a small capture."""
    capture = os.path.join(work, "small.pcap")
    subprocess.run([binary, "generate", capture, "--packets", "200", "--flows", "5"], check=True, capture_output=True)
    return {profile: _header(binary, capture, profile, *options) for profile in profiles}


def _header(binary, capture, profile, *options):
    table = subprocess.run(
        [binary, "read", capture, "-q", "--profile", profile, *options], check=True, capture_output=True, text=True)
    return table.stdout.split("\n", 1)[0]


class FileReport:
    """What one file holds: rows, packets, and what is wrong with it."""

    def __init__(self, path):
        self.path, self.rows, self.packets, self.problems = path, 0, 0, []

    def blame(self, text):
        if len(self.problems) < 10:
            self.problems.append(f"{self.path}: {text}")


class Ledger:
    """Every packet that was sent, and whether a row has it."""

    def __init__(self, sent):
        self.sent = sent
        self.claimed = bytearray()
        self._early = []

    def has(self, n, i):
        return n < len(self.claimed) and bool(self.claimed[n] >> i & 1)

    def add(self, path, profile, header, may_be_torn=False, may_go_on=False):
        """
        Takes the rows of a file: each whole, of packets that were sent, and of no packet that another row has. What a reader of a pipe got
        may go on without a header where one before it stopped: a process that is stopped or starved meanwhile does not see that it left.
        """
        report = FileReport(path)
        with open(path, "rb") as file:
            data = file.read()
        if not data and may_be_torn:
            return report
        if data and not data.endswith(b"\n"):
            if not may_be_torn:
                report.blame("the last row is torn")
            data = data[: data.rfind(b"\n") + 1]
            if not data:
                return report
        lines = data.decode("utf-8", "replace").split("\n")[:-1]
        if may_go_on and lines and lines[0].count(",") == header.count(","):
            lines = [header, *lines] if lines[0] != header else lines
        if not lines or lines[0] != header:
            report.blame(f"the header is not that of profile {profile}: {lines[0][:80] if lines else ''!r}")
            return report
        names = header.split(",")
        for number, cells in enumerate(csv.reader(lines[1:]), start=2):
            if len(cells) != len(names):
                report.blame(f"line {number}: {len(cells)} cells, where the header has {len(names)}")
                continue
            report.rows += 1
            try:
                self._claim(report, number, dict(zip(names, cells)), profile)
            except ValueError as e:
                report.blame(f"line {number}: {e}")
        return report

    def never_sent(self):
        """Packets in rows that were not sent, as lines, once the log has been read beyond them; said once."""
        early, self._early = self._early, []
        return [
            f"{path}: line {number}: flow {n} has packets {mask:08b} that were not sent" for path, number, n, mask in early
            if n >= len(self.sent.mask) or mask & ~self.sent.mask[n]][:10]

    def _claim(self, report, number, row, profile):
        ends, counts, payload = PROFILES[profile]
        source, source_port, destination, destination_port = (row[name] for name in ends)
        n = traffic.number_of((source, int(source_port)), (destination, int(destination_port)))
        packets = sum(int(row[name]) for name in counts)
        report.packets += packets
        if n is None:
            report.blame(f"line {number}: a flow that was never sent: {source}:{source_port} {destination}:{destination_port}")
            return
        mask = traffic.mask_of(payload(row), packets)
        if mask is None:
            report.blame(f"line {number}: flow {n} has {packets} packets and {payload(row)} bytes of payload: no set of its packets has")
            return
        if n >= len(self.sent.mask) or mask & ~self.sent.mask[n]:
            # The sender's log may be late.
            self._early.append((report.path, number, n, mask))
        if n >= len(self.claimed):
            self.claimed.extend(bytes(n + 4096 - len(self.claimed)))
        if mask & self.claimed[n]:
            report.blame(f"line {number}: flow {n}: packets {mask & self.claimed[n]:08b} are in another row, too")
        self.claimed[n] |= mask


def rows_in(data):
    """Whole rows of a file's bytes, the header not among them."""
    return max(data.count(b"\n") - 1, 0)
