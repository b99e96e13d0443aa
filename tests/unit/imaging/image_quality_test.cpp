// MRIQC's measures on images whose tissues take two values each, so that every measure has a closed form.
#include "tare/imaging/image_quality.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <catch2/catch.hpp>

#include "tare/base/error.hpp"

using namespace tare;
using imaging::ImageQuality;
using imaging::Tissue;

namespace {

constexpr double mad_to_sd = 0.6744897501960817;

struct Example {
    data::Volume volume;
    imaging::HeadParts parts;
};

/// A slab each of air, CSF, grey and white matter, 8 × 8 × 4 voxels; neighbours along x lie `spread` above and below.
Example slabs() {
    Example out;
    out.volume.grid.shape = {8, 8, 16};
    constexpr std::array middle{12.0, 100.0, 200.0, 300.0}, spread{2.0, 10.0, 20.0, 30.0};
    constexpr std::array tissue{Tissue::none, Tissue::csf, Tissue::gm, Tissue::wm};
    out.parts.tissue.emplace();
    for (std::size_t v = 0; v < 8 * 8 * 16; ++v) {
        const std::size_t slab = v / (8 * 8 * 4);
        out.volume.values.push_back(middle[slab] + (v % 2 == 0 ? -spread[slab] : spread[slab]));
        out.parts.tissue->push_back(tissue[slab]);
        out.parts.head.push_back(slab == 0 ? 0 : 1);
    }
    return out;
}

double value(const ImageQuality& quality, const std::string& name) {
    const auto& names = imaging::quality_names();
    const auto found = std::find(names.begin(), names.end(), name);
    REQUIRE(found != names.end());
    return quality.values.at(static_cast<std::size_t>(found - names.begin()));
}

bool is_undefined(const ImageQuality& quality, const std::string& name) {
    return std::isnan(value(quality, name));
}

}  // namespace

TEST_CASE("signal, noise and contrast of tissues of two values", "[imaging][iqm]") {
    const Example example = slabs();
    const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
    const double correction = std::sqrt(256.0 / 255.0);
    CHECK(value(quality, "snr_csf") == Approx(100.0 / (10.0 * correction)).epsilon(1e-14));
    CHECK(value(quality, "snr_gm") == Approx(200.0 / (20.0 * correction)).epsilon(1e-14));
    CHECK(value(quality, "snr_wm") == Approx(300.0 / (30.0 * correction)).epsilon(1e-14));
    CHECK(value(quality, "snr_total") == Approx(10.0 / correction).epsilon(1e-14));
    const double air = 2.0 / mad_to_sd;
    CHECK(value(quality, "snrd_csf") == Approx(0.6551364 * 100.0 / air).epsilon(1e-14));
    CHECK(value(quality, "snrd_wm") == Approx(0.6551364 * 300.0 / air).epsilon(1e-14));
    CHECK(value(quality, "snrd_total") == Approx(0.6551364 * 200.0 / air).epsilon(1e-14));
    CHECK(value(quality, "cnr") == Approx(100.0 / std::sqrt(4.0 + 400.0 + 900.0)).epsilon(1e-14));
    CHECK(value(quality, "cjv") == Approx((30.0 + 20.0) / mad_to_sd / 100.0).epsilon(1e-14));
    // Half of the head's squares are at most 180² = 32400 (CSF and the lower half of grey matter), the rest at least 220².
    CHECK(value(quality, "fber") == Approx((180.0 * 180.0 + 220.0 * 220.0) / 2 / ((100.0 + 196.0) / 2)).epsilon(1e-14));
    CHECK(value(quality, "wm2max") == Approx(300.0 / 330.0).epsilon(1e-14));
    CHECK(value(quality, "icvs_gm") == Approx(1.0 / 3.0).epsilon(1e-14));
    CHECK(quality.remarks.empty());
}

