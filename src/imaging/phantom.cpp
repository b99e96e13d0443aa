// Putting people's anatomy, their covariates, their site and noise together, line by line.
#include "tare/imaging/phantom.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "head.hpp"
#include "smooth_field.hpp"
#include "tare/base/error.hpp"
#include "tare/base/rng.hpp"

namespace tare::imaging {
namespace {

constexpr double age_centre = 50.0, age_unit = 20.0;
/// The head's half axes as a share of half the grid.
constexpr double head_share = 0.9;
/// SDs of how people differ: place of a point and length of an axis (as shares of the head's radius), and logarithms of the
/// thickness of cortex, width of sulci and size of ventricles.
constexpr double place_sd = 0.016, axis_sd = 0.018, cortex_sd = 0.08, sulci_sd = 0.18, ventricles_sd = 0.28;

enum class Stream : std::uint64_t { anatomy = 1, effects, site, subject };

/// A random stream of its own for every thing that is drawn, so that none depends on how many others there are.
base::Rng stream(std::uint64_t seed, Stream kind, Index number) {
    const std::uint64_t of_kind = base::Rng(seed ^ (static_cast<std::uint64_t>(kind) * 0xA24BAED4963EE407U)).bits();
    return base::Rng(of_kind + static_cast<std::uint64_t>(number) * 0xD1342543DE82EF95U);
}

void check(const PhantomOptions& options) {
    if (options.shape.size() != 3 ||
        std::any_of(options.shape.begin(), options.shape.end(), [](Index n) { return n < 1; })) {
        throw base::usage_error("an image needs three extents of at least 1 voxel");
    }
    if (options.voxel_size.size() != 3 ||
        std::any_of(options.voxel_size.begin(), options.voxel_size.end(), [](double mm) { return !(mm > 0.0); })) {
        throw base::usage_error("a voxel needs three sizes above 0");
    }
    if (options.sites < 1) throw base::usage_error("a cohort needs at least one site");
    for (const double spread : {options.site_shift, options.site_gain, options.site_scale, options.noise}) {
        if (!(spread >= 0.0)) throw base::usage_error("spreads of site effects and noise are at least 0");
    }
}

data::Grid grid_of(const PhantomOptions& options) {
    data::Grid grid;
    grid.shape = options.shape;
    grid.affine.fill(0.0);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        grid.affine[axis * 4 + axis] = options.voxel_size[axis];
        grid.affine[axis * 4 + 3] = -0.5 * options.voxel_size[axis] * static_cast<double>(options.shape[axis] - 1);
    }
    return grid;
}

struct Site {
    SmoothField log_gain, offset;
    double noise = 0.0;
};

/// As with scanners, half of the variance is common to the whole head.
SmoothField site_field(base::Rng& rng, double sd) {
    const double half = std::sqrt(0.5);
    SmoothField field(rng);
    field *= half;
    field += half * rng.normal();
    field *= sd;
    return field;
}

std::vector<Site> draw_sites(const PhantomOptions& options) {
    std::vector<Site> sites(static_cast<std::size_t>(options.sites));
    Site mean;
    for (std::size_t s = 0; s < sites.size(); ++s) {
        base::Rng rng = stream(options.seed, Stream::site, static_cast<Index>(s));
        sites[s].log_gain = site_field(rng, options.site_gain);
        sites[s].offset = site_field(rng, options.site_shift * Phantom::subject_sd);
        sites[s].noise = options.site_scale * rng.normal();
        mean.log_gain += sites[s].log_gain;
        mean.offset += sites[s].offset;
        mean.noise += sites[s].noise;
    }
    const double share = 1.0 / static_cast<double>(sites.size());
    mean.log_gain *= share;
    mean.offset *= share;
    for (Site& site : sites) {
        site.log_gain -= mean.log_gain;
        site.offset -= mean.offset;
        site.noise = options.noise * Phantom::white_matter * std::exp(site.noise - share * mean.noise);
    }
    return sites;
}

/// Where grey matter is, an effect is its mean times this, never below a fifth.
double effect_share(double field) noexcept {
    return std::max(0.2, 1.0 + 0.3 * field);
}

float label_of(const Tissue& tissue) noexcept {
    if (tissue.inner < 0.5) return 0.0F;
    const double fluid = tissue.inner - tissue.grey_matter - tissue.white_matter;
    if (tissue.grey_matter >= tissue.white_matter) return tissue.grey_matter >= fluid ? 2.0F : 1.0F;
    return tissue.white_matter >= fluid ? 3.0F : 1.0F;
}

struct Effect {
    double mean = 0.0;  ///< in units of intensity
    SmoothField field;
};

/// What one person differs in from the template.
struct Person {
    std::array<SmoothField, 3> shift;
    Point axes{1.0, 1.0, 1.0};
    SmoothField brightness, cortex;
    double sulci = 1.0, ventricles = 1.0;
};

Person draw_person(base::Rng& rng) {
    Person person;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        person.shift[axis] = SmoothField(rng);
        person.shift[axis] *= place_sd;
        person.axes[axis] = 1.0 / (1.0 + axis_sd * std::clamp(rng.normal(), -2.5, 2.5));
    }
    person.brightness = site_field(rng, Phantom::subject_sd);
    person.cortex = SmoothField(rng);
    person.cortex *= cortex_sd;
    person.cortex += 1.0 + cortex_sd * rng.normal();
    person.sulci = std::exp(sulci_sd * rng.normal());
    person.ventricles = std::exp(ventricles_sd * rng.normal());
    return person;
}

}  // namespace

