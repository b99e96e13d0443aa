// Reading and matching the tables of tare-report.
#include "report_tables.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>
#include <set>
#include <unordered_map>

#include "design_choice.hpp"
#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
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

/// Whether the options say which covariates there are, or leave it to the model.
bool names_covariates(const cli::ParsedOptions& options) {
    return options.given("covariates") || options.given("smooth");
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
    roles.covariates = covariate_roles(options);
    if (model && !names_covariates(options)) {
        for (const stats::DesignColumn& column : model->model.design.columns)
            roles.covariates.push_back(
                {column.name, column.categorical ? data::CovariateKind::categorical : data::CovariateKind::numeric});
    }
    for (const data::CovariateRole& covariate : roles.covariates) {
        const std::string start = covariate_option(options, covariate.name) + ": '" + covariate.name + "' is the ";
        if (covariate.name == roles.site) throw base::usage_error(start + "site");
        if (covariate.name == roles.id) throw base::usage_error(start + "id");
    }
    if (roles.id == roles.site) throw base::usage_error("--id and --site name the same column '" + roles.id + "'");
    return roles;
}

/// The tests take curves without a penalty: with more functions they would follow single people.
constexpr base::Index most_functions = 20;

/// The curves of --smooth or, where it is the model that names the covariates, those of its design.
std::vector<stats::SmoothRequest> curves_of(const cli::ParsedOptions& options, const std::optional<io::SavedModel>& model) {
    std::vector<stats::SmoothRequest> curves;
    if (!model || names_covariates(options)) {
        curves = smooth_requests(options);
    } else {
        for (const stats::SmoothTerm& term : model->model.design.smooth_terms())
            curves.push_back(
                {term.name, term.spline.size, term.spline.lambda, std::pair(term.spline.low, term.spline.high)});
    }
    for (stats::SmoothRequest& curve : curves) curve.size = std::min(curve.size, most_functions);
    return curves;
}

/// A table as it was read, what it says of its people, and where each of them stands in the table of participants.
struct ReadPeople {
    data::Cohort cohort;
    data::Table table;
    std::vector<Index> joined;  ///< empty without participants
};

/// A table with all its rows, joined with `participants` where there are any.
class Reader {
public:
    Reader(data::CohortRoles roles, const data::Table* participants, cli::Context& context)
        : roles_(std::move(roles)), participants_(participants), context_(context) {}

    using Chooser = std::function<std::vector<io::ColumnRole>(const std::vector<std::string>& header,
                                                              const std::vector<std::string>& reserved)>;
    ReadPeople read(const std::string& path, const Chooser& columns, std::vector<io::InputFile>& files) const {
        data::ResolvedRoles resolved;
        const io::ColumnPolicy policy = [&](const std::vector<std::string>& header) {
            resolved = data::resolve_roles(roles_, header, shown(path), participants_ ? &participants_->header : nullptr,
                                           participants_ ? participants_->source : "");
            return columns(header, data::role_names(roles_, resolved, header));
        };
        io::ReadTable read = io::read_table(path, policy, context_.resources, context_.log);
        files.push_back({path, read.sha256});
        const std::vector<bool> all(static_cast<std::size_t>(read.table.rows()), true);
        ReadPeople out{data::build_cohort(read.table, participants_, roles_, resolved, all), {}, {}};
        out.joined = data::join_participants(read.table, participants_, resolved);
        out.table = std::move(read.table);
        return out;
    }

private:
    data::CohortRoles roles_;
    const data::Table* participants_;
    cli::Context& context_;
};

void check_has_features(const data::Cohort& cohort) {
    if (!cohort.features.names.empty()) return;
    throw base::inconsistent(cohort.source + ": no column of numbers is left to report on",
                             "name the features with --features");
}

std::vector<Index> all_rows(const data::Table& table) {
    std::vector<Index> rows(static_cast<std::size_t>(table.rows()));
    std::iota(rows.begin(), rows.end(), Index{0});
    return rows;
}

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

/// Throws Error (65) where person i before and person j after differ in a covariate, beyond single precision.
void check_same_covariates(const data::Cohort& before, Index i, const data::Cohort& after, Index j) {
    constexpr double precision = 1e-6;
    const auto first = static_cast<std::size_t>(i), second = static_cast<std::size_t>(j);
    for (const data::Covariate& covariate : before.covariates) {
        const data::Covariate* other = after.covariate(covariate.name);
        if (other == nullptr) continue;
        const auto text = [](const data::Covariate& own, std::size_t row) {
            return own.categorical ? "'" + own.levels[row] + "'" : base::number_text(own.numbers[row]);
        };
        const std::string one = text(covariate, first), two = text(*other, second);
        if (one == two) continue;
        if (!covariate.categorical && !other->categorical) {
            const double a = covariate.numbers[first], b = other->numbers[second];
            if (!(std::abs(a - b) > precision * std::max(std::abs(a), std::abs(b)))) continue;
        }
        throw base::inconsistent(after.where(j) + ": '" + after.ids[second] + "' has '" + covariate.name + "' " + two +
                                     ", in " + before.where(i) + " " + one,
                                 "both tables must have the same covariates; --participants takes them from a third");
    }
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
        check_same_covariates(before, i, after, found->second);
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
    std::optional<io::ReadTable> participants;
    if (options.given("participants"))
        participants = io::read_table(options.text("participants"), io::all_text(), context.resources, context.log);
    const Reader reader(roles_of(options, model), participants ? &participants->table : nullptr, context);
    const std::vector<std::string> wanted = wanted_features(options, model);
    const std::vector<std::string> exclude = options.list("exclude");
    ReportTables out;
    out.curves = curves_of(options, model);
    ReadPeople before = reader.read(
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
    check_has_features(before.cohort);
    out.before = std::move(before.cohort);
    const data::Cohort after =
        reader
            .read(
                options.text("after"),
                [&](const std::vector<std::string>& header, const std::vector<std::string>&) {
                    return same_features(out.before.features.names, out.before.source, header, shown(options.text("after")));
                },
                out.files)
            .cohort;
    out.after = rearranged(out.before, after);
    if (participants) {
        out.files.push_back({options.text("participants"), participants->sha256});
        out.people = std::move(participants->table);
        out.row_of = std::move(before.joined);
    } else {
        out.people = std::move(before.table);
        out.row_of = all_rows(out.people);
    }
    return out;
}

ReportTables read_report_people(const cli::ParsedOptions& options, const std::optional<io::SavedModel>& model,
                                cli::Context& context) {
    ReportTables out;
    out.curves = curves_of(options, model);
    ReadPeople people = Reader(roles_of(options, model), nullptr, context)
                            .read(
                                options.text("participants"),
                                [](const std::vector<std::string>& header, const std::vector<std::string>&) {
                                    return io::all_text()(header);
                                },
                                out.files);
    out.before = std::move(people.cohort);
    out.people = std::move(people.table);
    out.row_of = all_rows(out.people);
    return out;
}

}  // namespace tare::commands
