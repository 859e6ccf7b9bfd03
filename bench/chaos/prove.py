"""Shows that the checks can fail: a life without faults has to pass them, and each thing done to its evidence has to be found."""
import copy
import os
import shutil

import account
import schedule
from table import Ledger


def prove(chaos, one_life):
    """0 if everything that was done was found."""
    plan = next(schedule.lives(chaos.seed, calm=True))
    plan = schedule.LifePlan(**{**plan.__dict__, "profile": "flowmeter", "workers": 2, "has_hosts": False})
    kept = {}

    class Kept(one_life):
        def _check_hosts(self):
            kept["life"], kept["files"] = self.life, os.path.join(chaos.work, "kept")
            shutil.copytree(self.evidence, kept["files"], ignore=shutil.ignore_patterns("stderr"))

    Kept(chaos, 0, plan).run()
    if chaos.problems:
        return 1
    life, files = kept["life"], kept["files"]
    failures = 0
    for name, change in [("nothing is changed", None), *CHANGES.items()]:
        folder = os.path.join(chaos.work, "changed")
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(files, folder)
        again = account.Life(
            0, "flowmeter", life.idle, life.ready, life.signalled, life.end, life.code, copy.deepcopy(life.summary), life.scrapes)
        if change:
            change(folder, again)
        ledger = Ledger(chaos.sent)
        for file in sorted(os.listdir(folder)):
            again.take(ledger.add(os.path.join(folder, file), "flowmeter", chaos.headers["flowmeter"]))
        problems = account.check(again, ledger).problems
        is_right = bool(problems) == bool(change)
        failures += not is_right
        chaos.say(f"{'found' if problems else 'not found':9}  {name}{'' if is_right else '   <- WRONG'}{f': {problems[0]}' if problems else ''}")
    chaos.problems += ["a check is wrong"] * bool(failures)
    chaos.say("FAILED" if failures else "PROVED: every change was found")
    return 1 if failures else 0


def _largest(folder):
    return max((os.path.join(folder, name) for name in os.listdir(folder)), key=os.path.getsize)


def _edit(folder, edit):
    path = _largest(folder)
    with open(path) as file:
        lines = file.read().split("\n")
    edit(lines)
    with open(path, "w") as file:
        file.write("\n".join(lines))


def _row_twice(folder, life):
    _edit(folder, lambda lines: lines.insert(2, lines[1]))


def _row_twice_and_counted(folder, life):
    _row_twice(folder, life)
    life.summary["flows"] += 1


def _row_torn(folder, life):
    path = _largest(folder)
    os.truncate(path, os.path.getsize(path) - 20)


def _row_cut(folder, life):
    _edit(folder, lambda lines: lines.__setitem__(3, lines[3].rsplit(",", 1)[0]))


def _row_gone(folder, life):
    _edit(folder, lambda lines: lines.pop(5))


def _flow_never_seen(folder, life):
    """The process never saw the flow, and counted no drop."""
    path = _largest(folder)
    with open(path) as file:
        header, *rows = file.read().split("\n")
    gone = dict(zip(header.split(","), rows[7].split(",")))
    _edit(folder, lambda lines: lines.pop(8))
    packets = int(gone["packets"])
    life.summary["flows"] -= 1
    life.summary["frames"] -= packets
    life.summary["metered"] -= packets


def _packet_gone(folder, life):
    life.summary["metered"] -= 1
    life.summary["frames"] -= 1


def _foreign_flow(folder, life):
    _edit(folder, lambda lines: lines.__setitem__(4, lines[4].replace(",443,", ",444,")))


def _header_gone(folder, life):
    _edit(folder, lambda lines: lines.pop(0))


def _header_twice(folder, life):
    _edit(folder, lambda lines: lines.insert(9, lines[0]))


def _file_gone(folder, life):
    os.unlink(_largest(folder))


def _file_twice(folder, life):
    shutil.copy(_largest(folder), os.path.join(folder, "again.csv"))


def _loss_forgotten(folder, life):
    """As if rows were lost and counted as lost by one too few."""
    for _ in range(5):
        _row_gone(folder, life)
    life.summary["capture"]["rows_lost"] += 4


def _skipped_forgotten(folder, life):
    life.summary["skipped"]["non_ip"] -= 1


def _killed_with_rows_gone(folder, life):
    """As if it had been killed, and had kept rows for longer than promised."""
    life.end = "KILL"
    life.summary = None
    for name in sorted(os.listdir(folder))[1:]:
        os.unlink(os.path.join(folder, name))


CHANGES = {
    "a row is there twice": _row_twice,
    "a row is there twice, and counted so": _row_twice_and_counted,
    "the last row is torn": _row_torn,
    "a row lacks a cell": _row_cut,
    "a row is gone": _row_gone,
    "a flow was never seen": _flow_never_seen,
    "a packet too few is counted": _packet_gone,
    "a row is of a flow that was never sent": _foreign_flow,
    "a header is gone": _header_gone,
    "a header is there twice": _header_twice,
    "a file is gone": _file_gone,
    "a file is there twice": _file_twice,
    "one lost row too few is counted": _loss_forgotten,
    "one skipped packet too few is counted": _skipped_forgotten,
    "killed, and rows had not been written for long": _killed_with_rows_gone,
}
