// Drawing SVG into pixels by librsvg and Cairo: no other file sees them.
#include "png.hpp"

#include <cmath>
#include <limits>
#include <memory>

#include <cairo.h>
#include <dlfcn.h>
#include <librsvg/rsvg.h>

#include "tare/base/error.hpp"
#include "tare/report/page.hpp"

namespace tare::report {

namespace {

/// The functions of librsvg, and of Cairo and GLib below it, under their names without the prefix. They are looked up when
/// the first picture is drawn: linked, their fifty libraries would double the start-up time of `tare`.
class Library {
public:
    Library() : handle_(dlopen(name, RTLD_NOW | RTLD_LOCAL)) {
        if (handle_ == nullptr) throw missing("is not installed");
        find("g_error_free", error_free);
        find("g_object_unref", object_unref);
        find("cairo_create", create);
        find("cairo_destroy", destroy);
        find("cairo_image_surface_create", image_surface_create);
        find("cairo_image_surface_get_data", image_surface_get_data);
        find("cairo_image_surface_get_height", image_surface_get_height);
        find("cairo_image_surface_get_stride", image_surface_get_stride);
        find("cairo_image_surface_get_width", image_surface_get_width);
        find("cairo_paint", paint);
        find("cairo_set_source_rgb", set_source_rgb);
        find("cairo_surface_destroy", surface_destroy);
        find("cairo_surface_flush", surface_flush);
        find("cairo_surface_mark_dirty", surface_mark_dirty);
        find("cairo_surface_status", surface_status);
        find("cairo_surface_write_to_png_stream", surface_write_to_png_stream);
        find("rsvg_handle_get_intrinsic_size_in_pixels", handle_get_intrinsic_size_in_pixels);
        find("rsvg_handle_new_from_data", handle_new_from_data);
        find("rsvg_handle_render_document", handle_render_document);
    }

    decltype(&::g_error_free) error_free = nullptr;
    decltype(&::g_object_unref) object_unref = nullptr;
    decltype(&::cairo_create) create = nullptr;
    decltype(&::cairo_destroy) destroy = nullptr;
    decltype(&::cairo_image_surface_create) image_surface_create = nullptr;
    decltype(&::cairo_image_surface_get_data) image_surface_get_data = nullptr;
    decltype(&::cairo_image_surface_get_height) image_surface_get_height = nullptr;
    decltype(&::cairo_image_surface_get_stride) image_surface_get_stride = nullptr;
    decltype(&::cairo_image_surface_get_width) image_surface_get_width = nullptr;
    decltype(&::cairo_paint) paint = nullptr;
    decltype(&::cairo_set_source_rgb) set_source_rgb = nullptr;
    decltype(&::cairo_surface_destroy) surface_destroy = nullptr;
    decltype(&::cairo_surface_flush) surface_flush = nullptr;
    decltype(&::cairo_surface_mark_dirty) surface_mark_dirty = nullptr;
    decltype(&::cairo_surface_status) surface_status = nullptr;
    decltype(&::cairo_surface_write_to_png_stream) surface_write_to_png_stream = nullptr;
    decltype(&::rsvg_handle_get_intrinsic_size_in_pixels) handle_get_intrinsic_size_in_pixels = nullptr;
    decltype(&::rsvg_handle_new_from_data) handle_new_from_data = nullptr;
    decltype(&::rsvg_handle_render_document) handle_render_document = nullptr;

private:
    static constexpr const char* name = "librsvg-2.so.2";

    static base::Error missing(const std::string& what) {
        return {base::ExitCode::unavailable, std::string(name) + ", which draws PNG files, " + what,
                "install librsvg 2.48 or later (Debian's librsvg2-2)"};
    }
    template <typename Function>
    void find(const char* symbol, Function*& function) const {
        function = reinterpret_cast<Function*>(dlsym(handle_, symbol));
        if (function == nullptr) throw missing("lacks " + std::string(symbol));
    }

