// A record as a table: one line a repeat or permutation.
#include "efficacy_record.hpp"

#include <cmath>
#include <filesystem>
#include <set>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/sha256.hpp"
#include "tare/base/text.hpp"
#include "tare/base/version.hpp"
#include "tare/io/table_reader.hpp"
#include "text_table.hpp"

namespace tare::commands {
namespace {

const std::vector<std::string> header{"run", "kind", "number", "raw", "harmonised"};

std::optional<double> number_or_missing(std::string_view text) {
    if (base::is_missing(text)) return std::nan("");
    return base::parse_number(text);
}

}  // namespace

std::string fingerprint(const CohortInput& input, const cli::ParsedOptions& options) {
    const std::set<std::string> names_only{"resume", "output-dir", "input", "participants"};
    std::string all = std::string(base::version()) + "\n";
    for (const io::InputFile& file : input.files) all += file.sha256 + "\n";
    for (const auto& [name, value] : options.resolved()) {
        if (!names_only.contains(name)) all += name + "=" + value + "\n";
    }
    constexpr std::size_t enough_digits = 16;
    return base::sha256_hex(all).substr(0, enough_digits);
}

RecordFile::RecordFile(const std::string& folder)
    : path_(folder.empty() ? "" : (std::filesystem::path(folder) / "unfinished.tsv").string()) {}

bool RecordFile::is_there() const {
    return !path_.empty() && std::filesystem::exists(path_);
}

void RecordFile::load(const std::string& run, learn::RecognitionRecord& record, cli::Context& context) const {
    const data::Table table = io::read_table(path_, io::all_text(), context.resources, context.log).table;
    if (table.header != header) throw base::malformed(path_ + ": is no record of a run of tare-efficacy");
    for (data::Index row = 0; row < table.rows(); ++row) {
        const auto text = [&](data::Index column) { return table.text_cell(row, column); };
        if (text(0) != run) {
            throw base::inconsistent(path_ + ": is of a run with other inputs or options, or of another version",
                                     "give the same ones; or with --force and without --resume start anew");
        }
        const bool observed = text(1) == "observed";
        auto& all = observed ? record.observed : record.permuted;
        const auto number = base::parse_integer(text(2));
        const auto raw = number_or_missing(text(3)), harmonised = number_or_missing(text(4));
        const bool known_kind = observed || text(1) == "permuted";
        if (!known_kind || !number || *number < 1 || *number > std::ssize(all) || !raw || !harmonised)
            throw base::malformed(table.where(row) + ": is no line of a record of tare-efficacy");
        all[static_cast<std::size_t>(*number - 1)] = {*raw, *harmonised};
    }
    context.log.info("going on after " + base::counted(static_cast<std::size_t>(table.rows()), "piece") +
                     " of the work, done before");
}

void RecordFile::keep(const std::string& run, const learn::RecognitionRecord& record, cli::Context& context) const {
    if (path_.empty()) return;
    TextTable table(header);
    const auto add = [&](const std::string& kind, const std::vector<std::optional<learn::Recognised>>& all) {
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (all[i]) table.add({run, kind, std::to_string(i + 1), cell(all[i]->raw), cell(all[i]->harmonised)});
        }
    };
    add("observed", record.observed);
    add("permuted", record.permuted);
    io::Output output(path_, context.unfinished, true);
    table.write(output, context.resources);
    output.commit();
}

void RecordFile::remove() const noexcept {
    std::error_code ignored;
    if (!path_.empty()) std::filesystem::remove(path_, ignored);
}

}  // namespace tare::commands
