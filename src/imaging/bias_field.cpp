// ITK's N4 filter on a coarse copy of the image, and its field on all of it. ITK counts millimetres to the left and to the
// back, which changes nothing here: the field is one of voxels, so the image is given with axes of its own.
#include "tare/imaging/bias_field.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include "tare/base/error.hpp"

#if defined(__clang__)
// The compiler detection of Debian's ITK was made with g++ and knows nothing else; it is shown what it knows.
#pragma push_macro("__clang__")
#pragma push_macro("__GNUC__")
#undef __clang__
#undef __GNUC__
#define __GNUC__ 12  // NOLINT(bugprone-reserved-identifier)
#include <itk_compiler_detection.h>
#pragma pop_macro("__GNUC__")
#pragma pop_macro("__clang__")
#endif
#include <itkBSplineControlPointImageFilter.h>
#include <itkImage.h>
#include <itkMultiThreaderBase.h>
#include <itkN4BiasFieldCorrectionImageFilter.h>

namespace tare::imaging {
namespace {

using Pixels = itk::Image<float, 3>;
using Marks = itk::Image<unsigned char, 3>;
using N4 = itk::N4BiasFieldCorrectionImageFilter<Pixels, Marks, Pixels>;
using data::Index;

/// Planes along an axis: as many as a field has control points.
constexpr Index fewest = 4;

/// ITK's filters make their own threads unless they are told not to; images are what runs side by side here.
void keep_to_one_thread() {
    static const bool done = [] {
        itk::Object::GlobalWarningDisplayOff();
        itk::MultiThreaderBase::SetGlobalDefaultThreader(itk::MultiThreaderBase::ThreaderEnum::Platform);
        itk::MultiThreaderBase::SetGlobalMaximumNumberOfThreads(1);
        itk::MultiThreaderBase::SetGlobalDefaultNumberOfThreads(1);
        // The first object of ITK sets up what all share.
        return N4::New().IsNotNull();
    }();
    static_cast<void>(done);
}

template <typename Image>
typename Image::Pointer image_of(const std::array<Index, 3>& extent, const std::array<double, 3>& spacing) {
    typename Image::SizeType size;
    for (unsigned axis = 0; axis < 3; ++axis) size[axis] = static_cast<itk::SizeValueType>(extent[axis]);
    auto image = Image::New();
    image->SetRegions(size);
    image->SetSpacing(itk::Vector<double, 3>(spacing.data()));
    image->Allocate(true);
    return image;
}

struct Coarse {
    Pixels::Pointer pixels;
    Marks::Pointer marks;
    bool empty = true;
};

/// Voxels evenly spread from the first to the last along each axis, so that both grids span the same space: ITK draws a
/// field over the whole of the image that it is asked for.
Coarse coarse_copy(const data::Volume& volume, std::span<const unsigned char> mask, Index shrink) {
    const std::array<Index, 3> full = data::extents(volume.grid);
    const std::array<double, 3> sizes = data::voxel_sizes(volume.grid);
    std::array<Index, 3> extent{};
    std::array<double, 3> spacing{};
    std::array<std::vector<Index>, 3> places;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        extent[axis] = std::max(fewest, (full[axis] + shrink - 1) / shrink);
        const double step = static_cast<double>(full[axis] - 1) / static_cast<double>(extent[axis] - 1);
        spacing[axis] = sizes[axis] * step;
        for (Index i = 0; i < extent[axis]; ++i) {
            places[axis].push_back(
                std::min(static_cast<Index>(std::llround(static_cast<double>(i) * step)), full[axis] - 1));
        }
    }
    Coarse out{image_of<Pixels>(extent, spacing), image_of<Marks>(extent, spacing)};
    float* pixel = out.pixels->GetBufferPointer();
    unsigned char* mark = out.marks->GetBufferPointer();
    for (const Index z : places[2]) {
        for (const Index y : places[1]) {
            for (const Index x : places[0]) {
                const auto at = static_cast<std::size_t>(x + full[0] * (y + full[1] * z));
                const double value = volume.values[at];
                *pixel = std::isfinite(value) ? static_cast<float>(value) : 0.0F;
                *mark = mask[at] != 0 && *pixel > 0.0F ? 1 : 0;
                if (*mark != 0) out.empty = false;
                ++pixel;
                ++mark;
            }
        }
    }
    return out;
}

N4::Pointer fitted(const Coarse& coarse, const BiasFieldOptions& options) {
    auto filter = N4::New();
    filter->SetInput(coarse.pixels);
    filter->SetMaskImage(coarse.marks);
    N4::VariableSizeArrayType iterations(static_cast<unsigned>(options.iterations.size()));
    for (unsigned level = 0; level < options.iterations.size(); ++level) iterations[level] = options.iterations[level];
    filter->SetMaximumNumberOfIterations(iterations);
    N4::ArrayType levels;
    levels.Fill(static_cast<unsigned>(options.iterations.size()));
    filter->SetNumberOfFittingLevels(levels);
    filter->SetConvergenceThreshold(static_cast<float>(options.convergence));
    filter->Update();
    return filter;
}

}  // namespace

std::vector<double> without_bias_field(const data::Volume& volume, std::span<const unsigned char> mask,
                                       const BiasFieldOptions& options) {
    keep_to_one_thread();
    const std::array<Index, 3> extent = data::extents(volume.grid);
    if (*std::min_element(extent.begin(), extent.end()) < fewest) {
        throw base::degenerate("is " + data::shape_text(volume.grid) + ", too small for a field of cubic splines");
    }
    const Coarse coarse = coarse_copy(volume, mask, static_cast<Index>(options.shrink));
    if (coarse.empty) throw base::degenerate("no intensity within the mask is above 0, and N4 takes logarithms");
    try {
        const N4::Pointer filter = fitted(coarse, options);
        using Spline = itk::BSplineControlPointImageFilter<N4::BiasFieldControlPointLatticeType, N4::ScalarImageType>;
        auto spline = Spline::New();
        spline->SetInput(filter->GetLogBiasFieldControlPointLattice());
        Spline::SizeType size;
        for (unsigned axis = 0; axis < 3; ++axis) size[axis] = static_cast<itk::SizeValueType>(extent[axis]);
        const std::array<double, 3> spacing = data::voxel_sizes(volume.grid);
        spline->SetSize(size);
        spline->SetSpacing(itk::Vector<double, 3>(spacing.data()));
        spline->SetDirection(coarse.pixels->GetDirection());
        spline->SetSplineOrder(filter->GetSplineOrder());
        spline->Update();
        const auto* field = spline->GetOutput()->GetBufferPointer();
        std::vector<double> out = volume.values;
        for (std::size_t v = 0; v < out.size(); ++v) out[v] /= std::exp(static_cast<double>(field[v][0]));
        return out;
    } catch (const itk::ExceptionObject& fault) {
        throw base::degenerate(std::string("N4 fails: ") + fault.GetDescription());
    }
}

}  // namespace tare::imaging
