// The linear svm and svr where features outnumber rows. LIBLINEAR's primal Newton method then walks thousands of steps, and
// its dual one draws from rand(); in the rows' inner products the same machine is small. A loss C ξ² is one without bound on
// the dual variables and with 1/(2C) on the diagonal of the products (Cortes, Vapnik 1995), for LIBSVM to solve.
#include <Eigen/Core>
#include <limits>

#include "libsvm_model.hpp"
#include "linear_learner.hpp"
#include "training.hpp"

namespace tare::learn {

namespace {

using Rows = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double tolerance = 1e-6;

/// Inner products of all pairs of rows as LIBSVM wants them: the row's number, its products, the end mark.
class Products {
public:
    Products(const Rows& rows, double diagonal) : nodes_(static_cast<std::size_t>(rows.rows() * (rows.rows() + 2))) {
        Eigen::MatrixXd products = Eigen::MatrixXd::Zero(rows.rows(), rows.rows());
        products.selfadjointView<Eigen::Lower>().rankUpdate(rows);
        products.diagonal().array() += diagonal;
        svm_node* node = nodes_.data();
        for (Eigen::Index r = 0; r < rows.rows(); ++r) {
            rows_.push_back(node);
            *node++ = {0, static_cast<double>(r + 1)};
            for (Eigen::Index c = 0; c < rows.rows(); ++c) {
                *node++ = {static_cast<int>(c) + 1, products(std::max(r, c), std::min(r, c))};
            }
            *node++ = {-1, 0.0};
        }
    }
    [[nodiscard]] svm_node** rows() noexcept { return rows_.data(); }

private:
    std::vector<svm_node> nodes_;
    std::vector<svm_node*> rows_;
};

}  // namespace

std::unique_ptr<const Learner> train_linear_with_libsvm(const LearnerSpec& spec, const Matrix<double>& x,
                                                        const Targets& targets) {
    Preparation preparation(x, spec.standardise);
    Rows rows(x.rows(), x.columns());
    for (Index r = 0; r < x.rows(); ++r) preparation.prepare(x.row(r), rows.row(r).data());
    Products products(rows, 1.0 / (2.0 * spec.c));
    svm_parameter how{};
    how.svm_type = targets.task == Task::regression ? EPSILON_SVR : C_SVC;
    how.kernel_type = PRECOMPUTED;
    how.eps = tolerance;
    how.C = std::numeric_limits<double>::max();
    how.p = spec.epsilon;
    const auto train_output = [&](std::vector<double> y, Eigen::Ref<Eigen::VectorXd> weights, double& intercept) {
        const LibsvmModel model = libsvm_model({static_cast<int>(x.rows()), y.data(), products.rows()}, how);
        // The machine is for the class that it met first.
        const double sign = targets.task == Task::classification && model->label[0] < 0 ? -1.0 : 1.0;
        Eigen::VectorXd of_rows = Eigen::VectorXd::Zero(x.rows());
        for (int i = 0; i < model->l; ++i) of_rows[model->sv_indices[i] - 1] = sign * model->sv_coef[0][i];
        weights = rows.transpose() * of_rows;
        intercept = -sign * model->rho[0];
    };
    return train_outputs(std::move(preparation), targets, false, train_output);
}

}  // namespace tare::learn
