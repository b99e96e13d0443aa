// The declarations of shared options.
#include "option_groups.hpp"

namespace tare::commands {

using cli::OptionKind;

cli::OptionGroup table_options(bool model_given) {
    const std::string as_in_model = "as in the model";
    cli::OptionGroup group{"Tables and matrices", {}};
    group.options.push_back({"input", OptionKind::path, "FILE",
                             "Table of measurements, CSV or TSV, plain or .gz; - is standard input. Or an .npy matrix "
                             "(subjects × features, float32 or float64), with --participants."});
    group.options.push_back({"participants", OptionKind::path, "FILE",
                             "Table with one row per subject (site, covariates): joined by id to a table, row by row to a "
                             "matrix, and with columns that name the images."});
    group.options.push_back({"id",
                             OptionKind::text,
                             "COLUMN",
                             "Column that names the subject.",
                             {},
                             false,
                             {},
                             model_given ? as_in_model : "participant_id, else the first column"});
    group.options.push_back({"session",
                             OptionKind::text,
                             "COLUMN",
                             "Column that tells repeated visits of a subject apart.",
                             {},
                             false,
                             {},
                             model_given ? as_in_model : "session_id where it exists"});
    group.options.push_back({"site",
                             OptionKind::list,
                             "COLUMNS",
                             "Column that names the site (scanner, centre); several are harmonised one after another, as in "
                             "'site,scanner'.",
                             model_given ? "" : "site",
                             false,
                             {},
                             model_given ? as_in_model : ""});
    return group;
}

cli::OptionGroup image_options(bool fitting) {
    cli::OptionGroup group{"Images", {}};
    group.options.push_back(
        {"images", OptionKind::path, "PATTERN",
         "Images in place of a table, as 'in/{participant_id}_FA.nii.gz': any column of --participants in "
         "braces. NIfTI, MGH, NRRD or MetaImage."});
    if (fitting) {
        group.options.push_back({"mask",
                                 OptionKind::path,
                                 "FILE",
                                 "Image that is not 0 in the voxels to harmonise.",
                                 {},
                                 false,
                                 {},
                                 "the voxels that are finite in all images and not the same value in all"});
        group.options.push_back(mask_threshold_option());
    }
    return group;
}

std::vector<cli::OptionSpec> image_result_options() {
    return {{"output-images", OptionKind::output, "PATTERN",
             "Harmonised images, as 'out/{participant_id}_FA.nii.gz'; folders are made."},
            {"datatype",
             OptionKind::choice,
             "TYPE",
             "How the harmonised images store a voxel.",
             "float32",
             false,
             {"float32", "float64"}},
            {"resume", OptionKind::flag, "",
             "Keep harmonised images that are there, whole, and made from the same inputs in the same way; write the model "
             "anew."}};
}

cli::OptionSpec mask_threshold_option() {
    return {"mask-threshold", OptionKind::number, "VALUE", "Only voxels whose mean over all images is above this."};
}

cli::OptionSpec shard_option(const std::string& what) {
    return {"shard", OptionKind::text, "K/N", "Only part K of N of " + what + "."};
}

cli::OptionGroup feature_options(bool model_given) {
    return {"Features",
            {{"features",
              OptionKind::list,
              "GLOBS",
              "Columns to harmonise, by name or pattern such as '*_thickness'.",
              {},
              false,
              {},
              model_given ? "every feature of the model" : "every numeric column without another role"},
             {"exclude", OptionKind::list, "GLOBS", "Columns to leave as they are, by name or pattern."}}};
}

cli::OptionGroup design_options() {
    return {
        "Design",
        {{"covariates", OptionKind::list, "COLUMNS",
          "Columns whose effects are kept: their part of the values is not taken for a site effect."},
         {"categorical", OptionKind::list, "COLUMNS", "Covariates that are categories although they look like numbers."},
         {"smooth", OptionKind::list, "TERMS",
          "Covariates whose effect is a curve (penalised splines, as smooth as REML finds right for each feature), as in "
          "'age,icv:k=6'; k counts the basis functions (default 10), lambda=X fixes the penalty."},
         {"smooth-bounds", OptionKind::list, "RANGES",
          "Range over which the knots of a curve lie, as in 'age=0:100'; default: the training range."},
         {"transform",
          OptionKind::choice,
          "KIND",
          "Harmonise logarithms, for positive measures whose spread grows with their size; results are values again.",
          "none",
          false,
          {"none", "log"}},
         {"train-where", OptionKind::text, "CONDITION",
          "Fit on the rows that satisfy a condition such as 'diagnosis==control && age>=18' only."}}};
}

cli::OptionGroup method_options() {
    return {
        "Method",
        {{"method",
          OptionKind::choice,
          "NAME",
          "How site effects are estimated: combat; covbat, which also harmonises how features vary together; longitudinal, "
          "for repeated visits of the same people; combatls, which keeps effects of covariates on the spread.",
          "combat",
          false,
          {"combat", "covbat", "longitudinal", "combatls"}},
         {"prior",
          OptionKind::choice,
          "KIND",
          "Prior of the site effects (empirical Bayes), or none.",
          "parametric",
          false,
          {"parametric", "nonparametric", "none"}},
         {"mean-only", OptionKind::flag, "", "Adjust location only, and leave the scale as it is."},
         {"robust", OptionKind::flag, "",
          "Medians and biweight midvariances in place of means and variances of a site, against outliers (combat, covbat)."},
         {"site-order",
          OptionKind::choice,
          "HOW",
          "Several --site columns: in the order given, or in the one that leaves the least effect of them all (auto).",
          "given",
          false,
          {"given", "auto"}},
         {"min-per-site", OptionKind::integer, "N",
          "Refuse to fit where a site has fewer values of a feature; names the sites.", "1"},
         {"reference", OptionKind::text, "SITE", "Harmonise to this site, whose values pass unchanged."},
         {"travelling", OptionKind::text, "COLUMN",
          "The column that names a person: site effects come from people who were measured at several sites, so that no "
          "difference between populations is taken for one between scanners."},
         {"subject", OptionKind::text, "COLUMN",
          "For longitudinal: the column that names a person, the same at every visit."},
         {"sigma",
          OptionKind::choice,
          "KIND",
          "For longitudinal: what values are standardised by, the residual SD of the mixed model (reml) or the root mean "
          "square of its residuals (msr).",
          "reml",
          false,
          {"reml", "msr"}},
         {"scale-covariates", OptionKind::list, "COLUMNS", "For combatls: covariates whose effects on the spread are kept."},
         {"components", OptionKind::integer, "N", "For covbat: how many principal components are harmonised."},
         {"explained", OptionKind::number, "SHARE",
          "For covbat without --components: as many as explain more than this share of the variance.", "0.95"},
         {"no-scale", OptionKind::flag, "", "For covbat: components of covariances, not of correlations."},
         {"convention",
          OptionKind::choice,
          "NAME",
          "Numerical habits: tare iterates every feature to its own fixed point; neurocombat reproduces published results.",
          "tare",
          false,
          {"tare", "neurocombat"}}}};
}

cli::OptionSpec return_option() {
    return {"return",
            OptionKind::choice,
            "WHAT",
            "Harmonised values, in which the covariates' effects are kept; or residuals, in which these are removed too.",
            "values",
            false,
            {"values", "residuals"}};
}

cli::OptionSpec unseen_site_option(bool model_given) {
    cli::OptionSpec option{
        "unseen-site",    OptionKind::choice,
        "POLICY",         "Subjects of a site without training rows: an error, or keep their values as they are.",
        "error",          false,
        {"error", "keep"}};
    if (model_given) {
        option.help =
            "Subjects of a site that the model has never seen: an error; estimate the site's effects from these very "
            "subjects, with the rest of the model as it is; or keep their values as they are.";
        option.choices = {"error", "estimate", "keep"};
    }
    return option;
}

cli::OptionSpec no_training_ids_option() {
    return {"no-training-ids", OptionKind::flag, "", "Do not keep salted hashes of the training subjects' ids."};
}

}  // namespace tare::commands
