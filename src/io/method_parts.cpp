// Curves, mixed models, spreads with covariates and principal axes as JSON.
#include "method_parts.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "saved_parts.hpp"

namespace tare::io {

using Json = nlohmann::ordered_json;
using stats::Method;

namespace {

constexpr std::array method_names{"combat", "covbat", "longitudinal", "combatls"};
constexpr std::array transform_names{"none", "log"};

/// Throws where a value that is there is below 0.
void check_not_negative(const std::vector<double>& values, const JsonPart& part) {
    if (std::any_of(values.begin(), values.end(), [](double value) { return value < 0.0; }))
        part.fail("has a value below 0");
}

void copy_row(const std::vector<double>& from, base::Matrix<double>& to, base::Index row) {
    std::copy(from.begin(), from.end(), to.row(row).begin());
}

void put_curves(Json& document, const stats::CombatModel& model, ArrayWriter& arrays) {
    const std::vector<stats::SmoothTerm> smooths = model.design.smooth_terms();
    for (std::size_t c = 0; c < smooths.size(); ++c) {
        const std::string& name = smooths[c].name;
        const auto row = static_cast<base::Index>(c);
        document["smooth"][name]["lambda"] = arrays.list("lambda_" + name, model.lambda.row(row));
        document["smooth"][name]["edf"] = arrays.list("edf_" + name, model.edf.row(row));
    }
}

void read_curves(const JsonPart& document, stats::CombatModel& model, ArrayReader& arrays, base::Workspace& workspace) {
    const std::vector<stats::SmoothTerm> smooths = model.design.smooth_terms();
    for (base::Matrix<double>* matrix : {&model.lambda, &model.edf})
        *matrix = workspace.matrix<double>(static_cast<base::Index>(smooths.size()), model.features.count());
    for (std::size_t c = 0; c < smooths.size(); ++c) {
        const JsonPart curve = document.at("smooth").at(smooths[c].name);
        std::vector<double> lambda = arrays.list(curve.at("lambda"), true);
        check_not_negative(lambda, curve.at("lambda"));
        // JSON has no infinity: a weight that is not there is that of a straight line.
        for (double& weight : lambda) {
            if (std::isnan(weight)) weight = std::numeric_limits<double>::infinity();
        }
        copy_row(lambda, model.lambda, static_cast<base::Index>(c));
        const std::vector<double> edf = arrays.list(curve.at("edf"), true);
        check_not_negative(edf, curve.at("edf"));
        copy_row(edf, model.edf, static_cast<base::Index>(c));
    }
}

void put_spread(Json& document, const stats::CombatModel& model, ArrayWriter& arrays) {
    Json& spread = document["spread"];
    spread = columns_json(model.scale_design);
    spread["covariate_mean"] = model.scale_covariate_mean;
    spread["log_sd"] = arrays.list("log_sd", model.log_sd);
    spread["coefficients"] = Json::object();
    const std::vector<std::string> terms = model.scale_design.terms();
    for (std::size_t j = 0; j < terms.size(); ++j) {
        spread["coefficients"][terms[j]] =
            arrays.list("log_sd_" + terms[j], model.log_sd_coefficients.row(static_cast<base::Index>(j)));
    }
}

void read_spread(const JsonPart& spread, stats::CombatModel& model, ArrayReader& arrays, base::Workspace& workspace) {
    model.scale_design = read_design(spread);
    const std::vector<std::string> terms = model.scale_design.terms();
    model.scale_covariate_mean = spread.at("covariate_mean").numbers(model.scale_design.term_count());
    model.log_sd = arrays.list(spread.at("log_sd"), true);
    for (std::size_t f = 0; f < model.log_sd.size(); ++f) {
        if (model.pooled_variance[f] > 0.0 && std::isnan(model.log_sd[f]))
            spread.at("log_sd").fail("lacks a value that the variance calls for");
    }
    model.log_sd_coefficients = workspace.matrix<double>(model.scale_design.term_count(), model.features.count());
    for (std::size_t j = 0; j < terms.size(); ++j) {
        copy_row(arrays.list(spread.at("coefficients").at(terms[j])), model.log_sd_coefficients,
                 static_cast<base::Index>(j));
    }
}

void put_covariance(Json& document, const stats::CovarianceStep& step, ArrayWriter& arrays) {
    Json& covariance = document["covariance"];
    covariance["centre"] = arrays.list("axes_centre", step.axes.centre);
    covariance["scale"] = arrays.list("axes_scale", step.axes.scale);
    covariance["axes"] = arrays.rows("axes", rows_of(step.axes.axes));
    covariance["variance"] = step.axes.variance;
    covariance["scores"] = {{"grand_mean", step.grand_mean}, {"pooled_variance", step.pooled_variance}};
    covariance["scores"]["gamma"] = matrix_json(step.gamma);
    covariance["scores"]["delta"] = matrix_json(step.delta);
}

stats::CovarianceStep read_covariance(const JsonPart& covariance, base::Index sites, ArrayReader& arrays) {
    stats::CovarianceStep step;
    const JsonPart scores = covariance.at("scores");
    const auto components = static_cast<base::Index>(scores.at("grand_mean").items().size());
    step.grand_mean = scores.at("grand_mean").numbers(components);
    step.pooled_variance = scores.at("pooled_variance").numbers(components);
    check_not_negative(step.pooled_variance, scores.at("pooled_variance"));
    step.gamma = scores.at("gamma").matrix(sites, components);
    step.delta = scores.at("delta").matrix(sites, components);
    for (base::Index i = 0; i < step.delta.size(); ++i) {
        if (!(step.delta.data()[i] > 0.0)) scores.at("delta").fail("has a value that is no variance");
    }
    step.axes.centre = arrays.list(covariance.at("centre"));
    step.axes.scale = arrays.list(covariance.at("scale"));
    step.axes.axes = arrays.rows(covariance.at("axes"), components);
    for (const double scale : step.axes.scale) {
        if (!(scale > 0.0)) covariance.at("scale").fail("has a value that is no scale");
    }
    const auto all = static_cast<base::Index>(covariance.at("variance").items().size());
    if (components < 1 || all < components) {
        covariance.at("variance")
            .fail("has " + std::to_string(all) + " values for " + std::to_string(components) + " components");
    }
    step.axes.variance = covariance.at("variance").numbers(all);
    check_not_negative(step.axes.variance, covariance.at("variance"));
    return step;
}

}  // namespace

std::string method_name(Method method) {
    return method_names[static_cast<std::size_t>(method)];
}

Method read_method_name(const JsonPart& part) {
    return static_cast<Method>(read_choice(part, method_names));
}

std::string transform_name(stats::Transform transform) {
    return transform_names[static_cast<std::size_t>(transform)];
}

stats::Transform read_transform(const JsonPart& part) {
    return static_cast<stats::Transform>(read_choice(part, transform_names));
}

void put_method_options(Json& options, const stats::CombatOptions& of) {
    options["robust"] = of.robust;
    options["travelling"] = of.travelling;
    if (of.method == Method::longitudinal) options["sigma"] = of.sigma == stats::SigmaKind::msr ? "msr" : "reml";
    if (of.method != Method::covbat) return;
    options["components"] = of.components ? Json(*of.components) : Json();
    options["explained"] = of.explained;
    options["scale_features"] = of.scale_features;
}

void read_method_options(const JsonPart& options, stats::CombatOptions& into) {
    into.robust = options.at("robust").boolean();
    into.travelling = options.at("travelling").boolean();
    if (into.method == Method::longitudinal) {
        constexpr std::array kinds{"reml", "msr"};
        into.sigma = static_cast<stats::SigmaKind>(read_choice(options.at("sigma"), kinds));
    }
    if (into.method != Method::covbat) return;
    if (!options.at("components").is_null()) into.components = options.at("components").count();
    into.explained = options.at("explained").number();
    if (!(into.explained > 0.0 && into.explained < 1.0)) options.at("explained").fail("does not lie between 0 and 1");
    into.scale_features = options.at("scale_features").boolean();
}

void put_method(Json& document, const stats::CombatModel& model, ArrayWriter& arrays) {
    put_curves(document, model, arrays);
    if (model.options.method == Method::longitudinal) {
        document["person_ratio"] = arrays.list("person_ratio", model.person_ratio);
        document["site_shift"] = arrays.rows("site_shift", rows_of(model.site_shift));
    }
    if (model.options.method == Method::combatls) put_spread(document, model, arrays);
    if (model.covariance) put_covariance(document, *model.covariance, arrays);
}

void read_method(const JsonPart& document, stats::CombatModel& model, ArrayReader& arrays, base::Workspace& workspace) {
    const auto sites = static_cast<base::Index>(model.sites.size());
    read_curves(document, model, arrays, workspace);
    if (model.options.method == Method::longitudinal) {
        const JsonPart design = document.at("design");
        if (!design.has("subject") || design.at("subject").text().empty())
            design.fail("names no 'subject', whose visits share an effect");
        model.person_ratio = arrays.list(document.at("person_ratio"));
        check_not_negative(model.person_ratio, document.at("person_ratio"));
        model.site_shift = arrays.rows(document.at("site_shift"), sites, true);
    }
    if (model.options.method == Method::combatls) read_spread(document.at("spread"), model, arrays, workspace);
    if (model.options.method == Method::covbat) model.covariance = read_covariance(document.at("covariance"), sites, arrays);
}

}  // namespace tare::io
