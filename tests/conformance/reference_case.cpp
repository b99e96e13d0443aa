// Running and comparing reference cases.
#include "reference_case.hpp"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "support/process.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/text.hpp"
#include "tare/io/model_file.hpp"

namespace tare::test {
namespace {

namespace fs = std::filesystem;

bool contains(const std::string& name, const std::string& part) {
    return name.find(part) != std::string::npos;
}

std::vector<std::string> header_of(const fs::path& path) {
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    std::vector<std::string> names;
    for (std::size_t begin = 0; begin <= line.size();) {
        const std::size_t end = std::min(line.find('\t', begin), line.size());
        names.push_back(line.substr(begin, end - begin));
        begin = end + 1;
    }
    return names;
}

std::vector<std::string> texts(const nlohmann::json& json, const char* key) {
    return json.contains(key) ? json[key].get<std::vector<std::string>>() : std::vector<std::string>();
}

std::string list_of(const std::vector<std::string>& items) {
    std::string text;
    for (const std::string& item : items) text += (text.empty() ? "" : ",") + item;
    return text;
}

std::vector<double> raw_spread(const fs::path& raw, const std::vector<std::string>& features) {
    const std::vector<std::string> all = header_of(raw);
    std::vector<std::string> text;
    std::copy_if(all.begin(), all.end(), std::back_inserter(text), [&](const std::string& name) {
        return std::find(features.begin(), features.end(), name) == features.end();
    });
    const data::Table table = read_numbers(raw.string(), text);
    std::vector<double> spread;
    for (const std::string& feature : features) spread.push_back(standard_deviation(column(table, feature)));
    return spread;
}

/// The parameter file of a case, one row per site, term or parameter, compared with ours row by row.
class ParameterComparison {
public:
    ParameterComparison(fs::path folder, const io::SavedModel& saved, std::vector<double> spread)
        : folder_(std::move(folder)), model_(saved.model), spread_(std::move(spread)) {}

    double largest() {
        const auto sigma = [&](std::size_t f) { return spread_[f]; };
        const auto one = [](std::size_t) { return 1.0; };
        const auto variance = [&](std::size_t f) { return model_.pooled_variance[f]; };
        compare_row("grand_mean.tsv", "grand_mean", model_.grand_mean, sigma);
        compare_row("var_pooled.tsv", "var_pooled", model_.pooled_variance, variance);
        compare_sites("gamma_hat.tsv", model_.gamma_hat, one);
        // With mean-only the peers put 1 in place of the δ̂ that they do not use; ours stays the estimate.
        if (!model_.options.mean_only) compare_sites("delta_hat.tsv", model_.delta_hat, one);
        compare_sites("gamma_star.tsv", model_.gamma_star, one);
        compare_sites("delta_star.tsv", model_.delta_star, one);
        return largest_;
    }

private:
    template <typename Scale>
    void compare_row(const std::string& file, const std::string& row, std::span<const double> ours, const Scale& scale) {
        if (!fs::exists(folder_ / "expected" / file)) return;
        const data::Table table = read_numbers((folder_ / "expected" / file).string());
        for (base::Index i = 0; i < table.rows(); ++i) {
            if (table.text_cell(i, 0) != row) continue;
            for (std::size_t f = 0; f < ours.size(); ++f) {
                const double theirs = table.features.values(
                    i, table.place[static_cast<std::size_t>(table.find(model_.features.name(static_cast<base::Index>(f))))]);
                if (!std::isnan(theirs)) largest_ = std::max(largest_, std::abs(ours[f] - theirs) / scale(f));
            }
        }
    }
    template <typename Scale>
    void compare_sites(const std::string& file, const base::Matrix<double>& ours, const Scale& scale) {
        const bool starred = contains(file, "_star");
        for (std::size_t s = 0; s < model_.sites.size(); ++s) {
            // ComBatFamily leaves the reference site's shrunk effects in its model and restores the rows afterwards; ours
            // are 0 and 1.
            if (starred && model_.options.reference == model_.sites[s] && contains(folder_.filename().string(), "cf_"))
                continue;
            compare_row(file, model_.sites[s], ours.row(static_cast<base::Index>(s)), scale);
        }
    }

