"""The package against the command line: python3 -m unittest, with FLOWMETER_BINARY and FLOWMETER_CAPTURE."""

import ctypes
import gc
import io
import os
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import unittest

import numpy
import pandas

import flowmeter

BINARY = os.environ["FLOWMETER_BINARY"]
CAPTURE = os.environ["FLOWMETER_CAPTURE"]
PROFILES = ["flowmeter", "extended", "full", "cic", "appflow", "deepfence"]


def csv(*options, capture=CAPTURE):
    """The frame of what the command line writes."""
    table = subprocess.run([BINARY, "read", capture, "-q", *options], check=True, capture_output=True).stdout
    return pandas.read_csv(io.BytesIO(table), float_precision="round_trip", keep_default_na=False, na_values=[""])


def ordered(frame):
    """Rows in an order of their own."""
    return frame.sort_values(list(frame.columns), key=lambda column: column.astype(str)).reset_index(drop=True)


class Read(unittest.TestCase):
    def test_values_are_those_of_csv(self):
        for profile in PROFILES:
            with self.subTest(profile):
                options = ["--profile", profile, "--community-id", "--label", "a, \u00e9"]
                expected = csv(*options)
                flows = flowmeter.read(CAPTURE, profile=profile, community_id=True, label="a, \u00e9")
                frame = flows.to_pandas()
                self.assertEqual(list(expected.columns), list(frame.columns))
                self.assertEqual(len(expected), len(flows))
                for name in frame.columns:
                    if isinstance(frame[name].dtype, pandas.DatetimeTZDtype):
                        expected[name] = pandas.to_datetime(expected[name], utc=True)
                expected, frame = ordered(expected), ordered(frame)
                for name in frame.columns:
                    same = (expected[name] == frame[name]) | (expected[name].isna() & frame[name].isna())
                    self.assertTrue(same.all(), name)

    def test_several_captures_and_options(self):
        nets = ["10.0.0.0/8", "192.168.0.0/16"]
        with self.assertWarnsRegex(RuntimeWarning, " before .* ended: "):
            flows = flowmeter.read([CAPTURE, CAPTURE], filter="tcp", local_net=nets, workers=2)
        self.assertGreater(len(flows), 0)
        self.assertEqual({6}, set(flows.to_numpy()["protocol"].tolist()))
        self.assertGreater(flows.summary["frames"], 0)
        self.assertEqual(len(flows), flows.summary["flows"])

    def test_batches_of_a_stream_are_all_flows(self):
        with flowmeter.stream(CAPTURE) as stream:
            packets = sum(batch.to_numpy()["packets"].sum() for batch in stream)
        self.assertEqual(csv()["packets"].sum(), packets)

    def test_an_array_outlives_what_it_came_from(self):
        packets = flowmeter.read(CAPTURE).to_numpy()["packets"]
        total = packets.sum()
        for _ in range(20):
            flowmeter.read(CAPTURE)
        gc.collect()
        self.assertEqual(total, packets.sum())

    def test_what_is_wrong_is_said(self):
        with self.assertRaisesRegex(flowmeter.FlowMeterError, "^/no/such.pcap: no such file; check the path.$"):
            flowmeter.read("/no/such.pcap")
        with self.assertRaisesRegex(flowmeter.UsageError, "^--profile nonsense: "):
            flowmeter.read(CAPTURE, profile="nonsense")
        with self.assertRaisesRegex(flowmeter.UsageError, "^--nonsense: no such option"):
            flowmeter.read(CAPTURE, nonsense=True)
        with self.assertRaises(flowmeter.UsageError):
            flowmeter.columns("nonsense")

    def test_a_torn_capture_gives_its_flows_and_then_the_failure(self):
        with tempfile.NamedTemporaryFile() as torn, open(CAPTURE, "rb") as whole:
            data = whole.read()
            torn.write(data[: len(data) // 2])
            torn.flush()
            count = 0
            with self.assertRaisesRegex(flowmeter.FlowMeterError, "^" + torn.name):
                for batch in flowmeter.stream(torn.name):
                    count += len(batch)
            self.assertGreater(count, 0)

    def test_an_interrupt_ends_a_wait(self):
        with tempfile.TemporaryDirectory() as folder:
            pipe = os.path.join(folder, "pipe")
            os.mkfifo(pipe)
            writer = os.open(pipe, os.O_RDWR)
            os.write(writer, b"\xd4\xc3\xb2\xa1\x02\0\x04\0" + bytes(8) + b"\0\0\x04\0\x01\0\0\0")
            timer = threading.Timer(0.5, lambda: os.kill(os.getpid(), signal.SIGINT))
            timer.start()
            with self.assertRaises(KeyboardInterrupt):
                flowmeter.read(pipe)
            timer.join()
            os.close(writer)

    def test_nothing_is_left_of_a_thousand_reads(self):
        def memory():
            gc.collect()
            with open("/proc/self/statm", encoding="ascii") as statm:
                return int(statm.read().split()[1]) * resource.getpagesize()

        for _ in range(200):
            flowmeter.read(CAPTURE).to_numpy()
        before = memory()
        for _ in range(1000):
            flowmeter.read(CAPTURE).to_numpy()
        self.assertLess(memory() - before, 40 << 20)


class Arrow(unittest.TestCase):
    def test_a_capsule_gives_the_flows_as_often_as_asked_for(self):
        from flowmeter._library import ArrowArray, ArrowArrayStream, ArrowSchema

        pointer = ctypes.pythonapi.PyCapsule_GetPointer
        pointer.restype, pointer.argtypes = ctypes.c_void_p, [ctypes.py_object, ctypes.c_char_p]
        flows = flowmeter.read(CAPTURE)
        for _ in range(2):
            capsule = flows.__arrow_c_stream__()
            stream = ArrowArrayStream.from_address(pointer(capsule, b"arrow_array_stream"))
            schema, array, count = ArrowSchema(), ArrowArray(), 0
            self.assertEqual(0, stream.get_schema(ctypes.byref(stream), ctypes.byref(schema)))
            self.assertEqual(len(flows.columns), schema.n_children)
            schema.release(ctypes.byref(schema))
            while stream.get_next(ctypes.byref(stream), ctypes.byref(array)) == 0 and array.release:
                count += array.length
                array.release(ctypes.byref(array))
            self.assertEqual(len(flows), count)
        del capsule, stream
        gc.collect()
        from flowmeter import _capsule

        self.assertEqual({}, _capsule._alive)


class Model(unittest.TestCase):
    def test_scores_are_those_of_the_meter(self):
        frame = flowmeter.read(CAPTURE).to_pandas()
        scored = flowmeter.Model().score(frame)
        numpy.testing.assert_array_equal(frame["score"], scored["score"])
        numpy.testing.assert_array_equal(frame["verdict"], scored["verdict"])
        self.assertTrue((frame.index == scored.index).all())
        arrays = flowmeter.Model("builtin").score(flowmeter.read(CAPTURE))
        self.assertEqual(sorted(frame["score"]), sorted(arrays["score"]))

    def test_columns_that_are_missing_are_named(self):
        with self.assertRaisesRegex(flowmeter.FlowMeterError, "column"):
            flowmeter.Model().score({"x": numpy.zeros(3)})
        with self.assertRaisesRegex(flowmeter.FlowMeterError, "^/no/model: no such file"):
            flowmeter.Model("/no/model").score(flowmeter.read(CAPTURE))


class Example(unittest.TestCase):
    def test_the_analysis_runs(self):
        script = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "examples", "analysis.py")
        with tempfile.TemporaryDirectory() as folder:
            run = subprocess.run(
                [sys.executable, "-W", "error", script, CAPTURE, CAPTURE], cwd=folder, capture_output=True, text=True
            )
        self.assertEqual("", run.stderr)
        self.assertIn("area under the ROC curve: 0.5000\n", run.stdout)
        self.assertRegex(run.stdout, "spared: [0-9.]+% of flows")


if __name__ == "__main__":
    sys.exit(unittest.main())
