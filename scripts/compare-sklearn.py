"""Does what scripts/compare-sklearn says; call that."""
import csv
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
import warnings

import numpy
import scipy.sparse
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GridSearchCV, StratifiedKFold

RUNS = 5
WEIGHTS = {"none": None, "balanced": "balanced", "1:5": {0: 1, 1: 5}}
POINTS = [(penalty, c, weight) for penalty in ("l2", "l1") for c, weight in ((0.01, "none"), (0.1, "balanced"), (1, "none"), (1, "1:5"), (10, "balanced"), (100, "none"))]


def row_weights(y, weight):
    if weight is None:
        return numpy.ones(len(y))
    if weight == "balanced":
        return numpy.where(y == 1, len(y) / (2 * y.sum()), len(y) / (2 * (len(y) - y.sum())))
    return numpy.where(y == 1, weight[1], weight[0])


def objective(x, y, w, b, c, penalty, weight):
    m = (2 * y - 1) * (x @ w + b)
    loss = numpy.logaddexp(0, -m) @ row_weights(y, weight)
    return c * loss + (0.5 * w @ w if penalty == "l2" else numpy.abs(w).sum())


def solve(x, y, c, penalty, weight):
    """scikit-learn's best answer of several solvers, run until they rest; liblinear's penalty on the intercept is scaled away."""
    common = dict(C=c, penalty=penalty, class_weight=weight)
    solvers = (
        [LogisticRegression(solver="newton-cholesky", tol=1e-10, max_iter=1000, **common), LogisticRegression(solver="lbfgs", tol=1e-9, max_iter=20000, **common)]
        if penalty == "l2"
        else [LogisticRegression(solver="liblinear", intercept_scaling=1000, tol=1e-8, max_iter=1000, random_state=1, **common)]
        + ([LogisticRegression(solver="saga", tol=1e-12, max_iter=1000000, random_state=1, **common)] if x.size < 5000 else [])
    )
    best = None
    for solver in solvers:
        begin = time.perf_counter()
        solver.fit(x, y)
        took = time.perf_counter() - begin
        w, b = solver.coef_[0], solver.intercept_[0]
        value = objective(x, y, w, b, c, penalty, weight)
        if best is None or value < best[0]:
            best = (value, w, b, took)
    return best


def is_unique(x, y, w, b, c, weight):
    """Whether an l1 optimum is the only one: the columns whose subgradient is at its bound, with the intercept's, are independent (Tibshirani 2013, EJS 7)."""
    m = (2 * y - 1) * (x @ w + b)
    gradient = c * (x.T @ (-(2 * y - 1) * row_weights(y, weight) / (1 + numpy.exp(m))))
    bound = numpy.column_stack([x[:, numpy.abs(gradient) > 1 - 1e-4], numpy.ones(len(y))])
    singular = numpy.linalg.svd(bound, compute_uv=False)
    return singular[-1] > 1e-6 * singular[0]


def is_positive(value, positive):
    return value != positive[1:] if positive.startswith("!") else value == positive


def read(path, label, positive, names):
    with open(path, newline="") as table:
        rows = list(csv.reader(table))
    header = [name.strip().strip("'").strip() for name in rows[0]]
    places = [header.index(name) for name in names]
    x = numpy.array([[float(row[p]) for p in places] for row in rows[1:]])
    y = numpy.array([1 if is_positive(row[header.index(label)], positive) else 0 for row in rows[1:]])
    return x, y


def train(binary, path, label, positive, options):
    with tempfile.TemporaryDirectory() as folder:
        model = os.path.join(folder, "model.json")
        begin = time.perf_counter()
        transform = [] if "--transform" in options else ["--transform", "identity"]
        done = subprocess.run(
            [binary, "train", path, "--label-column", label, "--positive", positive, *transform, "--hold-out", "0", "--split", "flow", "-q", "-o", model, *options],
            capture_output=True, text=True)
        took = time.perf_counter() - begin
        if done.returncode != 0:
            sys.exit(done.stderr)
        with open(model) as file:
            return json.load(file), took, done.stderr


