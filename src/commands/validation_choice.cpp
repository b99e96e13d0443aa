// Targets, folds and learners out of options.
#include "validation_choice.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>

#include "design_choice.hpp"
#include "method_choice.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/stats/folds.hpp"

namespace tare::commands {
namespace {

constexpr data::Index target_bins = 5;

const data::Covariate& column_of(const CohortInput& input, const std::string& name) {
    return *input.cohort.covariate(name);
}

std::string text_of(const data::Covariate& column, std::size_t i) {
    if (column.categorical) return column.levels[i];
    return std::isnan(column.numbers[i]) ? "" : base::number_text(column.numbers[i]);
}

/// The values of a column, each once: sorted as numbers where all are.
std::vector<std::string> classes_of(const data::Covariate& column) {
    std::vector<std::string> found;
    if (column.categorical) {
        std::set<std::string> levels(column.levels.begin(), column.levels.end());
        levels.erase("");
        found.assign(levels.begin(), levels.end());
        return found;
    }
    std::set<double> numbers;
    for (const double number : column.numbers) {
        if (!std::isnan(number)) numbers.insert(number);
    }
    for (const double number : numbers) found.push_back(base::number_text(number));
    return found;
}

void make_positive(std::vector<std::string>& classes, const cli::ParsedOptions& options) {
    if (!options.given("positive")) return;
    const std::string positive = data::canonical_level(options.text("positive"));
    const auto found = std::find(classes.begin(), classes.end(), positive);
    if (classes.size() != 2) throw base::usage_error("--positive is for a target of two classes");
    if (found == classes.end()) {
        throw base::usage_error("--positive: the target is never '" + positive + "'", base::did_you_mean(positive, classes));
    }
    std::iter_swap(found, classes.end() - 1);
}

learn::Task task_of(const data::Covariate& target, const std::vector<std::string>& classes,
                    const cli::ParsedOptions& options) {
    const std::string task = options.text("task");
    if (task == "regression" && target.categorical) {
        throw base::usage_error("--task regression: target '" + target.name + "' is not a column of numbers");
    }
    if (task == "regression") return learn::Task::regression;
    return task == "classification" || target.categorical || classes.size() == 2 ? learn::Task::classification
                                                                                 : learn::Task::regression;
}

std::vector<std::string> strata_of(const CohortInput& input, const std::vector<data::Index>& rows,
                                   const Prediction* prediction, const cli::ParsedOptions& options) {
    std::vector<std::string> strata;
    const std::vector<std::string> by = options.list("stratify");
    if (has(by, "none") && by.size() > 1) throw base::usage_error("--stratify none goes with nothing else");
    if (has(by, "none")) return strata;
    strata.resize(rows.size());
    const auto add = [&](const auto& name_of) {
        for (std::size_t i = 0; i < rows.size(); ++i) strata[i] += name_of(i) + '\n';
    };
    for (const std::string& name : by) {
        if (name == "site") {
            add([&](std::size_t i) { return input.cohort.sites[static_cast<std::size_t>(rows[i])]; });
            continue;
        }
        if (name != "target") {
            const data::Covariate& column = column_of(input, name);
            add([&](std::size_t i) { return text_of(column, static_cast<std::size_t>(rows[i])); });
            continue;
        }
        if (prediction == nullptr) throw base::usage_error("--stratify target needs --target");
        if (prediction->targets.task == learn::Task::classification) {
            add([&](std::size_t i) {
                return std::to_string(prediction->targets.labels[static_cast<std::size_t>(rows[i])]);
            });
            continue;
        }
        std::vector<double> values;
        for (const data::Index row : rows) values.push_back(prediction->targets.values[static_cast<std::size_t>(row)]);
        const std::vector<std::string> bins = stats::quantile_strata(values, target_bins);
        add([&](std::size_t i) { return bins[i]; });
    }
    return strata;
}

/// Per row: the position of its fold among the names, which count as numbers where all are: 2 is before 10.
std::vector<data::Index> numbered_folds(const std::vector<std::string>& names) {
    std::map<double, std::set<std::string>> by_number;
    for (const std::string& name : names) {
        const std::optional<double> number = base::parse_number(name);
        if (!number) return stats::grouped(names).of_row;
        by_number[*number].insert(name);
    }
    std::map<std::string, data::Index> place;
    for (const auto& [number, written] : by_number) {
        for (const std::string& name : written) place.emplace(name, static_cast<data::Index>(place.size()));
    }
    std::vector<data::Index> of_row;
    for (const std::string& name : names) of_row.push_back(place.at(name));
    return of_row;
}

/// Folds as some columns name them, one column a repeat.
Folds given_folds(const CohortInput& input, const std::vector<data::Index>& rows, const cli::ParsedOptions& options) {
    Folds out;
    for (const std::string& name : options.list("fold-column")) {
        const data::Covariate& column = column_of(input, name);
        std::vector<std::string> folds;
        for (const data::Index row : rows) {
            const auto i = static_cast<std::size_t>(row);
            folds.push_back(text_of(column, i));
            if (folds.back().empty()) {
                throw base::inconsistent(input.cohort.where(row) + ": column '" + name + "': no fold is named",
                                         "give every row one; leave rows out by leaving out their target");
            }
        }
        out.of_row.push_back(numbered_folds(folds));
        out.count.push_back(*std::max_element(out.of_row.back().begin(), out.of_row.back().end()) + 1);
        if (out.count.back() < 2)
            throw base::degenerate(input.cohort.source + ": column '" + name + "' names one fold, '" + folds.front() + "'");
    }
    return out;
}

}  // namespace

bool has(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<data::CovariateRole> validation_columns(const cli::ParsedOptions& options) {
    std::vector<data::CovariateRole> roles;
    const auto add = [&](const std::string& name, data::CovariateKind kind, const std::string& use) {
        const bool known = std::any_of(roles.begin(), roles.end(), [&](const auto& role) { return role.name == name; });
        if (!known) roles.push_back({name, kind, use});
    };
    if (options.given("target")) {
        add(options.text("target"),
            options.text("task") == "classification" ? data::CovariateKind::categorical
            : options.text("task") == "regression"   ? data::CovariateKind::numeric
                                                     : data::CovariateKind::automatic,
            "the target");
    }
    for (const std::string& name : options.list("fold-column")) add(name, data::CovariateKind::categorical, "folds");
    if (options.given("group")) add(options.text("group"), data::CovariateKind::categorical, "the group");
    for (const std::string& name : options.list("stratify")) {
        if (name != "site" && name != "target" && name != "none") add(name, data::CovariateKind::categorical, "a stratum");
    }
    return roles;
}

Prediction prediction_of(const CohortInput& input, const cli::ParsedOptions& options) {
    Prediction out;
    out.name = options.text("target");
    const data::Covariate& target = column_of(input, out.name);
    out.classes = classes_of(target);
    if (out.classes.empty())
        throw base::degenerate(input.cohort.source + ": target '" + out.name + "' is missing in all rows");
    if (out.classes.size() == 1) {
        throw base::degenerate(input.cohort.source + ": target '" + out.name + "' is '" + out.classes.front() +
                               "' in all rows");
    }
    out.targets.task = task_of(target, out.classes, options);
    for (data::Index row = 0; row < input.cohort.subjects(); ++row) out.known.push_back(!target.missing(row));
    if (out.targets.task == learn::Task::regression) {
        if (options.given("positive")) throw base::usage_error("--positive is for a target of classes");
        out.classes.clear();
        out.targets.values = target.numbers;
        return out;
    }
    make_positive(out.classes, options);
    out.targets.classes = static_cast<data::Index>(out.classes.size());
    for (std::size_t i = 0; i < out.known.size(); ++i) {
        const auto found = std::find(out.classes.begin(), out.classes.end(), text_of(target, i));
        out.targets.labels.push_back(found == out.classes.end() ? 0 : found - out.classes.begin());
    }
    return out;
}

std::optional<learn::LearnerSpec> learner_choice(const cli::ParsedOptions& options, learn::Task task) {
    if (!options.given("learner")) {
        for (const char* name : {"kernel", "standardise", "inner-folds"}) {
            if (options.given(name)) throw base::usage_error("--" + std::string(name) + " goes with --learner");
        }
        return std::nullopt;
    }
    learn::LearnerSpec spec;
    spec.kind = *learn::kind_named(options.text("learner"));
    if (!learn::suits(spec.kind, task)) {
        const bool numbers = task == learn::Task::regression;
        throw base::usage_error("--learner " + options.text("learner") + ": the target '" + options.text("target") +
                                    "' is of " + (numbers ? "numbers" : "classes"),
                                numbers ? "ridge, svr and xgboost predict numbers; --task classification makes them classes"
                                        : "logistic, svm and xgboost predict classes");
    }
    const bool has_kernel = spec.kind == learn::Kind::svm || spec.kind == learn::Kind::svr;
    if (options.given("kernel") && !has_kernel) throw base::usage_error("--kernel goes with --learner svm and svr");
    if (options.text("kernel") == "linear") spec.kernel = learn::Kernel::linear;
    spec.standardise = options.flag("standardise");
    return spec;
}

Folds folds_of(const CohortInput& input, const std::vector<data::Index>& rows, const Prediction* prediction,
               const std::vector<std::string>& groups, const cli::ParsedOptions& options) {
    const bool by_site = options.flag("leave-site-out"), by_column = options.given("fold-column");
    if (by_site && by_column) throw base::usage_error("--leave-site-out and --fold-column both say what the folds are");
    for (const char* name : {"folds", "repeats", "stratify"}) {
        if ((by_site || by_column) && options.given(name)) {
            throw base::usage_error("--" + std::string(name) + " does not go with " +
                                    (by_site ? "--leave-site-out" : "--fold-column") + ", which says what the folds are");
        }
    }
    if (by_column) return given_folds(input, rows, options);
    if (by_site) {
        std::vector<std::string> sites;
        for (const data::Index row : rows) sites.push_back(input.cohort.sites[static_cast<std::size_t>(row)]);
        Folds out{{stats::folds_by_group(sites)}, {}};
        out.count.push_back(*std::max_element(out.of_row.front().begin(), out.of_row.front().end()) + 1);
        return out;
    }
    const auto folds = static_cast<data::Index>(*options.integer("folds"));
    const auto repeats = static_cast<data::Index>(*options.integer("repeats"));
    if (folds < 2) throw base::usage_error("--folds: " + options.text("folds") + " is below 2");
    if (repeats < 1) throw base::usage_error("--repeats: " + options.text("repeats") + " is below 1");
    return {stats::make_folds({folds, repeats, static_cast<std::uint64_t>(*options.integer("seed"))},
                              static_cast<data::Index>(rows.size()), strata_of(input, rows, prediction, options), groups),
            std::vector<data::Index>(static_cast<std::size_t>(repeats), folds)};
}

std::vector<std::string> groups_of(const CohortInput& input, const cli::ParsedOptions& options) {
    std::vector<std::string> groups;
    if (options.given("group")) {
        const data::Covariate& column = column_of(input, options.text("group"));
        for (data::Index row = 0; row < input.cohort.subjects(); ++row) {
            if (column.missing(row)) {
                throw base::inconsistent(input.cohort.where(row) + ": column '" + column.name + "': the group is missing");
            }
            groups.push_back(text_of(column, static_cast<std::size_t>(row)));
        }
        return groups;
    }
    return people_of(input);
}

std::vector<std::string> people_of(const CohortInput& input) {
    std::vector<std::string> people;
    if (!input.cohort.people.empty()) return input.cohort.people;
    if (input.columns.session.empty()) return people;
    const data::Index id = input.table.find(input.columns.id);
    for (data::Index row = 0; row < input.table.rows(); ++row) people.emplace_back(input.table.text_cell(row, id));
    return people;
}

stats::FitRequest fit_request(const CohortInput& input, const cli::ParsedOptions& options) {
    // Without the option no model leaves the command, and who taught it matters to nobody.
    const bool keep_ids = options.declares("no-training-ids") && !options.flag("no-training-ids");
    return {input.features,
            combat_options(options),
            mean_covariates(options),
            smooth_requests(options),
            options.list("scale-covariates"),
            transform_option(options),
            keep_ids ? stats::KeepIds::yes : stats::KeepIds::no};
}

std::vector<std::string> known_covariates(const stats::FitRequest& harmonisation) {
    std::vector<std::string> names = harmonisation.covariates;
    for (const std::string& name : harmonisation.scale_covariates) {
        if (!has(names, name)) names.push_back(name);
    }
    return names;
}

void load_values(CohortInput& input, const cli::ParsedOptions& options, const base::Resources& resources) {
    if (input.kind != ValueKind::matrix) return;
    const data::Index rows = input.matrix->rows(), columns = input.matrix->columns();
    base::check_memory(resources, static_cast<std::uint64_t>(rows) * static_cast<std::uint64_t>(columns) * sizeof(double),
                       options.text("input"));
    input.cohort.features.values = base::Matrix<double>(rows, columns);
    for (data::Index row = 0; row < rows; ++row) {
        std::visit(
            [&](const auto& pointers) {
                std::copy_n(pointers.front(), columns, input.cohort.features.values.row(row).begin());
            },
            input.matrix->row_pointers(std::array{row}));
    }
    input.matrix->verify();
}

}  // namespace tare::commands
