// Small training sets for tests of learners, the same for the same seed.
#pragma once

#include "tare/base/rng.hpp"
#include "tare/learn/learner.hpp"

namespace tare::test {

inline base::Matrix<double> random_rows(base::Index rows, base::Index features, std::uint64_t seed) {
    base::Rng rng(seed);
    base::Matrix<double> x(rows, features);
    for (base::Index r = 0; r < rows; ++r) {
        for (base::Index f = 0; f < features; ++f) {
            x(r, f) = 3.0 * static_cast<double>(f) + (1.0 + static_cast<double>(f)) * rng.normal();
        }
    }
    return x;
}

/// Numbers that follow from the features, with noise.
inline learn::Targets numbers_for(const base::Matrix<double>& x, std::uint64_t seed) {
    base::Rng rng(seed);
    learn::Targets targets;
    for (base::Index r = 0; r < x.rows(); ++r) {
        double value = 40.0 + rng.normal();
        for (base::Index f = 0; f < x.columns(); ++f) value += (f % 2 == 0 ? 1.0 : -0.5) * x(r, f);
        targets.values.push_back(value);
    }
    return targets;
}

/// Classes that follow from the first feature, with noise.
inline learn::Targets classes_for(const base::Matrix<double>& x, base::Index classes, std::uint64_t seed) {
    base::Rng rng(seed);
    learn::Targets targets{.task = learn::Task::classification, .classes = classes};
    for (base::Index r = 0; r < x.rows(); ++r) {
        const auto by_value = static_cast<base::Index>(x(r, 0) + 0.5 * rng.normal() > 0.0 ? classes - 1 : 0);
        targets.labels.push_back(
            rng.uniform() < 0.7 ? by_value : static_cast<base::Index>(rng.below(static_cast<std::uint64_t>(classes))));
    }
    return targets;
}

struct LearnerCase {
    learn::LearnerSpec spec;
    learn::Targets targets;
};

/// Every learner with every task it suits, two and three classes, with few trees.
inline std::vector<LearnerCase> all_learners(const base::Matrix<double>& x) {
    using learn::Kernel;
    using learn::Kind;
    std::vector<LearnerCase> cases;
    const auto add = [&](Kind kind, Kernel kernel) {
        learn::LearnerSpec spec{.kind = kind, .kernel = kernel};
        spec.trees.rounds = 10;
        if (suits(kind, learn::Task::regression)) cases.push_back({spec, numbers_for(x, 5)});
        if (!suits(kind, learn::Task::classification)) return;
        for (const base::Index classes : {2, 3}) cases.push_back({spec, classes_for(x, classes, 6)});
    };
    for (const Kind kind : {Kind::ridge, Kind::logistic, Kind::xgboost}) add(kind, Kernel::rbf);
    for (const Kernel kernel : {Kernel::rbf, Kernel::linear}) {
        add(Kind::svm, kernel);
        add(Kind::svr, kernel);
    }
    return cases;
}

inline bool equal_bytes(const learn::Predictions& a, const learn::Predictions& b) {
    return a.values == b.values && a.labels == b.labels && a.scores == b.scores &&
           a.scores_are_probabilities == b.scores_are_probabilities;
}

}  // namespace tare::test
