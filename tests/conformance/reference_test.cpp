// Every reference case of the field that maps to options, by values: harmonised tables, new subjects, and the parameters.
#include <cstdio>

#include <catch2/catch.hpp>

#include "reference_case.hpp"
#include "support/places.hpp"
#include "support/process.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"
#include "tare/io/model_file.hpp"

using namespace tare;
using namespace tare::test;

namespace {

const std::vector<std::string> cases{"cf_combatls_ml",
                                     "cf_covfam",
                                     "cf_covfam_npc",
                                     "cf_covfam_ref",
                                     "cf_lm_predict",
                                     "cf_lm_unseen_site",
                                     "cf_lmer",
                                     "cf_no_eb",
                                     "cf_ref_batch",
                                     "cf_robust",
                                     "covbat_r",
                                     "dc_one_site_a_centre",
                                     "dc_two_sites_a_centre",
                                     "lc_msr",
                                     "lc_reml",
                                     "nc_batch_only",
                                     "nc_ctfd_age",
                                     "nc_default",
                                     "nc_from_training",
                                     "nc_mean_only",
                                     "nc_mean_only_no_eb",
                                     "nc_multilevel_category",
                                     "nc_no_eb",
                                     "nc_nonparametric",
                                     "nc_nonparametric_mean_only",
                                     "nc_ref_batch",
                                     "nc_ref_batch_no_eb",
                                     "nh_batch_only",
                                     "nh_learn_apply",
                                     "nh_no_eb",
                                     "nh_ref_batch",
                                     "nh_single_feature",
                                     "nh_unseen_site",
                                     "rnc_default",
                                     "rnc_missing",
                                     "rnc_ref_batch",
                                     "sva_mean_only",
                                     "sva_nonparametric",
                                     "sva_nonparametric_mean_only",
                                     "sva_parametric",
                                     "sva_ref_batch"};

void check(const std::string& name) {
    const auto shared = shared_folder();
    if (!shared) return skip("no reference data beside the project");
    const Differences found = compare(*shared / "conformance" / name);
    INFO(name << ": values " << found.values << ", parameters " << found.parameters << ", converged " << found.converged);
    REQUIRE(found.failure.empty());
    CHECK(found.values <= tolerance(name));
    CHECK(found.parameters <= tolerance(name));
    CHECK(found.converged <= tolerance(name));
}

}  // namespace

#define CONFORMS(name)            \
    TEST_CASE(name " conforms") { \
        check(name);              \
    }

CONFORMS("cf_combatls_ml")
CONFORMS("cf_covfam")
CONFORMS("cf_covfam_npc")
CONFORMS("cf_covfam_ref")
CONFORMS("cf_lm_predict")
CONFORMS("cf_lm_unseen_site")
CONFORMS("cf_lmer")
CONFORMS("cf_no_eb")
CONFORMS("cf_ref_batch")
CONFORMS("cf_robust")
CONFORMS("covbat_r")
CONFORMS("dc_one_site_a_centre")
CONFORMS("dc_two_sites_a_centre")
CONFORMS("lc_msr")
CONFORMS("lc_reml")
CONFORMS("nc_batch_only")
CONFORMS("nc_ctfd_age")
CONFORMS("nc_default")
CONFORMS("nc_from_training")
CONFORMS("nc_mean_only")
CONFORMS("nc_mean_only_no_eb")
CONFORMS("nc_multilevel_category")
CONFORMS("nc_no_eb")
CONFORMS("nc_nonparametric")
CONFORMS("nc_nonparametric_mean_only")
CONFORMS("nc_ref_batch")
CONFORMS("nc_ref_batch_no_eb")
CONFORMS("nh_batch_only")
CONFORMS("nh_learn_apply")
CONFORMS("nh_no_eb")
CONFORMS("nh_ref_batch")
CONFORMS("nh_single_feature")
CONFORMS("nh_unseen_site")
CONFORMS("rnc_default")
CONFORMS("rnc_missing")
CONFORMS("rnc_ref_batch")
CONFORMS("sva_mean_only")
CONFORMS("sva_nonparametric")
CONFORMS("sva_nonparametric_mean_only")
CONFORMS("sva_parametric")
CONFORMS("sva_ref_batch")

