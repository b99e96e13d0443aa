// The guard of tare-cv.
#include "cv_guard.hpp"

#include <algorithm>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/learn/guard.hpp"

namespace tare::commands {
namespace {

using learn::Condition;

bool allows(const cli::ParsedOptions& options, const std::string& what) {
    return has(options.list("allow"), what);
}

void check_needed_options(const cli::ParsedOptions& options) {
    const bool writes = options.given("output-dir") || options.flag("audit");
    if (options.given("fold-output") && !options.given("output-dir"))
        throw base::usage_error("--fold-output goes with --output-dir");
    if (!options.given("target")) {
        for (const char* name : {"learner", "compare", "task", "positive"}) {
            if (options.given(name)) throw base::usage_error("--" + std::string(name) + " needs --target");
        }
        if (!writes) {
            throw base::usage_error("nothing to do: neither --target with --learner nor --output-dir is given",
                                    "--output-dir FOLDER takes every fold's model and harmonised tables");
        }
    }
    if (options.given("learner")) return;
    if (options.flag("compare")) {
        throw base::usage_error("--compare needs --learner",
                                "ridge, svr or xgboost for numbers; logistic, svm or xgboost for classes");
    }
    if (!writes) {
        throw base::usage_error("--target without --learner needs --output-dir, for the folds' tables",
                                "name a learner, as in --learner svr");
    }
}

}  // namespace

void check_cv_options(const cli::ParsedOptions& options) {
    const std::vector<std::string> known{"target-covariate", "telling-covariate", "shared-subjects"};
    for (const std::string& what : options.list("allow")) {
        if (!has(known, what)) throw base::usage_error("--allow: unknown '" + what + "'", "known: " + base::joined(known));
    }
    if (options.list("site").size() > 1) throw base::usage_error("--site: tare-cv takes one batch variable");
    check_needed_options(options);
    if (*options.integer("seed") < 0) throw base::usage_error("--seed: " + options.text("seed") + " is below 0");
    const long long inner = *options.integer("inner-folds");
    if (inner < 0 || inner == 1)
        throw base::usage_error("--inner-folds: " + options.text("inner-folds") + " is neither 0 nor at least 2");
}

std::vector<learn::Condition> conditions_of(const cli::ParsedOptions& options, const Prediction* prediction,
                                            const std::vector<std::string>& covariates, base::Log& log) {
    if (prediction == nullptr) return {Condition::in_fold};
    const bool is_covariate = has(covariates, prediction->name);
    const bool held_out = has(options.list("hold-out-covariates"), prediction->name);
    if (options.flag("compare")) {
        if (is_covariate)
            return {Condition::raw, Condition::leaking, Condition::in_fold, Condition::held_out, Condition::pretend};
        log.info("the target '" + prediction->name +
                 "' is no covariate, so that there is nothing to hold out or to pretend");
        return {Condition::raw, Condition::leaking, Condition::in_fold};
    }
    if (is_covariate && held_out) return {Condition::held_out};
    if (!is_covariate) return {Condition::in_fold};
    if (!allows(options, "target-covariate")) {
        throw base::usage_error(
            "the target '" + prediction->name +
                "' is a covariate too: applied to a test row, the model would be told what is to be predicted",
            "--hold-out-covariates " + prediction->name +
                " takes the training mean in its place; --compare shows what it costs; --allow "
                "target-covariate goes on");
    }
    log.warn("the target '" + prediction->name +
             "' of test rows is known when they are harmonised: what is learnt looks better than it is");
    return {Condition::in_fold};
}

void check_target(const CohortInput& input, const std::string& target, const cli::ParsedOptions& options, base::Log& log) {
    if (target == input.columns.id) throw base::usage_error("--target: '" + target + "' is the id");
    if (target != input.columns.site) return;
    if (!allows(options, "target-covariate")) {
        throw base::usage_error(
            "the target '" + target + "' is the site: harmonisation is told it of every row, and takes away what tells it",
            "--allow target-covariate goes on");
    }
    log.warn("the target '" + target + "' is the site, which is known when test rows are harmonised");
}

void check_covariates(const CohortInput& input, const Prediction& prediction, const std::vector<data::Index>& rows,
                      const std::vector<std::string>& covariates, const cli::ParsedOptions& options, base::Log& log) {
    for (const std::string& name : covariates) {
        if (name == prediction.name) continue;
        const auto how = learn::gives_away(*input.cohort.covariate(name), prediction.targets, rows);
        if (!how) continue;
        const std::string what = "covariate '" + name + "' gives the target '" + prediction.name + "' away: it " + *how;
        if (!allows(options, "telling-covariate")) {
            throw base::inconsistent(input.cohort.source + ": " + what,
                                     "leave it out of --covariates; --allow telling-covariate goes on");
        }
        log.warn(what);
    }
}

void check_people(const std::string& source, const std::vector<std::string>& groups, const Folds& folds,
                  const cli::ParsedOptions& options, base::Log& log) {
    if (groups.empty()) return;
    for (std::size_t r = 0; r < folds.of_row.size(); ++r) {
        const std::vector<std::string> torn = learn::torn_groups(groups, folds.of_row[r]);
        if (torn.empty()) continue;
        const std::string what =
            base::counted(torn.size(), "subject") + " on both sides of a fold (" + base::joined(torn, 4) + ")";
        if (!allows(options, "shared-subjects")) {
            throw base::inconsistent(source + ": repeat " + std::to_string(r + 1) + ": " + what,
                                     "a person's rows belong into one fold; --allow shared-subjects goes on");
        }
        log.warn(what + ": what is learnt looks better than it is");
        return;
    }
}

void check_sites(const CohortInput& input, const std::vector<data::Index>& rows, const Folds& folds,
                 const cli::ParsedOptions& options, base::Log& log) {
    std::vector<std::string> sites;
    std::vector<bool> teaches;
    for (const data::Index row : rows) {
        sites.push_back(input.cohort.sites[static_cast<std::size_t>(row)]);
        teaches.push_back(input.trains[static_cast<std::size_t>(row)]);
    }
    std::set<std::string> unseen;
    for (const std::vector<data::Index>& of_row : folds.of_row) {
        for (const learn::UnseenInFold& one : learn::unseen_sites(sites, of_row, teaches)) unseen.insert(one.site);
    }
    if (unseen.empty()) return;
    const std::vector<std::string> names(unseen.begin(), unseen.end());
    const std::string what = base::counted(names.size(), "site") + " (" + base::joined(names, 4) + ") " +
                             (names.size() == 1 ? "has" : "have") + " test rows in a fold without any row to learn from";
    const std::string policy = options.text("unseen-site");
    if (policy == "error") {
        throw base::inconsistent(
            input.cohort.source + ": " + what,
            "--unseen-site keep leaves such rows as they are, --unseen-site estimate estimates the site "
            "from the test rows themselves; or leave the site out");
    }
    log.warn(what + (policy == "keep" ? ": these rows stay as they are"
                                      : ": the site's effects are estimated from the test rows themselves, together"));
}

std::vector<std::string> held_out_covariates(const cli::ParsedOptions& options, const std::string& target,
                                             const std::vector<std::string>& covariates) {
    std::vector<std::string> others;
    for (const std::string& name : options.list("hold-out-covariates")) {
        if (!has(covariates, name)) {
            throw base::usage_error("--hold-out-covariates: '" + name + "' is no covariate",
                                    base::did_you_mean(name, covariates));
        }
        if (name != target) others.push_back(name);
    }
    return others;
}

learn::NewSite new_site_policy(const cli::ParsedOptions& options, const std::string& target,
                               const stats::FitRequest& harmonisation) {
    const std::string policy = options.text("unseen-site");
    if (policy == "keep") return learn::NewSite::keep;
    if (policy == "error") return learn::NewSite::error;
    if (options.given("hold-out-covariates"))
        throw base::usage_error("--hold-out-covariates does not go with --unseen-site estimate");
    if (stats::needs_rows(harmonisation.method))
        throw base::usage_error("--unseen-site estimate goes with methods that follow from moments alone");
    if (has(known_covariates(harmonisation), target)) {
        throw base::usage_error("--unseen-site estimate would look at the target of test rows, which is a covariate",
                                "--unseen-site keep, or leave the target out of --covariates");
    }
    return learn::NewSite::estimate;
}

}  // namespace tare::commands
