// ITK's readers of single formats, used without the pipeline around them. ITK counts millimetres to the left and to the
// back, we to the right and to the front.
#include "itk_image.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <exception>
#include <iostream>
#include <mutex>
#include <optional>
#include <streambuf>

#include "byte_order.hpp"
#include "image_checks.hpp"
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
#include <itkMetaImageIO.h>
#include <itkNrrdImageIO.h>

namespace tare::io::detail {

namespace {

/// Takes everything and keeps nothing.
class Nowhere final : public std::streambuf {
protected:
    int_type overflow(int_type c) override { return traits_type::not_eof(c); }
    std::streamsize xsputn(const char* /*text*/, std::streamsize count) override { return count; }
};

/// Keeps what ITK's libraries print off the terminal. One reader at a time, because the streams are everyone's.
class Silence {
public:
    Silence() : lock_(mutex()), cout_(std::cout.rdbuf(&nowhere_)), cerr_(std::cerr.rdbuf(&nowhere_)) {
        itk::Object::GlobalWarningDisplayOff();
    }
    Silence(const Silence&) = delete;
    Silence& operator=(const Silence&) = delete;
    ~Silence() {
        std::cout.rdbuf(cout_);
        std::cerr.rdbuf(cerr_);
    }

private:
    static std::mutex& mutex() {
        static std::mutex one;
        return one;
    }

