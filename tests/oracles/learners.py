"""Learners by scikit-learn and XGBoost, for learners_test.cpp: `learners.py FOLDER` makes for every data set D the arrays
D.x.npy, D.at.npy, D.numbers.npy, D.two.npy and D.three.npy, and for every learner D.LEARNER.npy with what it predicts for
D.at, trained on D.x: the number, or one score per class (and, in D.LEARNER.labels.npy, the class).
"""
import pathlib
import sys
import warnings

import numpy
import xgboost
from sklearn.compose import TransformedTargetRegressor
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.multiclass import OneVsRestClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC, SVR, LinearSVC, LinearSVR

warnings.simplefilter("ignore")


def data_sets():
    """(rows, features, how the features are scaled): like z-scores, like FreeSurfer's mixed units, more than the rows."""
    generator = numpy.random.default_rng(20241)
    for name, rows, features in [("plain", 150, 8), ("units", 200, 20), ("wide", 60, 150), ("gaps", 150, 8)]:
        latent = generator.normal(size=(rows + 50, features))
        if name == "units":
            half = features // 2
            x = numpy.hstack([2.5 + 0.2 * latent[:, :half], 4000 + 500 * latent[:, half:]])
        else:
            x = 1.0 + latent
        numbers = 45 + 6 * latent[:, 0] - 4 * latent[:, 1] * latent[:, 2] + generator.normal(size=rows + 50)
        two = (latent[:, 0] + generator.normal(size=rows + 50) > 0.5).astype(float)
        three = numpy.digitize(latent[:, 0] + 0.5 * generator.normal(size=rows + 50), [-0.5, 0.8]).astype(float)
        if name == "gaps":
            x[generator.random(x.shape) < 0.1] = numpy.nan
        yield name, x[:rows], x[rows:], numbers[:rows], two[:rows], three[:rows]


def centred(learner):
    """An intercept that bears next to no penalty, as far as LIBLINEAR can."""
    return make_pipeline(StandardScaler(with_std=False), learner)


def number_learners():
    linear = LinearSVR(epsilon=0.1, loss="squared_epsilon_insensitive", dual=False, intercept_scaling=1e3, tol=1e-12,
                       max_iter=100000)
    return {
        "ridge": Ridge(),
        "ridge-strong": Ridge(alpha=100),
        "svr": SVR(),
        "svr-tuned": SVR(C=10, epsilon=0.5, gamma=0.01),
        "svr-standardised": make_pipeline(StandardScaler(), SVR()),
        "svr-linear": TransformedTargetRegressor(centred(linear), transformer=StandardScaler(with_std=False)),
        "xgboost": xgboost.XGBRegressor(n_jobs=1),
        "xgboost-tuned": xgboost.XGBRegressor(n_jobs=1, n_estimators=30, max_depth=3, learning_rate=0.1, reg_lambda=2),
    }


def class_learners(classes):
    def logistic(c):
        learner = LogisticRegression(C=c, tol=1e-12, max_iter=100000, solver="newton-cholesky")
        return learner if classes == 2 else OneVsRestClassifier(learner)

    return {
        "logistic": logistic(1),
        "logistic-loose": logistic(100),
        "svm": SVC(),
        "svm-tuned": SVC(C=10, gamma=0.01),
        "svm-standardised": make_pipeline(StandardScaler(), SVC()),
        "svm-linear": centred(LinearSVC(dual=False, intercept_scaling=1e3, tol=1e-12, max_iter=100000)),
        "xgboost": xgboost.XGBClassifier(n_jobs=1),
    }


def scores_of(learner, at):
    if hasattr(learner, "predict_proba"):
        return learner.predict_proba(at)
    decision = learner.decision_function(at)
    return numpy.column_stack([-decision, decision]) if decision.ndim == 1 else decision


def filled_in(name, learner):
    return learner if name.startswith("xgboost") else make_pipeline(SimpleImputer(), learner)


def main(folder):
    def save(name, values):
        numpy.save(folder / f"{name}.npy", numpy.asarray(values, dtype=float).reshape(len(values), -1))

    for name, x, at, numbers, two, three in data_sets():
        for part, values in {"x": x, "at": at, "numbers": numbers, "two": two, "three": three}.items():
            save(f"{name}.{part}", values)
        for learner_name, learner in number_learners().items():
            save(f"{name}.numbers.{learner_name}", filled_in(learner_name, learner).fit(x, numbers).predict(at))
        for target_name, target in {"two": two, "three": three}.items():
            for learner_name, learner in class_learners(len(set(target))).items():
                trained = filled_in(learner_name, learner).fit(x, target.astype(int))
                save(f"{name}.{target_name}.{learner_name}", scores_of(trained, at))
                save(f"{name}.{target_name}.{learner_name}.labels", trained.predict(at))


main(pathlib.Path(sys.argv[1]))