    /// Never closed: GLib cannot be taken out of a running program.
    void* handle_;
};

const Library& library() {
    static const Library loaded;
    return loaded;
}

struct Release {
    void operator()(cairo_surface_t* surface) const { library().surface_destroy(surface); }
    void operator()(cairo_t* context) const { library().destroy(context); }
    void operator()(RsvgHandle* handle) const { library().object_unref(handle); }
    void operator()(GError* error) const { library().error_free(error); }
};
template <typename T>
using Held = std::unique_ptr<T, Release>;

/// The largest side that Cairo draws.
constexpr double most_pixels = 32767.0;

base::Error no_room(const std::string& what) {
    return {base::ExitCode::memory, "cannot draw a picture of " + what};
}

base::Error undrawable(GError* error) {
    const Held<GError> held(error);
    return base::malformed("cannot draw the SVG: " + std::string(held ? held->message : "unknown reason"));
}

std::string size_text(int width, int height) {
    return std::to_string(width) + " × " + std::to_string(height) + " pixels";
}

cairo_status_t append(void* out, const unsigned char* bytes, unsigned int count) {
    try {
        static_cast<std::string*>(out)->append(bytes, bytes + count);
    } catch (const std::bad_alloc&) {
        return CAIRO_STATUS_NO_MEMORY;
    }
    return CAIRO_STATUS_SUCCESS;
}

Held<cairo_surface_t> blank(int width, int height) {
    Held<cairo_surface_t> surface(library().image_surface_create(CAIRO_FORMAT_RGB24, width, height));
    if (library().surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
        throw no_room(size_text(width, height));
    }
    return surface;
}

std::string encoded(cairo_surface_t* surface) {
    std::string out;
    library().surface_flush(surface);
    if (library().surface_write_to_png_stream(surface, append, &out) != CAIRO_STATUS_SUCCESS) {
        throw no_room(size_text(library().image_surface_get_width(surface), library().image_surface_get_height(surface)));
    }
    return out;
}

}  // namespace

std::string png(const std::string& svg, double scale) {
    GError* error = nullptr;
    const Held<RsvgHandle> handle(
        library().handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error));
    if (!handle) {
        throw undrawable(error);
    }
    double width = 0.0;
    double height = 0.0;
    if (!library().handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height) || !(width > 0.0) || !(height > 0.0)) {
        throw base::malformed("cannot draw the SVG: it has no size");
    }
    if (!(scale > 0.0) || !(width * scale <= most_pixels) || !(height * scale <= most_pixels)) {
        throw no_room("this size");
    }
    const auto columns = static_cast<int>(std::ceil(width * scale));
    const auto rows = static_cast<int>(std::ceil(height * scale));
    const Held<cairo_surface_t> surface = blank(columns, rows);
    const Held<cairo_t> context(library().create(surface.get()));
    library().set_source_rgb(context.get(), 1.0, 1.0, 1.0);
    library().paint(context.get());
    const RsvgRectangle viewport{0.0, 0.0, static_cast<double>(columns), static_cast<double>(rows)};
    if (!library().handle_render_document(handle.get(), context.get(), &viewport, &error)) {
        throw undrawable(error);
    }
    return encoded(surface.get());
}

namespace detail {

std::string png_of_pixels(int width, int height, const std::vector<std::uint32_t>& pixels) {
    const Held<cairo_surface_t> surface = blank(width, height);
    library().surface_flush(surface.get());
    unsigned char* const rows = library().image_surface_get_data(surface.get());
    const int stride = library().image_surface_get_stride(surface.get());
    for (int y = 0; y < height; ++y) {
        auto* const row = reinterpret_cast<std::uint32_t*>(rows + static_cast<std::ptrdiff_t>(y) * stride);
        for (int x = 0; x < width; ++x) {
            row[x] = pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
        }
    }
    library().surface_mark_dirty(surface.get());
    return encoded(surface.get());
}

std::string base64(std::string_view bytes) {
    constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    std::string out;
    out.reserve((bytes.size() + 2) / 3 * 4);
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        std::uint32_t group = 0;
        for (std::size_t j = 0; j < 3; ++j) {
            group = (group << 8U) | (i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0U);
        }
        for (std::size_t j = 0; j < 4; ++j) {
            out += i + j <= bytes.size() ? letters[(group >> (18U - 6U * j)) & 63U] : '=';
        }
    }
    return out;
}

}  // namespace detail

}  // namespace tare::report
