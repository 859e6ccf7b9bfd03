"""What happens when, by seed alone: the lives of the process one after the other, and the faults in each."""
import random
from dataclasses import dataclass

# Faults of a lane never overlap; those of different lanes do.
LANES = {
    "wire": ("down", "delete"),
    "folder": ("full", "read-only", "away", "removed", "taken", "planted", "second"),
    "process": ("stop", "hang-up", "statistics", "squeeze"),
    "outside": ("stderr-stalls", "stderr-closes", "clients-hang", "hogs", "clock"),
}
PIPE_FAULTS = ("reader-stalls", "reader-leaves")
PROFILES = ("flowmeter", "flowmeter", "extended", "full", "cic", "appflow", "deepfence")
CLOCK_STEPS = (-86400, -3600, -61, -2, 2, 61, 3600, 86400)


@dataclass(frozen=True)
class Event:
    """A fault: when it begins, after the process was ready, and how long it lasts, in seconds."""

    at: float
    fault: str
    lasts: float
    value: float = 0


@dataclass(frozen=True)
class LifePlan:
    """One run of the process."""

    profile: str
    workers: int
    is_pipe: bool
    every: int
    size: str
    idle: int
    buffer: str
    max_flows: str
    has_hosts: bool
    seconds: float
    end: str
    events: tuple

    @property
    def output(self):
        return "a named pipe" if self.is_pipe else f"files of {self.every}s or {self.size}"


def lives(seed, calm=False):
    """The lives, for ever. Calm ones have no faults and end in order."""
    choose = random.Random(seed)
    while True:
        is_pipe = choose.random() < 0.15 and not calm
        seconds = choose.uniform(8, 30)
        plan = LifePlan(
            profile=choose.choice(PROFILES),
            workers=choose.randint(1, 4),
            is_pipe=is_pipe,
            every=choose.randint(1, 5),
            size=choose.choice(("100kB", "300kB", "1MB", "20MB")),
            idle=choose.randint(1, 3),
            buffer=choose.choice(("2MiB", "8MiB", "32MiB")),
            max_flows=choose.choice(("1k", "50k", "50k", "50k")),
            has_hosts=choose.random() < 0.3,
            seconds=seconds,
            end=choose.choice(("KILL", "KILL", "KILL", "TERM", "TERM", "INT")),
            events=tuple(_events(choose, seconds, is_pipe)),
        )
        yield _calm(plan) if calm else plan


def _calm(plan):
    return LifePlan(**{**plan.__dict__, "events": (), "end": "TERM", "max_flows": "50k", "seconds": 20})


def _events(choose, seconds, is_pipe):
    for lane, faults in LANES.items():
        if is_pipe and lane == "folder":
            faults = PIPE_FAULTS
        if is_pipe and lane == "process":
            faults = ("stop", "hang-up", "statistics")
        at = choose.uniform(0.5, 8)
        while at < seconds:
            lasts = choose.uniform(0.3, 4)
            yield Event(at, choose.choice(faults), lasts, choose.choice(CLOCK_STEPS))
            at += lasts + choose.uniform(0.5, 10 if lane != "wire" else 25)
