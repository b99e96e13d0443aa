// Gradient-boosted trees (Chen, Guestrin 2016) through XGBoost's C interface, on one thread. The library reads our matrices
// where they lie; every one of its handles has an owner, every one of its errors becomes an Error.
#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <xgboost/c_api.h>

#include "class_columns.hpp"
#include "preparation.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "training.hpp"

namespace tare::learn {

namespace {

/// It computes in single precision, and takes what lies beyond for infinite.
constexpr double largest_value = std::numeric_limits<float>::max();

/// Its messages are "[time] file:line: reason", then a stack of calls.
void check_call(int result) {
    if (result == 0) return;
    const std::string all = XGBGetLastError();
    const std::string first = all.substr(0, all.find('\n'));
    const auto place = first.rfind(": ");
    throw base::Error(base::ExitCode::internal,
                      "XGBoost: " + (place == std::string::npos ? first : first.substr(place + 2)));
}

struct MatrixDeleter {
    void operator()(void* handle) const noexcept { XGDMatrixFree(handle); }
};
struct BoosterDeleter {
    void operator()(void* handle) const noexcept { XGBoosterFree(handle); }
};
using OwnedMatrix = std::unique_ptr<void, MatrixDeleter>;
using OwnedBooster = std::unique_ptr<void, BoosterDeleter>;

/// The library keeps this setting for every thread apart.
void silence_this_thread() {
    check_call(XGBSetGlobalConfig(R"({"verbosity": 0})"));
}

/// Where and how a matrix lies, in NumPy's array interface, version 3.
std::string array_interface(const Matrix<double>& x) {
    constexpr const char* type = std::endian::native == std::endian::little ? "<f8" : ">f8";
    return R"({"data": [)" + std::to_string(reinterpret_cast<std::uintptr_t>(x.data())) + R"(, true], "shape": [)" +
           std::to_string(x.rows()) + ", " + std::to_string(x.columns()) + R"(], "typestr": ")" + type +
           R"(", "version": 3})";
}

class BoostedTrees final : public Learner {
public:
    BoostedTrees(OwnedBooster booster, Index features, Index classes, std::vector<Index> present)
        : booster_(std::move(booster)), features_(features), classes_(classes), present_(std::move(present)) {}

    [[nodiscard]] Predictions predict(const Matrix<double>& x) const override {
        check_columns(x, features_);
        check_cells(x, largest_value);
        Predictions out;
        out.scores_are_probabilities = classes_ > 0;
        out.scores = Matrix<double>(x.rows(), classes_);
        if (x.rows() == 0) return out;
        silence_this_thread();
        const bst_ulong* shape = nullptr;
        bst_ulong dimensions = 0;
        const float* values = nullptr;
        check_call(XGBoosterPredictFromDense(booster_.get(), array_interface(x).c_str(),
                                             R"({"type": 0, "training": false, "iteration_begin": 0, "iteration_end": 0,
                                                 "strict_shape": true, "cache_id": 0, "missing": NaN})",
                                             nullptr, &shape, &dimensions, &values));
        if (classes_ == 0) {
            out.values.assign(values, values + x.rows());
            return out;
        }
        for (Index r = 0; r < x.rows(); ++r) {
            fill(values, r, out.scores.row(r));
            out.labels.push_back(largest(out.scores.row(r)));
        }
        return out;
    }

private:
    void fill(const float* values, Index row, std::span<double> scores) const {
        std::ranges::fill(scores, 0.0);
        const auto column = [&](std::size_t i) -> double& { return scores[static_cast<std::size_t>(present_[i])]; };
        if (present_.size() == 2) {
            column(1) = static_cast<double>(values[row]);
            column(0) = 1.0 - column(1);
            return;
        }
        const float* const own = values + row * static_cast<Index>(present_.size());
        for (std::size_t i = 0; i < present_.size(); ++i) column(i) = static_cast<double>(own[i]);
    }

    OwnedBooster booster_;
    Index features_;
    Index classes_;               ///< 0 for numbers
    std::vector<Index> present_;  ///< the classes that were trained; the library knows no others
};

OwnedMatrix training_matrix(const Matrix<double>& x, const Targets& targets, const std::vector<Index>& present) {
    DMatrixHandle handle = nullptr;
    check_call(XGDMatrixCreateFromDense(array_interface(x).c_str(), R"({"missing": NaN, "nthread": 1})", &handle));
    OwnedMatrix rows(handle);
    std::vector<double> labels;
    for (const Index label : targets.labels)
        labels.push_back(static_cast<double>(std::ranges::lower_bound(present, label) - present.begin()));
    const std::vector<double>& y = targets.task == Task::regression ? targets.values : labels;
    constexpr int type_double = 2;
    check_call(XGDMatrixSetDenseInfo(rows.get(), "label", y.data(), y.size(), type_double));
    return rows;
}

OwnedBooster booster_for(const OwnedMatrix& rows, const LearnerSpec& spec, Task task, std::size_t classes,
                         std::uint64_t seed) {
    const std::array<DMatrixHandle, 1> cached{rows.get()};
    BoosterHandle handle = nullptr;
    check_call(XGBoosterCreate(cached.data(), cached.size(), &handle));
    OwnedBooster booster(handle);
    const auto set = [&](const char* name, const std::string& value) {
        check_call(XGBoosterSetParam(booster.get(), name, value.c_str()));
    };
    const TreeSpec& trees = spec.trees;
    set("verbosity", "0");
    set("nthread", "1");
    set("seed", std::to_string(seed & static_cast<std::uint64_t>(std::numeric_limits<std::int32_t>::max())));
    set("max_depth", std::to_string(trees.max_depth));
    set("eta", base::number_text(trees.eta));
    set("lambda", base::number_text(trees.lambda));
    set("min_child_weight", base::number_text(trees.min_child_weight));
    set("subsample", base::number_text(trees.subsample));
    set("colsample_bytree", base::number_text(trees.colsample_bytree));
    if (task == Task::regression) {
        set("objective", "reg:squarederror");
    } else if (classes == 2) {
        set("objective", "binary:logistic");
    } else {
        set("objective", "multi:softprob");
        set("num_class", std::to_string(classes));
    }
    return booster;
}

void check_single_precision(const Targets& targets) {
    for (std::size_t r = 0; r < targets.values.size(); ++r) {
        if (std::abs(targets.values[r]) <= largest_value) continue;
        throw base::degenerate("the target of row " + std::to_string(r + 1) + " is " + base::number_text(targets.values[r]) +
                               ", too large to learn from");
    }
}

}  // namespace

std::unique_ptr<const Learner> train_with_xgboost(const LearnerSpec& spec, const Matrix<double>& x, const Targets& targets,
                                                  std::uint64_t seed) {
    check_cells(x, largest_value);
    check_single_precision(targets);
    silence_this_thread();
    const bool numbers = targets.task == Task::regression;
    std::vector<Index> present = numbers ? std::vector<Index>() : classes_present(targets);
    const OwnedMatrix rows = training_matrix(x, targets, present);
    OwnedBooster booster = booster_for(rows, spec, targets.task, present.size(), seed);
    for (int round = 0; round < static_cast<int>(spec.trees.rounds); ++round) {
        check_call(XGBoosterUpdateOneIter(booster.get(), round, rows.get()));
    }
    return std::make_unique<BoostedTrees>(std::move(booster), x.columns(), numbers ? 0 : targets.classes,
                                          std::move(present));
}

}  // namespace tare::learn