TEST_CASE("the intensities of a tissue of two values", "[imaging][iqm]") {
    const Example example = slabs();
    const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
    CHECK(value(quality, "summary_gm_mean") == Approx(200.0));
    CHECK(value(quality, "summary_gm_median") == Approx(200.0));
    CHECK(value(quality, "summary_gm_stdv") == Approx(20.0));
    CHECK(value(quality, "summary_gm_mad") == Approx(20.0 / mad_to_sd));
    CHECK(value(quality, "summary_gm_p05") == 180.0);
    CHECK(value(quality, "summary_gm_p95") == 220.0);
    CHECK(value(quality, "summary_gm_k") == Approx(-2.0));
    CHECK(value(quality, "summary_gm_n") == 256.0);
    CHECK(value(quality, "summary_bg_mean") == Approx(12.0));
    CHECK(value(quality, "summary_bg_n") == 256.0);
}

TEST_CASE("the entropy focus criterion is 1 where all voxels are equal and 0 where one holds all", "[imaging][iqm]") {
    Example example = slabs();
    example.volume.values.assign(example.volume.values.size(), 7.0);
    CHECK(value(imaging::image_quality(example.volume, example.parts), "efc") == Approx(1.0).epsilon(1e-12));
    std::fill(example.volume.values.begin(), example.volume.values.end(), 0.0);
    example.volume.values[100] = 3.0;
    CHECK(value(imaging::image_quality(example.volume, example.parts), "efc") == Approx(0.0).margin(1e-12));
}

TEST_CASE("tissues are measured without their border where that is wanted", "[imaging][iqm]") {
    Example example = slabs();
    example.parts.erode = true;
    const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
    // Of a slab of four planes two are left, and of those the inner 6 × 6; that of the volume's last plane loses it too.
    CHECK(value(quality, "summary_gm_n") == 2 * 36);
    CHECK(value(quality, "summary_wm_n") == 2 * 36);
    // What is not of tissues but of the whole image stays.
    CHECK(value(quality, "icvs_wm") == Approx(1.0 / 3.0));
    CHECK(value(quality, "fber") == value(imaging::image_quality(example.volume, slabs().parts), "fber"));
    example.volume.grid.affine = {1.8, 0, 0, 0, 0, 1.8, 0, 0, 0, 0, 1.8, 0};
    CHECK(imaging::erodes_by_default(example.volume.grid));
    example.volume.grid.affine[10] = 2.0;
    CHECK(!imaging::erodes_by_default(example.volume.grid));
}

TEST_CASE("multiplying an image leaves its ratios alone", "[imaging][iqm]") {
    Example example = slabs();
    const ImageQuality before = imaging::image_quality(example.volume, example.parts);
    for (double& x : example.volume.values) x *= 64.0;
    const ImageQuality after = imaging::image_quality(example.volume, example.parts);
    for (const std::string name : {"cjv", "cnr", "efc", "fber", "snr_total", "snrd_total", "wm2max", "summary_wm_k"}) {
        INFO(name);
        CHECK(value(after, name) == Approx(value(before, name)).epsilon(1e-12));
    }
}

TEST_CASE("without a segmentation only what needs no tissue is measured", "[imaging][iqm]") {
    Example example = slabs();
    const ImageQuality whole = imaging::image_quality(example.volume, example.parts);
    example.parts.tissue.reset();
    const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
    const auto& names = imaging::quality_names();
    for (std::size_t m = 0; m < names.size(); ++m) {
        INFO(names[m]);
        const bool whole_image = names[m] == "efc" || names[m] == "fber" || names[m].starts_with("summary_bg");
        CHECK(std::isnan(quality.values[m]) == !whole_image);
        if (whole_image) CHECK(quality.values[m] == whole.values[m]);
    }
}

