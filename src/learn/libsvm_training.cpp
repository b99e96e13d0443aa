// LIBSVM's solver (Chang, Lin 2011) for machines with the kernel exp(−gamma |a − b|²), with its defaults as scikit-learn
// sets them. Probabilities are not asked for: they come from an inner cross-validation that draws from rand().
#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include <libsvm/svm.h>

#include "class_columns.hpp"
#include "preparation.hpp"
#include "rbf_learner.hpp"
#include "tare/base/error.hpp"
#include "training.hpp"

namespace tare::learn {

namespace {

constexpr double tolerance = 1e-3;
constexpr double cache_megabytes = 200;

struct ModelDeleter {
    void operator()(svm_model* model) const noexcept { svm_free_and_destroy_model(&model); }
};

void print_nothing(const char* /*text*/) {}

void silence_once() {
    static const bool silenced = (svm_set_print_string_function(print_nothing), true);
    static_cast<void>(silenced);
}

/// Rows of the training set, class by class: LIBSVM numbers classes as it meets them, and numbers them so in any order of
/// the rows.
std::vector<Index> training_order(const Targets& targets, Index rows) {
    std::vector<Index> order(static_cast<std::size_t>(rows));
    for (std::size_t r = 0; r < order.size(); ++r) order[r] = static_cast<Index>(r);
    if (targets.task == Task::classification) {
        std::ranges::sort(order, {}, [&](Index r) { return std::pair(targets.labels[static_cast<std::size_t>(r)], r); });
    }
    return order;
}

/// Prepared rows in training order as LIBSVM wants them: nodes of every row, then the end mark.
struct Problem {
    std::vector<svm_node> nodes;
    std::vector<svm_node*> rows;
    std::vector<double> y;

    Problem(const Preparation& preparation, const Matrix<double>& x, const Targets& targets)
        : nodes(static_cast<std::size_t>(x.rows() * (x.columns() + 1))) {
        std::vector<double> row(static_cast<std::size_t>(x.columns()));
        svm_node* node = nodes.data();
        for (const Index r : training_order(targets, x.rows())) {
            preparation.prepare(x.row(r), row.data());
            rows.push_back(node);
            for (std::size_t f = 0; f < row.size(); ++f) *node++ = {static_cast<int>(f) + 1, row[f]};
            *node++ = {-1, 0.0};
            const auto i = static_cast<std::size_t>(r);
            y.push_back(targets.task == Task::regression ? targets.values[i] : static_cast<double>(targets.labels[i]));
        }
    }
    [[nodiscard]] svm_problem view() { return {static_cast<int>(rows.size()), y.data(), rows.data()}; }
};

double gamma_of(const LearnerSpec& spec, const Preparation& preparation) {
    if (!spec.gamma_times_scale) return spec.gamma;
    // As scikit-learn: rows that do not differ at all have the scale 1.
    const double spread = static_cast<double>(preparation.features()) * preparation.variance_of_all_cells();
    return spec.gamma * (spread > 0.0 ? 1.0 / spread : 1.0);
}

/// The support vectors and the decision functions, out of the library's own structures.
SupportVectors support_vectors_of(const svm_model& model, Index features) {
    const auto count = static_cast<Eigen::Index>(model.l);
    SupportVectors out;
    out.rows.resize(count, features);
    for (Eigen::Index i = 0; i < count; ++i) {
        for (Eigen::Index f = 0; f < features; ++f) out.rows(i, f) = model.SV[i][f].value;
    }
    const bool classes = model.param.svm_type == C_SVC;
    const int columns = classes ? model.nr_class - 1 : 1;
    out.coefficients.resize(count, columns);
    for (int k = 0; k < columns; ++k) {
        out.coefficients.col(k) = Eigen::Map<const Eigen::VectorXd>(model.sv_coef[k], count);
    }
    if (classes) {
        for (int c = 0; c < model.nr_class; ++c) out.per_class.push_back(model.nSV[c]);
    }
    const int functions = classes ? model.nr_class * (model.nr_class - 1) / 2 : 1;
    out.offsets.assign(model.rho, model.rho + functions);
    return out;
}

}  // namespace

std::unique_ptr<const Learner> train_with_libsvm(const LearnerSpec& spec, const Matrix<double>& x, const Targets& targets) {
    silence_once();
    Preparation preparation(x, spec.standardise);
    Problem problem(preparation, x, targets);
    svm_parameter how{};
    how.svm_type = targets.task == Task::regression ? EPSILON_SVR : C_SVC;
    how.kernel_type = RBF;
    how.gamma = gamma_of(spec, preparation);
    how.cache_size = cache_megabytes;
    how.shrinking = 1;
    how.eps = tolerance;
    how.C = spec.c;
    how.p = spec.epsilon;
    const svm_problem rows = problem.view();
    if (const char* const wrong = svm_check_parameter(&rows, &how)) {
        throw base::Error(base::ExitCode::internal, std::string("LIBSVM: ") + wrong);
    }
    const std::unique_ptr<svm_model, ModelDeleter> model(svm_train(&rows, &how));
    std::optional<ClassColumns> columns;
    if (targets.task == Task::classification) columns = ClassColumns{classes_present(targets), targets.classes, false};
    SupportVectors support = support_vectors_of(*model, x.columns());
    return std::make_unique<RbfLearner>(std::move(preparation), std::move(support), how.gamma, std::move(columns));
}

}  // namespace tare::learn
