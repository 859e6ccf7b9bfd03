"""A limit on the memory of the process, by a control group of its own where this machine lets one be made."""
import os
import subprocess

ROOT = "/sys/fs/cgroup"


class MemoryLimit:
    """The group; `reason` says why there is none."""

    def __init__(self):
        self.reason, self._path = None, None
        is_second = os.path.exists(os.path.join(ROOT, "cgroup.controllers"))
        parent = ROOT if is_second else os.path.join(ROOT, "memory")
        self._limit, self._usage = (
            ("memory.max", "memory.current") if is_second else ("memory.limit_in_bytes", "memory.usage_in_bytes"))
        path = os.path.join(parent, f"flowmeter-chaos-{os.getpid()}")
        try:
            os.mkdir(path)
            self._path = path
            if not os.path.exists(os.path.join(path, self._limit)):
                raise OSError("the memory controller is not there")
        except OSError as e:
            self.reason = str(e)
            self.close()

    def add(self, pid):
        self._write("cgroup.procs", str(pid))

    def squeeze(self):
        """Leaves it 4 MiB more than it has."""
        if self._path:
            with open(os.path.join(self._path, self._usage)) as file:
                self._write(self._limit, str(int(file.read()) + (4 << 20)))

    def release(self):
        self._write(self._limit, "max" if self._limit == "memory.max" else "-1")

    def close(self):
        if self._path:
            subprocess.run(["rmdir", self._path], stderr=subprocess.DEVNULL)
        self._path = None

    def _write(self, name, text):
        if self._path:
            try:
                with open(os.path.join(self._path, name), "w") as file:
                    file.write(text)
            except OSError:
                # The process is gone, or the kernel has no memory to take back: then there is no pressure.
                pass
