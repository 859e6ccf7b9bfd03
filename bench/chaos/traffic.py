"""Flows that can be told apart and accounted for to the packet, and the program that sends them.

Flow number n has addresses and ports of its own and 1 to 8 packets. Packet i of it has 16 + 2**i bytes of payload, so the bytes of a row say which packets are in it.
"""
import array
import heapq
import random
import socket
import struct
import sys
import time

HEADERS = 14 + 20 + 8
FIXED_PAYLOAD = 16
PORT = 443
RECORD = struct.Struct("<ddIB")
MAX_FLOWS = 1 << 24


def packets_of(n):
    """How many packets flow n has."""
    return 1 + ((n * 2654435761) >> 9) % 8


def mask_of(payload_bytes, packets):
    """Which packets a row has, as bits, by its payload bytes and packets; None if no set of different packets has these."""
    mask = payload_bytes - packets * FIXED_PAYLOAD
    return mask if 0 < mask < 256 and mask.bit_count() == packets else None


def ends_of(n):
    """(address, port) of both ends of flow n."""
    return (f"10.{n >> 16}.{n >> 8 & 255}.{n & 255}", 1024 + n % 60000), (f"192.0.2.{1 + n % 250}", PORT)


def number_of(first, second):
    """The number of the flow with these ends, ((address, port), (address, port)) in any order; None if there is no such flow."""
    near = first if first[0].startswith("10.") else second
    parts = near[0].split(".")
    if len(parts) != 4 or parts[0] != "10":
        return None
    n = int(parts[1]) << 16 | int(parts[2]) << 8 | int(parts[3])
    return n if {first, second} == set(ends_of(n)) else None


def frame_of(n, i):
    (near, port), (far, far_port) = ends_of(n)
    if i % 2:
        near, port, far, far_port = far, far_port, near, port
    length = FIXED_PAYLOAD + (1 << i)
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 28 + length, 0, 0, 64, 17, 0, socket.inet_aton(near), socket.inet_aton(far))
    return (
        b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\x00" + ip + struct.pack("!HHHH", port, far_port, 8 + length, 0) + bytes(length)
    )


# What belongs to no flow: ARP, and IPv4 that was cut off. It has to be counted as skipped.
JUNK = [b"\xff" * 6 + b"\x02\0\0\0\0\x02\x08\x06" + bytes(46), b"\x02\0\0\0\0\x01\x02\0\0\0\0\x02\x08\x00\x45" + bytes(9)]


class SentLog:
    """What the sender says it sent: every packet with the times before and after, as it grows."""

    def __init__(self, path):
        self._file = open(path, "rb")
        self._rest = b""
        self.before, self.after = array.array("d"), array.array("d")
        self.number, self.index = array.array("I"), array.array("B")
        self.mask = bytearray()
        self.last = array.array("d")

    def read(self):
        """Takes what has been added since."""
        data = self._rest + self._file.read()
        whole = len(data) - len(data) % RECORD.size
        self._rest = data[whole:]
        for before, after, n, i in RECORD.iter_unpack(data[:whole]):
            self.before.append(before)
            self.after.append(after)
            self.number.append(n)
            self.index.append(i)
            while n >= len(self.mask):
                self.mask.extend(bytes(4096))
                self.last.extend([0.0] * 4096)
            self.mask[n] |= 1 << i
            self.last[n] = after


def open_wire(interface):
    wire = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)
    wire.bind((interface, 0))
    return wire


def send(interface, rate, log_path, seed):
    """Sends for ever, at most so many packets a second; what is late is not made up for by a burst. An interface that is gone is waited for."""
    choose = random.Random(seed)
    due = []
    new_flow_every = sum(packets_of(n) for n in range(1000)) / 1000 / rate
    wire = None
    n = sent = 0
    next_flow = flushed = time.monotonic()
    with open(log_path, "wb", buffering=1 << 20) as log:
        while True:
            now = time.monotonic()
            if now - flushed > 0.1:
                log.flush()
                flushed = now
            if now - next_flow > 0.2:
                next_flow = now
            if next_flow <= now and n < MAX_FLOWS:
                heapq.heappush(due, (now, n, 0))
                next_flow += new_flow_every
                n += 1
            elif not due or due[0][0] > now:
                time.sleep(0.001)
                continue
            if due[0][0] > now:
                continue
            _, flow, i = heapq.heappop(due)
            if i + 1 < packets_of(flow):
                heapq.heappush(due, (now + choose.uniform(0.02, 0.5), flow, i + 1))
            try:
                if wire is None:
                    wire = open_wire(interface)
                before = time.monotonic()
                wire.send(frame_of(flow, i))
                log.write(RECORD.pack(before, time.monotonic(), flow, i))
                sent += 1
                if sent % 40 == 0:
                    wire.send(JUNK[sent // 40 % 2])
            except OSError:
                if wire is not None:
                    wire.close()
                wire = None
                time.sleep(0.02)


if __name__ == "__main__":
    try:
        send(sys.argv[1], float(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
    except KeyboardInterrupt:
        pass
