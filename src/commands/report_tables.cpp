// Reading and matching the tables of tare-report.
#include "report_tables.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <unordered_map>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/data/cohort_builder.hpp"
#include "tare/data/feature_selection.hpp"
#include "tare/io/table_reader.hpp"

namespace tare::commands {
namespace {

using data::Index;

std::string shown(const std::string& path) {
    return path == "-" ? "<stdin>" : path;
}

bool contains(const std::vector<std::string>& names, const std::string& name) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::vector<data::CovariateRole> named_covariates(const cli::ParsedOptions& options) {
    const std::vector<std::string> names = options.list("covariates"), categorical = options.list("categorical");
    std::vector<data::CovariateRole> roles;
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (std::find(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(i), names[i]) !=
            names.begin() + static_cast<std::ptrdiff_t>(i))
            throw base::usage_error("--covariates: '" + names[i] + "' stands twice in the list");
        roles.push_back(
            {names[i], contains(categorical, names[i]) ? data::CovariateKind::categorical : data::CovariateKind::automatic});
    }
    for (const std::string& name : categorical) {
        if (!contains(names, name))
            throw base::usage_error("--categorical: '" + name + "' is not among the --covariates",
                                    base::did_you_mean(name, names));
    }
    return roles;
}

data::CohortRoles roles_of(const cli::ParsedOptions& options, const std::optional<io::SavedModel>& model) {
    const auto name = [&](const std::string& option, const std::string& of_model) {
        if (options.given(option) && options.text(option).empty())
            throw base::usage_error("--" + option + " is empty; it must name a column");
        return options.given(option) || !model ? options.text(option) : of_model;
    };
    data::CohortRoles roles{.id = name("id", model ? model->columns.id : ""),
                            .session = name("session", model ? model->columns.session : ""),
                            .site = name("site", model ? model->columns.site : ""),
                            .covariates = {}};
    if (roles.site.empty()) roles.site = "site";
    roles.covariates = named_covariates(options);
    if (model && !options.given("covariates")) {
        for (const stats::DesignColumn& column : model->model.design.columns)
            roles.covariates.push_back(
                {column.name, column.categorical ? data::CovariateKind::categorical : data::CovariateKind::numeric});
    }
    for (const data::CovariateRole& covariate : roles.covariates) {
        const std::string start = "--covariates: '" + covariate.name + "' is the ";
        if (covariate.name == roles.site) throw base::usage_error(start + "site");
        if (covariate.name == roles.id) throw base::usage_error(start + "id");
    }
    if (roles.id == roles.site) throw base::usage_error("--id and --site name the same column '" + roles.id + "'");
    return roles;
}

class Reader {
public:
    Reader(const cli::ParsedOptions& options, data::CohortRoles roles, cli::Context& context)
        : roles_(std::move(roles)), context_(context) {
        if (!options.given("participants")) return;
        participants_ = io::read_table(options.text("participants"), io::all_text(), context.resources, context.log);
        participants_file_ = {options.text("participants"), participants_->sha256};
    }

    using Chooser = std::function<std::vector<io::ColumnRole>(const std::vector<std::string>& header,
                                                              const std::vector<std::string>& reserved)>;
    data::Cohort read(const std::string& path, const Chooser& columns, std::vector<io::InputFile>& files) {
        const data::Table* second = participants_ ? &participants_->table : nullptr;
        data::ResolvedRoles resolved;
        const io::ColumnPolicy policy = [&](const std::vector<std::string>& header) {
            resolved = data::resolve_roles(roles_, header, shown(path), second ? &second->header : nullptr,
                                           second ? second->source : "");
            return columns(header, data::role_names(roles_, resolved, header));
        };
        io::ReadTable table = io::read_table(path, policy, context_.resources, context_.log);
        files.push_back({path, table.sha256});
        const std::vector<bool> all(static_cast<std::size_t>(table.table.rows()), true);
        data::Cohort cohort = data::build_cohort(table.table, second, roles_, resolved, all);
        if (cohort.features.names.empty())
            throw base::inconsistent(cohort.source + ": no column of numbers is left to report on",
                                     "name the features with --features");
        return cohort;
    }

