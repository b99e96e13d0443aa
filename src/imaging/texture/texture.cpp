// The list of all features: the names and the values are put into it at one place, so that they cannot differ.
#include "tare/imaging/texture/texture.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "tare/imaging/texture/cooccurrence.hpp"
#include "tare/imaging/texture/intensity.hpp"
#include "tare/imaging/texture/morphology.hpp"
#include "tare/imaging/texture/neighbours.hpp"
#include "tare/imaging/texture/runs.hpp"
#include "tare/imaging/texture/zones.hpp"

namespace tare::imaging::texture {

namespace {

/// What families share of one region, made when it is first asked for.
class Measured {
public:
    Measured(const data::Volume& image, const Region& region, const TextureOptions& options)
        : image_(image), region_(region), options_(options) {}

    [[nodiscard]] const data::Volume& image() const { return image_; }
    [[nodiscard]] const Region& region() const { return region_; }
    [[nodiscard]] const Levels& levels() {
        if (!levels_) levels_ = levels_by(options_.discretisation);
        return *levels_;
    }
    [[nodiscard]] const std::vector<Zone>& zones_of(Extent extent) {
        std::optional<std::vector<Zone>>& kept = zones_[extent == Extent::volume ? 0 : 1];
        if (!kept) kept = zones(levels(), extent != Extent::volume);
        return *kept;
    }
    [[nodiscard]] VolumeHistogram curve() {
        const Discretisation& how = options_.discretisation;
        if (region_.measured_voxels == 0) return {};
        if (how.kind == Discretisation::Kind::none) return volume_histogram(levels());
        if (how.kind == Discretisation::Kind::bins) {
            return volume_histogram(levels_by({Discretisation::Kind::bins, volume_histogram_bins}));
        }
        const double low = std::isfinite(options_.range.low) ? options_.range.low : region_.limits().low;
        return volume_histogram(levels(), low + 0.5 * how.amount, how.amount);
    }

private:
    [[nodiscard]] Levels levels_by(const Discretisation& how) const {
        if (region_.measured_voxels == 0) return {};
        return discretise(region_, how, options_.range);
    }

    const data::Volume& image_;
    const Region& region_;
    const TextureOptions& options_;
    std::optional<Levels> levels_;
    std::array<std::optional<std::vector<Zone>>, 2> zones_;
};

/// A list that takes features with their values, or with none where nothing is measured.
class List {
public:
    explicit List(Measured* measured) : measured_(measured) {}

    struct Ending {
        std::string_view name, tag;
    };

    template <typename Values, typename Measure>
    void put(std::string_view family, std::span<const Named<Values>> named, const Measure& measure,
             const Ending& ending = {}) {
        Values values;
        if (measured_ != nullptr) values = measure(*measured_);
        for (const Named<Values>& one : named) {
            // Adding 0 leaves every number as it is but −0, which a quotient by a negative mean can be.
            features_.push_back({std::string(family) + "_" + std::string(one.name) + std::string(ending.name),
                                 std::string(one.tag) + std::string(ending.tag), one.code, values.*one.value + 0.0});
        }
    }

