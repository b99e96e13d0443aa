// tare-cv: folds, a model and harmonised values of each, learners, and what leaking would have promised.
#include "cross_validation.hpp"
#include "device_choice.hpp"
#include "option_groups.hpp"
#include "tare/commands/registry.hpp"

namespace tare::commands {
namespace {

cli::OptionGroup validation_options() {
    using cli::OptionKind;
    return {"Validation",
            {{"target", OptionKind::text, "COLUMN", "What is to be predicted: numbers or classes."},
             {"task",
              OptionKind::choice,
              "KIND",
              "What the target is; auto takes numbers of more than two values for numbers.",
              "auto",
              false,
              {"auto", "regression", "classification"}},
             {"positive",
              OptionKind::text,
              "CLASS",
              "Of two classes the one that sensitivity is about.",
              {},
              false,
              {},
              "the last in sorted order"},
             {"folds", OptionKind::integer, "K", "Into how many parts the rows are dealt.", "5"},
             {"repeats", OptionKind::integer, "N", "How often they are dealt anew.", "1"},
             {"seed", OptionKind::integer, "NUMBER", "Of everything that is drawn.", "0"},
             {"stratify", OptionKind::list, "WHAT",
              "Deal the rows of each of these evenly: site, target (numbers in five bins), the name of a column, or none.",
              "site"},
             {"group",
              OptionKind::text,
              "COLUMN",
              "Rows that belong together, such as visits of a person, come into one fold.",
              {},
              false,
              {},
              "the subject, where there are sessions"},
             {"leave-site-out", OptionKind::flag, "", "Every site is a fold; --unseen-site says what becomes of it."},
             {"fold-column", OptionKind::list, "COLUMNS",
              "Columns that name each row's fold, one for each repeat, such as those of folds.tsv."},
             {"unseen-site",
              OptionKind::choice,
              "POLICY",
              "Test rows of a site without training rows: refuse, keep as they are, or estimate the site from them.",
              "error",
              false,
              {"error", "keep", "estimate"}},
             {"hold-out-covariates", OptionKind::list, "COLUMNS",
              "Covariates of test rows that count as unknown: their training mean is used. The target, where it is a "
              "covariate."},
             {"allow", OptionKind::list, "WHAT",
              "Go on, with a warning, in spite of: target-covariate, telling-covariate, shared-subjects."}}};
}

cli::OptionGroup learner_options() {
    using cli::OptionKind;
    return {"Learning",
            {{"learner",
              OptionKind::choice,
              "NAME",
              "Learn the target from harmonised values, with the published defaults of the learner.",
              {},
              false,
              {"ridge", "logistic", "svm", "svr", "xgboost"}},
             {"kernel", OptionKind::choice, "KIND", "Of svm and svr.", "rbf", false, {"rbf", "linear"}},
             {"standardise", OptionKind::flag, "", "Centre and scale every feature by the training rows before learning."},
             {"inner-folds", OptionKind::integer, "K",
              "Choose hyperparameters by a cross-validation of this many folds inside the training rows, which are "
              "harmonised there anew; 0 keeps the defaults.",
              "0"},
             {"compare", OptionKind::flag, "",
              "Learn five times on the same folds: raw, harmonised on everything first, in-fold, in-fold with the target "
              "held out, and with a pretended target."}}};
}

cli::CommandSpec declared() {
    using cli::OptionKind;
    cli::CommandSpec spec;
    spec.verb = "cv";
    spec.group = "Validate";
    spec.summary = "Cross-validate with the harmonisation inside the folds";
    spec.description = {
        "Deals the rows into folds. Every fold's model is fitted on its training rows alone, and applied to its test rows: "
        "no "
        "test row helps to harmonise what it is tested by (Marzi et al. 2024). Writes every fold's model and values for any "
        "learner, or learns itself and prints how well."};
    spec.groups = {table_options(false), feature_options(false), design_options(),
                   method_options(),     validation_options(),   learner_options()};
    spec.groups.push_back(
        {"Results",
         {{"output-dir", OptionKind::output, "FOLDER", "Folds, predictions, scores, and every fold's model and values."},
          {"fold-output",
           OptionKind::choice,
           "KIND",
           "Every fold's values: tables; npy, with the other columns as tables; or none.",
           "tables",
           false,
           {"tables", "npy", "none"}},
          {"audit", OptionKind::flag, "", "Print which rows touched what, in place of the scores."},
          no_training_ids_option()}});
    spec.examples = {{"What harmonising on everything first would have promised",
                      "tare-cv --input cohort.tsv --target age --covariates age,sex --learner svr --repeats 5 --compare > "
                      "scores.tsv"},
                     {"Every fold's model and tables, for a learner elsewhere",
                      "tare-cv --input cohort.tsv --covariates sex --target age --folds 5 --output-dir folds"}};
    spec.notes = {
        "The scores are of all test rows of a repeat together; auc, whose scores are comparable within a fold only, is the "
        "mean over folds. low and high are the middle 95 % over repeats; difference is to in-fold, paired by repeat."};
    spec.device = device_that_is_there;
    spec.run = cross_validate;
    return spec;
}

}  // namespace

const cli::CommandSpec& cv() {
    static const cli::CommandSpec spec = declared();
    return spec;
}

}  // namespace tare::commands
