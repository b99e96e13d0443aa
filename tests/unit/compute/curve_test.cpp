// Curves of many features against the criterion of restricted likelihood computed densely, for designs and moments that
// are random: λ, coefficients, degrees of freedom, straight lines, and the same bytes however the work is cut.
#include <Eigen/Dense>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"
#include "tare/compute/backend.hpp"

using namespace tare;
using compute::CurveDesign;
using compute::Index;
using compute::Matrix;
using Eigen::MatrixXd;
using Eigen::VectorXd;

namespace {

constexpr Index sites = 3;

/// Subjects whose values are a site's level, plain terms and a curve of terms that a penalty of lower rank weighs.
struct Problem {
    MatrixXd codes;  ///< subjects × terms, centred within sites
    MatrixXd penalty;
    Index rank;
    double balance;  ///< the weight that makes A and P alike

    Problem(Index subjects, Index plain, Index curved, std::uint64_t seed)
        : codes(subjects, plain + curved), penalty(MatrixXd::Zero(plain + curved, plain + curved)), rank(curved - 1) {
        base::Rng rng(seed);
        for (double& code : codes.reshaped()) code = rng.normal();
        codes.col(0) *= 40.0;  // terms of different scale
        for (Index s = 0; s < sites; ++s) {
            for (double& code : codes.col(s % codes.cols())) code += static_cast<double>(s);
        }
        centre(codes);
        MatrixXd half(rank, curved);
        for (double& value : half.reshaped()) value = rng.normal();
        penalty.bottomRightCorner(curved, curved) = half.transpose() * half;
        balance = within().trace() / penalty.trace();
    }
    /// Takes the mean of its site from every row: subjects take turns over the sites.
    static void centre(MatrixXd& values) {
        MatrixXd mean = MatrixXd::Zero(sites, values.cols());
        VectorXd count = VectorXd::Zero(sites);
        for (Index i = 0; i < values.rows(); ++i) {
            mean.row(i % sites) += values.row(i);
            count(i % sites) += 1.0;
        }
        for (Index i = 0; i < values.rows(); ++i) values.row(i) -= mean.row(i % sites) / count(i % sites);
    }
    [[nodiscard]] MatrixXd within() const { return codes.transpose() * codes; }
    [[nodiscard]] double degrees() const { return static_cast<double>(codes.rows() - sites - codes.cols() + rank); }

    /// D is the root of A's diagonal, and the modes are those of the scaled A and P.
    [[nodiscard]] CurveDesign design(std::vector<Index> columns) const {
        const Index terms = codes.cols();
        const VectorXd scale = within().diagonal().cwiseSqrt(), inverse = scale.cwiseInverse();
        const MatrixXd a = inverse.asDiagonal() * within() * inverse.asDiagonal();
        const MatrixXd p = inverse.asDiagonal() * penalty * inverse.asDiagonal();
        const double weight = a.trace() / p.trace();
        const Eigen::GeneralizedSelfAdjointEigenSolver<MatrixXd> both(p, a + weight * p);
        CurveDesign out;
        out.columns = std::move(columns);
        out.scale.assign(scale.begin(), scale.end());
        out.modes = Matrix<double>(terms, terms);
        for (Index j = 0; j < terms; ++j) {
            for (Index t = 0; t < terms; ++t) out.modes(j, t) = both.eigenvectors()(j, t);
        }
        for (Index t = 0; t < terms; ++t) {
            const double own = t < terms - rank ? 0.0 : both.eigenvalues()(t);
            out.penalised.push_back(own);
            out.free_part.push_back(std::max(0.0, 1.0 - weight * own));
            if (own > 0.0) out.log_determinant_of_line += std::log(own);
        }
        for (double step = -18.0; step <= 22.0; step += 0.5) {
            const double lambda = weight * std::exp(step);
            double determinant = 0.0;
            for (Index t = 0; t < terms; ++t) {
                const auto i = static_cast<std::size_t>(t);
                determinant += std::log(out.free_part[i] + lambda * out.penalised[i]);
            }
            out.log_lambda.push_back(std::log(lambda));
            out.lambda.push_back(lambda);
            out.log_determinants.push_back(determinant - static_cast<double>(rank) * std::log(lambda));
        }
        out.degrees = degrees();
        out.rank = static_cast<double>(rank);
        out.spline_terms = static_cast<double>(rank + 1);
        out.exact = 1e-14;
        return out;
    }
    /// Columns in which the penalty is 0 for the first and 1 for the others, so that no λ is too large to solve with.
    [[nodiscard]] MatrixXd basis() const {
        const Index terms = codes.cols(), curved = rank + 1;
        const Eigen::SelfAdjointEigenSolver<MatrixXd> own(penalty.bottomRightCorner(curved, curved));
        MatrixXd out = MatrixXd::Identity(terms, terms);
        out.bottomRightCorner(curved, curved) = own.eigenvectors();
        for (Index k = 1; k < curved; ++k) out.col(terms - curved + k) /= std::sqrt(own.eigenvalues()(k));
        return out;
    }
    /// The criterion of one λ by a dense solve; of the line where that is infinite.
    struct Criterion {
        MatrixXd columns;
        Eigen::LLT<MatrixXd> factor;
        double degrees, constant;

