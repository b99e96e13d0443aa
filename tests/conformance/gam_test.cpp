// The peers' curves of age choose basis and penalty otherwise than tare, by design: how far apart the results are, and by
// how much the peers differ from themselves. The distance is the largest of a harmonised value, in SD of the raw feature.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <optional>
#include <sstream>

#include <catch2/catch.hpp>

#include "cross_validated.hpp"
#include "reference_case.hpp"
#include "support/places.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"
#include "tare/base/number_text.hpp"

using namespace tare;
using namespace tare::test;

namespace {

constexpr const char* no_data = "no reference data beside the project";

std::vector<std::string> with(std::vector<std::string> arguments, const std::vector<std::string>& more) {
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
}

/// The larger of each, feature by feature.
void take_larger(std::vector<double>& distances, const std::vector<double>& others) {
    distances.resize(std::max(distances.size(), others.size()), 0.0);
    for (std::size_t f = 0; f < others.size(); ++f) distances[f] = std::max(distances[f], others[f]);
}

/// The distances of all features over the rows of a case, fitted and new, with the case's input harmonised under `options`.
std::vector<double> distances_of(const std::filesystem::path& folder, const std::vector<std::string>& options) {
    const TemporaryDirectory work;
    const std::filesystem::path input = folder / "input.tsv", expected = folder / "expected";
    const Finished fitted = run(with(with({"tare-harmonise", "--input", input.string(), "--smooth", "age", "--output",
                                           "fit.tsv", "--model", "m.json"},
                                          column_arguments(folder)),
                                     options),
                                {.folder = work.path()});
    INFO(fitted.err);
    REQUIRE(fitted.code == 0);
    std::vector<double> distances = feature_differences(expected / "harmonized.tsv", work.path() / "fit.tsv", input);
    if (!std::filesystem::exists(expected / "harmonized_test.tsv")) return distances;
    REQUIRE(run({"tare-apply", "--model", "m.json", "--input", (folder / "test.tsv").string(), "--output", "new.tsv"},
                {.folder = work.path()})
                .code == 0);
    take_larger(distances, feature_differences(expected / "harmonized_test.tsv", work.path() / "new.tsv", input));
    return distances;
}

void write_lines(const std::filesystem::path& path, const std::vector<std::string>& lines) {
    std::ofstream file(path);
    for (const std::string& line : lines) file << line << '\n';
}

/// The distances of a case by folds: every row as given by the model of the other folds.
std::vector<double> distances_by_folds(const std::filesystem::path& folder, const std::filesystem::path& input,
                                       const std::vector<std::string>& options) {
    const TemporaryDirectory work;
    std::vector<std::string> rows;  // of the input, the header first
    std::ifstream file(input);
    for (std::string line; std::getline(file, line);) rows.push_back(line);
    std::vector<std::string> together(rows.size());
    std::size_t fold_column = 0;
    for (std::istringstream header(rows[0]); std::getline(header, together[0], '\t') && together[0] != "fold";)
        ++fold_column;
    const auto fold_of = [&](const std::string& row) {
        std::istringstream cells(row);
        std::string cell;
        for (std::size_t j = 0; j <= fold_column; ++j) std::getline(cells, cell, '\t');
        return cell;
    };
    for (const std::string fold : {"1", "2", "3", "4", "5"}) {
        const Finished fitted = run(with(with({"tare-fit", "--input", input.string(), "--train-where", "fold!=" + fold,
                                               "--model", "m" + fold + ".json"},
                                              column_arguments(folder)),
                                         options),
                                    {.folder = work.path()});
        INFO(fitted.err);
        REQUIRE(fitted.code == 0);
        REQUIRE(run({"tare-apply", "--model", "m" + fold + ".json", "--input", input.string(), "--output", fold + ".tsv"},
                    {.folder = work.path()})
                    .code == 0);
        std::ifstream result(work.path() / (fold + ".tsv"));
        std::size_t i = 0;
        for (std::string line; std::getline(result, line); ++i) {
            if (i == 0 || fold_of(rows[i]) == fold) together[i] = line;
        }
        REQUIRE(i == rows.size());
    }
    write_lines(work.path() / "all.tsv", together);
    return feature_differences(folder / "expected" / "harmonized_test.tsv", work.path() / "all.tsv", input);
}

void check_within(const std::filesystem::path& folder, const std::vector<double>& distances,
                  const std::vector<double>& band) {
    const std::vector<std::string> names = features_of(folder);
    REQUIRE(distances.size() == names.size());
    REQUIRE(band.size() == names.size());
    for (std::size_t f = 0; f < names.size(); ++f) {
        INFO(names[f] << ": " << distances[f] << " from the peer's table; its own seeds are up to " << band[f] << " apart");
        CHECK(distances[f] <= band[f]);
    }
}

// neuroHarmonize (B-splines with knots at quantiles) takes the penalty of a feature from cross-validation on folds that a
// seed draws: another seed, another table. tare takes REML's, which no seed moves. The bands say how far apart, feature by
// feature, two seeds can be; the peer's stored table is one seed more. Made with neuroHarmonize 2.5.2 by
// tests/oracles/neuroharmonize_band.py CASE 40 for nh_gam_age, 20 seeds for the others.
const std::vector<double> band_of_age{0.109, 0.238, 0.247, 0.218, 0.203, 0.315, 0.598, 0.212, 0.218,
                                      0.338, 0.409, 0.391, 0.349, 0.251, 0.108, 0.336, 0.144, 0.227};
const std::vector<double> band_without_bounds{0.102, 0.169, 0.232, 0.233, 0.191, 0.286, 0.523, 0.211, 0.174,
                                              0.297, 0.229, 0.329, 0.179, 0.282, 0.106, 0.083, 0.055, 0.113};
const std::vector<double> band_of_ctfd{0.067, 0.124, 0.053, 0.143, 0.156, 0.106, 0.070, 0.040, 0.066, 0.047, 0.074,
                                       0.155, 0.146, 0.015, 0.123, 0.087, 0.059, 0.076, 0.168, 0.253, 0.067, 0.098};
const std::vector<double> band_with_reference{0.144, 0.487, 0.327, 0.366, 0.211, 0.401, 0.505, 0.260, 0.319,
                                              0.786, 0.644, 0.318, 0.337, 0.444, 0.203, 0.271, 0.053, 0.181};
const std::vector<double> band_by_folds{0.191, 0.114, 0.095, 0.272, 0.257, 0.132, 0.126, 0.089, 0.152, 0.062, 0.110,
                                        0.356, 0.416, 0.075, 0.175, 0.114, 0.122, 0.142, 0.174, 0.297, 0.119, 0.125};

}  // namespace

