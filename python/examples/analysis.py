"""The analysis that Deepfence FlowMeter began with, in cells: densities by class, confusion matrix, ROC, data reduction.

    python3 analysis.py benign.pcap malicious.pcap [model.json]

Pictures are drawn where matplotlib is installed, beside this text.
"""

# %% Captures become one frame with a label
import sys

import numpy
import pandas

import flowmeter

benign, malicious = sys.argv[1:3]
model = sys.argv[3] if len(sys.argv) > 3 else None
frames = []
for label, capture in (("benign", benign), ("malicious", malicious)):
    flows = flowmeter.read(capture, model=model)
    frames.append(flows.to_pandas().assign(label=label))
    print(f"{label}: {len(flows):,} flows of {flows.summary['metered']:,} packets")
frame = pandas.concat(frames, ignore_index=True)
is_malicious = (frame["label"] == "malicious").to_numpy()

# %% Densities of what tells the classes apart, on a logarithmic scale
FEATURES = ["fwd_packet_size_max", "packets", "fwd_iat_mean_us", "bwd_iat_mean_us"]
densities = {}
for feature in FEATURES:
    values = numpy.log10(1 + frame[feature].to_numpy(dtype=float))
    edges = numpy.linspace(0, max(values.max(), 1), 21)
    densities[feature] = {
        name: numpy.histogram(values[rows], edges, density=True)[0]
        for name, rows in (("benign", ~is_malicious), ("malicious", is_malicious))
        if rows.any()
    }
    middle = frame.groupby("label")[feature].median()
    print(f"{feature}: median " + ", ".join(f"{name} {value:g}" for name, value in middle.items()))

# %% Confusion matrix: what is undecided goes on to deep inspection, as what is malicious does
print(pandas.crosstab(frame["label"], frame["verdict"]))

# %% ROC: every score as a threshold
order = numpy.argsort(-frame["score"].to_numpy(), kind="stable")
scores = frame["score"].to_numpy()[order]
last_of_score = numpy.append(scores[1:] != scores[:-1], True)
found = numpy.cumsum(is_malicious[order])[last_of_score] / max(is_malicious.sum(), 1)
alarms = numpy.cumsum(~is_malicious[order])[last_of_score] / max((~is_malicious).sum(), 1)
found, alarms = numpy.insert(found, 0, 0), numpy.insert(alarms, 0, 0)
area = float(((alarms[1:] - alarms[:-1]) * (found[1:] + found[:-1]) / 2).sum())
print(f"area under the ROC curve: {area:.4f}")

# %% Data reduction: what deep inspection is spared
spared = frame["verdict"] == "benign"
print(
    f"spared: {spared.mean():.1%} of flows, {frame.loc[spared, 'packets'].sum() / frame['packets'].sum():.1%} of packets, "
    f"{frame.loc[spared, 'bytes'].sum() / frame['bytes'].sum():.1%} of bytes; "
    f"{(spared & is_malicious).sum():,} malicious flows among them"
)

# %% Pictures
try:
    import matplotlib
except ImportError:
    sys.exit(0)
matplotlib.use("Agg")
import matplotlib.pyplot

figure, axes = matplotlib.pyplot.subplots(1, len(FEATURES) + 1, figsize=(20, 4))
for axis, (feature, classes) in zip(axes, densities.items()):
    for name, density in classes.items():
        axis.plot(density, label=name)
    axis.set_title(feature)
    axis.legend()
axes[-1].plot(alarms, found)
axes[-1].set(title="ROC", xlabel="false alarms", ylabel="found")
figure.savefig("analysis.png")
