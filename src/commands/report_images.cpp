// Names, voxels, and two looks at every image: the first tells where the bins are to lie, the second counts.
#include "report_images.hpp"

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <limits>
#include <numeric>
#include <span>
#include <utility>

#include "progress.hpp"
#include "report_index.hpp"
#include "tare/base/error.hpp"
#include "tare/base/parallel.hpp"
#include "tare/base/text.hpp"
#include "tare/data/name_pattern.hpp"
#include "tare/io/image_rows.hpp"
#include "tare/stats/grouping.hpp"
#include "tare/stats/value_histograms.hpp"

namespace tare::commands {
namespace {

using base::Index;

constexpr Index bins = 64;
constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// Everyone's image of one state.
std::vector<std::string> names_of(const cli::ParsedOptions& options, const std::string& option, const ReportTables& tables) {
    const std::string pattern = options.text(option);
    const data::NamePattern parsed(pattern, "--" + option);
    for (const std::string& column : parsed.columns()) {
        const Index place = tables.people.find(column);
        if (place >= 0 && tables.people.place[at(place)] >= 0)
            throw base::inconsistent("--" + option + ": column '" + column + "' of " + tables.people.source +
                                         " is a feature, whose numbers make no name",
                                     "leave it out with --exclude '" + column + "'");
    }
    const std::vector<std::string> of_rows = expanded_names("--" + option, pattern, tables.people);
    std::vector<std::string> names;
    for (const Index row : tables.row_of) names.push_back(of_rows[at(row)]);
    return names;
}

void check_counterparts(const std::vector<std::string>& before, const std::vector<std::string>& after) {
    const auto is_there = [](const std::string& path) {
        std::error_code fault;
        return std::filesystem::exists(path, fault) || fault;
    };
    for (std::size_t i = 0; i < before.size(); ++i) {
        std::error_code fault;
        if (before[i] == after[i] || std::filesystem::equivalent(before[i], after[i], fault))
            throw base::usage_error("--before-images and --after-images both name " + before[i],
                                    "name the images before harmonising, and those after");
        const bool first = is_there(before[i]), second = is_there(after[i]);
        if (first == second) continue;
        throw base::Error(
            base::ExitCode::no_input,
            (first ? after[i] : before[i]) + ": no such file, the counterpart of " + (first ? before[i] : after[i]),
            "a person who lacks one of the two is left out of the tables");
    }
}

/// The images of one state, and what was found in them.
class State {
public:
    State(io::ImageSet set, const data::Features& voxels, bool masked, const base::Resources& resources)
        : rows_(std::move(set), voxels, masked, resources), masked_(masked) {}

    [[nodiscard]] std::size_t images() const { return rows_.set().paths.size(); }
    [[nodiscard]] Index most_rows() { return rows_.most_rows(static_cast<Index>(images())); }
    [[nodiscard]] base::RowPointers rows(std::span<const Index> people) { return rows_.rows(people); }

    /// Per voxel of a person's image: its value, not a number where it does not count. Throws Error where none does.
    [[nodiscard]] std::vector<double> values_of(const base::RowPointers& rows, std::size_t row, Index person) const {
        std::vector<double> out = std::visit([&](const auto& pointers) { return values_of(pointers[row]); }, rows);
        if (std::all_of(out.begin(), out.end(), [](double value) { return std::isnan(value); }))
            throw base::degenerate(rows_.set().paths[at(person)] + ": no voxel is finite and not 0",
                                   "without --mask and --images, these are looked at");
        return out;
    }

    [[nodiscard]] const std::string& path(Index person) const { return rows_.set().paths[at(person)]; }

    void add_files(std::vector<io::InputFile>& files) const {
        for (std::size_t i = 0; i < rows_.set().paths.size(); ++i) {
            const std::vector<io::InputFile>& own = rows_.known_files(static_cast<Index>(i));
            files.insert(files.end(), own.begin(), own.end());
        }
    }

private:
    template <typename T>
    [[nodiscard]] std::vector<double> values_of(const T* row) const {
        std::vector<double> out(at(rows_.features()));
        for (Index v = 0; v < rows_.features(); ++v) {
            const auto value = static_cast<double>(row[v]);
            out[at(v)] = masked_ || (std::isfinite(value) && value != 0.0) ? value : none;
        }
        return out;
    }

    io::ImageRows rows_;
    bool masked_;
};

/// Everyone's image before and after, over the voxels that count in both.
class Pairs {
public:
    Pairs(State& before, State& after, int threads) : before_(before), after_(after), threads_(threads) {}

