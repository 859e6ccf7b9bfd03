"""Does what scripts/train-default-model says; call that."""
import argparse
import collections
import csv
import json
import os
import subprocess
import sys

PROFILES = ["flowmeter", "extended", "full"]
WORK = "artifacts/default-models"
BEGIN, END = "<!-- scripts/train-default-model: begin -->", "<!-- scripts/train-default-model: end -->"
# Times within a flow carry over between networks less than all else: the first choice is without them.
SEARCH = ["--transform", "bins:64", "bins:128", "--C", "0.001", "0.003", "0.01", "0.03", "0.1", "--feature-groups", "sizes+counts+rates+payload+flags+hosts", "all"]
# So that of sources left out at most a tenth of the benign flows are judged malicious and at most 6 % of the malicious ones benign; between the two thresholds a flow is undecided. Scores
# of profiles flowmeter and extended differ more from source to source than those of full, so their thresholds need room.
VERDICTS = {"flowmeter": ["--target-fpr", "0.05", "--target-fnr", "0.003"], "extended": ["--target-fpr", "0.05", "--target-fnr", "0.01"], "full": ["--target-fpr", "0.1", "--target-fnr", "0.06"]}
TABLES = [
    ("CICIDS2017 (improved labels)", "cicids2017_improved_sample_train.csv", "Label", "!BENIGN"), ("UNSW-NB15", "unsw_nb15_10k_train.csv", "label", "Malicious"),
    ("UNSW-NB15, part 1", "unsw_nb15_part1_7k_train.csv", "label", "!Benign"),
]
WITHIN = {"pair_roc_area": "ROC area over pairs of one capture", "pooled_roc_area": "ROC area over all flows of these captures"}
FIGURES = {
    "roc_area": "ROC area", "average_precision": "average precision", "benign_cleared_at_recall_0.98": "benign flows cleared at recall 0.98",
    "recall_at_fpr_0.01": "recall at 1 % false positives", "recall": "malicious flows judged malicious or undecided", "benign_called_malicious": "benign flows judged malicious",
    "false_positive_rate": "benign flows judged malicious or undecided", "brier": "Brier score", "calibration_error": "calibration error",
    "flows_spared": "flows not sent on", "packets_spared": "packets not sent on", "bytes_spared": "bytes not sent on",
    "malicious_share_sent": "malicious among flows sent on", "malicious_share_sent_at_prevalence": "the same where 0.5 % of flows are malicious",
}

arguments = argparse.ArgumentParser()
arguments.add_argument("binary")
arguments.add_argument("corpus")
arguments.add_argument("--into")
arguments.add_argument("profiles", nargs="*", default=[])
typed = arguments.parse_intermixed_args()
BINARY, CORPUS = typed.binary, typed.corpus
FLOWS = ["--labels", f"{CORPUS}/LABELS.tsv", "--min-packets", "15", "--flows-per-capture", "60", "--prevalence", "0.005"]