        [[nodiscard]] double operator()(const VectorXd& cross, double squares) const {
            const VectorXd own = columns.transpose() * cross;
            return degrees * std::log(squares - own.dot(factor.solve(own))) + constant;
        }
    };
    [[nodiscard]] Criterion criterion(double log_lambda) const {
        const bool line = std::isinf(log_lambda);
        Criterion out{line ? MatrixXd(basis().leftCols(codes.cols() - rank)) : basis(), {}, degrees(), 0.0};
        MatrixXd whole = out.columns.transpose() * within() * out.columns;
        if (!line) whole.diagonal().tail(rank).array() += std::exp(log_lambda);
        out.factor.compute(whole);
        out.constant = 2.0 * out.factor.matrixLLT().diagonal().array().log().sum() -
                       (line ? 0.0 : static_cast<double>(rank) * log_lambda);
        return out;
    }
    /// The line of the curve: what its penalty leaves alone.
    [[nodiscard]] VectorXd line() const {
        const MatrixXd own = penalty.bottomRightCorner(rank + 1, rank + 1);
        return Eigen::SelfAdjointEigenSolver<MatrixXd>(own).eigenvectors().col(0);
    }
    /// The plain terms and the line.
    [[nodiscard]] MatrixXd straight() const {
        MatrixXd out = codes.leftCols(codes.cols() - rank);
        out.rightCols(1) = codes.rightCols(rank + 1) * line();
        return out;
    }
};

/// Values: noise about a random curve, more bent with every feature; every third is bent not at all, and exactly so where
/// `exact` says.
MatrixXd values_of(const Problem& p, Index features, std::uint64_t seed, bool exact = false) {
    base::Rng rng(seed);
    MatrixXd out(p.codes.rows(), features);
    for (Index f = 0; f < features; ++f) {
        VectorXd beta(p.codes.cols());
        for (double& value : beta) value = rng.normal();
        const double bend = f % 3 == 0 ? 0.0 : 0.05 * static_cast<double>(f % 20);
        beta.tail(p.rank + 1) = p.line() * beta(0) + bend * beta.tail(p.rank + 1);
        out.col(f) = p.codes * beta;
        if (exact) continue;
        for (double& value : out.col(f)) value += 2.0 * rng.normal();
    }
    Problem::centre(out);
    return out;
}

compute::FeatureMoments moments_of(const Problem& p, const MatrixXd& values) {
    const Index terms = p.codes.cols(), features = values.cols();
    compute::FeatureMoments out{Matrix<double>(sites, features), Matrix<double>(sites * terms, features),
                                Matrix<double>(sites, features)};
    for (Index i = 0; i < values.rows(); ++i) {
        for (Index f = 0; f < features; ++f) {
            out.squares(i % sites, f) += values(i, f) * values(i, f);
            for (Index j = 0; j < terms; ++j) out.cross_products(i % sites * terms + j, f) += p.codes(i, j) * values(i, f);
        }
    }
    return out;
}

constexpr double untouched = -7.0;

struct Found {
    Matrix<double> coefficients;
    std::vector<double> lambda, edf;

    Found(const compute::FeatureMoments& moments, std::span<const CurveDesign> designs, int threads)
        : coefficients(static_cast<Index>(designs.front().scale.size()), moments.mean.columns(), untouched),
          lambda(static_cast<std::size_t>(moments.mean.columns()), untouched),
          edf(lambda) {
        compute::make_cpu_backend(threads)->fit_curve(moments, sites, designs, {coefficients, lambda, edf});
    }
    [[nodiscard]] VectorXd beta(Index f) const {
        VectorXd out(coefficients.rows());
        for (Index j = 0; j < out.size(); ++j) out(j) = coefficients(j, f);
        return out;
    }
    friend bool operator==(const Found&, const Found&) = default;
};

std::vector<Index> every(Index step, Index first, Index features) {
    std::vector<Index> out;
    for (Index f = first; f < features; f += step) out.push_back(f);
    return out;
}

}  // namespace

