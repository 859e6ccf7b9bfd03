"""Does what scripts/train-default-model says; call that."""
import collections
import csv
import json
import os
import subprocess
import sys

BINARY, CORPUS = sys.argv[1:]
WORK = "artifacts/default-models"
CARD = "docs/model-card.md"
BEGIN, END = "<!-- scripts/train-default-model: begin -->", "<!-- scripts/train-default-model: end -->"
SEARCH = ["--transform", "bins:16", "bins:32", "bins:64", "--C", "0.01", "0.03", "0.1", "0.3", "1", "--feature-groups", "auto"]
FLOWS = ["--labels", f"{CORPUS}/LABELS.tsv", "--min-packets", "15", "--flows-per-capture", "60", "--prevalence", "0.005"]
FIGURES = {
    "roc_area": "ROC area", "average_precision": "average precision", "recall": "recall", "precision": "precision", "f1": "F1", "recall_at_fpr_0.01": "recall at 1 % false positives",
    "brier": "Brier score", "calibration_error": "calibration error", "flows_spared": "flows not sent on", "packets_spared": "packets not sent on", "bytes_spared": "bytes not sent on",
    "malicious_share_sent": "malicious among flows sent on", "malicious_share_sent_at_prevalence": "the same where 0.5 % of flows are malicious",
}


def rows(name):
    with open(f"{CORPUS}/{name}", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def run(*arguments):
    done = subprocess.run([BINARY, *arguments], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"train-default-model: flowmeter {arguments[0]}: {done.stderr}")
    return done.stderr


def load(path):
    with open(path) as file:
        return json.load(file)


def train(files, profile, name, search):
    """Returns the model and its figures in cross-validation."""
    path = f"{WORK}/{name}"
    run("train", *files, *FLOWS, "--profile", profile, "--name", name, "--split", "capture", "--hold-out", "0", "--folds", "5", "--target-fpr", "0.1",
        *search, "--json", f"{path}-figures.json", "-o", f"{path}.json")
    return load(f"{path}.json"), load(f"{path}-figures.json")


def number(figure, digits=3):
    if figure["value"] is None:
        return "–"
    text = f"{figure['value']:.{digits}f}"
    return text if figure["low"] is None else f"{text} ({figure['low']:.{digits}f} to {figure['high']:.{digits}f})"


def figures(result):
    return {figure["name"]: figure for figure in result["figures"]}


def rate(figure, flows):
    return {key: None if figure[key] is None else figure[key] / flows for key in ("value", "low", "high")}


def unseen(profile, best, by_source):
    """Each source judged by a model that was trained the same way on all the others."""
    lines = ["| source | flows | malicious | recall | false positives | ROC area |", "|---|--:|--:|--:|--:|--:|"]
    every = [file for files in by_source.values() for file in files]
    for source, files in sorted(by_source.items(), key=lambda entry: entry[0].lower()):
        name = f"{profile}-without-{source.replace('/', '-')}"
        train([file for file in every if file not in files], profile, name, best)
        run("evaluate", "--model", f"{WORK}/{name}.json", *files, *FLOWS, "--profile", profile, "--json", f"{WORK}/{name}-there.json")
        result = load(f"{WORK}/{name}-there.json")
        got = figures(result)
        benign = result["flows"] - result["malicious"]
        alarms = number(rate(got["false_positives"], benign), 2) if benign else "–"
        recall = number(got["recall"], 2) if result["malicious"] else "–"
        lines.append(f"| {source} | {result['flows']} | {result['malicious']} | {recall} | {alarms} | {number(got['roc_area'], 2)} |")
    return lines


def data_table(labels, manifest):
    source_of = {row["file"]: row["source"].split(":")[1] for row in manifest}
    licence_of = {row["source"].split(":")[1]: row["licence"].split(":")[0] for row in manifest}
    flows = collections.Counter((source_of[row["file"]], row["flow_label"]) for row in labels)
    captures = collections.Counter(source_of[file] for file in {row["file"] for row in labels})
    lines = ["| source (GitHub) | licence | captures | benign flows | malicious flows |", "|---|---|--:|--:|--:|"]
    for source in sorted(captures, key=str.lower):
        lines.append(f"| {source} | {licence_of[source]} | {captures[source]} | {flows[source, 'benign']} | {flows[source, 'malicious']} |")
    total = [sum(captures.values()), *(sum(count for (_, label), count in flows.items() if label == wanted) for wanted in ("benign", "malicious"))]
    return source_of, [*lines, f"| **all** | | **{total[0]}** | **{total[1]}** | **{total[2]}** |"]


def ship(profile, model):
    """The model without what names the corpus file by file; the card has the sources."""
    model["untuned"] = True
    model["trained"] = {key: value for key, value in model["trained"].items() if key not in ("sources", "grid")}
    with open(f"src/Engine/Scoring/Defaults/{profile}.json", "w", newline="\n") as file:
        json.dump(model, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


def describe(profile, model, result, by_source):
    trained = model["trained"]
    shown = figures(result)
    best = ["--transform", trained["transform"], "--C", repr(trained["c"]), "--feature-groups", trained["features"]]
    benign = result["flows"] - result["malicious"]
    return [
        f"### Profile `{profile}`", "",
        f"{len(model['features'])} features (groups: {trained['features']}), {trained['transform']}, {trained['penalty']}, C {trained['c']}, class weight {trained['class_weight']}; chosen of {trained['points']} grid points.",
        f"Trained on {trained['flows']} flows, {trained['malicious']} of them malicious. Threshold {model['threshold']:.4f}. Flows of fewer than {model['least_packets']} packets are undecided.", "",
        "Captures that the model in question has not seen, five folds of whole captures; 95 % intervals from draws of captures:", "",
        "| figure | value |", "|---|--:|",
        *(f"| {text} | {number(shown[name])} |" for name, text in FIGURES.items()),
        f"| false positives | {number(rate(shown['false_positives'], benign))} |", "",
        "Networks that the model in question has not seen, each source judged by a model trained the same way on all others; the threshold is that model's own:", "",
        *unseen(profile, best, by_source), "",
    ]


os.makedirs(WORK, exist_ok=True)
os.makedirs("src/Engine/Scoring/Defaults", exist_ok=True)
labels = [row for row in rows("LABELS.tsv") if row["flow_label"] in ("benign", "malicious")]
source_of, text = data_table(labels, rows("MANIFEST.tsv"))
by_source = collections.defaultdict(list)
for file in sorted({row["file"] for row in labels}):
    by_source[source_of[file]].append(f"{CORPUS}/{file}")
text = ["## Data", "", *text, "", "## Figures", ""]
for profile in ("flowmeter", "extended"):
    model, result = train(sorted(file for files in by_source.values() for file in files), profile, f"default-{profile}", SEARCH)
    model["trained"]["points"] = len(model["trained"]["grid"])
    text += describe(profile, model, result, by_source)
    ship(profile, model)
with open(CARD, encoding="utf-8") as file:
    card = file.read()
before, after = card.split(BEGIN)[0], card.split(END)[1]
with open(CARD, "w", encoding="utf-8", newline="\n") as file:
    file.write(before + BEGIN + "\n" + "\n".join(text).strip() + "\n" + END + after)
