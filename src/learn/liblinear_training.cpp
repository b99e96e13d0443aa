// LIBLINEAR's primal solvers (trust-region Newton, Lin, Weng, Keerthi 2008): its dual ones draw from rand().
// Its machines have no intercept of their own; ours is the weight of one more feature, the same for every row and so large
// that the weight, and with it the penalty on the intercept, is next to nothing.
#include <array>
#include <cmath>
#include <memory>
#include <numeric>

#include <linear.h>

#include "linear_learner.hpp"
#include "tare/base/error.hpp"
#include "training.hpp"

namespace tare::learn {

namespace {

/// Share of an ordinary weight's penalty that the intercept bears where C ≥ 1; where C is smaller, this share times C, so
/// that the pull stays a ten-thousandth of one row's loss at most.
constexpr double intercept_penalty = 1e-4;
/// Tolerance on the gradient relative to where the solver starts; a Newton method pays a step or two for it.
constexpr double tolerance = 1e-8;

struct ModelDeleter {
    void operator()(model* trained_model) const noexcept { free_and_destroy_model(&trained_model); }
};

void print_nothing(const char* /*text*/) {}

void silence_once() {
    static const bool silenced = (set_print_string_function(print_nothing), true);
    static_cast<void>(silenced);
}

/// Prepared rows as LIBLINEAR wants them: nodes of every row, the constant last, then the end mark.
class Nodes {
public:
    Nodes(const Preparation& preparation, const Matrix<double>& x, double constant)
        : nodes_(static_cast<std::size_t>(x.rows() * (x.columns() + 2))) {
        const auto features = static_cast<std::size_t>(x.columns());
        std::vector<double> row(features);
        feature_node* node = nodes_.data();
        for (Index r = 0; r < x.rows(); ++r) {
            preparation.prepare(x.row(r), row.data());
            rows_.push_back(node);
            for (std::size_t f = 0; f < features; ++f) *node++ = {static_cast<int>(f) + 1, row[f]};
            *node++ = {static_cast<int>(features) + 1, constant};
            *node++ = {-1, 0.0};
        }
    }
    [[nodiscard]] feature_node** rows() noexcept { return rows_.data(); }

private:
    std::vector<feature_node> nodes_;
    std::vector<feature_node*> rows_;
};

/// Trains one output and writes its weights and its intercept.
void train_output(const problem& rows, const parameter& how, Eigen::Ref<Eigen::VectorXd> weights, double& intercept) {
    if (const char* const wrong = check_parameter(&rows, &how)) {
        throw base::Error(base::ExitCode::internal, std::string("LIBLINEAR: ") + wrong);
    }
    const std::unique_ptr<model, ModelDeleter> machine(train(&rows, &how));
    for (Eigen::Index f = 0; f < weights.size(); ++f) {
        weights[f] = get_decfun_coef(machine.get(), static_cast<int>(f) + 1, 0);
    }
    intercept = get_decfun_bias(machine.get(), 0);
}

int solver_of(Kind kind) {
    if (kind == Kind::logistic) return L2R_LR;
    return kind == Kind::svm ? L2R_L2LOSS_SVC : L2R_L2LOSS_SVR;
}

}  // namespace

std::unique_ptr<const Learner> train_with_liblinear(const LearnerSpec& spec, const Matrix<double>& x,
                                                    const Targets& targets) {
    silence_once();
    Preparation preparation(x, spec.standardise);
    const double constant = 1.0 / std::sqrt(intercept_penalty * std::min(spec.c, 1.0));
    Nodes nodes(preparation, x, constant);
    std::vector<double> y(static_cast<std::size_t>(x.rows()));
    const problem rows{.l = static_cast<int>(x.rows()),
                       .n = static_cast<int>(x.columns()) + 1,
                       .y = y.data(),
                       .x = nodes.rows(),
                       .bias = constant};
    parameter how{};
    how.solver_type = solver_of(spec.kind);
    how.eps = tolerance;
    how.C = spec.c;
    how.p = spec.epsilon;
    if (targets.task == Task::regression) {
        // What the mean explains needs no intercept.
        const double mean =
            std::accumulate(targets.values.begin(), targets.values.end(), 0.0) / static_cast<double>(y.size());
        for (std::size_t r = 0; r < y.size(); ++r) y[r] = targets.values[r] - mean;
        Eigen::MatrixXd weights(x.columns(), 1);
        Eigen::VectorXd intercepts(1);
        train_output(rows, how, weights.col(0), intercepts[0]);
        intercepts[0] += mean;
        return std::make_unique<LinearLearner>(std::move(preparation), std::move(weights), std::move(intercepts),
                                               std::nullopt);
    }
    ClassColumns columns{classes_present(targets), targets.classes, spec.kind == Kind::logistic};
    const auto outputs = static_cast<Eigen::Index>(columns.margins());
    Eigen::MatrixXd weights(x.columns(), outputs);
    Eigen::VectorXd intercepts(outputs);
    for (Eigen::Index k = 0; k < outputs; ++k) {
        // Of two classes the one machine is for the second. Labels 1 and −1 are those whose order the library keeps.
        const Index positive = columns.present[static_cast<std::size_t>(outputs == 1 ? 1 : k)];
        for (std::size_t r = 0; r < y.size(); ++r) y[r] = targets.labels[r] == positive ? 1.0 : -1.0;
        train_output(rows, how, weights.col(k), intercepts[k]);
    }
    return std::make_unique<LinearLearner>(std::move(preparation), std::move(weights), std::move(intercepts),
                                           std::move(columns));
}

}  // namespace tare::learn
