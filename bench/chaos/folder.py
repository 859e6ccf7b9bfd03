"""The folder the tables go to, on a small disk of its own, and what may happen to it."""
import os
import pwd
import shutil
import subprocess
import time

PREFIX, SUFFIX, PARTIAL = "flows-", ".csv", ".partial"
PATTERN = PREFIX + "%Y%m%dT%H%M%S" + SUFFIX
PLANTED = b"planted: whoever reads or changes this was led here\n"


class Folder:
    """A tmpfs with the output folder in it, which belongs to the user that the capture becomes."""

    def __init__(self, work, user, size_mib=48):
        self.user = pwd.getpwnam(user)
        self.disk = os.path.join(work, "disk")
        self.path = os.path.join(self.disk, "out")
        self._away = os.path.join(self.disk, "away")
        self._filler = os.path.join(self.disk, "filler")
        self._taken = os.path.join(self.disk, "taken")
        self._planted = {}
        self._victim = os.path.join(work, "victim")
        os.makedirs(self.disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_mib}m,mode=755", "chaos", self.disk], check=True)
        os.mkdir(self._taken)
        self._make()
        with open(self._victim, "wb") as victim:
            victim.write(PLANTED)

    def _make(self):
        os.mkdir(self.path)
        os.chown(self.path, self.user.pw_uid, self.user.pw_gid)

    def close(self):
        subprocess.run(["umount", "-l", self.disk], stderr=subprocess.DEVNULL)

    def names(self):
        try:
            return sorted(name for name in os.listdir(self.path) if name.startswith(PREFIX) and name not in self._planted)
        except FileNotFoundError:
            return []

    def finals(self):
        """Paths of files with their whole name."""
        return [os.path.join(self.path, name) for name in self.names() if name.endswith(SUFFIX)]

    def partials(self):
        """Paths of files with rows that have not got their name, whoever writes them."""
        return [os.path.join(self.path, name) for name in self.names() if name.endswith(PARTIAL)]

    # Faults: each has a beginning and an end.

    def fill(self):
        with open(self._filler, "wb", buffering=0) as filler:
            try:
                while filler.write(bytes(1 << 20)) == 1 << 20:
                    pass
                while filler.write(bytes(512)):
                    pass
            except OSError:
                pass

    def empty(self):
        if os.path.exists(self._filler):
            os.unlink(self._filler)

    def lock(self):
        os.chmod(self.path, 0o555)

    def unlock(self):
        os.chmod(self.path, 0o755)

    def move_away(self):
        os.rename(self.path, self._away)

    def move_back(self):
        os.rename(self._away, self.path)

    def remove(self):
        """In one step, so that what had its name by then can be kept by whoever collects."""
        gone = os.path.join(self._taken, f"folder-{time.monotonic_ns()}")
        os.rename(self.path, gone)
        return [
            os.path.join(gone, name) for name in sorted(os.listdir(gone))
            if name.startswith(PREFIX) and name.endswith(SUFFIX) and name not in self._planted]

    def make_again(self):
        self._planted = {}
        self._make()

    def take_partials(self):
        """Takes the files that are being written."""
        for path in self.partials():
            try:
                os.rename(path, os.path.join(self._taken, f"{time.monotonic_ns()}{PARTIAL}"))
            except FileNotFoundError:
                pass

    def taken_partials(self):
        """Contents of all that was taken away; forgotten then."""
        found = []
        for folder, _, names in os.walk(self._taken):
            for name in names:
                path = os.path.join(folder, name)
                if name.endswith(PARTIAL) and not os.path.islink(path) and os.path.isfile(path) and os.stat(path).st_uid == self.user.pw_uid:
                    with open(path, "rb") as file:
                        found.append(file.read())
        shutil.rmtree(self._taken)
        os.mkdir(self._taken)
        return found

    def plant(self, moment, every):
        """Puts things where the next files of the capture will want to be."""
        for step in range(1, 5):
            at = time.gmtime((int(moment) // every + step) * every)
            name = time.strftime(PATTERN, at) + (PARTIAL if step % 2 == 0 else "")
            path = os.path.join(self.path, name)
            try:
                if step == 2:
                    os.symlink(self._victim, path)
                elif step == 4:
                    os.mkfifo(path, 0o666)
                else:
                    with open(path, "xb") as file:
                        file.write(PLANTED)
                self._planted[name] = step
            except OSError:
                continue
        hostile = PREFIX + "1" * 200 + SUFFIX + PARTIAL
        try:
            with open(os.path.join(self.path, hostile), "xb") as file:
                file.write(PLANTED)
            self._planted[hostile] = 1
        except OSError:
            pass

    def unplant(self):
        """Takes away what was planted; what of it has changed, as lines."""
        changed = []
        for name, step in self._planted.items():
            path = os.path.join(self.path, name)
            try:
                if step in (1, 3):
                    with open(path, "rb") as file:
                        content = file.read()
                    # Where the disk was full, it could not be planted whole.
                    if content not in (PLANTED, b""):
                        changed.append(f"{path}: was planted and has been written to")
                elif step == 2 and not os.path.islink(path):
                    changed.append(f"{path}: the planted link has been replaced")
                os.unlink(path)
            except FileNotFoundError:
                changed.append(f"{path}: was planted and is gone")
        self._planted = {}
        with open(self._victim, "rb") as file:
            if file.read() != PLANTED:
                changed.append("the victim of a planted link has been written to")
        return changed