    struct Values {
        std::vector<double> before, after;
        Index own_before = 0, own_after = 0;  ///< voxels that count in one image
    };

    /// Calls work(i, values) for every person, several at a time.
    void for_each(Progress& progress, const std::function<void(std::size_t i, Values values)>& work) {
        const auto count = static_cast<Index>(before_.images());
        const Index batch = std::min(before_.most_rows(), after_.most_rows());
        for (Index first = 0; first < count; first += batch) {
            std::vector<Index> people(at(std::min(batch, count - first)));
            std::iota(people.begin(), people.end(), first);
            const base::RowPointers raw = before_.rows(people), harmonised = after_.rows(people);
            base::for_each_in_parallel(people.size(), threads_, [&](std::size_t j) {
                work(at(people[j]), in_both(raw, harmonised, j, people[j]));
                progress.one_more();
            });
        }
    }

private:
    [[nodiscard]] Values in_both(const base::RowPointers& raw, const base::RowPointers& harmonised, std::size_t row,
                                 Index person) const {
        Values out{before_.values_of(raw, row, person), after_.values_of(harmonised, row, person)};
        std::size_t kept = 0;
        for (std::size_t v = 0; v < out.before.size(); ++v) {
            const double one = out.before[v], other = out.after[v];
            out.own_before += std::isnan(one) ? 0 : 1;
            out.own_after += std::isnan(other) ? 0 : 1;
            if (std::isnan(one) || std::isnan(other)) continue;
            out.before[kept] = one;
            out.after[kept++] = other;
        }
        out.before.resize(kept);
        out.after.resize(kept);
        if (kept == 0)
            throw base::degenerate(
                after_.path(person) + ": shares no voxel that is finite and not 0 with " + before_.path(person),
                "--mask names the voxels to look at");
        return out;
    }

    State& before_;
    State& after_;
    int threads_;
};

void by_site(const std::vector<stats::ValueFigures>& figures, const std::vector<std::vector<Index>>& counts,
             const stats::Grouping& sites, report::VoxelValues& out) {
    std::vector<std::vector<double>> whole;
    for (const std::vector<Index>& people : sites.rows) {
        report::VoxelValues::Figures mean;
        std::vector<double> shares(counts.front().size(), 0.0);
        double all = 0.0;
        const auto n = static_cast<double>(people.size());
        for (const Index i : people) {
            const stats::ValueFigures& own = figures[at(i)];
            mean.mean += own.mean / n;
            mean.sd += own.sd / n;
            mean.p05 += own.quantile(0.05) / n;
            mean.median += own.quantile(0.5) / n;
            mean.p95 += own.quantile(0.95) / n;
            for (std::size_t b = 0; b < shares.size(); ++b) {
                shares[b] += static_cast<double>(counts[at(i)][b]);
                all += static_cast<double>(counts[at(i)][b]);
            }
        }
        for (double& share : shares) share /= all;
        out.sites.push_back(mean);
        out.below.push_back(shares.front());
        out.above.push_back(shares.back());
        out.shares.emplace_back(shares.begin() + 1, shares.end() - 1);
        whole.push_back(std::move(shares));
    }
    double sum = 0.0, pairs = 0.0, least = std::numeric_limits<double>::infinity();
    for (std::size_t a = 0; a < whole.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            const double overlap = stats::overlap_of(whole[a], whole[b]);
            sum += overlap;
            least = std::min(least, overlap);
            pairs += 1.0;
        }
    }
    out.overlap = pairs > 0.0 ? sum / pairs : none;
    out.least_overlap = pairs > 0.0 ? least : none;
}

/// Figures of images as the features of a table.
const std::vector<std::pair<std::string, std::function<double(const stats::ValueFigures&)>>>& image_features() {
    using Figures = stats::ValueFigures;
    static const std::vector<std::pair<std::string, std::function<double(const Figures&)>>> features{
        {"voxel_mean", [](const Figures& figures) { return figures.mean; }},
        {"voxel_sd", [](const Figures& figures) { return figures.sd; }},
        {"voxel_p05", [](const Figures& figures) { return figures.quantile(0.05); }},
        {"voxel_p25", [](const Figures& figures) { return figures.quantile(0.25); }},
        {"voxel_median", [](const Figures& figures) { return figures.quantile(0.5); }},
        {"voxel_p75", [](const Figures& figures) { return figures.quantile(0.75); }},
        {"voxel_p95", [](const Figures& figures) { return figures.quantile(0.95); }}};
    return features;
}

base::Matrix<double> as_features(const std::vector<stats::ValueFigures>& people) {
    const auto& features = image_features();
    base::Matrix<double> out(static_cast<Index>(people.size()), static_cast<Index>(features.size()));
    for (std::size_t i = 0; i < people.size(); ++i) {
        for (std::size_t f = 0; f < features.size(); ++f)
            out(static_cast<Index>(i), static_cast<Index>(f)) = features[f].second(people[i]);
    }
    return out;
}

/// The voxels to look at, and whether somebody chose them.
std::pair<data::Features, bool> voxels_of(const cli::ParsedOptions& options, const io::ImageSet& images,
                                          const std::optional<io::SavedModel>& maps, ReportTables& tables,
                                          cli::Context& context) {
    if (options.given("mask")) {
        io::Mask mask = io::read_mask(options.text("mask"), images.grid, images.paths.front(), context.resources);
        tables.files.insert(tables.files.end(), mask.files.begin(), mask.files.end());
        return {data::Features::voxels(images.grid, std::move(mask.inside)), true};
    }
    if (maps) return {maps->model.features, true};
    std::vector<Index> all(at(images.grid.values()));
    std::iota(all.begin(), all.end(), Index{0});
    return {data::Features::voxels(images.grid, std::move(all)), false};
}

}  // namespace