TEST_CASE("nh_gam_age: within the band of neuroHarmonize's own seeds") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "nh_gam_age";
    check_within(folder, distances_of(folder, {"--smooth-bounds", "age=0:100"}), band_of_age);
}

TEST_CASE("nh_gam_age_nobounds: within the band of neuroHarmonize's own seeds") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "nh_gam_age_nobounds";
    check_within(folder, distances_of(folder, {}), band_without_bounds);
}

TEST_CASE("nh_gam_ctfd: within the band of neuroHarmonize's own seeds") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "nh_gam_ctfd";
    check_within(folder, distances_of(folder, {"--smooth-bounds", "age=0:100"}), band_of_ctfd);
}

TEST_CASE("nh_gam_ref_batch: within the band of neuroHarmonize's own seeds") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "nh_gam_ref_batch";
    check_within(folder, distances_of(folder, {"--smooth-bounds", "age=0:100", "--reference", "s02"}), band_with_reference);
}

TEST_CASE("harmonizer_cv5_ctfd_gam: within the band of neuroHarmonize's own seeds, on rows never trained on") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "harmonizer_cv5_ctfd_gam";
    const std::vector<std::string> options{"--smooth", "age", "--smooth-bounds", "age=0:100"};
    check_within(folder, distances_by_folds(folder, folder / "input.tsv", options), band_by_folds);
    check_within(folder, CrossValidated(folder, folder / "input.tsv", options).distances(), band_by_folds);
}

TEST_CASE("harmonizer_cv5_ctfd_linear: the same values on rows never trained on") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path folder = *shared / "conformance" / "harmonizer_cv5_ctfd_linear";
    const std::vector<std::string> options{"--convention", "neurocombat"};
    for (const double distance : distances_by_folds(folder, folder / "input.tsv", options)) CHECK(distance <= 1e-6);

    // What is left of that is the peer's: it passes ages through 32-bit floats. From such ages tare gives its values.
    const TemporaryDirectory work;
    std::ifstream file(folder / "input.tsv");
    std::vector<std::string> lines;
    for (std::string line; std::getline(file, line);) {
        if (!lines.empty()) {
            const std::size_t begin = line.find('\t', line.find('\t') + 1) + 1, end = line.find('\t', begin);
            const std::optional<double> age = base::parse_number(line.substr(begin, end - begin));
            REQUIRE(age);
            line.replace(begin, end - begin, base::number_text(static_cast<double>(static_cast<float>(*age))));
        } else {
            REQUIRE(line.starts_with("participant_id\tsite\tage\t"));
        }
        lines.push_back(line);
    }
    write_lines(work.path() / "ages.tsv", lines);
    for (const double distance : distances_by_folds(folder, work.path() / "ages.tsv", options)) CHECK(distance <= 1e-12);
}