def sample(path, most):
    """Evenly spread rows of a table, in a file of their own: scikit-learn needs minutes to bring an l1 problem of more rows to rest."""
    with open(path, newline="") as table:
        rows = list(csv.reader(table))
    # Indicators that sum up to 1 leave an l1 optimum free to move: one of each set goes.
    places = [i for i, name in enumerate(rows[0]) if not name.endswith("=other")]
    rows = [[row[i] for i in places] for row in rows]
    kept = [rows[0], *[rows[1 + i * (len(rows) - 1) // most] for i in range(min(most, len(rows) - 1))]]
    file = tempfile.NamedTemporaryFile("w", suffix=".csv", newline="", delete=False)
    with file:
        csv.writer(file).writerows(kept)
    return file.name


def compare(binary, path, label, positive):
    small = sample(path, 1500)
    try:
        compare_both(binary, path, small, label, positive)
    finally:
        os.unlink(small)


def compare_both(binary, whole, small, label, positive):
    print(f"\n{os.path.basename(whole)}; l1 on 1500 rows of it")
    print(f"{'penalty':8}{'C':>8}{'weight':>10}{'features':>9}{'objective':>16}{'relative diff':>15}{'coefficient':>13}{'ROC area':>11}{'flowmeter s':>13}{'sklearn s':>11}")
    worst = [0, 0, 0]
    for penalty, c, weight in POINTS:
        path = whole if penalty == "l2" else small
        # The search of two folds solves two more problems of half the size: its time counts, too.
        model, took, _ = train(binary, path, label, positive, ["--penalty", penalty, "--C", str(c), "--class-weight", weight, "--folds", "2"])
        names = [feature["name"] for feature in model["features"]]
        x, y = read(path, label, positive, names)
        x = (x - [feature["centre"] for feature in model["features"]]) / [feature["scale"] for feature in model["features"]]
        assert numpy.abs(x.mean(axis=0)).max() < 1e-9 and numpy.abs(x.std(axis=0) - 1).max() < 1e-9
        w = numpy.array([feature["weight"] for feature in model["features"]])
        b = model["intercept"]
        value, sw, sb, stook = solve(x, y, c, penalty, WEIGHTS[weight])
        ours = objective(x, y, w, b, c, penalty, WEIGHTS[weight])
        # Below scikit-learn's objective is no error but a nearer optimum.
        difference = (ours - value) / abs(value)
        coefficient = max(numpy.abs(w - sw).max(), abs(b - sb))
        area = abs(roc_auc_score(y, x @ w + b) - roc_auc_score(y, x @ sw + sb))
        unique = penalty == "l2" or is_unique(x, y, w, b, c, WEIGHTS[weight])
        worst = [max(worst[0], difference), max(worst[1], coefficient if unique else 0), max(worst[2], area)]
        print(f"{penalty:8}{c:>8}{weight:>10}{len(names):>9}{ours:>16.6f}{difference:>15.1e}{coefficient if unique else numpy.nan:>13.1e}{area:>11.1e}{took:>13.2f}{stook:>11.2f}", flush=True)
    print(f"worst: objective {worst[0]:.1e} above scikit-learn's, coefficient {worst[1]:.1e}, ROC area {worst[2]:.1e} (coefficients nan: the optimum is not unique)")


def cpu_of_training(binary, path, label, positive, weights):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    model, _, _ = train(binary, path, label, positive, ["--transform", "bins:64", "--penalty", "l2", "--C", "1", "--folds", "5", "--class-weight", *weights])
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return model, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def indicators(path, label, positive, features):
    """The bins of a model's features as a sparse matrix of indicators."""
    x, y = read(path, label, positive, [feature["name"] for feature in features])
    bins = numpy.array([numpy.where(numpy.isnan(column), 0, numpy.searchsorted(feature["edges"], column, side="right")) for feature, column in zip(features, x.T)])
    sizes = [len(feature["weights"]) for feature in features]
    columns = (bins + numpy.cumsum([0, *sizes[:-1]])[:, None]).T
    matrix = scipy.sparse.csr_matrix((numpy.ones(columns.size), columns.ravel(), numpy.arange(0, columns.size + 1, len(features))), (len(y), sum(sizes)))
    return matrix, y, numpy.concatenate([feature["weights"] for feature in features])


def compare_binned(binary, path, label, positive):
    """64 bins, l2, C 1. The time of fits is by how much more a training takes that tries ten more class weights, all but the same: reading, binning and figures cancel."""
    weights = [f"1:{1 + i / 1e6}" for i in range(12)]
    differences = []
    for _ in range(RUNS):
        model, two = cpu_of_training(binary, path, label, positive, weights[:2])
        differences.append((cpu_of_training(binary, path, label, positive, weights)[1] - two) / 10)
    x, y, w = indicators(path, label, positive, model["features"])
    times = []
    for _ in range(RUNS):
        begin = time.process_time()
        # What a class weight costs: five folds, and three inside each.
        for fold, _ in StratifiedKFold(5, shuffle=True, random_state=1).split(x, y):
            LogisticRegression(max_iter=20000).fit(x[fold], y[fold])
            for inner, _ in StratifiedKFold(3, shuffle=True, random_state=1).split(fold, y[fold]):
                LogisticRegression(max_iter=20000).fit(x[fold[inner]], y[fold[inner]])
        times.append(time.process_time() - begin)
    whole = LogisticRegression(max_iter=20000).fit(x, y)
    theirs = objective(x, y, whole.coef_[0], whole.intercept_[0], 1, "l2", None)
    ours = objective(x, y, w, model["intercept"], 1, "l2", None)
    mine, other = numpy.median(differences), numpy.median(times)
    print(f"| {os.path.basename(path)} | {x.shape[0]} | {x.shape[1]} | {model['trained']['iterations']} | {whole.n_iter_[0]} | {1000 * mine:.0f} | {1000 * other:.0f} | {mine / other:.2f} | {(ours - theirs) / theirs:.1e} |", flush=True)


def grid(binary, path, label, positive):
    """6 class weights, l1 and l2, 5 C, 2 solvers, 10 folds. A solver is no part of a problem, so flowmeter's 60 points stand for the 120; twice its time is shown beside."""
    cs = [0.001, 0.01, 0.1, 1, 10]
    weights = ["1:1", "1:2", "2:1", "1:5", "5:1", "balanced"]
    model, took, errors = train(
        binary, path, label, positive, ["--penalty", "l1", "l2", "--C", *map(str, cs), "--class-weight", *weights, "--folds", "10"])
    names = [feature["name"] for feature in model["features"]]
    x, y = read(path, label, positive, names)
    x = (x - x.mean(axis=0)) / x.std(axis=0)
    parsed = ["balanced" if text == "balanced" else {0: float(text.split(":")[0]), 1: float(text.split(":")[1])} for text in weights]
    begin = time.perf_counter()
    search = GridSearchCV(
        LogisticRegression(random_state=1),
        {"penalty": ["l1", "l2"], "C": cs, "class_weight": parsed, "solver": ["liblinear", "saga"]},
        scoring="roc_auc", cv=StratifiedKFold(10, shuffle=True, random_state=1), n_jobs=os.cpu_count())
    search.fit(x, y)
    theirs = time.perf_counter() - begin
    print(f"\ngrid on {os.path.basename(path)}, {os.cpu_count()} cores, 10 folds: flowmeter {took:.1f} s for 60 problems (twice: {2 * took:.1f} s), all to convergence"
          f"{' EXCEPT: ' + errors.strip() if 'converge' in errors else ''}; scikit-learn {theirs:.1f} s for the same problems by 2 solvers, default stopping")
    print(f"best ROC area: flowmeter {model['trained']['roc_area']:.5f}, scikit-learn {search.best_score_:.5f}", flush=True)


def reference(path):
    """Small problems with their solutions, as test data."""
    random = numpy.random.default_rng(20240229)
    problems = []
    for rows, features in ((40, 3), (120, 6), (300, 10)):
        x = random.normal(size=(rows, features))
        x[:, -1] = 0.95 * x[:, 0] + 0.05 * x[:, -1]
        x = (x - x.mean(axis=0)) / x.std(axis=0)
        y = (x @ random.normal(size=features) + random.logistic(size=rows) > 0.5).astype(int)
        x = numpy.round(x, 6)
        for penalty, c, weight in POINTS:
            if (penalty, c) == ("l1", 0.01):
                # All weights are 0 here: saga stops before its intercept is right, and liblinear penalises the intercept.
                continue
            value, w, b, _ = solve(x, y, c, penalty, WEIGHTS[weight])
            m = x @ w + b
            problems.append({
                "rows": [[*map(float, row)] for row in x] if (penalty, c) == ("l2", 0.01) else None,
                "labels": [*map(int, y)] if (penalty, c) == ("l2", 0.01) else None,
                "penalty": penalty, "c": c, "class_weight": weight, "weights": [*map(float, w)], "intercept": float(b), "objective": float(value),
                "roc_area": float(roc_auc_score(y, m))})
    with open(path, "w") as file:
        json.dump(problems, file, separators=(",", ":"))
        file.write("\n")


warnings.simplefilter("ignore")
arguments = sys.argv[1:]
if arguments[0] == "--reference":
    reference(arguments[1])
    sys.exit()
times_grid = arguments[0] == "--grid"
only_binned = arguments[0] == "--binned"
if times_grid or only_binned:
    arguments = arguments[1:]
tables = [(argument.split(":") + ["label", "Malicious"])[:3] if argument.count(":") == 0 else (argument.split(":") + ["Malicious"])[:3] for argument in arguments[1:]]
for table, label_column, positive_value in [] if only_binned else tables:
    compare(arguments[0], table, label_column, positive_value)
print("\n64 bins a feature, l2, C 1: CPU of the 20 fits of a nested cross-validation (5 folds, 3 inside each), medians of", RUNS, "runs")
print("| table | rows | weights | iterations | scikit-learn's | CPU, ms | scikit-learn's, ms | ratio | objective |")
print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
for table, label_column, positive_value in tables:
    compare_binned(arguments[0], table, label_column, positive_value)
if times_grid:
    for table, label_column, positive_value in tables:
        grid(arguments[0], table, label_column, positive_value)