TEST_CASE("a curve's weight makes the criterion smallest, and coefficients and degrees of freedom are the dense solve's") {
    int lines = 0, curves = 0;
    for (const auto& [plain, curved] : {std::pair<Index, Index>{1, 9}, {3, 5}, {6, 14}}) {
        const Problem p(150, plain, curved, static_cast<std::uint64_t>(curved));
        constexpr Index features = 40;
        const MatrixXd values = values_of(p, features, 5);
        const std::vector<CurveDesign> designs{p.design(every(1, 0, features))};
        const Found found(moments_of(p, values), designs, 2);
        std::vector<Problem::Criterion> grid;
        for (double step = -17.0; step < 15.0; step += 0.1) grid.push_back(p.criterion(std::log(p.balance) + step));
        for (Index f = 0; f < features; ++f) {
            const VectorXd cross = p.codes.transpose() * values.col(f);
            const double squares = values.col(f).squaredNorm();
            const double lambda = found.lambda[static_cast<std::size_t>(f)], edf = found.edf[static_cast<std::size_t>(f)];
            INFO(plain << " and " << curved << " terms, feature " << f << ", lambda " << lambda);
            double smallest = std::numeric_limits<double>::infinity();
            for (const Problem::Criterion& criterion : grid) smallest = std::min(smallest, criterion(cross, squares));
            CHECK(p.criterion(std::log(lambda))(cross, squares) <= smallest + 1e-9);
            if (std::isinf(lambda)) {
                ++lines;
                const VectorXd own = p.straight().colPivHouseholderQr().solve(values.col(f));
                CHECK((p.codes * found.beta(f) - p.straight() * own).norm() < 1e-9 * values.col(f).norm());
                CHECK(edf == 1.0);
                continue;
            }
            ++curves;
            const Eigen::LDLT<MatrixXd> dense(p.within() + lambda * p.penalty);
            const VectorXd beta = dense.solve(cross);
            CHECK((found.beta(f) - beta).norm() < 1e-9 * beta.norm());
            CHECK(edf == Approx(dense.solve(p.within()).diagonal().tail(curved).sum()).epsilon(1e-9));
        }
    }
    CHECK(lines >= 10);
    CHECK(curves >= 30);
}

TEST_CASE("values on a straight line have no bend, with noise and without") {
    const Problem p(90, 2, 8, 21);
    constexpr Index features = 30;
    const std::vector<Index> straight = every(3, 0, features);
    const MatrixXd exact = values_of(p, features, 22, true);
    const Found found(moments_of(p, exact), std::vector{p.design(straight)}, 1);
    for (const Index f : straight) {
        CHECK(std::isinf(found.lambda[static_cast<std::size_t>(f)]));
        CHECK(found.edf[static_cast<std::size_t>(f)] == 1.0);
        CHECK((p.codes * found.beta(f) - exact.col(f)).norm() < 1e-9 * exact.col(f).norm());
    }
}

TEST_CASE("curves are the same bytes for any threads, batches and columns, and one by one") {
    const Problem p(120, 2, 7, 31), other(80, 2, 7, 32);
    constexpr Index features = 2'500;
    const MatrixXd values = values_of(p, features, 33);
    const compute::FeatureMoments moments = moments_of(p, values);
    const std::vector<CurveDesign> all{p.design(every(1, 0, features))};
    const Found one(moments, all, 1);
    CHECK(one == Found(moments, all, 2));
    CHECK(one == Found(moments, all, 3));

    // Every other feature belongs to another design, some to none.
    std::vector<Index> some = every(4, 1, features);
    const std::vector<CurveDesign> mixed{other.design(every(2, 0, features)), p.design(some)};
    const Found gathered(moments, mixed, 3);
    CHECK(gathered == Found(moments, mixed, 1));
    bool same = true, left = true, differ = false;
    for (const Index f : some) {
        const auto i = static_cast<std::size_t>(f);
        same =
            same && gathered.beta(f) == one.beta(f) && gathered.lambda[i] == one.lambda[i] && gathered.edf[i] == one.edf[i];
        differ = differ || gathered.lambda[i - 1] != one.lambda[i - 1];
        if (f + 2 >= features) continue;
        left = left && gathered.lambda[i + 2] == untouched && gathered.edf[i + 2] == untouched &&
               (gathered.beta(f + 2).array() == untouched).all();
    }
    CHECK(same);
    CHECK(differ);
    CHECK(left);

    for (const Index f : {Index{0}, Index{127}, Index{128}, Index{2'499}}) {
        std::vector<double> cross(9, 0.0);
        double squares = 0.0;
        for (Index s = 0; s < sites; ++s) {
            squares += moments.squares(s, f);
            for (Index j = 0; j < 9; ++j) cross[static_cast<std::size_t>(j)] += moments.cross_products(s * 9 + j, f);
        }
        const compute::CurveFit alone = compute::fit_curve(all.front(), cross, squares);
        const auto i = static_cast<std::size_t>(f);
        CHECK(alone.lambda == one.lambda[i]);
        CHECK(alone.edf == one.edf[i]);
        for (Index j = 0; j < 9; ++j) CHECK(alone.coefficients[static_cast<std::size_t>(j)] == one.coefficients(j, f));
    }
}