def rows(name):
    with open(f"{CORPUS}/{name}", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def load(path):
    with open(path) as file:
        return json.load(file)


def run(*options):
    done = subprocess.run([BINARY, *options], capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"train-default-model: flowmeter {options[0]}: {done.stderr}")


def train(name, *options):
    """Returns the model and its figures in nested cross-validation."""
    path = f"{WORK}/{name}"
    run("train", *options, "--name", name, "--json", f"{path}-figures.json", "-o", f"{path}.json")
    return load(f"{path}.json"), load(f"{path}-figures.json")


def number(figure, digits=3):
    if figure["value"] is None:
        return "–"
    text = f"{figure['value']:.{digits}f}"
    return text if figure["low"] is None else f"{text} ({figure['low']:.{digits}f} to {figure['high']:.{digits}f})"


def figures(result):
    return {figure["name"]: figure for figure in result["figures"]}


def networks():
    """What tables of one network that hold both classes allow; none of the models inside is trained with them."""
    lines = ["| table | flows | malicious | ROC area | recall at 1 % false positives | benign flows cleared at recall 0.98 |", "|---|--:|--:|--:|--:|--:|"]
    for name, file, column, positive in TABLES:
        path = f"{CORPUS}/features/{file}"
        if not os.path.exists(path):
            continue
        _, result = train(
            f"table-{file.split('.')[0]}", path, "--label-column", column, "--positive", positive, "--split", "flow", "--folds", "5", "--hold-out", "0",
            "--transform", "bins:64", "--C", "0.1", "1")
        got = figures(result)
        lines.append(f"| {name} | {result['flows']} | {result['malicious']} | {number(got['roc_area'])} | {number(got['recall_at_fpr_0.01'])} | {number(got['benign_cleared_at_recall_0.98'])} |")
    return lines


def by_source(result):
    lines = ["| source | flows | malicious | malicious not judged benign | benign judged malicious | ROC area |", "|---|--:|--:|--:|--:|--:|"]
    for source in sorted(result["sources"], key=lambda source: source["source"].lower()):
        got = figures(source)
        recall = number(got["recall"], 2) if source["malicious"] else "–"
        lines.append(f"| {source['source']} | {source['flows']} | {source['malicious']} | {recall} | {number(got['benign_called_malicious'], 2)} | {number(got['roc_area'], 2)} |")
    got = figures(result)
    return [*lines, f"| **all** | **{result['flows']}** | **{result['malicious']}** | {number(got['recall'], 2)} | {number(got['benign_called_malicious'], 2)} | {number(got['roc_area'], 2)} |"]


def tuned(profile, trained):
    """A model of all other sources, tuned with the first half of the benign captures of a source by name, judged on the rest of them: other devices, other programs."""
    lines = ["| source | benign flows tuned with | benign flows judged | judged malicious before | tuned | malicious flows judged | found or undecided before | tuned |", "|---|--:|--:|--:|--:|--:|--:|--:|"]
    best = ["--transform", trained["transform"], "--C", repr(trained["c"]), "--feature-groups", trained["features"]]
    for source in sorted(set(source_of.values()), key=str.lower):
        own = [file for file in files if source_of[os.path.relpath(file, CORPUS)] == source]
        benign = [file for file in own if "/benign/" in file]
        mine, rest = benign[:len(benign) // 2], benign[len(benign) // 2:] + [file for file in own if file not in benign]
        if sum(row["flow_label"] == "benign" and f"{CORPUS}/{row['file']}" in mine for row in labels) < 100:
            continue
        name = f"{profile}-but-{source.replace('/', '-')}"
        train(name, *(file for file in files if file not in own), *FLOWS, "--profile", profile, "--split", "capture", "--folds", "5", "--hold-out", "0", *VERDICTS[profile], *best, "--keep-malicious")
        run("tune", "--model", f"{WORK}/{name}.json", "--benign", *mine, "--budget", "5%", "-o", f"{WORK}/{name}-tuned.json", "--json", f"{WORK}/{name}-tuning.json")
        got = []
        for model in (name, f"{name}-tuned"):
            run("evaluate", "--model", f"{WORK}/{model}.json", *rest, "--labels", f"{CORPUS}/LABELS.tsv", "--profile", profile, "--json", f"{WORK}/{model}-there.json")
            got.append(load(f"{WORK}/{model}-there.json"))
        shown = [figures(result) for result in got]
        malicious = got[0]["malicious"]
        found = [number(each["recall"], 2) if malicious else "–" for each in shown]
        with_flows = load(f"{WORK}/{name}-tuning.json")["flows"] - load(f"{WORK}/{name}-tuning.json")["malicious"]
        lines.append(f"| {source} | {with_flows} | {got[0]['flows'] - malicious} | {number(shown[0]['benign_called_malicious'], 2)} | {number(shown[1]['benign_called_malicious'], 2)} | {malicious} | {found[0]} | {found[1]} |")
    return lines


def data_table(labels, manifest):
    source_of = {row["file"]: row["source"].split(":")[1] for row in manifest}
    licence_of = {row["source"].split(":")[1]: row["licence"].split(":")[0] for row in manifest}
    flows = collections.Counter((source_of[row["file"]], row["flow_label"]) for row in labels)
    captures = collections.Counter(source_of[file] for file in {row["file"] for row in labels})
    lines = ["| source (GitHub) | licence | captures | benign flows | background flows | malicious flows |", "|---|---|--:|--:|--:|--:|"]
    wanted = ("benign", "background", "malicious")
    for source in sorted(captures, key=str.lower):
        lines.append(f"| {source} | {licence_of[source]} | {captures[source]} | {' | '.join(str(flows[source, label]) for label in wanted)} |")
    total = [sum(captures.values()), *(sum(count for (_, label), count in flows.items() if label == each) for each in wanted)]
    return source_of, [*lines, f"| **all** | | {' | '.join(f'**{count}**' for count in total)} |"]


def ship(profile, model):
    """The model without what names the corpus file by file; the card has the sources."""
    model["untuned"] = True
    model["trained"] = {key: value for key, value in model["trained"].items() if key not in ("sources", "grid", "named_sources", "choices")}
    with open(f"{defaults}/{profile}.json", "w", newline="\n") as file:
        json.dump(model, file, ensure_ascii=False, separators=(",", ":"))
        file.write("\n")


def describe(profile, files):
    common = [*files, *FLOWS, "--profile", profile, "--hold-out", "0", *VERDICTS[profile], *SEARCH]
    model, left_out = train(f"default-{profile}", *common, "--groups", f"{WORK}/sources.tsv", "--split", "source", "--keep-malicious")
    _, result = train(f"{profile}-captures", *common, "--split", "capture", "--folds", "5")
    trained = model["trained"]
    trained["points"] = len(trained["grid"])
    within, shown, unseen = result["within"], figures(result), figures(left_out)
    ship(profile, model)
    return [
        f"### Profile `{profile}`", "",
        f"{len(model['features'])} features (groups: {trained['features']}), {trained['transform']}, {trained['penalty']}, C {trained['c']}, class weight {trained['class_weight']}; chosen of {trained['points']} grid points.",
        f"Trained on {trained['flows']} flows, {trained['malicious']} of them malicious, from {trained['captures']} captures in {trained['groups']} groups that share no flow. "
        f"Malicious from {model['threshold']:.4f} on, benign below {model.get('benign_below', model['threshold']):.4f}. Flows of fewer than {model['least_packets']} packets are undecided.", "",
        f"**Within one capture**, whole captures left out: {within['captures']} captures hold both classes, {within['benign']} benign and {within['malicious']} malicious flows.", "",
        "| figure | value |", "|---|--:|", *(f"| {text} | {number(shown[name])} |" for name, text in WITHIN.items()), "",
        "**Folds by joined captures**, five folds; 95 % intervals from draws of groups of captures:", "",
        "| figure | value |", "|---|--:|", *(f"| {text} | {number(shown[name])} |" for name, text in FIGURES.items()), "",
        "**Sources left out**: each source is judged by a model, and by a threshold, that were chosen and trained without it. This is what to expect in a network nobody has seen.", "",
        "| figure | value |", "|---|--:|", *(f"| {text} | {number(unseen[name])} |" for name, text in {**WITHIN, **FIGURES}.items() if name in (*WITHIN, "roc_area", "benign_cleared_at_recall_0.98", "recall_at_fpr_0.01", "recall", "benign_called_malicious", "false_positive_rate",
                                                                                                                                      "malicious_share_sent_at_prevalence")), "",
        *by_source(left_out), "",
        "**Tuned**: a model of all other sources, tuned (`flowmeter tune --budget 5%`) with half of the benign captures of a source, the first by name, and judged on the others, which run other devices and programs:", "",
        *tuned(profile, trained), "",
    ]


os.makedirs(WORK, exist_ok=True)
defaults = f"{typed.into}/Defaults" if typed.into else "src/Engine/Scoring/Defaults"
os.makedirs(defaults, exist_ok=True)
labels = [row for row in rows("LABELS.tsv") if row["flow_label"] in ("benign", "background", "malicious")]
source_of, text = data_table(labels, rows("MANIFEST.tsv"))
with open(f"{WORK}/sources.tsv", "w") as file:
    file.writelines(f"{name}\t{source}\n" for name, source in source_of.items())
files = [f"{CORPUS}/{file}" for file in sorted({row["file"] for row in labels})]
text = ["## Data", "", *text, "", "## Figures", "", "### Within a network", "",
        "Tables of one network that hold both classes, 64 bins, folds by flow. The models inside are not trained with them: this is what is possible where the network is known.", "",
        *networks(), ""]
for profile in typed.profiles or PROFILES:
    text += describe(profile, files)
with open("docs/model-card.md", encoding="utf-8") as file:
    card = file.read()
before, after = card.split(BEGIN)[0], card.split(END)[1]
with open(f"{typed.into}/model-card.md" if typed.into else "docs/model-card.md", "w", encoding="utf-8", newline="\n") as file:
    file.write(before + BEGIN + "\n" + "\n".join(text).strip() + "\n" + END + after)
