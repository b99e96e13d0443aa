// Drawing SVG into pixels by librsvg and Cairo: no other file sees them.
#include "png.hpp"

#include <cmath>
#include <limits>
#include <memory>

#include <cairo.h>
#include <librsvg/rsvg.h>

#include "tare/base/error.hpp"
#include "tare/report/page.hpp"

namespace tare::report {

namespace {

struct Release {
    void operator()(cairo_surface_t* surface) const { cairo_surface_destroy(surface); }
    void operator()(cairo_t* context) const { cairo_destroy(context); }
    void operator()(RsvgHandle* handle) const { g_object_unref(handle); }
    void operator()(GError* error) const { g_error_free(error); }
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
    Held<cairo_surface_t> surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, width, height));
    if (cairo_surface_status(surface.get()) != CAIRO_STATUS_SUCCESS) {
        throw no_room(size_text(width, height));
    }
    return surface;
}

std::string encoded(cairo_surface_t* surface) {
    std::string out;
    cairo_surface_flush(surface);
    if (cairo_surface_write_to_png_stream(surface, append, &out) != CAIRO_STATUS_SUCCESS) {
        throw no_room(size_text(cairo_image_surface_get_width(surface), cairo_image_surface_get_height(surface)));
    }
    return out;
}

}  // namespace

std::string png(const std::string& svg, double scale) {
    GError* error = nullptr;
    const Held<RsvgHandle> handle(
        rsvg_handle_new_from_data(reinterpret_cast<const guint8*>(svg.data()), svg.size(), &error));
    if (!handle) {
        throw undrawable(error);
    }
    double width = 0.0;
    double height = 0.0;
    if (!rsvg_handle_get_intrinsic_size_in_pixels(handle.get(), &width, &height) || !(width > 0.0) || !(height > 0.0)) {
        throw base::malformed("cannot draw the SVG: it has no size");
    }
    if (!(scale > 0.0) || !(width * scale <= most_pixels) || !(height * scale <= most_pixels)) {
        throw no_room("this size");
    }
    const auto columns = static_cast<int>(std::ceil(width * scale));
    const auto rows = static_cast<int>(std::ceil(height * scale));
    const Held<cairo_surface_t> surface = blank(columns, rows);
    const Held<cairo_t> context(cairo_create(surface.get()));
    cairo_set_source_rgb(context.get(), 1.0, 1.0, 1.0);
    cairo_paint(context.get());
    const RsvgRectangle viewport{0.0, 0.0, static_cast<double>(columns), static_cast<double>(rows)};
    if (!rsvg_handle_render_document(handle.get(), context.get(), &viewport, &error)) {
        throw undrawable(error);
    }
    return encoded(surface.get());
}

namespace detail {

std::string png_of_pixels(int width, int height, const std::vector<std::uint32_t>& pixels) {
    const Held<cairo_surface_t> surface = blank(width, height);
    cairo_surface_flush(surface.get());
    unsigned char* const rows = cairo_image_surface_get_data(surface.get());
    const int stride = cairo_image_surface_get_stride(surface.get());
    for (int y = 0; y < height; ++y) {
        auto* const row = reinterpret_cast<std::uint32_t*>(rows + static_cast<std::ptrdiff_t>(y) * stride);
        for (int x = 0; x < width; ++x) {
            row[x] = pixels[static_cast<std::size_t>(y) * static_cast<std::size_t>(width) + static_cast<std::size_t>(x)];
        }
    }
    cairo_surface_mark_dirty(surface.get());
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