TEST_CASE("what cannot be measured is undefined and says why", "[imaging][iqm]") {
    Example example = slabs();
    SECTION("all zero") {
        std::fill(example.volume.values.begin(), example.volume.values.end(), 0.0);
        const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
        for (const std::string name : {"cjv", "cnr", "efc", "fber", "snr_wm", "snrd_total", "wm2max"}) {
            INFO(name);
            CHECK(is_undefined(quality, name));
        }
        CHECK(value(quality, "summary_wm_mean") == 0.0);
        CHECK(quality.remarks.front() == "every voxel is 0");
    }
    SECTION("no air") {
        std::fill(example.parts.head.begin(), example.parts.head.end(), 1);
        const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
        for (const std::string name : {"cnr", "fber", "snrd_wm", "summary_bg_mean"}) CHECK(is_undefined(quality, name));
        CHECK(value(quality, "snr_wm") > 0.0);
        CHECK(quality.remarks == std::vector<std::string>{"there is no air around the head"});
    }
    SECTION("air of zeros, as after skull stripping") {
        std::fill(example.volume.values.begin(), example.volume.values.begin() + 256, 0.0);
        const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
        CHECK(is_undefined(quality, "snrd_wm"));
        CHECK(is_undefined(quality, "fber"));
        CHECK(value(quality, "cnr") == Approx(100.0 / std::sqrt(400.0 + 900.0)));
        CHECK(quality.remarks.size() == 1);
    }
    SECTION("a tissue that is not there") {
        for (Tissue& tissue : *example.parts.tissue) {
            if (tissue == Tissue::csf) tissue = Tissue::none;
        }
        const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
        CHECK(is_undefined(quality, "snr_csf"));
        CHECK(is_undefined(quality, "snr_total"));
        CHECK(is_undefined(quality, "summary_csf_mean"));
        CHECK(value(quality, "summary_csf_n") == 0.0);
        for (const std::string name : {"icvs_csf", "icvs_gm", "icvs_wm"}) CHECK(is_undefined(quality, name));
        CHECK(value(quality, "cjv") > 0.0);
        CHECK(quality.remarks == std::vector<std::string>{"no voxel is left of csf"});
    }
    SECTION("grey and white matter of one intensity") {
        for (std::size_t v = 512; v < 1024; ++v) example.volume.values[v] = 200.0;
        const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
        for (const std::string name : {"cjv", "snr_gm", "summary_gm_k"}) CHECK(is_undefined(quality, name));
        CHECK(value(quality, "cnr") == 0.0);
    }
    SECTION("one value in head and air") {
        std::fill(example.volume.values.begin(), example.volume.values.end(), 7.0);
        const ImageQuality quality = imaging::image_quality(example.volume, example.parts);
        CHECK(is_undefined(quality, "fber"));
        CHECK(quality.remarks.front() == "every voxel has the same value");
    }
    SECTION("no finite value") {
        const double nan = std::numeric_limits<double>::quiet_NaN();
        std::fill(example.volume.values.begin(), example.volume.values.end(), nan);
        CHECK_THROWS_AS(imaging::image_quality(example.volume, example.parts), base::Error);
    }
}

TEST_CASE("values below 0 count as 0, and those that are not finite not at all", "[imaging][iqm]") {
    Example zeros = slabs(), below = slabs(), holes = slabs();
    for (std::size_t v = 0; v < 64; ++v) {
        zeros.volume.values[v] = 0.0;
        below.volume.values[v] = -5.0;
        holes.volume.values[v] = v % 2 == 0 ? HUGE_VAL : -HUGE_VAL;
    }
    CHECK(imaging::image_quality(zeros.volume, zeros.parts).values ==
          imaging::image_quality(below.volume, below.parts).values);
    CHECK(value(imaging::image_quality(holes.volume, holes.parts), "summary_bg_n") == 192.0);
    CHECK(value(imaging::image_quality(holes.volume, holes.parts), "summary_bg_mean") == Approx(12.0));
    CHECK(imaging::image_quality(holes.volume, holes.parts).not_finite == 64);
    CHECK(imaging::image_quality(zeros.volume, zeros.parts).not_finite == 0);
}

TEST_CASE("labels become tissues", "[imaging][iqm]") {
    data::Segmentation segmentation;
    segmentation.grid.shape = {7, 1, 1};
    segmentation.labels = {0, 1, 2, 3, 4, 1017, 41};
    CHECK(imaging::tissues_of(segmentation, imaging::fast_tissues()) ==
          std::vector<Tissue>{Tissue::none, Tissue::csf, Tissue::gm, Tissue::wm, Tissue::none, Tissue::none, Tissue::none});
    CHECK(imaging::tissues_of(segmentation, imaging::freesurfer_tissues()) ==
          std::vector<Tissue>{Tissue::none, Tissue::none, Tissue::wm, Tissue::gm, Tissue::csf, Tissue::gm, Tissue::wm});
    for (const imaging::TissueLabels& labels : {imaging::fast_tissues(), imaging::freesurfer_tissues()}) {
        for (const auto* list : {&labels.csf, &labels.gm, &labels.wm}) CHECK(std::is_sorted(list->begin(), list->end()));
    }
}