struct Phantom::State {
    PhantomOptions options;
    data::Grid grid;
    FieldAxes axes;
    Head anatomy;
    std::vector<Site> sites;
    Effect age, curve, sex, diagnosis;
    double blur = 0.0;
    std::array<std::vector<double>, 3> coordinates;
    std::vector<float> head, inner, grey_matter;  ///< of the template

    State(const PhantomOptions& wanted, base::Rng anatomy_stream)
        : options(wanted), grid(grid_of(wanted)), axes(wanted.shape), anatomy(anatomy_stream), sites(draw_sites(wanted)) {
        base::Rng rng = stream(options.seed, Stream::effects, 0);
        age = {-options.age_effect * subject_sd / age_unit, SmoothField(rng)};
        curve = {-options.age_curve * subject_sd / (age_unit * age_unit), SmoothField(rng)};
        sex = {options.sex_effect * subject_sd, SmoothField(rng)};
        diagnosis = {-options.diagnosis_effect * subject_sd, SmoothField(rng)};
        double voxel = 0.0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const auto extent = static_cast<double>(options.shape[axis]);
            for (Index i = 0; i < options.shape[axis]; ++i) {
                coordinates[axis].push_back((2.0 * (static_cast<double>(i) + 0.5) / extent - 1.0) / head_share);
            }
            voxel += 2.0 / extent / head_share / 3.0;
        }
        blur = std::clamp(0.6 * voxel, 0.008, 0.08);
        fill_template();
    }

    [[nodiscard]] Index extent(std::size_t axis) const { return options.shape[axis]; }

    /// Calls action(first voxel, y, z) for every line of voxels along x.
    template <typename Action>
    void for_lines(const Action& action) const {
        Index first = 0;
        for (Index z = 0; z < extent(2); ++z) {
            for (Index y = 0; y < extent(1); ++y, first += extent(0)) action(static_cast<std::size_t>(first), y, z);
        }
    }

    [[nodiscard]] Point point(std::size_t x, Index y, Index z) const {
        return {coordinates[0][x], coordinates[1][static_cast<std::size_t>(y)], coordinates[2][static_cast<std::size_t>(z)]};
    }

    [[nodiscard]] std::vector<float> empty_map() const {
        return std::vector<float>(static_cast<std::size_t>(grid.voxels()));
    }
    [[nodiscard]] std::vector<double> empty_line() const { return std::vector<double>(static_cast<std::size_t>(extent(0))); }

    void fill_template() {
        head = empty_map();
        inner = empty_map();
        grey_matter = empty_map();
        for_lines([&](std::size_t first, Index y, Index z) {
            for (std::size_t x = 0; x < coordinates[0].size(); ++x) {
                const Tissue tissue = anatomy.at(point(x, y, z), {}, blur);
                head[first + x] = static_cast<float>(tissue.head);
                inner[first + x] = static_cast<float>(tissue.inner);
                grey_matter[first + x] = static_cast<float>(tissue.grey_matter);
            }
        });
    }

    /// A map of value(field here, voxel).
    template <typename Value>
    [[nodiscard]] std::vector<float> map(const SmoothField& field, const Value& value) const {
        std::vector<float> out = empty_map();
        std::vector<double> line = empty_line();
        for_lines([&](std::size_t first, Index y, Index z) {
            field.line(axes, y, z, line);
            for (std::size_t x = 0; x < line.size(); ++x) out[first + x] = static_cast<float>(value(line[x], first + x));
        });
        return out;
    }

    [[nodiscard]] std::vector<float> map(const Effect& effect) const {
        return map(effect.field, [&](double field, std::size_t voxel) {
            return effect.mean * effect_share(field) * static_cast<double>(grey_matter[voxel]);
        });
    }
};

Phantom::Phantom(const PhantomOptions& options) {
    check(options);
    state_ = std::make_unique<const State>(options, stream(options.seed, Stream::anatomy, 0));
}

