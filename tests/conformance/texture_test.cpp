// The digital phantom of the Image Biomarker Standardisation Initiative: every reference value that it has, each by itself.
#include "tare/imaging/texture/texture.hpp"

#include <cmath>
#include <cstdio>
#include <fstream>
#include <map>

#include <catch2/catch.hpp>

#include "support/places.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"
#include "tare/io/volume_file.hpp"

using namespace tare;
using namespace tare::test;
using namespace tare::imaging::texture;

namespace {

struct Reference {
    std::string tag;
    double value = 0.0, tolerance = 0.0;
};

struct References {
    std::vector<Reference> valued;
    std::vector<std::string> without_value;
};

References references(const std::filesystem::path& path) {
    References found;
    std::ifstream file(path);
    std::string line;
    std::getline(file, line);
    while (std::getline(file, line)) {
        const std::size_t first = line.find(';');
        const std::size_t second = line.find(';', first + 1);
        std::string tag = line.substr(second + 1);
        while (!tag.empty() && (tag.back() == '\r' || tag.back() == ' ')) tag.pop_back();
        const auto value = base::parse_number(line.substr(0, first));
        const auto tolerance = base::parse_number(line.substr(first + 1, second - first - 1));
        if (value) {
            found.valued.push_back({tag, *value, tolerance.value_or(0.0)});
        } else {
            found.without_value.push_back(tag);
        }
    }
    return found;
}

/// Values are published with three significant digits: they are met by all that rounds to them.
bool is_met(double value, const Reference& reference) {
    const double size = std::abs(reference.value);
    const double unit = size > 0.0 ? std::pow(10.0, std::floor(std::log10(size)) - 2.0) : 0.001;
    return std::abs(value - reference.value) <= std::max(reference.tolerance, 0.5 * unit) + 1e-9 * size;
}

}  // namespace

TEST_CASE("texture features meet every reference value of the digital phantom", "[texture]") {
    const auto shared = shared_folder();
    if (!shared) return skip("the reference data do not lie beside the project");
    const std::filesystem::path folder = *shared / "data" / "ibsi";
    const data::Volume image = io::read_volume((folder / "phantom.nii.gz").string(), {});
    const data::Segmentation mask = io::read_segmentation((folder / "mask.nii.gz").string(), {});
    const std::vector<std::int32_t> label{1};
    const Region region = cut_region(image, mask, label_boxes(mask), label);
    REQUIRE(region.measured_voxels == 74);

    TextureOptions options;
    options.discretisation.kind = Discretisation::Kind::none;
    options.aggregations.clear();
    for (const NamedAggregation& one : aggregations()) options.aggregations.push_back(one.aggregation);
    for (const NamedFamily& one : families()) options.families.push_back(one.family);
    std::map<std::string, double> measured;
    for (const Feature& feature : texture_features(image, region, options)) {
        CHECK(feature.code.size() == 4);
        CHECK(measured.emplace(feature.tag, feature.value).second);
    }

    const References expected = references(folder / "ibsi_1_dig_phantom.csv");
    std::size_t met = 0;
    for (const Reference& reference : expected.valued) {
        const auto found = measured.find(reference.tag);
        const double value = found != measured.end() ? found->second : std::nan("");
        INFO(reference.tag << ": " << value << ", expected " << reference.value << " ± " << reference.tolerance);
        CHECK(is_met(value, reference));
        if (is_met(value, reference)) ++met;
    }
    std::printf("IBSI digital phantom: %zu of %zu reference values met; without a reference value:", met,
                expected.valued.size());
    for (const std::string& tag : expected.without_value) std::printf(" %s", tag.c_str());
    std::printf("\n");
    CHECK(expected.valued.size() == 482);
    CHECK(expected.valued.size() + expected.without_value.size() == 487);
}