    std::lock_guard<std::mutex> lock_;
    Nowhere nowhere_;
    std::streambuf* cout_;
    std::streambuf* cerr_;
};

/// What ITK says, without the address of the object that says it.
std::string in_one_line(std::string text) {
    constexpr std::size_t longest = 200;
    if (const std::size_t address = text.find("(0x"); text.starts_with("itk::ERROR: ") && address != std::string::npos) {
        text.erase(0, std::min(text.find("): ", address), text.size() - 3) + 3);
    }
    std::ranges::replace_if(text, [](char c) { return c == '\n' || c == '\r' || c == '\t'; }, ' ');
    return text.size() > longest ? text.substr(0, longest) + " ..." : text;
}

/// What ITK throws, as an Error that names the file.
template <typename Action>
auto guarded(const std::string& path, const Action& action) {
    const Silence silence;
    try {
        return action();
    } catch (const base::Error&) {
        throw;
    } catch (const itk::ExceptionObject& error) {
        throw base::malformed(path + ": cannot be read: " + in_one_line(error.GetDescription()));
    } catch (const std::bad_alloc&) {
        throw;
    } catch (const std::exception& error) {
        throw base::malformed(path + ": cannot be read: " + in_one_line(error.what()));
    }
}

itk::ImageIOBase::Pointer reader_of(ForeignFormat format, const std::string& path) {
    itk::ImageIOBase::Pointer reader;
    if (format == ForeignFormat::nrrd) {
        reader = itk::NrrdImageIO::New();
    } else {
        reader = itk::MetaImageIO::New();
    }
    reader->SetFileName(path);
    reader->ReadImageInformation();
    return reader;
}

template <typename T>
constexpr VoxelType integer_type = sizeof(T) == 1   ? (std::is_signed_v<T> ? VoxelType::int8 : VoxelType::uint8)
                                   : sizeof(T) == 2 ? (std::is_signed_v<T> ? VoxelType::int16 : VoxelType::uint16)
                                   : sizeof(T) == 4 ? (std::is_signed_v<T> ? VoxelType::int32 : VoxelType::uint32)
                                                    : (std::is_signed_v<T> ? VoxelType::int64 : VoxelType::uint64);

std::optional<VoxelType> type_of(itk::IOComponentEnum component) noexcept {
    switch (component) {
        case itk::IOComponentEnum::UCHAR:
            return VoxelType::uint8;
        case itk::IOComponentEnum::CHAR:
            return VoxelType::int8;
        case itk::IOComponentEnum::USHORT:
            return integer_type<unsigned short>;
        case itk::IOComponentEnum::SHORT:
            return integer_type<short>;
        case itk::IOComponentEnum::UINT:
            return integer_type<unsigned int>;
        case itk::IOComponentEnum::INT:
            return integer_type<int>;
        case itk::IOComponentEnum::ULONG:
            return integer_type<unsigned long>;
        case itk::IOComponentEnum::LONG:
            return integer_type<long>;
        case itk::IOComponentEnum::ULONGLONG:
            return integer_type<unsigned long long>;
        case itk::IOComponentEnum::LONGLONG:
            return integer_type<long long>;
        case itk::IOComponentEnum::FLOAT:
            return VoxelType::float32;
        case itk::IOComponentEnum::DOUBLE:
            return VoxelType::float64;
        default:
            return std::nullopt;
    }
}

VoxelType checked_type(const itk::ImageIOBase& reader, const std::string& path) {
    const std::optional<VoxelType> type = type_of(reader.GetComponentType());
    if (!type) {
        throw base::malformed(path + ": the voxels are " +
                              itk::ImageIOBase::GetComponentTypeAsString(reader.GetComponentType()) +
                              ", which are not read");
    }
    if (reader.GetPixelType() != itk::IOPixelEnum::SCALAR || reader.GetNumberOfComponents() != 1) {
        throw base::malformed(path + ": the voxels are " + itk::ImageIOBase::GetPixelTypeAsString(reader.GetPixelType()) +
                                  " of " + std::to_string(reader.GetNumberOfComponents()) +
                                  " components, which are not read",
                              "convert the image to one integer, float32 or float64 per voxel");
    }
    return *type;
}

std::array<double, 12> affine_of(const itk::ImageIOBase& reader) {
    std::array<double, 12> affine{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0};
    const unsigned axes = std::min(reader.GetNumberOfDimensions(), 3U);
    for (unsigned row = 0; row < axes; ++row) {
        const double sign = row < 2 ? -1.0 : 1.0;
        for (unsigned axis = 0; axis < axes; ++axis) {
            affine[row * 4 + axis] = sign * reader.GetDirection(axis)[row] * reader.GetSpacing(axis) + 0.0;
        }
        affine[row * 4 + 3] = sign * reader.GetOrigin(row) + 0.0;
    }
    return affine;
}

}  // namespace

ImageHeader itk_header(ForeignFormat format, const std::string& path) {
    return guarded(path, [&] {
        const itk::ImageIOBase::Pointer reader = reader_of(format, path);
        ImageHeader header;
        header.format = ImageFormat::other;
        header.big_endian = native_is_big;
        header.type = checked_type(*reader, path);
        std::vector<std::int64_t> extents;
        for (unsigned axis = 0; axis < reader->GetNumberOfDimensions(); ++axis) {
            extents.push_back(static_cast<std::int64_t>(reader->GetDimensions(axis)));
        }
        header.grid.shape = checked_shape(extents, header.type, path);
        header.grid.affine = affine_of(*reader);
        check_affine(header.grid.affine, "origin, spacing and direction", path);
        return header;
    });
}

std::string itk_voxels(ForeignFormat format, const std::string& path, const ImageHeader& header) {
    return guarded(path, [&] {
        const itk::ImageIOBase::Pointer reader = reader_of(format, path);
        std::string voxels(stored_size(header), '\0');
        if (static_cast<std::uint64_t>(reader->GetImageSizeInBytes()) != voxels.size()) {
            throw base::malformed(path + ": changed while it was read");
        }
        itk::ImageIORegion all(reader->GetNumberOfDimensions());
        for (unsigned axis = 0; axis < reader->GetNumberOfDimensions(); ++axis) {
            all.SetSize(axis, reader->GetDimensions(axis));
        }
        reader->SetIORegion(all);
        reader->Read(voxels.data());
        return voxels;
    });
}

}  // namespace tare::io::detail