TEST_CASE("every reference case is compared here or has a test of its own") {
    const auto shared = shared_folder();
    if (!shared) return skip("no reference data beside the project");
    const std::vector<std::string> own_tests{
        "cf_gam_predict", "cf_gam_reml_ref", "harmonizer_cv5_ctfd_gam", "harmonizer_cv5_ctfd_linear",
        "nh_gam_age",     "nh_gam_ctfd",     "nh_gam_ref_batch",        "nh_gam_age_nobounds",
        "pspline_reml",   "sva_missing"};
    for (const auto& entry : std::filesystem::directory_iterator(*shared / "conformance")) {
        if (!entry.is_directory()) continue;
        const std::string name = entry.path().filename().string();
        INFO(name);
        CHECK(std::count(cases.begin(), cases.end(), name) + std::count(own_tests.begin(), own_tests.end(), name) == 1);
    }
}

TEST_CASE("the achieved errors, as the table of docs/validation.md", "[.table]") {
    const auto shared = shared_folder();
    if (!shared) return skip("no reference data beside the project");
    std::printf(
        "| case | values (SD) | parameters | own convention against the converged peer (SD) |\n| --- | --- | --- | --- |\n");
    for (const std::string& name : cases) {
        const Differences found = compare(*shared / "conformance" / name);
        std::printf("| `%s` |", name.c_str());
        for (const double figure : {found.values, found.parameters, found.converged}) {
            std::printf(figure < 0.0 ? " – |" : " %.1e |", figure);
        }
        std::printf("\n");
    }
}

TEST_CASE("new subjects keep their own covariates where neuroCombatFromTraining takes the training mean") {
    // The peer's answer for a new subject is ours moved by (1 − 1/√δ*)(c − c̄)ᵀβ, with c̄ the mean of the training rows.
    const auto shared = shared_folder();
    if (!shared) return skip("no reference data beside the project");
    const std::filesystem::path folder = *shared / "conformance" / "nc_from_training";
    const TemporaryDirectory work;
    std::vector<std::string> arguments{"tare-harmonise", "--input",     (folder / "input.tsv").string(),
                                       "--convention",   "neurocombat", "--output",
                                       "fit.tsv",        "--model",     "m.json"};
    const std::vector<std::string> columns = column_arguments(folder);
    arguments.insert(arguments.end(), columns.begin(), columns.end());
    REQUIRE(run(arguments, {.folder = work.path()}).code == 0);
    REQUIRE(run({"tare-apply", "--model", "m.json", "--input", (folder / "test.tsv").string(), "--output", "new.tsv"},
                {.folder = work.path()})
                .code == 0);
    const stats::CombatModel model = io::read_model((work.path() / "m.json").string()).model;
    const std::vector<std::string> text{"site", "sex", "dx"};
    const data::Table training = read_numbers((folder / "input.tsv").string(), text);
    const data::Table raw = read_numbers((folder / "test.tsv").string(), text);
    const data::Table ours = read_numbers((work.path() / "new.tsv").string(), text);
    const data::Table theirs = read_numbers((folder / "expected" / "harmonized_test.tsv").string());

    const auto codes = [](const data::Table& table, base::Index row) {
        return std::array<double, 3>{table.features.values(row, table.place[static_cast<std::size_t>(table.find("age"))]),
                                     table.text_cell(row, table.find("sex")) == "M" ? 1.0 : 0.0,
                                     table.text_cell(row, table.find("dx")) == "PT" ? 1.0 : 0.0};
    };
    std::array<double, 3> mean_codes{};
    for (base::Index i = 0; i < training.rows(); ++i) {
        for (std::size_t j = 0; j < 3; ++j) mean_codes[j] += codes(training, i)[j] / static_cast<double>(training.rows());
    }
    REQUIRE(model.design.terms() == std::vector<std::string>{"age", "sex=M", "dx=PT"});
    const std::vector<std::string> names = model.features.names();
    double largest = 0.0, moved = 0.0;
    for (base::Index i = 0; i < raw.rows(); ++i) {
        const std::string site(raw.text_cell(i, raw.find("site")));
        const base::Index s = std::find(model.sites.begin(), model.sites.end(), site) - model.sites.begin();
        for (std::size_t f = 0; f < names.size(); ++f) {
            double effect = 0.0;
            for (std::size_t j = 0; j < 3; ++j) {
                effect += (codes(raw, i)[j] - mean_codes[j]) *
                          model.coefficients(static_cast<base::Index>(j), static_cast<base::Index>(f));
            }
            const double move = (1.0 - 1.0 / std::sqrt(model.delta_star(s, static_cast<base::Index>(f)))) * effect;
            const double spread = std::sqrt(model.pooled_variance[f]);
            const double difference =
                column(ours, names[f])[static_cast<std::size_t>(i)] - column(theirs, names[f])[static_cast<std::size_t>(i)];
            largest = std::max(largest, std::abs(difference - move) / spread);
            moved = std::max(moved, std::abs(move) / spread);
        }
    }
    CHECK(largest < 1e-9);
    CHECK(moved > 0.01);
}

