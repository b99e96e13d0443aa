// Regional statistics against closed forms and numbers that numpy and scipy give.
#include "tare/imaging/regional.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <catch2/catch.hpp>

#include "tare/imaging/freesurfer_labels.hpp"

using namespace tare;
using imaging::RegionalSummary;
using imaging::summarise;

TEST_CASE("regions: mean, spread, extremes and percentiles of few values", "[regional]") {
    const std::array percentiles{0.0, 5.0, 25.0, 50.0, 90.0, 100.0};
    const RegionalSummary summary = summarise({7.0, 1.0, 3.0, 2.0}, percentiles, 0.25);
    CHECK(summary.mean == 3.25);
    CHECK(summary.sd == Approx(std::sqrt(20.75 / 3.0)).epsilon(1e-15));
    CHECK(summary.minimum == 1.0);
    CHECK(summary.maximum == 7.0);
    CHECK(summary.trimmed_mean == 2.5);
    // numpy.percentile([7, 1, 3, 2], …)
    const std::array wanted{1.0, 1.15, 1.75, 2.5, 5.8, 7.0};
    for (std::size_t i = 0; i < wanted.size(); ++i) CHECK(summary.percentiles[i] == Approx(wanted[i]).epsilon(1e-14));
}

TEST_CASE("regions: percentiles are numpy's to the last bit", "[regional]") {
    // numpy.percentile([0.2, 0.3, 1.2, 3.9, 8.4], [5, 35, 64, 90, 97.5])
    const std::array percentiles{5.0, 35.0, 64.0, 90.0, 97.5};
    const RegionalSummary summary = summarise({0.2, 0.3, 1.2, 3.9, 8.4}, percentiles, 0.0);
    CHECK(summary.percentiles ==
          std::vector<double>{0.22, 0.6599999999999999, 2.7119999999999997, 6.6000000000000005, 7.95});
}

TEST_CASE("regions: one value has no spread, none has nothing", "[regional]") {
    const std::array percentiles{5.0, 50.0};
    const RegionalSummary one = summarise({4.0}, percentiles, 0.4);
    CHECK(one.mean == 4.0);
    CHECK(std::isnan(one.sd));
    CHECK(one.trimmed_mean == 4.0);
    CHECK(one.percentiles == std::vector<double>{4.0, 4.0});
    const RegionalSummary none = summarise({}, percentiles, 0.0);
    for (const double value : {none.mean, none.sd, none.minimum, none.maximum, none.trimmed_mean, none.percentiles[1]}) {
        CHECK(std::isnan(value));
    }
}

TEST_CASE("regions: a large offset costs no digits", "[regional]") {
    std::vector<double> values;
    for (int i = 0; i < 1000; ++i) values.push_back(1e9 + i % 10);
    const RegionalSummary summary = summarise(values, {}, 0.0);
    CHECK(summary.mean == 1e9 + 4.5);
    CHECK(summary.sd == Approx(std::sqrt(8.25 * 1000.0 / 999.0)).epsilon(1e-13));
}

TEST_CASE("regions: the order of the values does not matter", "[regional]") {
    std::vector<double> values;
    for (int i = 0; i < 501; ++i) values.push_back(std::sin(i * 1.7) * 100.0);
    const std::array percentiles{33.0};
    const RegionalSummary forward = summarise(values, percentiles, 0.1);
    std::reverse(values.begin(), values.end());
    const RegionalSummary backward = summarise(values, percentiles, 0.1);
    CHECK(forward.mean == backward.mean);
    CHECK(forward.sd == backward.sd);
    CHECK(forward.trimmed_mean == backward.trimmed_mean);
    CHECK(forward.percentiles == backward.percentiles);
}

TEST_CASE("regions: weighted means leave out what is not finite, and need a weight", "[regional]") {
    const std::array values{1.0, 3.0, std::nan(""), 5.0}, weights{1.0, 0.5, 9.0, 0.5};
    const imaging::WeightedMean mean = imaging::weighted_mean(values, weights);
    CHECK(mean.mean == 2.5);
    CHECK(mean.weight == 2.0);
    const std::array nothing{0.0, 0.0, 0.0, 0.0};
    CHECK(std::isnan(imaging::weighted_mean(values, nothing).mean));
}

TEST_CASE("regions: voxels of every label but background", "[regional]") {
    const data::Segmentation segmentation{{{2, 3, 1}}, {0, 7, 7, -2, 0, 7}};
    const auto voxels = imaging::voxels_by_label(segmentation);
    REQUIRE(voxels.size() == 2);
    CHECK(voxels.at(7) == std::vector<base::Index>{1, 2, 5});
    CHECK(voxels.at(-2) == std::vector<base::Index>{3});
}

TEST_CASE("FreeSurfer's labels: names by number, lobes that make up the cerebral grey matter", "[regional]") {
    const data::LabelNames& names = imaging::freesurfer_names();
    CHECK(names.at(17) == "Left-Hippocampus");
    CHECK(names.at(255) == "CC_Anterior");
    CHECK(names.at(1001) == "ctx-lh-bankssts");
    CHECK(names.at(2035) == "ctx-rh-insula");
    CHECK(names.at(4035) == "wm-rh-insula");
    CHECK(names.at(11101) == "ctx_lh_G_and_S_frontomargin");
    CHECK(names.at(11142) == "ctx_lh_Medial_wall");
    CHECK(names.at(12175) == "ctx_rh_S_temporal_transverse");
    CHECK_FALSE(names.contains(0));

    std::set<std::int32_t> lobes;
    std::size_t parcels = 0;
    for (const data::LabelGroup& lobe : imaging::freesurfer_groups("lobes", true)) {
        lobes.insert(lobe.labels.begin(), lobe.labels.end());
        parcels += lobe.labels.size();
    }
    // Each of the 34 parcels of a side is in one lobe.
    CHECK(parcels == lobes.size());
    CHECK(lobes.size() == 68);
    const std::vector<data::LabelGroup> tissues = imaging::freesurfer_groups("tissues", true);
    REQUIRE(tissues.size() == 4);
    CHECK(tissues[0].name == "cerebral_gm");
    const std::set<std::int32_t> cortex(tissues[0].labels.begin(), tissues[0].labels.end());
    CHECK(std::includes(cortex.begin(), cortex.end(), lobes.begin(), lobes.end()));
    // Beside them the 74 parcels of Destrieux on each side, without the medial wall.
    CHECK(cortex.size() == 68 + 148);
    CHECK_FALSE(cortex.contains(11142));
    CHECK(imaging::freesurfer_groups("tissues", false)[0].labels == std::vector<std::int32_t>{3, 42});
    const std::vector<data::LabelGroup> sides = imaging::freesurfer_groups("hemispheres", false);
    REQUIRE(sides.size() == 8);
    CHECK(sides[5].name == "right_cerebral_wm");
    CHECK(sides[5].labels.front() == 41);
    CHECK(sides[5].labels.back() == 4035);
    CHECK_THROWS_AS(imaging::freesurfer_groups("lobe", true), std::logic_error);
}
