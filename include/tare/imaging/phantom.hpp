// Simulated head images of a multi-site cohort in one common space, with their truth. Of a person: the anatomy with its
// own shape, cortex and brightness, and effects of age, sex and diagnosis on grey matter. Of a site: a smooth gain map, a
// smooth offset map and a noise level. observed = Rician noise on (gain · truth + offset).
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "tare/data/grid.hpp"

namespace tare::imaging {

using base::Index;

/// Effects on people and offsets of sites are in units of `subject_sd`, the SD of brightness among people.
struct PhantomOptions {
    std::vector<Index> shape{91, 109, 91};          ///< voxels along x, y, z
    std::vector<double> voxel_size{2.0, 2.0, 2.0};  ///< millimetres; the head fills the grid whatever they are
    Index sites = 1;
    std::uint64_t seed = 1;
    double site_shift = 0.5;        ///< SD of the offset maps
    double site_gain = 0.05;        ///< SD of the logarithm of the gain maps
    double site_scale = 0.25;       ///< SD of the logarithm of the sites' noise levels
    double noise = 0.02;            ///< typical noise level, as a share of the intensity of white matter
    double age_effect = 0.5;        ///< mean decline of grey matter per 20 years
    double age_curve = 0.2;         ///< mean further decline per (20 years)² from 50 years
    double sex_effect = 0.3;        ///< mean difference M − F
    double diagnosis_effect = 0.5;  ///< mean decline in patients
};

struct PhantomSubject {
    Index number = 0;  ///< position in the cohort: draws this person's anatomy and noise
    Index site = 0;
    double age = 50.0;
    bool male = false;
    bool patient = false;
};

struct PhantomImage {
    std::vector<float> truth;     ///< without site effect and noise
    std::vector<float> observed;  ///< with both
    /// This person's tissues: 0 outside the skull's inside, else whichever has the largest share of the voxel: 1 fluid, 2
    /// grey matter, 3 white matter.
    std::vector<float> tissues;
};

/// Maps and images hold one value per voxel, x fastest. Everything follows from the options; an image follows from the
/// options and its subject alone, so that it is the same in a larger cohort of as many sites. Safe to ask from many threads.
class Phantom {
public:
    static constexpr double white_matter = 1000.0;  ///< mean intensity
    static constexpr double subject_sd = 50.0;

    /// Throws Error (64) for options out of range.
    explicit Phantom(const PhantomOptions& options);
    Phantom(Phantom&&) noexcept;
    Phantom& operator=(Phantom&&) noexcept;
    ~Phantom();

    /// Bytes per voxel that a Phantom holds, and that one image needs beside.
    static constexpr std::size_t bytes_per_voxel = 12, bytes_per_image_voxel = 12;

    /// The origin of space lies in the middle of the grid; axes run right, anterior, superior.
    [[nodiscard]] const data::Grid& grid() const noexcept;
    /// 1 inside, 0 outside, of the template, from which people's heads differ a little: all within the skull (brain and
    /// fluid), and all but air.
    [[nodiscard]] std::vector<float> brain() const;
    [[nodiscard]] std::vector<float> head() const;

    /// The terms of truth = (what a woman of 50 without diagnosis has) + (age − 50)·age + (age − 50)²·age_curve +
    /// [M]·sex + [patient]·diagnosis.
    [[nodiscard]] std::vector<float> age_effect() const;
    [[nodiscard]] std::vector<float> age_curve() const;
    [[nodiscard]] std::vector<float> sex_effect() const;
    [[nodiscard]] std::vector<float> diagnosis_effect() const;

    /// A factor, and intensities to be added (0 outside the head). Over sites the logarithms of the gains, and the offsets,
    /// have mean 0 in every voxel, every site counting once.
    [[nodiscard]] std::vector<float> gain(Index site) const;
    [[nodiscard]] std::vector<float> offset(Index site) const;
    /// SD of the two normal errors of the complex signal whose magnitude is observed, in units of intensity.
    [[nodiscard]] double noise(Index site) const;

    [[nodiscard]] PhantomImage image(const PhantomSubject& subject) const;

private:
    struct State;
    std::unique_ptr<const State> state_;
};

}  // namespace tare::imaging
