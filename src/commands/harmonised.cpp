// Writing harmonised tables as a whole, matrices row by row, images one by one.
#include "harmonised.hpp"

#include <algorithm>
#include <map>

#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/data/name_pattern.hpp"
#include "tare/io/bids.hpp"
#include "tare/io/table_writer.hpp"

namespace tare::commands {
namespace {

constexpr std::size_t matrix_window_bytes = std::size_t{1} << 26;

io::Existing existing(const cli::ParsedOptions& options, const cli::Context& context) {
    if (context.force) return io::Existing::replace;
    return options.flag("resume") ? io::Existing::resume : io::Existing::refuse;
}

io::VoxelType datatype(const cli::ParsedOptions& options) {
    return options.text("datatype") == "float64" ? io::VoxelType::float64 : io::VoxelType::float32;
}

/// Which images are adjusted together, and in which order: site by site, so that what is needed of a model is one site at a
/// time; for longitudinal models person by person.
std::vector<std::vector<data::Index>> work_units(const CohortInput& input, std::vector<data::Index> rows,
                                                 const stats::CombatModel& model, const stats::Application& application) {
    std::vector<std::vector<data::Index>> units;
    if (model.options.method == stats::Method::longitudinal) {
        std::map<std::string, std::vector<data::Index>> visits;
        for (const data::Index row : rows) visits[input.cohort.people[static_cast<std::size_t>(row)]].push_back(row);
        for (auto& [person, own] : visits) units.push_back(std::move(own));
        return units;
    }
    std::sort(rows.begin(), rows.end(),
              [&](auto a, auto b) { return std::pair(application.site(a), a) < std::pair(application.site(b), b); });
    for (const data::Index row : rows) units.push_back({row});
    return units;
}

}  // namespace

Harmonised::Harmonised(const cli::ParsedOptions& options, cli::Context& context, Results& results)
    : options_(options), context_(context), results_(results), images_(context.unfinished, existing(options, context)) {
    if (options.text("return") == "residuals" && options.text("unseen-site") == "keep") {
        throw base::usage_error("--return residuals does not go with --unseen-site keep",
                                "subjects of unknown sites have no residuals, and their values would stand among those of "
                                "others");
    }
    if (value_kind(options) == ValueKind::images) return;
    const std::string path = options.text("output");
    const bool to_matrix = path.ends_with(".npy");
    if (value_kind(options) == ValueKind::table && to_matrix) {
        throw base::usage_error("--output: a table is written as a table, not as .npy");
    }
    if (value_kind(options) == ValueKind::matrix && !to_matrix && path != "-") {
        throw base::usage_error("--output: a matrix is written as .npy", "give the output a name that ends in .npy");
    }
    output_ = &results.open(path);
}

stats::ApplyOptions Harmonised::apply_options() const {
    const bool to_newcomers = options_.declares("hold-out-covariates");
    stats::ApplyOptions out{
        options_.text("unseen-site") == "keep" ? stats::UnseenSite::keep : stats::UnseenSite::error,
        options_.text("return") == "residuals" ? stats::Returned::residuals : stats::Returned::harmonised,
        to_newcomers ? options_.list("hold-out-covariates") : std::vector<std::string>()};
    out.may_estimate = to_newcomers && out.hold_out.empty();
    return out;
}

void Harmonised::prepare(const CohortInput& input, const std::vector<data::Index>& rows) {
    if (input.kind != ValueKind::images) return;
    image_names_ = expanded_names("--output-images", options_.text("output-images"), input.table);
    std::vector<std::string> outputs, read;
    for (const data::Index row : rows) {
        outputs.push_back(image_names_[static_cast<std::size_t>(row)]);
        read.push_back(input.images->set().paths[static_cast<std::size_t>(row)]);
        if (datatype(options_) == io::VoxelType::float64 && io::is_mgh_name(outputs.back())) {
            throw base::usage_error(
                outputs.back() + ": --datatype float64 is not for .mgh and .mgz, which have no such type",
                "name NIfTI images, or leave out --datatype");
        }
    }
    for (const io::InputFile& file : input.files) read.push_back(file.path);
    images_.check(outputs, read);
}

void Harmonised::write(CohortInput& input, const std::vector<data::Index>& rows, const stats::CombatModel& model,
                       const compute::Backend& backend, const std::vector<io::InputFile>& inputs,
                       const io::Parameters& more) {
    if (input.kind == ValueKind::table) return write_table(input, model, backend);
    if (input.kind == ValueKind::matrix) return write_matrix(input, model, backend);
    try {
        write_images(input, rows, model, backend, inputs, more);
    } catch (const base::Error& fault) {
        // Whole images stay where the machine failed: --resume goes on from there. Data at fault leave nothing.
        if (fault.code() == base::ExitCode::data) images_.withdraw();
        throw;
    }
}

void Harmonised::write_table(CohortInput& input, const stats::CombatModel& model, const compute::Backend& backend) {
    stats::apply(model, input.cohort, apply_options(), backend, context_.log);
    input.table.features = std::move(input.cohort.features);
    io::write_table(*output_, input.table, io::output_delimiter(output_->path(), input.table.delimiter), context_.resources);
}

void Harmonised::write_matrix(CohortInput& input, const stats::CombatModel& model, const compute::Backend& backend) {
    const std::vector<data::Index> all = positions_of(std::vector<bool>(input.trains.size(), true));
    stats::Application application(model, input.cohort, input.features, all, apply_options(), backend, context_.log);
    const bool single = input.matrix->single_precision();
    output_->write(io::npy_header(input.matrix->rows(), input.matrix->columns(), single ? "<f4" : "<f8"));
    const auto adjust_all = [&]<typename T>(T) {
        const auto columns = static_cast<std::size_t>(input.matrix->columns());
        // A person's visits may lie anywhere in the matrix.
        const bool together = model.options.method == stats::Method::longitudinal;
        if (together) {
            base::check_memory(context_.resources, 2 * all.size() * columns * sizeof(T),
                               "all rows of a matrix, among which a person's visits may lie anywhere");
        }
        const std::size_t step =
            together ? all.size() : std::max<std::size_t>(1, matrix_window_bytes / (columns * sizeof(T)));
        std::vector<T> window(std::min(step, all.size()) * columns);
        for (std::size_t first = 0; first < all.size(); first += step) {
            const std::span<const data::Index> rows = std::span(all).subspan(first, std::min(step, all.size() - first));
            std::vector<T*> targets;
            for (std::size_t i = 0; i < rows.size(); ++i) targets.push_back(window.data() + i * columns);
            application.adjust(rows, input.source->rows(rows), targets);
            output_->write({reinterpret_cast<const char*>(window.data()), rows.size() * columns * sizeof(T)});
            context_.log.progress("harmonising", static_cast<double>(first + rows.size()) / static_cast<double>(all.size()));
        }
    };
    if (single) {
        adjust_all(float{});
    } else {
        adjust_all(double{});
    }
}

void Harmonised::write_images(CohortInput& input, std::vector<data::Index> rows, const stats::CombatModel& model,
                              const compute::Backend& backend, const std::vector<io::InputFile>& inputs,
                              const io::Parameters& more) {
    input.images->choose(model.features);
    stats::Application application(model, input.cohort, model.features, rows, apply_options(), backend, context_.log);
    application.hold_sites(1);
    const io::BidsDerivative dataset(data::NamePattern(options_.text("output-images")).root(),
                                     data::NamePattern(options_.text("images")).root());
    const auto provenance_of = [&](data::Index row) {
        const std::string& source = input.images->set().paths[static_cast<std::size_t>(row)];
        std::vector<io::InputFile> files = input.images->files(row);
        files.insert(files.end(), inputs.begin(), inputs.end());
        io::Provenance provenance = results_.provenance(files);
        provenance.parameters.insert(provenance.parameters.end(), more.begin(), more.end());
        provenance.image = {application.site(row) < 0 ? "Image as it was: its site is unknown to the model"
                                                      : "Image with the effect of its site removed by ComBat",
                            dataset.uri(source), io::inherited_facts(source)};
        return provenance;
    };
    const std::vector<std::vector<data::Index>> units = work_units(input, std::move(rows), model, application);
    std::size_t all = 0;
    for (const auto& unit : units) all += unit.size();
    std::size_t done = 0, kept = 0;
    std::vector<data::Index> batch;
    const auto write_batch = [&] {
        if (batch.empty()) return;
        const base::RowPointers values = input.images->rows(batch);
        application.adjust(batch, values, input.images->last_rows());
        std::vector<std::string> names;
        std::vector<io::Provenance> provenances;
        for (const data::Index row : batch) {
            names.push_back(image_names_[static_cast<std::size_t>(row)]);
            provenances.push_back(provenance_of(row));
        }
        io::write_images(*input.images, names, provenances, datatype(options_), images_, context_.resources);
        done += batch.size();
        batch.clear();
        context_.log.progress("harmonising", static_cast<double>(done) / static_cast<double>(all));
    };
    const auto most = static_cast<std::size_t>(input.images->most_to_rewrite());
    for (const std::vector<data::Index>& unit : units) {
        const bool is_done = options_.flag("resume") && std::all_of(unit.begin(), unit.end(), [&](data::Index row) {
                                 return images_.is_done(image_names_[static_cast<std::size_t>(row)], provenance_of(row));
                             });
        if (is_done) {
            done += unit.size();
            kept += unit.size();
            continue;
        }
        if (batch.size() + unit.size() > most) write_batch();
        batch.insert(batch.end(), unit.begin(), unit.end());
    }
    write_batch();
    if (kept > 0) context_.log.info(base::counted(kept, "image") + " done before, left as they are");
    dataset.describe(context_.unfinished);
}

}  // namespace tare::commands