    void add_participants(std::vector<io::InputFile>& files) const {
        if (participants_) files.push_back(participants_file_);
    }

private:
    data::CohortRoles roles_;
    cli::Context& context_;
    std::optional<io::ReadTable> participants_;
    io::InputFile participants_file_;
};

/// The columns of `header` that are these features.
std::vector<io::ColumnRole> same_features(const std::vector<std::string>& features, const std::string& of,
                                          const std::vector<std::string>& header, const std::string& source) {
    std::set<std::string_view> missing(features.begin(), features.end());
    std::vector<io::ColumnRole> columns;
    for (const std::string& name : header)
        columns.push_back(missing.erase(name) > 0 ? io::ColumnRole::feature : io::ColumnRole::text);
    for (const std::string& name : features) {
        if (!missing.contains(name)) continue;
        const std::string meant = base::did_you_mean(name, header);
        throw base::inconsistent(source + ": no column '" + name + "'" +
                                     (missing.size() > 1 ? " (and " + std::to_string(missing.size() - 1) + " more)" : "") +
                                     ", a feature of " + of,
                                 meant.empty() ? "name the features that both tables have with --features" : meant);
    }
    return columns;
}

/// Per person of `before`: the row of `after`.
std::vector<Index> matched(const data::Cohort& before, const data::Cohort& after) {
    std::unordered_map<std::string_view, Index> rows;
    for (Index i = 0; i < after.subjects(); ++i) rows.emplace(after.ids[static_cast<std::size_t>(i)], i);
    const std::string hint =
        "both tables must have the same people; --id and --session name the columns that tell them apart";
    std::vector<Index> out;
    std::set<Index> used;
    for (Index i = 0; i < before.subjects(); ++i) {
        const std::string& id = before.ids[static_cast<std::size_t>(i)];
        const auto found = rows.find(id);
        if (found == rows.end())
            throw base::inconsistent(after.source + ": has no '" + id + "', who is in " + before.where(i), hint);
        out.push_back(found->second);
        used.insert(found->second);
        const std::string &site = before.sites[static_cast<std::size_t>(i)],
                          &other = after.sites[static_cast<std::size_t>(found->second)];
        if (site != other)
            throw base::inconsistent(after.where(found->second) + ": '" + id + "' is at site '" + other + "', in " +
                                     before.where(i) + " at '" + site + "'");
    }
    for (Index i = 0; i < after.subjects(); ++i) {
        if (!used.contains(i))
            throw base::inconsistent(
                after.where(i) + ": '" + after.ids[static_cast<std::size_t>(i)] + "' is not in " + before.source, hint);
    }
    return out;
}

base::Matrix<double> rearranged(const data::Cohort& before, const data::Cohort& after) {
    const std::vector<Index> rows = matched(before, after);
    std::unordered_map<std::string_view, Index> columns;
    for (std::size_t f = 0; f < after.features.names.size(); ++f)
        columns.emplace(after.features.names[f], static_cast<Index>(f));
    base::Matrix<double> out(before.subjects(), before.features.features());
    for (Index f = 0; f < out.columns(); ++f) {
        const Index column = columns.at(before.features.names[static_cast<std::size_t>(f)]);
        for (Index i = 0; i < out.rows(); ++i) out(i, f) = after.features.values(rows[static_cast<std::size_t>(i)], column);
    }
    return out;
}

/// The features that --features or, without it, the model of a table names; empty: every column of numbers.
std::vector<std::string> wanted_features(const cli::ParsedOptions& options, const std::optional<io::SavedModel>& model) {
    if (options.given("features")) return options.list("features");
    if (model && model->model.features.kind() == data::FeatureKind::named) return model->model.features.names();
    return {};
}

}  // namespace

ReportTables read_report_tables(const cli::ParsedOptions& options, const std::optional<io::SavedModel>& model,
                                cli::Context& context) {
    Reader reader(options, roles_of(options, model), context);
    const std::vector<std::string> wanted = wanted_features(options, model);
    const std::vector<std::string> exclude = options.list("exclude");
    ReportTables out;
    out.before = reader.read(
        options.text("before"),
        [&](const std::vector<std::string>& header, const std::vector<std::string>& reserved) {
            std::vector<io::ColumnRole> columns;
            for (const bool chosen : data::choose_features(header, {wanted, exclude, reserved}))
                columns.push_back(!chosen          ? io::ColumnRole::text
                                  : wanted.empty() ? io::ColumnRole::candidate
                                                   : io::ColumnRole::feature);
            return columns;
        },
        out.files);
    const std::vector<std::string>& features = out.before.features.names;
    const data::Cohort after = reader.read(
        options.text("after"),
        [&](const std::vector<std::string>& header, const std::vector<std::string>&) {
            return same_features(features, out.before.source, header, shown(options.text("after")));
        },
        out.files);
    reader.add_participants(out.files);
    out.after = rearranged(out.before, after);
    return out;
}

}  // namespace tare::commands