TEST_CASE("a site that the model has never seen is refused, or kept, where neuroHarmonize gives missing rows") {
    const auto shared = shared_folder();
    if (!shared) return skip("no reference data beside the project");
    const std::filesystem::path folder = *shared / "conformance" / "nh_unseen_site";
    const TemporaryDirectory work;
    std::vector<std::string> arguments{"tare-fit", "--input", (folder / "input.tsv").string(), "--convention", "neurocombat",
                                       "--model",  "m.json"};
    const std::vector<std::string> columns = column_arguments(folder);
    arguments.insert(arguments.end(), columns.begin(), columns.end());
    REQUIRE(run(arguments, {.folder = work.path()}).code == 0);
    const std::vector<std::string> apply{"tare-apply", "--model", "m.json", "--input", (folder / "test.tsv").string(),
                                         "--output",   "o.tsv"};
    const Finished refused = run(apply, {.folder = work.path()});
    CHECK(refused.code == 65);
    CHECK(refused.err.find("site 's03' is not in the model") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(work.path() / "o.tsv"));

    std::vector<std::string> keeping = apply;
    keeping.insert(keeping.end(), {"--unseen-site", "keep"});
    REQUIRE(run(keeping, {.folder = work.path()}).code == 0);
    const std::vector<std::string> text{"site", "sex", "dx"};
    const data::Table raw = read_numbers((folder / "test.tsv").string(), text);
    const data::Table ours = read_numbers((work.path() / "o.tsv").string(), text);
    const data::Table theirs = read_numbers((folder / "expected" / "harmonized_test.tsv").string());
    std::size_t unseen = 0;
    for (const std::string& feature : std::vector<std::string>(theirs.header.begin() + 1, theirs.header.end())) {
        const std::vector<double> before = column(raw, feature), after = column(ours, feature),
                                  peer = column(theirs, feature);
        for (base::Index i = 0; i < raw.rows(); ++i) {
            const auto k = static_cast<std::size_t>(i);
            if (raw.text_cell(i, raw.find("site")) == "s03") {
                ++unseen;
                CHECK(std::isnan(peer[k]));
                CHECK(after[k] == before[k]);
            } else {
                CHECK(std::abs(after[k] - peer[k]) <= 1e-9 * standard_deviation(before));
            }
        }
    }
    CHECK(unseen > 0);
}

TEST_CASE("centres that share moments only reach the pooled fit of Distributed-ComBat") {
    const auto shared = shared_folder();
    if (!shared) return skip("no reference data beside the project");
    const std::filesystem::path folder = *shared / "conformance" / "dc_two_sites_a_centre";
    const TemporaryDirectory work;
    const std::vector<std::string> columns = column_arguments(folder);
    std::vector<std::string> merge{"tare-merge", "--output", "all.json"};
    for (const std::string site : {"s01", "s02", "s03", "s04", "s05", "s06"}) {
        std::vector<std::string> arguments{"tare-moments",  "--input",       (folder / "input.tsv").string(),
                                           "--train-where", "site==" + site, "--output",
                                           site + ".json"};
        arguments.insert(arguments.end(), columns.begin(), columns.end());
        const Finished finished = run(arguments, {.folder = work.path()});
        if (finished.code != 0) continue;  // a site that the case does not have
        merge.push_back(site + ".json");
    }
    REQUIRE(merge.size() > 4);
    REQUIRE(run(merge, {.folder = work.path()}).code == 0);
    REQUIRE(run({"tare-fit", "--moments", "all.json", "--convention", "neurocombat", "--model", "m.json"},
                {.folder = work.path()})
                .code == 0);
    REQUIRE(run({"tare-apply", "--model", "m.json", "--input", (folder / "input.tsv").string(), "--output", "o.tsv"},
                {.folder = work.path()})
                .code == 0);
    CHECK(value_difference(folder / "expected" / "harmonized.tsv", work.path() / "o.tsv", folder / "input.tsv") < 1e-9);
}