    std::vector<Feature> take() { return std::move(features_); }

private:
    Measured* measured_;
    std::vector<Feature> features_;
};

template <typename Put>
void for_each_aggregation(const TextureOptions& options, const Put& put) {
    for (const NamedAggregation& one : aggregations()) {
        if (std::ranges::count(options.aggregations, one.aggregation) > 0) put(one);
    }
}

/// Aggregations that do not differ without directions are put once.
template <typename Put>
void for_each_extent(const TextureOptions& options, const Put& put) {
    std::vector<Extent> done;
    for_each_aggregation(options, [&](const NamedAggregation& one) {
        if (std::ranges::count(done, one.extent) > 0) return;
        done.push_back(one.extent);
        put(one.extent, List::Ending{one.extent_suffix, one.extent_tag});
    });
}

void put_directional(List& list, Family family, const TextureOptions& options) {
    for_each_aggregation(options, [&](const NamedAggregation& one) {
        const List::Ending ending{one.suffix, one.tag};
        const Aggregation how = one.aggregation;
        if (family == Family::glcm) {
            list.put("glcm", cooccurrence_features(), [&](Measured& m) { return cooccurrence(m.levels(), how); }, ending);
        } else {
            list.put("glrlm", run_length_features(), [&](Measured& m) { return run_lengths(m.levels(), how); }, ending);
        }
    });
}

void put_extended(List& list, Family family, const TextureOptions& options) {
    for_each_extent(options, [&](Extent extent, const List::Ending& ending) {
        if (family == Family::glszm) {
            list.put(
                "glszm", zone_size_features(),
                [&](Measured& m) { return zone_sizes(m.levels(), extent, m.zones_of(extent)); }, ending);
        } else if (family == Family::gldzm) {
            list.put(
                "gldzm", zone_distance_features(),
                [&](Measured& m) { return zone_distances(m.levels(), extent, m.zones_of(extent)); }, ending);
        } else if (family == Family::ngtdm) {
            list.put(
                "ngtdm", tone_difference_features(), [&](Measured& m) { return tone_difference(m.levels(), extent); },
                ending);
        } else {
            list.put("ngldm", dependence_features(), [&](Measured& m) { return dependence(m.levels(), extent); }, ending);
        }
    });
}

void put_family(List& list, Family family, const TextureOptions& options) {
    switch (family) {
        case Family::morphology:
            list.put("morphology", morphology_features(), [](Measured& m) { return morphology(m.region()); });
            break;
        case Family::autocorrelation:
            list.put("autocorrelation", autocorrelation_features(), [](Measured& m) { return autocorrelation(m.region()); });
            break;
        case Family::local:
            list.put("local", local_intensity_features(),
                     [](Measured& m) { return local_intensity(m.image(), m.region()); });
            break;
        case Family::intensity:
            list.put("intensity", statistics_features(), [](Measured& m) { return statistics(m.region().sorted_values()); });
            break;
        case Family::histogram:
            list.put("histogram", histogram_features(), [](Measured& m) { return histogram(m.levels()); });
            break;
        case Family::ivh:
            list.put("ivh", volume_histogram_features(), [](Measured& m) { return m.curve(); });
            break;
        case Family::glcm:
        case Family::glrlm:
            put_directional(list, family, options);
            break;
        case Family::glszm:
        case Family::gldzm:
        case Family::ngtdm:
        case Family::ngldm:
            put_extended(list, family, options);
            break;
    }
}

std::vector<Feature> listed(const TextureOptions& options, Measured* measured) {
    List list(measured);
    for (const NamedFamily& one : families()) {
        if (std::ranges::count(options.families, one.family) > 0) put_family(list, one.family, options);
    }
    return list.take();
}

}  // namespace

std::span<const NamedFamily> families() {
    static constexpr std::array all{
        NamedFamily{Family::morphology, "morphology"},
        NamedFamily{Family::autocorrelation, "autocorrelation"},
        NamedFamily{Family::local, "local"},
        NamedFamily{Family::intensity, "intensity"},
        NamedFamily{Family::histogram, "histogram"},
        NamedFamily{Family::ivh, "ivh"},
        NamedFamily{Family::glcm, "glcm"},
        NamedFamily{Family::glrlm, "glrlm"},
        NamedFamily{Family::glszm, "glszm"},
        NamedFamily{Family::gldzm, "gldzm"},
        NamedFamily{Family::ngtdm, "ngtdm"},
        NamedFamily{Family::ngldm, "ngldm"},
    };
    return all;
}

std::vector<Feature> texture_features(const TextureOptions& options) {
    return listed(options, nullptr);
}

std::vector<Feature> texture_features(const data::Volume& image, const Region& region, const TextureOptions& options) {
    Measured measured(image, region, options);
    return listed(options, &measured);
}

}  // namespace tare::imaging::texture
