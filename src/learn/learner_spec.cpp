// Names, ranges and grids of the learners.
#include "tare/learn/learner_spec.hpp"

#include <algorithm>
#include <cmath>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"

namespace tare::learn {

namespace {

struct Named {
    Kind kind;
    std::string_view name;
};
constexpr std::array names{Named{Kind::ridge, "ridge"}, Named{Kind::logistic, "logistic"}, Named{Kind::svm, "svm"},
                           Named{Kind::svr, "svr"}, Named{Kind::xgboost, "xgboost"}};

bool uses_rbf(const LearnerSpec& spec) {
    return (spec.kind == Kind::svm || spec.kind == Kind::svr) && spec.kernel == Kernel::rbf;
}

void require(const LearnerSpec& spec, const char* parameter, double value, bool in_range, const char* range) {
    if (in_range && std::isfinite(value)) return;
    throw base::usage_error(std::string(name_of(spec.kind)) + ": " + parameter + " is " + base::number_text(value) +
                            " and must be " + range);
}

void check_trees(const LearnerSpec& spec) {
    const TreeSpec& trees = spec.trees;
    const auto whole = [&](const char* parameter, base::Index value, base::Index largest, const char* range) {
        require(spec, parameter, static_cast<double>(value), value >= 1 && value <= largest, range);
    };
    whole("rounds", trees.rounds, 1'000'000, "from 1 to 1000000");
    whole("max_depth", trees.max_depth, 30, "from 1 to 30");
    require(spec, "eta", trees.eta, trees.eta > 0 && trees.eta <= 1, "above 0 and at most 1");
    require(spec, "lambda", trees.lambda, trees.lambda >= 0, "at least 0");
    require(spec, "min_child_weight", trees.min_child_weight, trees.min_child_weight >= 0, "at least 0");
    require(spec, "subsample", trees.subsample, trees.subsample > 0 && trees.subsample <= 1, "above 0 and at most 1");
    require(spec, "colsample_bytree", trees.colsample_bytree, trees.colsample_bytree > 0 && trees.colsample_bytree <= 1,
            "above 0 and at most 1");
}

void append(std::string& text, const char* parameter, double value) {
    text += std::string(", ") + parameter + " = ";
    base::append_number(text, value);
}

void append_trees(std::string& text, const TreeSpec& trees) {
    const TreeSpec usual;
    append(text, "rounds", static_cast<double>(trees.rounds));
    append(text, "max_depth", static_cast<double>(trees.max_depth));
    append(text, "eta", trees.eta);
    append(text, "lambda", trees.lambda);
    if (trees.min_child_weight != usual.min_child_weight) append(text, "min_child_weight", trees.min_child_weight);
    if (trees.subsample != usual.subsample) append(text, "subsample", trees.subsample);
    if (trees.colsample_bytree != usual.colsample_bytree) append(text, "colsample_bytree", trees.colsample_bytree);
}

void append_gamma(std::string& text, const LearnerSpec& spec) {
    if (!spec.gamma_times_scale) {
        append(text, "gamma", spec.gamma);
    } else {
        text += ", gamma = ";
        if (spec.gamma != 1.0) text += base::number_text(spec.gamma) + " × ";
        text += "scale";
    }
}

}  // namespace

std::string_view name_of(Kind kind) {
    return std::ranges::find(names, kind, &Named::kind)->name;
}

std::optional<Kind> kind_named(std::string_view name) {
    const auto* const found = std::ranges::find(names, name, &Named::name);
    if (found == names.end()) return std::nullopt;
    return found->kind;
}

bool suits(Kind kind, Task task) {
    switch (kind) {
        case Kind::ridge:
        case Kind::svr:
            return task == Task::regression;
        case Kind::logistic:
        case Kind::svm:
            return task == Task::classification;
        case Kind::xgboost:
            break;
    }
    return true;
}

std::string described(const LearnerSpec& spec) {
    std::string text(name_of(spec.kind));
    if (spec.kind == Kind::svm || spec.kind == Kind::svr) text += spec.kernel == Kernel::rbf ? ", rbf" : ", linear";
    switch (spec.kind) {
        case Kind::ridge:
            append(text, "alpha", spec.alpha);
            break;
        case Kind::logistic:
        case Kind::svm:
            append(text, "C", spec.c);
            break;
        case Kind::svr:
            append(text, "C", spec.c);
            append(text, "epsilon", spec.epsilon);
            break;
        case Kind::xgboost:
            append_trees(text, spec.trees);
            break;
    }
    if (uses_rbf(spec)) append_gamma(text, spec);
    if (spec.standardise && spec.kind != Kind::xgboost) text += ", standardised features";
    return text;
}

void check(const LearnerSpec& spec) {
    if (spec.kind == Kind::xgboost) return check_trees(spec);
    if (spec.kind == Kind::ridge) return require(spec, "alpha", spec.alpha, spec.alpha >= 0, "at least 0");
    require(spec, "C", spec.c, spec.c > 0, "above 0");
    if (spec.kind == Kind::svr) require(spec, "epsilon", spec.epsilon, spec.epsilon >= 0, "at least 0");
    if (uses_rbf(spec)) require(spec, "gamma", spec.gamma, spec.gamma > 0, "above 0");
}

std::vector<LearnerSpec> candidates(const LearnerSpec& spec) {
    std::vector<LearnerSpec> all;
    const auto add = [&](auto&& change) {
        all.push_back(spec);
        change(all.back());
    };
    if (spec.kind == Kind::ridge) {
        for (const double alpha : ridge_alphas) add([&](LearnerSpec& one) { one.alpha = alpha; });
    } else if (spec.kind == Kind::xgboost) {
        for (const base::Index depth : tree_depths) {
            for (const double eta : tree_etas) {
                add([&](LearnerSpec& one) {
                    one.trees.max_depth = depth;
                    one.trees.eta = eta;
                });
            }
        }
    } else if (uses_rbf(spec)) {
        for (const double c : rbf_cs) {
            for (const double gamma : rbf_gammas_times_scale) {
                add([&](LearnerSpec& one) {
                    one.c = c;
                    one.gamma = gamma;
                    one.gamma_times_scale = true;
                });
            }
        }
    } else {
        for (const double c : linear_cs) add([&](LearnerSpec& one) { one.c = c; });
    }
    return all;
}

}  // namespace tare::learn
