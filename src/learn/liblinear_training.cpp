// Logistic regression by LIBLINEAR's primal solver (trust-region Newton; Lin, Weng, Keerthi 2008): the dual one draws from
// rand(). Its machines have no intercept of their own; ours is the weight of one more feature, the same for every row and so
// large that the weight, and with it the penalty on the intercept, is next to nothing.
#include <algorithm>
#include <cmath>
#include <memory>

#include <linear.h>

#include "linear_learner.hpp"
#include "tare/base/error.hpp"
#include "training.hpp"

namespace tare::learn {

namespace {

/// Share of an ordinary weight's penalty that the intercept bears where C ≥ 1; where C is smaller, this share times C, so
/// that it pulls no more than a millionth of a row does.
constexpr double intercept_penalty = 1e-6;
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

}  // namespace

std::unique_ptr<const Learner> train_logistic(const LearnerSpec& spec, const Matrix<double>& x, const Targets& targets) {
    silence_once();
    Preparation preparation(x, spec.standardise);
    const double constant = 1.0 / std::sqrt(intercept_penalty * std::min(spec.c, 1.0));
    Nodes nodes(preparation, x, constant);
    parameter how{};
    how.solver_type = L2R_LR;
    how.eps = tolerance;
    how.C = spec.c;
    const auto train_output = [&](Eigen::VectorXd y) {
        const problem rows{.l = static_cast<int>(x.rows()),
                           .n = static_cast<int>(x.columns()) + 1,
                           .y = y.data(),
                           .x = nodes.rows(),
                           .bias = constant};
        if (const char* const wrong = check_parameter(&rows, &how)) {
            throw base::Error(base::ExitCode::internal, std::string("LIBLINEAR: ") + wrong);
        }
        // Labels 1 and −1 are those whose order the library keeps, whichever it meets first.
        const std::unique_ptr<model, ModelDeleter> machine(train(&rows, &how));
        LinearRule rule{Eigen::VectorXd(x.columns()), get_decfun_bias(machine.get(), 0)};
        for (Eigen::Index f = 0; f < x.columns(); ++f) {
            rule.weights[f] = get_decfun_coef(machine.get(), static_cast<int>(f) + 1, 0);
        }
        return rule;
    };
    return train_outputs(std::move(preparation), targets, true, train_output);
}

}  // namespace tare::learn
