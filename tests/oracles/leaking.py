"""What leaking is worth with the field's own programs: neuroHarmonize around scikit-learn's SVR on the lab's simulated set.

    .scratch/venv/bin/python tests/oracles/leaking.py folds CTFD_SIMULATED.csv OUT.csv
        the table with the columns fold_0 ... fold_19: scikit-learn's KFold(5, shuffle=True, random_state=0 ... 19)
    .scratch/venv/bin/python tests/oracles/leaking.py scores OUT.csv
        the mean absolute error of every condition and repeat
"""
import contextlib
import sys
import warnings

import numpy as np
import pandas as pd

warnings.simplefilter("ignore")
REPEATS = 20


def folds(table):
    from sklearn.model_selection import KFold

    for seed in range(REPEATS):
        for number, (_, test) in enumerate(KFold(5, shuffle=True, random_state=seed).split(table), start=1):
            table.loc[test, f"fold_{seed}"] = number
        table[f"fold_{seed}"] = table[f"fold_{seed}"].astype(int)
    return table


def harmonised(values, known, training, ages_at_apply):
    """All rows by a model of the training rows; the age of the others is what is given."""
    from neuroHarmonize import harmonizationApply, harmonizationLearn

    model, _ = harmonizationLearn(values[training], known[training].reset_index(drop=True))
    return harmonizationApply(values, known.assign(age=np.where(training, known["age"], ages_at_apply)), model)


def error(values, age, training):
    from sklearn.svm import SVR

    predicted = SVR().fit(values[training], age[training]).predict(values[~training])
    return np.abs(predicted - age[~training])


def scores(table):
    features = [name for name in table if name not in ("SITE", "age") and not name.startswith("fold_")]
    values, age = table[features].to_numpy(float), table["age"].to_numpy(float)
    known = table[["SITE", "age"]]
    lines = ["repeat\traw\tall-first\tin-fold\tin-fold-held-out"]
    everyone = harmonised(values, known, np.full(len(age), True), age)
    for seed in range(REPEATS):
        errors = {name: [] for name in ("raw", "all-first", "in-fold", "in-fold-held-out")}
        for fold in range(1, 6):
            training = (table[f"fold_{seed}"] != fold).to_numpy()
            seen = {
                "raw": values,
                "all-first": everyone,
                "in-fold": harmonised(values, known, training, age),
                "in-fold-held-out": harmonised(values, known, training, age[training].mean()),
            }
            for name, by_name in seen.items():
                errors[name].extend(error(by_name, age, training))
        lines.append("\t".join([str(seed + 1)] + [f"{np.mean(of_rows):.12f}" for of_rows in errors.values()]))
    return lines


if __name__ == "__main__":
    if sys.argv[1] == "folds":
        folds(pd.read_csv(sys.argv[2], float_precision="round_trip")).to_csv(sys.argv[3], index=False)
    else:
        with contextlib.redirect_stdout(sys.stderr):  # neuroHarmonize talks
            lines = scores(pd.read_csv(sys.argv[2], float_precision="round_trip"))
        print("\n".join(lines))