// ComBatFamily lends mgcv's curves. With mgcv's own P-splines and REML in the place of the case's basis and criterion (and
// its Newton steps carried to 1e-11), ComBat around it differs from tare by 1e-8 SD at most; these are that run's distances
// from the case (R 4.2.2, mgcv 1.8-41). So what separates tare from the case is the choice of the curve, and that alone.
const std::vector<double> thin_plate_by_gcv{0.0274, 0.0342, 0.0199, 0.0194, 0.0274, 0.1806, 0.2339, 0.0321, 0.0285,
                                            0.0735, 0.1126, 0.0388, 0.0178, 0.0449, 0.0276, 0.0258, 0.0290, 0.0387};
const std::vector<double> cubic_by_reml{0.0043, 0.0085, 0.0036, 0.0096, 0.0097, 0.0023, 0.1751, 0.0087, 0.0123,
                                        0.0160, 0.0102, 0.0167, 0.0109, 0.0057, 0.0043, 0.0022, 0.0136, 0.0050};

void check_same(const std::vector<double>& distances, const std::vector<double>& of_mgcv) {
    REQUIRE(distances.size() == of_mgcv.size());
    for (std::size_t f = 0; f < distances.size(); ++f) {
        INFO("feature " << f << ": " << distances[f] << " beside " << of_mgcv[f]);
        CHECK(std::abs(distances[f] - of_mgcv[f]) <= 1.5e-4);
    }
}

TEST_CASE("cf_gam_predict: as far from mgcv's thin plates by GCV as its P-splines by REML are") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    check_same(distances_of(*shared / "conformance" / "cf_gam_predict", {}), thin_plate_by_gcv);
}

TEST_CASE("cf_gam_reml_ref: as far from mgcv's cubic splines as its P-splines are, both by REML") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    check_same(distances_of(*shared / "conformance" / "cf_gam_reml_ref", {"--reference", "s01"}), cubic_by_reml);
}

TEST_CASE("the achieved distances of curves, as docs/validation.md gives them", "[.table]") {
    const auto shared = shared_folder();
    if (!shared) return skip(no_data);
    const std::filesystem::path cases = *shared / "conformance";
    const std::vector<std::string> bounds{"--smooth-bounds", "age=0:100"};
    const auto print = [](const std::string& name, const std::vector<double>& distances, const std::vector<double>& band) {
        double largest = 0.0, nearest_to_band = 0.0;
        for (std::size_t f = 0; f < distances.size(); ++f) {
            largest = std::max(largest, distances[f]);
            nearest_to_band = std::max(nearest_to_band, distances[f] / band[f]);
        }
        std::printf("| `%s` | %.3f | %.3f | %.2f |\n", name.c_str(), largest, *std::max_element(band.begin(), band.end()),
                    nearest_to_band);
    };
    print("nh_gam_age", distances_of(cases / "nh_gam_age", bounds), band_of_age);
    print("nh_gam_age_nobounds", distances_of(cases / "nh_gam_age_nobounds", {}), band_without_bounds);
    print("nh_gam_ctfd", distances_of(cases / "nh_gam_ctfd", bounds), band_of_ctfd);
    print("nh_gam_ref_batch", distances_of(cases / "nh_gam_ref_batch", with(bounds, {"--reference", "s02"})),
          band_with_reference);
    const std::filesystem::path folds = cases / "harmonizer_cv5_ctfd_gam";
    print("harmonizer_cv5_ctfd_gam", distances_by_folds(folds, folds / "input.tsv", with({"--smooth", "age"}, bounds)),
          band_by_folds);
    print("cf_gam_predict", distances_of(cases / "cf_gam_predict", {}), thin_plate_by_gcv);
    print("cf_gam_reml_ref", distances_of(cases / "cf_gam_reml_ref", {"--reference", "s01"}), cubic_by_reml);
    const std::filesystem::path linear = cases / "harmonizer_cv5_ctfd_linear";
    const std::vector<double> exact = distances_by_folds(linear, linear / "input.tsv", {"--convention", "neurocombat"});
    std::printf("| `harmonizer_cv5_ctfd_linear` | %.1e |\n", *std::max_element(exact.begin(), exact.end()));
}