Phantom::Phantom(Phantom&&) noexcept = default;
Phantom& Phantom::operator=(Phantom&&) noexcept = default;
Phantom::~Phantom() = default;

const data::Grid& Phantom::grid() const noexcept {
    return state_->grid;
}

std::vector<float> Phantom::brain() const {
    std::vector<float> mask = state_->inner;
    for (float& value : mask) value = value >= 0.5F ? 1.0F : 0.0F;
    return mask;
}

std::vector<float> Phantom::head() const {
    std::vector<float> mask = state_->head;
    for (float& value : mask) value = value >= 0.5F ? 1.0F : 0.0F;
    return mask;
}

std::vector<float> Phantom::age_effect() const {
    return state_->map(state_->age);
}
std::vector<float> Phantom::age_curve() const {
    return state_->map(state_->curve);
}
std::vector<float> Phantom::sex_effect() const {
    return state_->map(state_->sex);
}
std::vector<float> Phantom::diagnosis_effect() const {
    return state_->map(state_->diagnosis);
}

std::vector<float> Phantom::gain(Index site) const {
    return state_->map(state_->sites[static_cast<std::size_t>(site)].log_gain,
                       [](double field, std::size_t) { return std::exp(field); });
}

std::vector<float> Phantom::offset(Index site) const {
    return state_->map(state_->sites[static_cast<std::size_t>(site)].offset, [&](double field, std::size_t voxel) {
        const auto share = static_cast<double>(state_->head[voxel]);
        return share > 0.0 ? field * share : 0.0;
    });
}

double Phantom::noise(Index site) const {
    return state_->sites[static_cast<std::size_t>(site)].noise;
}

PhantomImage Phantom::image(const PhantomSubject& subject) const {
    const State& state = *state_;
    const Site& site = state.sites[static_cast<std::size_t>(subject.site)];
    base::Rng rng = stream(state.options.seed, Stream::subject, subject.number);
    const Person person = draw_person(rng);
    const double years = subject.age - age_centre;
    const std::array<std::pair<const Effect*, double>, 4> effects{{{&state.age, years},
                                                                   {&state.curve, years * years},
                                                                   {&state.sex, subject.male ? 1.0 : 0.0},
                                                                   {&state.diagnosis, subject.patient ? 1.0 : 0.0}}};
    PhantomImage out{state.empty_map(), state.empty_map(), state.empty_map()};
    std::array<std::vector<double>, 3> shift{state.empty_line(), state.empty_line(), state.empty_line()};
    std::array<std::vector<double>, 4> effect{state.empty_line(), state.empty_line(), state.empty_line(),
                                              state.empty_line()};
    std::vector<double> brightness = state.empty_line(), cortex = state.empty_line(), log_gain = state.empty_line(),
                        offset = state.empty_line();
    state.for_lines([&](std::size_t first, Index y, Index z) {
        for (std::size_t axis = 0; axis < 3; ++axis) person.shift[axis].line(state.axes, y, z, shift[axis]);
        for (std::size_t e = 0; e < effects.size(); ++e) effects[e].first->field.line(state.axes, y, z, effect[e]);
        person.brightness.line(state.axes, y, z, brightness);
        person.cortex.line(state.axes, y, z, cortex);
        site.log_gain.line(state.axes, y, z, log_gain);
        site.offset.line(state.axes, y, z, offset);
        for (std::size_t x = 0; x < brightness.size(); ++x) {
            Point p = state.point(x, y, z);
            for (std::size_t axis = 0; axis < 3; ++axis) p[axis] = p[axis] * person.axes[axis] + shift[axis][x];
            const Tissue tissue =
                state.anatomy.at(p, {std::max(0.3, cortex[x]), person.sulci, person.ventricles}, state.blur);
            double truth = white_matter * tissue.intensity + brightness[x] * tissue.head;
            const auto grey = static_cast<double>(state.grey_matter[first + x]);
            if (grey > 0.0) {
                for (std::size_t e = 0; e < effects.size(); ++e) {
                    truth += effects[e].first->mean * effect_share(effect[e][x]) * grey * effects[e].second;
                }
            }
            double observed = std::exp(log_gain[x]) * truth + offset[x] * static_cast<double>(state.head[first + x]);
            if (site.noise > 0.0) {
                const double real = observed + site.noise * rng.normal(), imaginary = site.noise * rng.normal();
                observed = std::sqrt(real * real + imaginary * imaginary);
            }
            out.truth[first + x] = static_cast<float>(truth);
            out.observed[first + x] = static_cast<float>(observed);
            out.tissues[first + x] = label_of(tissue);
        }
    });
    return out;
}

}  // namespace tare::imaging
