// Reading the parameter files of reference cases by their row names.
#include "parameter_comparison.hpp"

#include <algorithm>
#include <functional>
#include <map>

#include "support/table_values.hpp"

namespace tare::test {
namespace {

namespace fs = std::filesystem;

/// What one unit of a feature's (or component's) difference counts as.
using Scale = std::function<double(std::size_t)>;

double one(std::size_t) {
    return 1.0;
}

/// A file of one row per key, whose columns are features or components.
class ParameterFile {
public:
    explicit ParameterFile(const fs::path& path) : table_(read_numbers(path.string())) {}

    /// By the names of the columns, else (components) by their order.
    [[nodiscard]] std::vector<double> row(const std::string& key, const std::vector<std::string>& names) const {
        for (base::Index i = 0; i < table_.rows(); ++i) {
            if (table_.text_cell(i, 0) != key) continue;
            std::vector<double> values;
            for (const std::string& name : names) {
                values.push_back(table_.features.values(i, table_.place[static_cast<std::size_t>(table_.find(name))]));
            }
            return values;
        }
        return {};
    }
    [[nodiscard]] std::vector<std::string> columns() const { return {table_.header.begin() + 1, table_.header.end()}; }

private:
    data::Table table_;
};

class Comparison {
public:
    Comparison(const fs::path& folder, const stats::CombatModel& model)
        : folder_(folder), model_(model), names_(model.features.names()) {}

    void row(const std::string& file, const std::string& key, std::span<const double> ours, const Scale& scale) {
        const fs::path path = folder_ / "expected" / (file + ".tsv");
        if (!fs::exists(path)) return;
        const ParameterFile read(path);
        const bool of_components = read.columns() != names_ && read.columns().front() == "PC1";
        note(ours, read.row(key, of_components ? read.columns() : names_), scale);
    }
    void sites(const std::string& file, const base::Matrix<double>& ours, const Scale& scale, bool size_only = false) {
        const bool shrunk = file.find("_star") != std::string::npos || file.find("scores_") != std::string::npos;
        for (std::size_t s = 0; s < model_.sites.size(); ++s) {
            if (shrunk && peers_reference_row(folder_, model_, model_.sites[s])) continue;
            const std::span<const double> values = ours.row(static_cast<base::Index>(s));
            std::vector<double> row_values(values.begin(), values.end());
            if (size_only) {
                for (double& value : row_values) value = std::abs(value);
            }
            row(file, model_.sites[s], row_values, scale);
        }
    }
    void note(std::span<const double> ours, const std::vector<double>& theirs, const Scale& scale) {
        if (theirs.empty() || ours.size() > theirs.size()) {
            largest_ = INFINITY;
            return;
        }
        for (std::size_t f = 0; f < ours.size(); ++f) {
            if (!std::isnan(theirs[f])) largest_ = std::max(largest_, std::abs(ours[f] - theirs[f]) / scale(f));
        }
    }
    [[nodiscard]] double largest() const { return largest_; }
    [[nodiscard]] const std::vector<std::string>& names() const { return names_; }

private:
    fs::path folder_;
    const stats::CombatModel& model_;
    std::vector<std::string> names_;
    double largest_ = -1.0;
};

/// The mean and log-spread coefficients of ComBatLS. The peer codes every level of sex beside all sites but the last.
void compare_spread(const fs::path& folder, const stats::CombatModel& model, const Scale& sd, Comparison& comparison) {
    const fs::path path = folder / "expected" / "ls_coefficients.tsv";
    if (!fs::exists(path)) return;
    const ParameterFile read(path);
    const auto theirs = [&](const std::string& key) { return read.row(key, comparison.names()); };
    const std::map<std::string, std::string> mean_terms{{"age", "mu:age"}, {"dx=PT", "mu:dxPT"}, {"sex=M", ""}};
    const std::vector<std::string> terms = model.design.terms();
    for (std::size_t j = 0; j < terms.size(); ++j) {
        const std::string& key = mean_terms.at(terms[j]);
        std::vector<double> expected = theirs(key.empty() ? "mu:sexM" : key);
        if (key.empty()) {
            const std::vector<double> base = theirs("mu:sexF");
            for (std::size_t f = 0; f < expected.size(); ++f) expected[f] -= base[f];
        }
        comparison.note(model.coefficients.row(static_cast<base::Index>(j)), expected, sd);
    }
    const std::map<std::string, std::string> spread_terms{{"age", "logsigma:age"}, {"sex=M", "logsigma:sexM"}};
    comparison.note(model.log_sd, theirs("logsigma:(Intercept)"), one);
    const std::vector<std::string> scale_terms = model.scale_design.terms();
    for (std::size_t j = 0; j < scale_terms.size(); ++j) {
        comparison.note(model.log_sd_coefficients.row(static_cast<base::Index>(j)), theirs(spread_terms.at(scale_terms[j])),
                        one);
    }
}

}  // namespace

bool peers_reference_row(const fs::path& folder, const stats::CombatModel& model, const std::string& site) {
    return model.options.reference == site && folder.filename().string().starts_with("cf_");
}

double parameter_difference(const fs::path& folder, const stats::CombatModel& model, const std::vector<double>& spread) {
    const Scale sd = [&](std::size_t f) { return spread[f]; };
    const Scale variance = [&](std::size_t f) { return model.pooled_variance[f]; };
    Comparison comparison(folder, model);
    comparison.row("grand_mean", "grand_mean", model.grand_mean, sd);
    comparison.row("var_pooled", "var_pooled", model.pooled_variance, variance);
    comparison.sites("gamma_hat", model.gamma_hat, one);
    // With mean-only the peers put 1 in place of the δ̂ that they do not use; ours stays the estimate.
    if (!model.options.mean_only) comparison.sites("delta_hat", model.delta_hat, one);
    comparison.sites("gamma_star", model.gamma_star, one);
    comparison.sites("delta_star", model.delta_star, one);
    if (model.options.method == stats::Method::longitudinal) {
        std::vector<double> sigma;
        for (const double v : model.pooled_variance) sigma.push_back(std::sqrt(v));
        comparison.row("sigma", "sigma", sigma, [&](std::size_t f) { return sigma[f]; });
        comparison.sites("site_effects_adjusted", model.site_shift, sd);
    }
    if (model.covariance) {
        std::vector<double> sdev;
        for (const double v : model.covariance->axes.variance) sdev.push_back(std::sqrt(v));
        comparison.row("pc_sdev", "sdev", sdev, [&](std::size_t) { return sdev.front(); });
        // The sign of a component is arbitrary.
        comparison.sites("scores_gamma_hat_abs", model.covariance->gamma, one, true);
        comparison.sites("scores_delta_hat", model.covariance->delta, one);
    }
    compare_spread(folder, model, sd, comparison);
    return comparison.largest();
}

double converged_parameter_difference(const fs::path& folder, const stats::CombatModel& model) {
    Comparison comparison(folder, model);
    comparison.sites("gamma_star_conv1e-13", model.gamma_star, one);
    comparison.sites("delta_star_conv1e-13", model.delta_star, one);
    return comparison.largest();
}

}  // namespace tare::test
