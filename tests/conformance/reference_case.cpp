// Running and comparing reference cases.
#include "reference_case.hpp"

#include <algorithm>
#include <fstream>

#include <nlohmann/json.hpp>

#include "parameter_comparison.hpp"
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

bool longitudinal(const std::string& name) {
    return name.starts_with("lc_") || name == "cf_lmer";
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

std::vector<std::string> joined(std::vector<std::string> a, const std::vector<std::string>& b) {
    a.insert(a.end(), b.begin(), b.end());
    return a;
}

/// Every column of a table but the features as text.
data::Table read_features(const fs::path& path, const std::vector<std::string>& features) {
    std::vector<std::string> text = header_of(path);
    std::erase_if(
        text, [&](const std::string& name) { return std::find(features.begin(), features.end(), name) != features.end(); });
    return read_numbers(path.string(), text);
}

}  // namespace

std::vector<std::string> features_of(const fs::path& folder) {
    const fs::path fitted = folder / "expected" / "harmonized.tsv";
    std::vector<std::string> features = header_of(fs::exists(fitted) ? fitted : folder / "expected" / "harmonized_test.tsv");
    std::erase(features, "participant_id");
    return features;
}

std::vector<double> spread_of(const fs::path& raw, const std::vector<std::string>& features) {
    const data::Table table = read_features(raw, features);
    std::vector<double> spread;
    for (const std::string& feature : features) spread.push_back(standard_deviation(column(table, feature)));
    return spread;
}

std::vector<std::string> case_options(const std::string& name) {
    std::vector<std::string> options;
    if (contains(name, "no_eb")) options = {"--prior", "none"};
    if (contains(name, "nonparametric")) options = {"--prior", "nonparametric"};
    if (contains(name, "mean_only")) options.emplace_back("--mean-only");
    if (contains(name, "_ref")) options.insert(options.end(), {"--reference", "s02"});
    if (contains(name, "covbat") || contains(name, "covfam")) options.insert(options.end(), {"--method", "covbat"});
    if (contains(name, "_npc")) options.insert(options.end(), {"--components", "5", "--no-scale"});
    if (contains(name, "combatls")) {
        options.insert(options.end(), {"--method", "combatls", "--scale-covariates", "age,sex"});
    }
    if (contains(name, "robust")) options.emplace_back("--robust");
    if (longitudinal(name)) {
        options.insert(options.end(), {"--method", "longitudinal", "--subject", "participant_id", "--session", "timepoint"});
        // ComBatFamily standardises lmer's residuals by their root mean square too.
        if (name != "lc_reml") options.insert(options.end(), {"--sigma", "msr"});
    }
    return options;
}

double tolerance(const std::string& name) {
    // The Python peer passes ages through 32-bit floats.
    if (name == "nc_ctfd_age") return 1e-6;
    // lme4's optimiser stops at 1e-7 to 1e-6 of its parameter.
    if (name.starts_with("lc_")) return 1e-7;
    // … and here the peer's shrinkage stops at 1e-4 besides, where tare's longitudinal method goes to the fixed point.
    if (name == "cf_lmer") return 5e-6;
    return 1e-9;
}

std::optional<Cell> cell_without_limit(const std::string& name) {
    if (name == "cf_robust") return Cell{"s05", "vol_017"};
    return std::nullopt;
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

std::vector<double> feature_differences(const fs::path& expected, const fs::path& got, const fs::path& raw,
                                        const std::optional<Cell>& without) {
    std::vector<std::string> features = header_of(expected);
    std::erase(features, "participant_id");
    const std::vector<double> spread = spread_of(raw, features);
    const data::Table ours = read_features(got, features), theirs = read_numbers(expected.string());
    for (base::Index i = 0; i < std::min(ours.rows(), theirs.rows()); ++i) {
        // Rows of repeated visits are called participant_timepoint.
        if (!theirs.text_cell(i, 0).starts_with(ours.text_cell(i, ours.find("participant_id")))) {
            return std::vector<double>(features.size(), INFINITY);
        }
    }
    std::vector<double> differences;
    for (std::size_t f = 0; f < features.size(); ++f) {
        std::vector<double> a = column(ours, features[f]), b = column(theirs, features[f]);
        if (without && without->feature == features[f]) {
            for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
                if (ours.text_cell(static_cast<base::Index>(i), ours.find("site")) == without->site) a[i] = b[i] = 0.0;
            }
        }
        differences.push_back(largest_difference(a, b) / spread[f]);
    }
    return differences;
}

double value_difference(const fs::path& expected, const fs::path& got, const fs::path& raw,
                        const std::optional<Cell>& without) {
    const std::vector<double> differences = feature_differences(expected, got, raw, without);
    return *std::max_element(differences.begin(), differences.end());
}

Differences compare(const fs::path& folder) {
    Differences out;
    const TemporaryDirectory work;
    const std::string name = folder.filename().string();
    const fs::path raw = folder / "input.tsv", expected = folder / "expected";
    const std::vector<std::string> arguments =
        joined({"tare-harmonise", "--input", raw.string()}, joined(column_arguments(folder), case_options(name)));
    const auto succeeds = [&](const std::vector<std::string>& command) {
        const Finished finished = run(command, {.folder = work.path()});
        if (finished.code != 0) out.failure = finished.err;
        return finished.code == 0;
    };
    const auto harmonise = [&](const std::string& convention, const std::string& stem) {
        return succeeds(
            joined(arguments, {"--convention", convention, "--output", stem + ".tsv", "--model", stem + ".json"}));
    };
    const auto apply = [&](const std::string& stem) {
        return succeeds({"tare-apply", "--model", stem + ".json", "--input", (folder / "test.tsv").string(), "--output",
                         stem + "_test.tsv", "--unseen-site", "estimate"});
    };

    if (!harmonise("neurocombat", "peer")) return out;
    out.values = value_difference(expected / "harmonized.tsv", work.path() / "peer.tsv", raw);
    const bool new_rows =
        fs::exists(expected / "harmonized_test.tsv") && name != "nc_from_training" && name != "nh_unseen_site";
    if (new_rows) {
        if (!apply("peer")) return out;
        out.values =
            std::max(out.values, value_difference(expected / "harmonized_test.tsv", work.path() / "peer_test.tsv", raw));
    }
    const io::SavedModel saved = io::read_model((work.path() / "peer.json").string());
    out.parameters = parameter_difference(folder, saved.model, spread_of(raw, features_of(folder)));

    const bool converged_values = fs::exists(expected / "harmonized_conv1e-13.tsv");
    if (!converged_values && !fs::exists(expected / "gamma_star_conv1e-13.tsv")) return out;
    if (!harmonise("tare", "own")) return out;
    const io::SavedModel own = io::read_model((work.path() / "own.json").string());
    double largest = converged_parameter_difference(folder, own.model);
    if (converged_values) {
        largest = std::max(largest, value_difference(expected / "harmonized_conv1e-13.tsv", work.path() / "own.tsv", raw,
                                                     cell_without_limit(name)));
    }
    if (fs::exists(expected / "harmonized_test_conv1e-13.tsv")) {
        if (!apply("own")) return out;
        largest = std::max(largest,
                           value_difference(expected / "harmonized_test_conv1e-13.tsv", work.path() / "own_test.tsv", raw));
    }
    out.converged = largest;
    return out;
}

}  // namespace tare::test
