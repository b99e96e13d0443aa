// Checking that the options of a method go together, before anything is read.
#include "method_choice.hpp"

#include <initializer_list>

#include "design_choice.hpp"
#include "tare/base/error.hpp"

namespace tare::commands {
namespace {

using stats::Method;

Method method_of(const cli::ParsedOptions& options) {
    const std::string name = options.text("method");
    return name == "covbat"         ? Method::covbat
           : name == "longitudinal" ? Method::longitudinal
           : name == "combatls"     ? Method::combatls
                                    : Method::combat;
}

void refuse_unless(bool belongs, const cli::ParsedOptions& options, std::initializer_list<const char*> names,
                   const std::string& method) {
    for (const char* name : names) {
        if (!belongs && options.given(name))
            throw base::usage_error("--" + std::string(name) + " is for --method " + method);
    }
}

void check_curves(const cli::ParsedOptions& options) {
    for (const stats::SmoothRequest& smooth : smooth_requests(options)) {
        if (smooth.lambda == 0.0) continue;
        throw base::usage_error(
            "--smooth '" + smooth.name + "' does not go with " +
                (options.given("travelling") ? std::string("--travelling") : "--method " + options.text("method")) +
                ": it has no penalty",
            "a curve without one does: --smooth " + smooth.name + ":k=5:lambda=0");
    }
}

}  // namespace

stats::CombatOptions combat_options(const cli::ParsedOptions& options) {
    stats::CombatOptions out;
    out.method = method_of(options);
    const std::string prior = options.text("prior");
    out.prior = prior == "none"            ? stats::PriorKind::none
                : prior == "nonparametric" ? stats::PriorKind::nonparametric
                                           : stats::PriorKind::parametric;
    out.mean_only = options.flag("mean-only");
    out.min_per_site = static_cast<stats::Index>(*options.integer("min-per-site"));
    if (out.min_per_site < 1) throw base::usage_error("--min-per-site must be at least 1");
    if (options.given("reference")) out.reference = options.text("reference");
    out.convention = options.text("convention") == "neurocombat" ? stats::Convention::neurocombat : stats::Convention::tare;

    refuse_unless(out.method == Method::longitudinal, options, {"subject", "sigma"}, "longitudinal");
    refuse_unless(out.method == Method::combatls, options, {"scale-covariates"}, "combatls");
    refuse_unless(out.method == Method::covbat, options, {"components", "explained", "no-scale"}, "covbat");
    if (out.method == Method::longitudinal && options.text("subject").empty()) {
        throw base::usage_error("--method longitudinal needs --subject, the column that names a person at every visit");
    }
    if (out.method == Method::combatls && options.list("scale-covariates").empty()) {
        throw base::usage_error("--method combatls needs --scale-covariates", "as in --scale-covariates age,sex");
    }
    if (out.method == Method::longitudinal || out.method == Method::combatls) check_curves(options);
    out.sigma = options.text("sigma") == "msr" ? stats::SigmaKind::msr : stats::SigmaKind::reml;
    out.robust = options.flag("robust");
    if (out.robust && out.method != Method::combat && out.method != Method::covbat) {
        throw base::usage_error("--robust goes with --method combat and covbat only");
    }
    if (out.robust && out.prior == stats::PriorKind::nonparametric) {
        throw base::usage_error("--robust does not go with --prior nonparametric");
    }
    out.travelling = options.given("travelling");
    if (out.travelling && (out.method != Method::combat || out.robust)) {
        throw base::usage_error("--travelling goes with --method combat only, and not with --robust");
    }
    if (out.travelling) check_curves(options);
    if (options.given("components")) {
        if (options.given("explained")) throw base::usage_error("--components and --explained exclude each other");
        out.components = static_cast<stats::Index>(*options.integer("components"));
        if (*out.components < 1) throw base::usage_error("--components must be at least 1");
    }
    out.explained = *options.number("explained");
    if (!(out.explained > 0.0 && out.explained < 1.0)) throw base::usage_error("--explained must lie between 0 and 1");
    out.scale_features = !options.flag("no-scale");
    return out;
}

stats::Transform transform_option(const cli::ParsedOptions& options) {
    return options.text("transform") == "log" ? stats::Transform::log : stats::Transform::none;
}

std::string described(const stats::CombatOptions& options) {
    std::string text = options.method == Method::covbat         ? "CovBat"
                       : options.method == Method::longitudinal ? "longitudinal ComBat"
                       : options.method == Method::combatls     ? "ComBatLS"
                                                                : "ComBat";
    if (options.robust) text += ", robust";
    if (options.travelling) text += ", site effects from travelling people";
    text += options.convention == stats::Convention::tare ? ", convention tare" : ", convention neurocombat";
    text += options.prior == stats::PriorKind::none            ? ", no prior"
            : options.prior == stats::PriorKind::nonparametric ? ", non-parametric prior"
                                                               : ", parametric prior";
    if (options.mean_only) text += ", mean only";
    if (options.reference) text += ", reference " + *options.reference;
    return text;
}

}  // namespace tare::commands