report::Histograms compared_images(const cli::ParsedOptions& options, ReportTables& tables,
                                   const std::optional<io::SavedModel>& maps, Results& results, cli::Context& context) {
    const std::vector<std::string> before_names = names_of(options, "before-images", tables),
                                   after_names = names_of(options, "after-images", tables);
    check_counterparts(before_names, after_names);
    for (const auto* names : {&before_names, &after_names}) {
        for (const std::string& name : *names) results.protect(name);
    }
    std::vector<Index> everyone(before_names.size());
    std::iota(everyone.begin(), everyone.end(), Index{0});
    const std::optional<data::Grid> expected = maps ? std::optional<data::Grid>(maps->model.features.grid()) : std::nullopt;
    io::ImageSet first = io::check_images(before_names, everyone, expected, maps ? maps->path : "", context.resources);
    io::ImageSet second = io::check_images(after_names, everyone, first.grid, before_names.front(), context.resources);
    const auto [voxels, masked] = voxels_of(options, first, maps, tables, context);
    // Each takes half of the memory at most, for the images that it keeps for the second look too.
    State before(std::move(first), voxels, masked, context.resources),
        after(std::move(second), voxels, masked, context.resources);

    Progress progress("pairs of images", 2 * everyone.size(), context.log);
    Pairs pairs(before, after, context.resources.threads);
    report::Histograms out;
    std::vector<stats::ValueFigures> figures_before(everyone.size()), figures_after(everyone.size());
    out.before.voxels.resize(everyone.size());
    out.after.voxels.resize(everyone.size());
    pairs.for_each(progress, [&](std::size_t i, Pairs::Values values) {
        out.before.voxels[i] = values.own_before;
        out.after.voxels[i] = values.own_after;
        figures_before[i] = stats::value_figures(std::move(values.before));
        figures_after[i] = stats::value_figures(std::move(values.after));
    });
    out.ids = tables.before.ids;
    std::vector<stats::ValueFigures> all = figures_before;
    all.insert(all.end(), figures_after.begin(), figures_after.end());
    out.edges = stats::common_edges(all, bins);
    const stats::Grouping sites = stats::grouped(tables.before.sites);
    std::vector<std::vector<Index>> counts_before(everyone.size(), std::vector<Index>(out.edges.size() + 1, 0)),
        counts_after = counts_before;
    pairs.for_each(progress, [&](std::size_t i, const Pairs::Values& values) {
        stats::count_values(values.before, out.edges, counts_before[i]);
        stats::count_values(values.after, out.edges, counts_after[i]);
    });
    by_site(figures_before, counts_before, sites, out.before);
    by_site(figures_after, counts_after, sites, out.after);
    before.add_files(tables.files);
    after.add_files(tables.files);
    if (tables.of_images) {
        for (const auto& [name, figure] : image_features()) tables.before.features.names.push_back(name);
        tables.before.features.values = as_features(figures_before);
        tables.after = as_features(figures_after);
    }
    return out;
}

}  // namespace tare::commands
