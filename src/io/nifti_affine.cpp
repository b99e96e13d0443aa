// Quaternions and rotations, as the NIfTI standard relates them. Where a header is doubtful the choice is nibabel's:
// codes out of range count as none, voxel sizes of zero as one, negative ones as positive.
#include "nifti_affine.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>

#include "image_checks.hpp"
#include "tare/base/error.hpp"

namespace tare::io::detail {

namespace {

using Three = std::array<double, 3>;
using Square = std::array<Three, 3>;  // rows

constexpr int last_known_code = 5;

bool has_code(const NiftiFields& fields, Field field) noexcept {
    const std::int64_t code = fields.integer(field);
    return code > 0 && code <= last_known_code;
}

Three voxel_sizes(const NiftiFields& fields) noexcept {
    Three sizes{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double size = std::abs(fields.real(Field::pixdim, axis + 1));
        sizes[axis] = size == 0.0 ? 1.0 : size;
    }
    return sizes;
}

/// The rotation of a quaternion of any length but zero.
Square rotation_of(double a, double b, double c, double d) noexcept {
    const double s = 2.0 / (a * a + b * b + c * c + d * d);
    return {{{1 - s * (c * c + d * d), s * (b * c - a * d), s * (b * d + a * c)},
             {s * (b * c + a * d), 1 - s * (b * b + d * d), s * (c * d - a * b)},
             {s * (b * d - a * c), s * (c * d + a * b), 1 - s * (b * b + c * c)}}};
}

Square checked_rotation(const NiftiFields& fields, const std::string& source) {
    const double b = fields.real(Field::quatern, 0);
    const double c = fields.real(Field::quatern, 1);
    const double d = fields.real(Field::quatern, 2);
    const double square = 1.0 - (b * b + c * c + d * d);
    // Below this it is rounding: b, c and d are stored as float32 or float64.
    const double rounding = 3.0 * (fields.version() == 1 ? double{std::numeric_limits<float>::epsilon()}
                                                         : std::numeric_limits<double>::epsilon());
    constexpr double tolerated = 1e-4;
    if (!std::isfinite(square) || square < -tolerated) {
        throw base::malformed(source +
                              ": the position of the voxels (qform) has no rotation: the quaternion is longer than 1");
    }
    return rotation_of(square < rounding ? 0.0 : std::sqrt(square), b, c, d);
}

std::array<double, 12> qform_affine(const NiftiFields& fields, const std::string& source) {
    const Square rotation = checked_rotation(fields, source);
    Three sizes = voxel_sizes(fields);
    if (fields.real(Field::pixdim, 0) == -1.0) {
        sizes[2] = -sizes[2];
    }
    std::array<double, 12> affine{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 3; ++column) {
            affine[row * 4 + column] = rotation[row][column] * sizes[column];
        }
        affine[row * 4 + 3] = fields.real(Field::qoffset, row);
    }
    return affine;
}

std::array<double, 12> affine_of_sizes(const NiftiFields& fields, std::span<const base::Index> shape) noexcept {
    Three sizes = voxel_sizes(fields);
    sizes[0] = -sizes[0];
    // Axes that the header does not speak of have a size of 1.
    for (auto axis = static_cast<std::size_t>(fields.integer(Field::dim)); axis < 3; ++axis) {
        sizes[axis] = axis == 0 ? -1.0 : 1.0;
    }
    std::array<double, 12> affine{};
    for (std::size_t row = 0; row < 3; ++row) {
        affine[row * 4 + row] = sizes[row];
        affine[row * 4 + 3] = -0.5 * static_cast<double>(shape[row] - 1) * sizes[row];
    }
    return affine;
}

double determinant(const Square& m) noexcept {
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

/// Transposed inverse: the cofactors over the determinant.
Square inverse_transposed(const Square& m) noexcept {
    const double scale = 1.0 / determinant(m);
    Square inverse{};
    for (std::size_t i = 0; i < 3; ++i) {
        const std::size_t i1 = (i + 1) % 3;
        const std::size_t i2 = (i + 2) % 3;
        for (std::size_t j = 0; j < 3; ++j) {
            const std::size_t j1 = (j + 1) % 3;
            const std::size_t j2 = (j + 2) % 3;
            inverse[i][j] = scale * (m[i1][j1] * m[i2][j2] - m[i1][j2] * m[i2][j1]);
        }
    }
    return inverse;
}

/// The rotation nearest to a matrix with positive determinant (polar decomposition by Newton's iteration).
Square nearest_rotation(Square m) noexcept {
    constexpr int enough = 60;
    for (int step = 0; step < enough; ++step) {
        const Square other = inverse_transposed(m);
        double change = 0.0;
        for (std::size_t i = 0; i < 3; ++i) {
            for (std::size_t j = 0; j < 3; ++j) {
                const double next = 0.5 * (m[i][j] + other[i][j]);
                change = std::max(change, std::abs(next - m[i][j]));
                m[i][j] = next;
            }
        }
        if (!(change > 1e-15)) {
            break;
        }
    }
    return m;
}

/// b, c, d of the unit quaternion whose first element is not negative.
Three quaternion_of(const Square& r) noexcept {
    // The largest of the four elements is computed from the diagonal, the others from it.
    const std::array<double, 4> squares{1 + r[0][0] + r[1][1] + r[2][2], 1 + r[0][0] - r[1][1] - r[2][2],
                                        1 - r[0][0] + r[1][1] - r[2][2], 1 - r[0][0] - r[1][1] + r[2][2]};
    const auto largest = static_cast<std::size_t>(std::ranges::max_element(squares) - squares.begin());
    const double twice = std::sqrt(squares[largest]);
    std::array<double, 4> q{};
    switch (largest) {
        case 0:
            q = {twice * twice, r[2][1] - r[1][2], r[0][2] - r[2][0], r[1][0] - r[0][1]};
            break;
        case 1:
            q = {r[2][1] - r[1][2], twice * twice, r[0][1] + r[1][0], r[0][2] + r[2][0]};
            break;
        case 2:
            q = {r[0][2] - r[2][0], r[0][1] + r[1][0], twice * twice, r[1][2] + r[2][1]};
            break;
        default:
            q = {r[1][0] - r[0][1], r[0][2] + r[2][0], r[1][2] + r[2][1], twice * twice};
            break;
    }
    const double scale = (q[0] < 0 ? -0.5 : 0.5) / twice;
    return {q[1] * scale, q[2] * scale, q[3] * scale};
}

}  // namespace

std::array<double, 12> nifti_affine(const NiftiFields& fields, std::span<const base::Index> shape,
                                    const std::string& source) {
    std::array<double, 12> affine{};
    if (has_code(fields, Field::sform_code)) {
        for (std::size_t i = 0; i < affine.size(); ++i) {
            affine[i] = fields.real(Field::srow, i);
        }
        check_affine(affine, "sform", source);
    } else if (has_code(fields, Field::qform_code)) {
        affine = qform_affine(fields, source);
        check_affine(affine, "qform", source);
    } else {
        affine = affine_of_sizes(fields, shape);
        check_affine(affine, "pixdim", source);
    }
    return affine;
}

void set_nifti_affine(NiftiFields& fields, const std::array<double, 12>& affine, int code) noexcept {
    for (std::size_t i = 0; i < affine.size(); ++i) {
        fields.set_real(Field::srow, affine[i], i);
    }
    fields.set_integer(Field::sform_code, code);
    Square axes{};  // unit length
    for (std::size_t column = 0; column < 3; ++column) {
        const double size = std::hypot(affine[column], affine[4 + column], affine[8 + column]);
        fields.set_real(Field::pixdim, size, column + 1);
        for (std::size_t row = 0; row < 3; ++row) {
            axes[row][column] = affine[row * 4 + column] / size;
        }
        fields.set_real(Field::qoffset, affine[column * 4 + 3], column);
    }
    const bool mirrored = determinant(axes) < 0;
    fields.set_real(Field::pixdim, mirrored ? -1.0 : 1.0, 0);
    for (std::size_t row = 0; mirrored && row < 3; ++row) {
        axes[row][2] = -axes[row][2];
    }
    // False also where an axis has no length.
    bool has_rotation = determinant(axes) > 1e-6;
    const Square rotation = has_rotation ? nearest_rotation(axes) : Square{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    const Three quaternion = quaternion_of(rotation);
    for (std::size_t i = 0; i < 3; ++i) {
        fields.set_real(Field::quatern, quaternion[i], i);
        for (std::size_t j = 0; j < 3; ++j) {
            // What float32 leaves of an orthogonal matrix is closer than this.
            has_rotation = has_rotation && std::abs(rotation[i][j] - axes[i][j]) < 1e-5;
        }
    }
    fields.set_integer(Field::qform_code, has_rotation ? code : 0);
}

}  // namespace tare::io::detail