    fs::path folder_;
    const stats::CombatModel& model_;
    std::vector<double> spread_;
    double largest_ = 0.0;
};

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

std::vector<std::string> features_of(const fs::path& folder) {
    std::vector<std::string> features = header_of(folder / "expected" / "harmonized.tsv");
    std::erase(features, "participant_id");
    return features;
}

}  // namespace

std::vector<std::string> case_options(const std::string& name) {
    std::vector<std::string> options;
    if (contains(name, "no_eb")) options = {"--prior", "none"};
    if (contains(name, "nonparametric")) options = {"--prior", "nonparametric"};
    if (contains(name, "mean_only")) options.emplace_back("--mean-only");
    if (contains(name, "_ref")) options.insert(options.end(), {"--reference", "s02"});
    return options;
}

double tolerance(const std::string& name) {
    return name == "nc_ctfd_age" ? 1e-6 : 1e-9;
}

std::vector<std::string> column_arguments(const fs::path& folder) {
    std::ifstream file(folder / "case.json");
    const nlohmann::json columns = nlohmann::json::parse(file)["columns"];
    const std::vector<std::string> categorical = texts(columns, "categorical");
    const std::vector<std::string> covariates = joined(texts(columns, "continuous"), categorical);
    std::vector<std::string> arguments{"--id",       columns.value("id", "participant_id"),
                                       "--site",     columns["batch"].get<std::string>(),
                                       "--features", list_of(features_of(folder))};
    if (!covariates.empty()) arguments.insert(arguments.end(), {"--covariates", list_of(covariates)});
    if (!categorical.empty()) arguments.insert(arguments.end(), {"--categorical", list_of(categorical)});
    return arguments;
}

double value_difference(const fs::path& expected, const fs::path& got, const fs::path& raw) {
    std::vector<std::string> features = header_of(expected);
    std::erase(features, "participant_id");
    const std::vector<double> spread = raw_spread(raw, features);
    const std::vector<std::string> all = header_of(got);
    std::vector<std::string> text;
    std::copy_if(all.begin(), all.end(), std::back_inserter(text), [&](const std::string& name) {
        return std::find(features.begin(), features.end(), name) == features.end();
    });
    const data::Table ours = read_numbers(got.string(), text), theirs = read_numbers(expected.string());
    double largest = 0.0;
    for (std::size_t f = 0; f < features.size(); ++f) {
        largest = std::max(largest, largest_difference(column(ours, features[f]), column(theirs, features[f])) / spread[f]);
    }
    return largest;
}

Differences compare(const fs::path& folder) {
    Differences out;
    const TemporaryDirectory work;
    const std::string name = folder.filename().string();
    const std::vector<std::string> arguments = joined({"tare-harmonise", "--input", (folder / "input.tsv").string()},
                                                      joined(column_arguments(folder), case_options(name)));
    const auto harmonise = [&](const std::string& convention, const std::string& stem) {
        const Finished finished =
            run(joined(arguments, {"--convention", convention, "--output", stem + ".tsv", "--model", stem + ".json"}),
                {.folder = work.path()});
        if (finished.code != 0) out.failure = finished.err;
        return finished.code == 0;
    };
    const auto apply = [&](const std::string& stem) {
        const Finished finished = run({"tare-apply", "--model", stem + ".json", "--input", (folder / "test.tsv").string(),
                                       "--output", stem + "_test.tsv", "--unseen-site", "keep"},
                                      {.folder = work.path()});
        if (finished.code != 0) out.failure = finished.err;
        return finished.code == 0;
    };

    if (!harmonise("neurocombat", "peer")) return out;
    out.values = value_difference(folder / "expected" / "harmonized.tsv", work.path() / "peer.tsv", folder / "input.tsv");
    const bool new_rows = fs::exists(folder / "expected" / "harmonized_test.tsv") && !contains(name, "from_training") &&
                          !contains(name, "unseen");
    if (new_rows) {
        if (!apply("peer")) return out;
        out.values = std::max(out.values, value_difference(folder / "expected" / "harmonized_test.tsv",
                                                           work.path() / "peer_test.tsv", folder / "input.tsv"));
    }
    const io::SavedModel saved = io::read_model((work.path() / "peer.json").string());
    out.parameters = ParameterComparison(folder, saved, raw_spread(folder / "input.tsv", features_of(folder))).largest();

    out.converged = -1.0;
    const fs::path converged = folder / "expected" / "harmonized_conv1e-13.tsv";
    if (fs::exists(converged)) {
        if (!harmonise("tare", "own")) return out;
        out.converged = value_difference(converged, work.path() / "own.tsv", folder / "input.tsv");
    }
    return out;
}

}  // namespace tare::test
