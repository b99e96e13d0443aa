// What must not change any feature: where the structure lies, mirrors, and the scale of intensities.
#include "tare/imaging/texture/texture.hpp"

#include <cmath>
#include <fstream>
#include <set>

#include <catch2/catch.hpp>

#include "small_region.hpp"
#include "support/places.hpp"

using namespace tare;
using namespace tare::imaging::texture;
using test::random_image;
using test::region_of;
using test::SmallImage;

namespace {

TextureOptions all_options(const Discretisation& how = {Discretisation::Kind::bins, 8}) {
    TextureOptions options;
    options.aggregations.clear();
    for (const NamedFamily& one : families()) options.families.push_back(one.family);
    for (const NamedAggregation& one : aggregations()) options.aggregations.push_back(one.aggregation);
    options.discretisation = how;
    return options;
}

std::vector<Feature> features_of(const SmallImage& small, const TextureOptions& options) {
    return texture_features(small.image, region_of(small), options);
}

void check_same(const std::vector<Feature>& a, const std::vector<Feature>& b, const std::set<std::string>& without = {}) {
    REQUIRE(a.size() == b.size());
    for (std::size_t i = 0; i < a.size(); ++i) {
        const std::string family = a[i].name.substr(0, a[i].name.find('_'));
        if (without.contains(family) || without.contains(a[i].name)) continue;
        INFO(a[i].name);
        CHECK(std::isnan(a[i].value) == std::isnan(b[i].value));
        if (!std::isnan(a[i].value)) CHECK(b[i].value == Approx(a[i].value).epsilon(1e-9).margin(1e-9));
    }
}

}  // namespace

TEST_CASE("features have names, tags and codes, each name once", "[texture]") {
    const std::vector<Feature> features = texture_features(all_options());
    CHECK(features.size() == 483);
    std::set<std::string> names, tags;
    for (const Feature& feature : features) {
        CHECK(names.insert(feature.name).second);
        CHECK(tags.insert(feature.tag).second);
        CHECK(feature.code.size() == 4);
        CHECK(std::isnan(feature.value));
    }
    CHECK(names.contains("glcm_contrast_2_5d_merged"));
    CHECK(names.contains("morphology_volume_mm3"));
    TextureOptions both;
    both.families = {Family::glszm, Family::intensity};
    both.aggregations = {Aggregation::volume_merged, Aggregation::volume_average};
    CHECK(texture_features(both).size() == 18 + 16);
}

TEST_CASE("features are the same wherever the structure lies in the image", "[texture]") {
    const SmallImage small = random_image({5, 4, 3}, 11);
    SmallImage moved = test::small_image({9, 8, 7}, std::vector<double>(9 * 8 * 7, 0.0));
    for (std::size_t i = 0; i < small.image.values.size(); ++i) {
        const std::size_t at = ((i / 20 + 2) * 8 + i / 5 % 4 + 1) * 9 + i % 5 + 3;
        moved.image.values[at] = small.image.values[i];
        moved.labels.labels[at] = small.labels.labels[i];
    }
    // Around the structure there is now more of the image.
    check_same(features_of(small, all_options()), features_of(moved, all_options()), {"local"});
}

TEST_CASE("features are the same in a mirror", "[texture]") {
    for (std::uint64_t seed = 1; seed <= 4; ++seed) {
        const SmallImage small = random_image({6, 5, 4}, seed);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            check_same(features_of(small, all_options()), features_of(test::mirrored(small, axis), all_options()));
        }
    }
}

TEST_CASE("features of grey levels do not depend on offset and scale where their number is fixed", "[texture]") {
    const SmallImage small = random_image({6, 5, 4}, 5, 40);
    SmallImage scaled = small;
    for (double& value : scaled.image.values) value = 4.0 * value - 32.0;
    const std::set<std::string> of_intensity{"intensity", "local", "morphology_integrated_intensity",
                                             "morphology_centre_of_mass_shift_mm"};
    check_same(features_of(small, all_options()), features_of(scaled, all_options()), of_intensity);
}

TEST_CASE("bins of a size are bins of a number where both cut at the same intensities", "[texture]") {
    const SmallImage small = random_image({6, 5, 4}, 7, 16);
    check_same(features_of(small, all_options({Discretisation::Kind::none, 0})),
               features_of(small, all_options({Discretisation::Kind::size, 1})), {"ivh"});
}

TEST_CASE("the tail of a region without measurable intensities is not defined, its shape is", "[texture]") {
    const SmallImage small = random_image({4, 3, 3}, 2);
    const Region region = region_of(small, {100.0, 200.0});
    CHECK(region.measured_voxels == 0);
    for (const Feature& feature : texture_features(small.image, region, all_options())) {
        const bool shape = feature.name.starts_with("morphology_") && !feature.name.starts_with("morphology_int") &&
                           !feature.name.starts_with("morphology_centre");
        INFO(feature.name);
        CHECK(std::isnan(feature.value) != shape);
    }
}

TEST_CASE("the page of features lists each with its code", "[texture]") {
    std::ifstream file(test::source_folder() / "docs" / "texture.md");
    const std::string page((std::istreambuf_iterator<char>(file)), {});
    TextureOptions options = all_options();
    options.aggregations = {Aggregation::volume_merged};
    for (const Feature& feature : texture_features(options)) {
        std::string name = feature.name;
        const bool of_counts = name.starts_with("glrlm_") || name.starts_with("glszm_") || name.starts_with("gldzm_") ||
                               name.starts_with("ngldm_");
        for (const char* ending : {"_3d_merged", "_3d"}) {
            if (name.ends_with(ending)) name.resize(name.size() - std::string(ending).size());
        }
        if (of_counts) name = name.substr(name.find('_') + 1);
        const std::string entry = "`" + name + "`" + (of_counts ? " " : " | ") + std::string(feature.code);
        INFO(entry);
        CHECK(page.find(entry) != std::string::npos);
    }
}
