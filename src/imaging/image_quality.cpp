// MRIQC's measures, from the intensities of tissues, head and air.
#include "tare/imaging/image_quality.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

#include "erosion.hpp"
#include "tare/base/error.hpp"
#include "tare/imaging/sorted_values.hpp"

namespace tare::imaging {
namespace {

constexpr double undefined = std::numeric_limits<double>::quiet_NaN();
/// √((4 − π)/2): Dietrich et al. 2007, JMRI 26:375, equation A.12, as MRIQC rounds it.
constexpr double dietrich_factor = 0.6551364;
constexpr std::array tissue_names{"csf", "gm", "wm"};
constexpr std::array tissues{Tissue::csf, Tissue::gm, Tissue::wm};

struct Summary {
    double k = undefined, mad = undefined, mean = undefined, median = undefined;
    std::size_t n = 0;
    double p05 = undefined, p95 = undefined, sd = undefined;
};

Summary summary_of(std::vector<double> values) {
    if (values.empty()) return {};
    std::sort(values.begin(), values.end());
    const Moments moments = sorted_moments(values);
    return {moments.excess_kurtosis,       sorted_mad(values), moments.mean,
            sorted_quantile(values, 0.5),  values.size(),      sorted_quantile(values, 0.05),
            sorted_quantile(values, 0.95), moments.sd};
}

double divided(double numerator, double denominator) noexcept {
    return denominator > 0.0 ? numerator / denominator : undefined;
}

double snr(const Summary& tissue) noexcept {
    if (tissue.n < 2) return undefined;
    const auto n = static_cast<double>(tissue.n);
    return divided(tissue.median, tissue.sd * std::sqrt(n / (n - 1.0)));
}

/// The spread of air, where it is too small for MRIQC to divide by: none. Air of which most is one value was made so; its
/// SD, which MRIQC then takes, is that of what skull stripping left over.
double air_noise(const Summary& air) noexcept {
    if (air.mad > 1.0) return air.mad;
    return air.mad > 0.0 && air.sd > 1e-3 ? air.sd : undefined;
}

/// Atkinson et al. 1997, IEEE Trans Med Imaging 16:903, divided by the largest that so many voxels can have.
double entropy_focus(const std::vector<double>& values) noexcept {
    double energy = 0.0;
    for (const double x : values) energy += x * x;
    const double whole = std::sqrt(energy), n = static_cast<double>(values.size());
    if (!(whole > 0.0) || values.size() < 2) return undefined;
    double entropy = 0.0;
    for (const double x : values) entropy += x / whole * std::log((x + 1e-16) / whole);
    return entropy / (std::sqrt(n) * std::log(1.0 / std::sqrt(n)));
}

double median_square(std::vector<double> values) noexcept {
    if (values.empty()) return undefined;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    for (double& x : values) x *= x;
    std::nth_element(values.begin(), middle, values.end());
    if (values.size() % 2 == 1) return *middle;
    return 0.5 * (*middle + *std::max_element(values.begin(), middle));
}

/// The values in a region, leaving out what is not finite.
template <typename Inside>
std::vector<double> values_in(const std::vector<double>& values, const Inside& inside) {
    std::vector<double> found;
    for (std::size_t v = 0; v < values.size(); ++v) {
        if (inside(v) && std::isfinite(values[v])) found.push_back(values[v]);
    }
    return found;
}

Summary region_summary(const data::Volume& volume, const std::vector<double>& values, std::vector<unsigned char> region,
                       bool erode) {
    if (erode) region = detail::eroded(volume.grid, region);
    return summary_of(values_in(values, [&](std::size_t v) { return region[v] != 0; }));
}

double mean_of_three(const std::array<double, 3>& values) noexcept {
    return (values[0] + values[2] + values[1]) / 3.0;
}

/// Everything that the measures are made of.
struct Parts {
    Summary air;
    std::array<Summary, 3> tissue;
    std::array<double, 3> share{undefined, undefined, undefined};
    bool constant = false;
    double head_energy = undefined, air_energy = undefined, focus = undefined, high = undefined;
};

std::vector<double> measures(const Parts& parts) {
    const auto& [csf, gm, wm] = parts.tissue;
    const double apart = std::abs(wm.median - gm.median), noise = air_noise(parts.air);
    std::vector<double> out;
    out.push_back(divided(wm.mad + gm.mad, apart));
    out.push_back(divided(apart, std::sqrt(parts.air.sd * parts.air.sd + gm.sd * gm.sd + wm.sd * wm.sd)));
    out.push_back(parts.focus);
    out.push_back(parts.constant || parts.air_energy < 1e-3 ? undefined : divided(parts.head_energy, parts.air_energy));
    out.insert(out.end(), parts.share.begin(), parts.share.end());
    const std::array<double, 3> ratios{snr(csf), snr(gm), snr(wm)};
    out.insert(out.end(), {ratios[0], ratios[1], mean_of_three(ratios), ratios[2]});
    const auto dietrich = [&](const Summary& tissue) { return divided(dietrich_factor * tissue.median, noise); };
    const std::array<double, 3> of_air{dietrich(csf), dietrich(gm), dietrich(wm)};
    out.insert(out.end(), {of_air[0], of_air[1], mean_of_three(of_air), of_air[2]});
    for (const Summary* s : {&parts.air, &csf, &gm, &wm}) {
        out.insert(out.end(), {s->k, s->mad, s->mean, s->median, static_cast<double>(s->n), s->p05, s->p95, s->sd});
    }
    out.push_back(divided(wm.median, parts.high));
    return out;
}

std::vector<std::string> all_names() {
    std::vector<std::string> names{"cjv", "cnr", "efc", "fber"};
    for (const std::string tissue : tissue_names) names.push_back("icvs_" + tissue);
    for (const std::string ratio : {"snr_", "snrd_"}) {
        for (const std::string of : {"csf", "gm", "total", "wm"}) names.push_back(ratio + of);
    }
    for (const std::string region : {"bg", "csf", "gm", "wm"}) {
        for (const std::string what : {"k", "mad", "mean", "median", "n", "p05", "p95", "stdv"}) {
            names.push_back("summary_" + region + "_" + what);
        }
    }
    names.emplace_back("wm2max");
    return names;
}

void remark(const Parts& parts, bool segmented, std::vector<std::string>& remarks) {
    if (std::isnan(parts.focus)) remarks.emplace_back("every voxel is 0");
    if (parts.constant && !std::isnan(parts.focus)) remarks.emplace_back("every voxel has the same value");
    if (parts.air.n == 0) {
        remarks.emplace_back("there is no air around the head");
    } else if (parts.air_energy < 1e-3 || std::isnan(air_noise(parts.air))) {
        remarks.emplace_back("the air around the head holds no noise, as after skull stripping");
    }
    for (std::size_t t = 0; segmented && t < tissues.size(); ++t) {
        if (parts.tissue[t].n == 0) remarks.push_back("no voxel is left of " + std::string(tissue_names[t]));
    }
}

}  // namespace

TissueLabels fast_tissues() {
    return {{1}, {2}, {3}};
}

TissueLabels freesurfer_tissues() {
    TissueLabels labels{{4, 5, 14, 15, 24, 43, 44, 72},
                        {3, 8, 10, 11, 12, 13, 17, 18, 26, 42, 47, 49, 50, 51, 52, 53, 54, 58},
                        {2, 7, 41, 46, 77, 78, 79, 251, 252, 253, 254, 255}};
    for (const std::int32_t side : {1000, 2000}) {
        for (std::int32_t region = 0; region <= 35; ++region) labels.gm.push_back(side + region);
    }
    for (const std::int32_t side : {3000, 4000}) {
        for (std::int32_t region = 0; region <= 35; ++region) labels.wm.push_back(side + region);
    }
    for (const std::int32_t side : {5001, 5002}) labels.wm.push_back(side);
    return labels;
}

std::vector<Tissue> tissues_of(const data::Segmentation& segmentation, const TissueLabels& labels) {
    std::vector<Tissue> out(segmentation.labels.size(), Tissue::none);
    const auto among = [](const std::vector<std::int32_t>& all, std::int32_t label) {
        return std::binary_search(all.begin(), all.end(), label);
    };
    for (std::size_t v = 0; v < out.size(); ++v) {
        const std::int32_t label = segmentation.labels[v];
        if (label == 0) continue;
        if (among(labels.csf, label)) out[v] = Tissue::csf;
        if (among(labels.gm, label)) out[v] = Tissue::gm;
        if (among(labels.wm, label)) out[v] = Tissue::wm;
    }
    return out;
}

bool erodes_by_default(const data::Grid& grid) noexcept {
    const std::array<double, 3> sizes = data::voxel_sizes(grid);
    return std::all_of(sizes.begin(), sizes.end(), [](double size) { return size < 1.9; });
}

const std::vector<std::string>& quality_names() {
    static const std::vector<std::string> names = all_names();
    return names;
}

ImageQuality image_quality(const data::Volume& volume, const HeadParts& parts) {
    std::vector<double> values = volume.values;
    for (double& x : values) {
        if (x < 0.0) x = std::isfinite(x) ? 0.0 : x;
    }
    std::vector<double> finite = values_in(values, [](std::size_t) { return true; });
    if (finite.empty()) throw base::degenerate("holds no finite value");
    Parts found;
    found.focus = entropy_focus(finite);
    std::sort(finite.begin(), finite.end());
    found.constant = finite.front() == finite.back();
    found.high = sorted_quantile(finite, 0.9995);
    found.head_energy = median_square(values_in(values, [&](std::size_t v) { return parts.head[v] != 0; }));
    found.air_energy = median_square(values_in(values, [&](std::size_t v) { return parts.head[v] == 0; }));
    std::vector<unsigned char> region(values.size());
    std::transform(parts.head.begin(), parts.head.end(), region.begin(),
                   [](unsigned char head) -> unsigned char { return head == 0 ? 1 : 0; });
    found.air = region_summary(volume, values, region, parts.erode);
    if (parts.tissue) {
        std::array<double, 3> counts{};
        for (std::size_t t = 0; t < tissues.size(); ++t) {
            std::transform(parts.tissue->begin(), parts.tissue->end(), region.begin(),
                           [&](Tissue tissue) -> unsigned char { return tissue == tissues[t] ? 1 : 0; });
            counts[t] = static_cast<double>(std::accumulate(region.begin(), region.end(), std::size_t{0}));
            found.tissue[t] = region_summary(volume, values, region, parts.erode);
        }
        // Where one is not there, the segmentation is not of all that lies in the skull: no share can be told.
        const bool complete = std::find(counts.begin(), counts.end(), 0.0) == counts.end();
        const double all = complete ? counts[0] + counts[1] + counts[2] : undefined;
        for (std::size_t t = 0; t < tissues.size(); ++t) found.share[t] = divided(counts[t], all);
    }
    ImageQuality out{measures(found), {}, values.size() - finite.size()};
    // Where there is no segmentation nobody counted.
    for (std::size_t m = 0; !parts.tissue && m < out.values.size(); ++m) {
        const std::string& name = quality_names()[m];
        if (name.ends_with("_n") && !name.starts_with("summary_bg")) out.values[m] = undefined;
    }
    remark(found, parts.tissue.has_value(), out.remarks);
    return out;
}

}  // namespace tare::imaging
