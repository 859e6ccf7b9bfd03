"""Two network namespaces joined by a veth pair: the sender has one end, the capture the other. Nothing leaves them."""
import ctypes
import os
import subprocess
import sys
import time

from traffic import SentLog

NEAR_END, FAR_END = "near0", "far0"
CLONE_NEWNET = 0x40000000


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Wire:
    """The pair. This process enters the namespace of the capture, before it has threads."""

    def __init__(self):
        self.near, self.far = f"fm-near-{os.getpid()}", f"fm-far-{os.getpid()}"
        for name in (self.near, self.far):
            run("ip", "netns", "add", name)
            run("ip", "netns", "exec", name, "sysctl", "-qw", "net.ipv6.conf.all.disable_ipv6=1", "net.ipv6.conf.default.disable_ipv6=1")
            run("ip", "-n", name, "link", "set", "lo", "up")
        libc = ctypes.CDLL(None, use_errno=True)
        with open(f"/run/netns/{self.far}") as namespace:
            if libc.setns(namespace.fileno(), CLONE_NEWNET) != 0:
                raise OSError(ctypes.get_errno(), "setns")
        self.connect()

    def connect(self):
        run("ip", "link", "add", FAR_END, "type", "veth", "peer", "name", NEAR_END, "netns", self.near)
        run("ip", "link", "set", FAR_END, "up")
        run("ip", "-n", self.near, "link", "set", NEAR_END, "up")

    def disconnect(self):
        run("ip", "link", "del", FAR_END)

    def set(self, state):
        run("ip", "link", "set", FAR_END, state)

    def close(self):
        for name in (self.near, self.far):
            subprocess.run(["ip", "netns", "del", name], stderr=subprocess.DEVNULL)


def start_sender(wire, work, rate, seed):
    """The process that sends, and the log of what it sent."""
    log = os.path.join(work, "sent")
    program = os.path.join(os.path.dirname(os.path.abspath(__file__)), "traffic.py")
    sender = subprocess.Popen(
        ["ip", "netns", "exec", wire.near, sys.executable, program, NEAR_END, str(rate), log, str(seed)], stdin=subprocess.DEVNULL)
    while not os.path.exists(log):
        time.sleep(0.05)
    return sender, SentLog(log)


def stack_drops():
    """Packets that the kernel dropped between the two ends, of all processors: the second column of softnet_stat."""
    with open("/proc/net/softnet_stat") as lines:
        return sum(int(line.split()[1], 16) for line in lines)
