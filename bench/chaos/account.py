"""What has to be true of one life of the process: what was sent is in rows or in a counter of losses."""
import bisect
from dataclasses import dataclass, field
from typing import Any

# A flow has so many packets at most, and so has a row.
MOST_PACKETS = 8
# What this machine may be late by, beside the two seconds that README.md promises for a row.
SLACK = 4.0
PROMISED = 2.0
# What is sent shortly before a signal may still be on its way to the ring.
ON_THE_WAY = 0.3


@dataclass
class Life:
    """One run of the process, from its start to its end."""

    number: int
    profile: str
    idle: float
    ready: float
    signalled: float = 0.0
    end: str = ""
    code: int | None = None
    summary: dict[str, Any] | None = None
    scrapes: list = field(default_factory=list)
    stopped: list = field(default_factory=list)
    wire_faults: list = field(default_factory=list)
    folder_faults: list = field(default_factory=list)
    rows: int = 0
    packets: int = 0
    removed_rows: int = 0
    took_files: bool = False
    pipe_rows: int = 0
    stack_drops: int = 0
    problems: list = field(default_factory=list)

    @property
    def is_killed(self):
        return self.end in ("KILL", "OOM")

    def take(self, report):
        """Counts the rows of a file as this life's."""
        self.rows += report.rows
        self.packets += report.packets
        self.problems += report.problems


@dataclass
class Verdict:
    """What a life was found to be."""

    problems: list
    sent: int
    missing: int
    allowed: int
    lost_rows: int


def check(life, ledger):
    """The verdict on a life whose files have all been taken, and whose packets are all in the log of the sender."""
    life.problems += ledger.never_sent()
    return _check_killed(life, ledger) if life.is_killed or life.summary is None else _check_ended(life, ledger)


def _check_ended(life, ledger):
    problems = list(life.problems)
    summary, capture = life.summary, life.summary["capture"]
    lost = capture["sink_overruns"] + capture["rows_lost"]
    skipped = sum(summary["skipped"].values())
    if summary["frames"] != summary["metered"] + skipped:
        problems.append(f"frames {summary['frames']} are not metered {summary['metered']} + skipped {skipped}")
    flows = summary["flows"]
    # Rows of a file that was taken away and came back are lost to the process, and here all the same.
    most, least = flows if life.took_files else flows - lost, flows - lost - life.pipe_rows
    if life.code == 1:
        # A run that ends while its folder is gone leaves the last file in it under its partial name, and says so by its exit code.
        least -= life.removed_rows
    if not least <= life.rows <= most:
        problems.append(f"{flows} flows ended, {lost} of them are counted as lost, but {life.rows} rows are there")
    missing_packets = summary["metered"] - summary["outside_profile"] - life.packets
    absent = flows - life.rows
    if not absent <= missing_packets <= MOST_PACKETS * absent:
        problems.append(f"{summary['metered']} packets were metered and {life.packets} are in rows, with {absent} rows lost")
    sent, missing = _missing(life, ledger, life.signalled - ON_THE_WAY)
    drops = capture["kernel_drops"] + capture["interface_drops"] + life.stack_drops
    allowed = drops + max(missing_packets, 0)
    if len(missing) > allowed:
        problems.append(f"{len(missing)} of {sent} packets are in no row, but losses account for {allowed} only; {_some(missing)}")
    return Verdict(problems, sent, len(missing), allowed, lost)


def _check_killed(life, ledger):
    """Without a summary: what was due some seconds before has to be there, but for what the counters had as lost by then."""
    problems = list(life.problems)
    newest = life.scrapes[-1] if life.scrapes else None
    if newest is None:
        return Verdict(problems, 0, 0, 0, 0)
    known = newest.asked - SLACK
    # A process that stands still writes nothing, and one that was woken up has to catch up.
    for began, ended in life.stopped:
        if ended > known - PROMISED:
            known = min(known, began - SLACK)
    in_trouble = any(ended > known and began < life.signalled for began, ended in life.folder_faults)
    earlier = next((scrape for scrape in reversed(life.scrapes) if scrape.asked <= known - PROMISED), None)
    lost = newest["sink_dropped_flows_total"]
    uncounted = newest["flows_ended_total"] - earlier["flows_ended_total"] if in_trouble and earlier else 0
    if earlier is not None:
        least = earlier["flows_ended_total"] - lost - uncounted - life.removed_rows - life.pipe_rows
        if life.rows < least:
            problems.append(
                f"{earlier['flows_ended_total']} flows had ended {life.signalled - earlier.asked:.1f} s before it was killed, "
                f"{lost} of them counted as lost, but {life.rows} rows are there")
    sent, missing = _missing(life, ledger, known - PROMISED - life.idle, whole=True)
    drops = newest["packets_dropped_total"] + life.stack_drops
    allowed = drops + MOST_PACKETS * (lost + uncounted + life.removed_rows + life.pipe_rows)
    if len(missing) > allowed:
        problems.append(f"{len(missing)} of {sent} packets are in no row, but losses account for {allowed} only; {_some(missing)}")
    return Verdict(problems, sent, len(missing), allowed, lost)


def _missing(life, ledger, until, whole=False):
    """Packets sent from the start up to a time, the interface being up: how many, and those in no row, as (time, flow, packet)."""
    log = ledger.sent
    sent, missing = 0, []
    for at in range(bisect.bisect_left(log.before, life.ready), len(log.before)):
        before, after, n, i = log.before[at], log.after[at], log.number[at], log.index[at]
        if after > until:
            break
        if (whole and log.last[n] > until) or any(began <= after and before <= ended for began, ended in life.wire_faults):
            continue
        sent += 1
        if not ledger.has(n, i):
            missing.append((before - life.ready, n, i))
    return sent, missing


def _some(missing):
    first, last = missing[0], missing[-1]
    return f"the first is packet {first[2]} of flow {first[1]}, {first[0]:.2f} s after the start, the last is {last[0]:.2f} s after it"
