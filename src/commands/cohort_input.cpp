// Reading the tables of a cohort as the options say; where its values are elsewhere, the table is that of the participants.
#include "cohort_input.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "attached_values.hpp"
#include "design_choice.hpp"
#include "method_choice.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/data/feature_selection.hpp"
#include "tare/io/table_reader.hpp"

namespace tare::commands {
namespace {

std::string shown(const std::string& path) {
    return path == "-" ? "<stdin>" : path;
}

/// What to read, whatever the command.
struct Request {
    data::CohortRoles roles;
    std::optional<data::RowFilter> filter;
    /// Per column of the header: its role as a feature.
    std::function<std::vector<io::ColumnRole>(const std::vector<std::string>& header,
                                              const std::vector<std::string>& reserved)>
        columns;
};

CohortInput read_cohort(const cli::ParsedOptions& options, const Request& request, cli::Context& context) {
    CohortInput out;
    out.kind = value_kind(options);
    const bool in_table = out.kind == ValueKind::table;
    const std::string input = options.text(in_table ? "input" : "participants");
    std::optional<io::ReadTable> participants;
    if (in_table && options.given("participants")) {
        participants = io::read_table(options.text("participants"), io::all_text(), context.resources, context.log);
    }
    const data::Table* second = participants ? &participants->table : nullptr;

    data::ResolvedRoles resolved;
    const io::ColumnPolicy policy = [&](const std::vector<std::string>& header) {
        resolved = data::resolve_roles(request.roles, header, shown(input), second ? &second->header : nullptr,
                                       second ? second->source : "");
        if (!in_table) return io::all_text()(header);
        return request.columns(header, data::role_names(request.roles, resolved, header));
    };
    io::ReadTable read = io::read_table(input, policy, context.resources, context.log);
    out.table = std::move(read.table);
    out.files.push_back({input, read.sha256});
    if (participants) out.files.push_back({options.text("participants"), participants->sha256});

    if (request.filter) {
        out.trains = data::matching_rows(*request.filter, out.table, second, request.roles, resolved);
        if (std::find(out.trains.begin(), out.trains.end(), true) == out.trains.end()) {
            throw base::degenerate(out.table.source + ": no row is left to train on",
                                   "look at the condition of --train-where");
        }
    } else {
        out.trains.assign(static_cast<std::size_t>(out.table.rows()), true);
    }
    if (resolved.id >= 0) out.columns.id = out.table.header[static_cast<std::size_t>(resolved.id)];
    if (resolved.session) out.columns.session = out.table.header[static_cast<std::size_t>(*resolved.session)];
    out.columns.site = request.roles.site;
    out.columns.more_sites = request.roles.more_sites;
    out.columns.person = request.roles.person;
    out.cohort = data::build_cohort(out.table, second, request.roles, resolved, out.trains);
    if (in_table && out.cohort.features.names.empty()) {
        throw base::inconsistent(out.table.source + ": no column of numbers is left to harmonise",
                                 "name the features with --features");
    }
    return out;
}

/// A script whose variable is empty must not fall back to a default.
void check_column_names(const cli::ParsedOptions& options) {
    for (const char* name : {"id", "session", "site"}) {
        if (options.given(name) && options.text(name).empty()) {
            throw base::usage_error("--" + std::string(name) + " is empty; it must name a column");
        }
    }
}

std::vector<std::string> after_first(std::vector<std::string> names) {
    names.erase(names.begin());
    return names;
}

/// A column has one role: the site is no covariate, the id no site.
void check_roles_differ(const cli::ParsedOptions& options, const data::CohortRoles& roles) {
    std::vector<std::string> sites = roles.more_sites;
    sites.push_back(roles.site);
    for (std::size_t i = 0; i < sites.size(); ++i) {
        if (std::count(sites.begin(), sites.end(), sites[i]) > 1)
            throw base::usage_error("--site: '" + sites[i] + "' stands twice in the list");
        if (i + 1 < sites.size() && sites[i] == roles.id)
            throw base::usage_error("--id and --site name the same column '" + roles.id + "'");
    }
    for (const data::CovariateRole& covariate : roles.covariates) {
        const std::string start = covariate_option(options, covariate.name) + ": '" + covariate.name + "' is the ";
        if (std::find(sites.begin(), sites.end(), covariate.name) != sites.end()) throw base::usage_error(start + "site");
        if (covariate.name == roles.id) throw base::usage_error(start + "id");
        if (covariate.name == roles.person) throw base::usage_error(start + "person");
    }
    if (roles.id == roles.site) throw base::usage_error("--id and --site name the same column '" + roles.id + "'");
    if (std::find(sites.begin(), sites.end(), roles.person) != sites.end())
        throw base::usage_error("--site and --subject name the same column '" + roles.person + "'");
}

/// The covariates that a model needs to know.
std::vector<data::CovariateRole> covariates_of(const stats::CombatModel& model, const std::vector<std::string>& held_out) {
    std::vector<data::CovariateRole> roles;
    std::set<std::string> seen(held_out.begin(), held_out.end());
    for (const stats::Design* design : {&model.design, &model.scale_design}) {
        for (const stats::DesignColumn& column : design->columns) {
            if (!seen.insert(column.name).second) continue;
            roles.push_back(
                {column.name, column.categorical ? data::CovariateKind::categorical : data::CovariateKind::numeric});
        }
    }
    return roles;
}

/// The columns of a header that are these features of a model, all of which must be there.
std::vector<io::ColumnRole> roles_of_features(const std::vector<std::string>& features,
                                              const std::vector<std::string>& header, const std::string& input) {
    std::set<std::string_view> missing(features.begin(), features.end());
    std::vector<io::ColumnRole> columns;
    for (const std::string& name : header)
        columns.push_back(missing.erase(name) > 0 ? io::ColumnRole::feature : io::ColumnRole::text);
    if (!missing.empty()) {
        const std::string first(*missing.begin());
        const std::string meant = missing.size() == 1 ? base::did_you_mean(first, header) : "";
        throw base::inconsistent(shown(input) + ": no column '" + first + "'" +
                                     (missing.size() > 1 ? " (and " + std::to_string(missing.size() - 1) + " more)" : "") +
                                     ", a feature of the model",
                                 meant.empty() ? "name the features that the table has with --features" : meant);
    }
    return columns;
}

}  // namespace

CohortInput read_training_cohort(const cli::ParsedOptions& options, cli::Context& context, Needed needed,
                                 const std::vector<data::CovariateRole>& beside) {
    check_value_options(options);
    Request request;
    check_column_names(options);
    request.roles = {.id = options.text("id"),
                     .session = options.text("session"),
                     .site = options.list("site").front(),
                     .covariates = covariate_roles(options),
                     .more_sites = after_first(options.list("site"))};
    if (options.declares("subject")) {
        const std::string person = options.given("travelling") ? "travelling" : "subject";
        request.roles.person = options.text(person);
        if (options.given(person) && request.roles.person.empty())
            throw base::usage_error("--" + person + " is empty; it must name a column");
    }
    check_roles_differ(options, request.roles);
    for (const data::CovariateRole& role : beside) {
        const auto same = [&](const data::CovariateRole& known) { return known.name == role.name; };
        if (std::none_of(request.roles.covariates.begin(), request.roles.covariates.end(), same))
            request.roles.covariates.push_back(role);
    }
    if (options.given("train-where")) {
        request.filter = data::RowFilter::parse(options.text("train-where"));
        request.roles.other = request.filter->columns();
    }
    const bool named = options.given("features");
    request.columns = [&](const std::vector<std::string>& header, const std::vector<std::string>& reserved) {
        const std::vector<bool> chosen =
            data::choose_features(header, {options.list("features"), options.list("exclude"), reserved});
        std::vector<io::ColumnRole> columns;
        for (const bool feature : chosen) {
            columns.push_back(!feature ? io::ColumnRole::text : named ? io::ColumnRole::feature : io::ColumnRole::candidate);
        }
        return columns;
    };
    CohortInput input = read_cohort(options, request, context);
    for (const stats::SmoothRequest& smooth : smooth_requests(options)) input.curves.push_back(smooth.name);
    input.transform = transform_option(options);
    if (input.kind == ValueKind::matrix) attach_matrix(input, options, context.resources);
    if (input.kind == ValueKind::images) {
        std::vector<data::Index> rows = positions_of(std::vector<bool>(input.trains.size(), true));
        if (needed == Needed::training_shard) {
            rows = rows_of_shard(shard_of(options), data::split_cohort(input.cohort, input.trains).training.rows());
        }
        attach_images(input, options, rows, context);
    }
    if (input.kind != ValueKind::table) return input;
    attach_table(input);
    const std::vector<std::string> unlikely =
        named ? std::vector<std::string>() : data::unlikely_features(input.cohort.features.names);
    if (!unlikely.empty()) {
        context.log.warn("harmonised like a measurement, as every column of numbers without another role: " +
                         base::joined(unlikely) + "; name it in --covariates or --exclude if it is none");
    }
    return input;
}

CohortInput read_sample(const cli::ParsedOptions& options, const io::SavedModel& saved, cli::Context& context) {
    check_value_options(options);
    check_fits_model(options, saved.model);
    const auto or_model = [&](const std::string& option, const std::string& of_model) {
        return options.given(option) ? options.text(option) : of_model;
    };
    check_column_names(options);
    Request request;
    std::vector<std::string> sites = saved.columns.more_sites;
    sites.insert(sites.begin(), saved.columns.site);
    if (options.given("site")) {
        const std::vector<std::string> named = options.list("site");
        if (named.size() != sites.size()) {
            throw base::usage_error("--site: the model has " + base::counted(sites.size(), "batch variable") + " (" +
                                    base::joined(sites) + "), " + std::to_string(named.size()) + " named");
        }
        sites = named;
    }
    request.roles = {.id = or_model("id", saved.columns.id),
                     .session = or_model("session", saved.columns.session),
                     .site = sites.front(),
                     .covariates = {},
                     .more_sites = after_first(sites)};
    request.roles.person = saved.columns.person;
    const std::vector<std::string> held =
        options.declares("hold-out-covariates") ? options.list("hold-out-covariates") : std::vector<std::string>();
    request.roles.covariates = covariates_of(saved.model, held);
    check_roles_differ(options, request.roles);
    if (options.given("train-where")) {
        request.filter = data::RowFilter::parse(options.text("train-where"));
        request.roles.other = request.filter->columns();
    }
    std::vector<std::string> features;
    if (saved.model.features.kind() == data::FeatureKind::named) {
        const std::vector<bool> chosen =
            data::choose_features(saved.model.features.names(), {options.list("features"), options.list("exclude"), {}});
        for (std::size_t f = 0; f < chosen.size(); ++f) {
            if (chosen[f]) features.push_back(saved.model.features.names()[f]);
        }
    }
    request.columns = [&](const std::vector<std::string>& header, const std::vector<std::string>&) {
        return roles_of_features(features, header, options.text("input"));
    };
    CohortInput input = read_cohort(options, request, context);
    for (const stats::DesignColumn& column : saved.model.design.columns) {
        if (column.spline) input.curves.push_back(column.name);
    }
    input.transform = saved.model.transform;
    if (input.kind == ValueKind::table) attach_table(input);
    if (input.kind == ValueKind::matrix) {
        attach_matrix(input, options, context.resources);
        if (input.features.count() != saved.model.features.count()) {
            throw base::inconsistent(options.text("input") + ": has " + data::described(input.features) + ", " + saved.path +
                                     " has " + data::described(saved.model.features));
        }
    }
    if (input.kind == ValueKind::images) {
        const std::vector<data::Index> all = positions_of(std::vector<bool>(input.trains.size(), true));
        attach_model_images(input, options, saved, rows_of_shard(shard_of(options), all), context.resources);
    }
    return input;
}

namespace {

/// "144 subjects"; "270 visits of 90 subjects" where some are there more than once.
std::string people_text(const CohortInput& input) {
    const std::size_t rows = input.cohort.ids.size();
    std::set<std::string> people(input.cohort.people.begin(), input.cohort.people.end());
    const data::Index id =
        input.columns.session.empty() || input.columns.id.empty() ? -1 : input.table.find(input.columns.id);
    if (people.empty() && id >= 0) {
        for (data::Index row = 0; row < input.table.rows(); ++row) people.emplace(input.table.text_cell(row, id));
    }
    if (people.empty() || people.size() == rows) return base::counted(rows, "subject");
    return base::counted(rows, "visit") + " of " + base::counted(people.size(), "subject");
}

}  // namespace

std::string described(const CohortInput& input) {
    std::vector<std::string> covariates;
    for (const data::Covariate& covariate : input.cohort.covariates) covariates.push_back(covariate.name);
    return described(input, covariates);
}

std::string described(const CohortInput& input, const std::vector<std::string>& of_model) {
    const std::set<std::string> sites(input.cohort.sites.begin(), input.cohort.sites.end());
    std::string text =
        people_text(input) + " at " + base::counted(sites.size(), "site") + ", " +
        (input.kind == ValueKind::table ? base::counted(static_cast<std::size_t>(input.features.count()), "feature")
                                        : data::described(input.features));
    if (input.transform == stats::Transform::log) text += " as logarithms";
    std::vector<std::string> covariates;
    for (const std::string& name : of_model) {
        const bool curve = std::find(input.curves.begin(), input.curves.end(), name) != input.curves.end();
        covariates.push_back(name + (curve                                       ? " (curve)"
                                     : input.cohort.covariate(name)->categorical ? " (categorical)"
                                                                                 : ""));
    }
    text += covariates.empty() ? ", no covariates" : ", covariates " + base::joined(covariates);
    const auto training = std::count(input.trains.begin(), input.trains.end(), true);
    if (training < static_cast<std::ptrdiff_t>(input.trains.size())) text += "; trained on " + std::to_string(training);
    return text;
}

}  // namespace tare::commands
