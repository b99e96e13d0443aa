// Remarks that begin with '#' tell what the columns are and what was measured of the whole; the other lines are regions.
#include "tare/io/freesurfer_stats.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/sha256.hpp"
#include "tare/base/text.hpp"
#include "tare/io/bytes.hpp"

namespace tare::io {
namespace {

constexpr std::string_view structure_column = "StructName";
/// Some vertices of the cortex belong to no region; a file that tells of fewer has lost regions.
constexpr double least_share_of_vertices = 0.9;

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (true) {
        const std::size_t begin = line.find_first_not_of(" \t");
        if (begin == std::string_view::npos) return words;
        const std::size_t end = std::min(line.size(), line.find_first_of(" \t", begin));
        words.push_back(line.substr(begin, end - begin));
        line.remove_prefix(end);
    }
}

double number_at(std::string_view text, const std::string& where, std::string_view what) {
    if (text == "nan" || text == "-nan") return std::numeric_limits<double>::quiet_NaN();
    const auto number = base::parse_number(text);
    if (!number) {
        throw base::malformed(where + ": " + std::string(what) + ": '" + std::string(text) + "' is not a number",
                              "the file is damaged, or was changed by hand");
    }
    return *number;
}

class StatsReader {
public:
    explicit StatsReader(std::string path) : path_(std::move(path)) {}

    void line(std::string_view text) {
        ++number_;
        text = base::trimmed(text);
        if (text.empty()) return;
        text.front() == '#' ? remark(text.substr(1)) : region(text);
    }

    [[nodiscard]] FreesurferStats finish() && {
        if (header_.empty()) {
            throw base::malformed(path_ + ": no line '# ColHeaders'", "is it a .stats file that FreeSurfer wrote?");
        }
        if (announced_ && *announced_ != std::ssize(out_.regions)) {
            throw cut("announces " + base::counted(static_cast<std::size_t>(*announced_), "row") + ", holds " +
                      std::to_string(out_.regions.size()));
        }
        if (out_.regions.empty()) throw base::malformed(path_ + ": holds no region");
        check_vertices();
        return std::move(out_);
    }

private:
    [[nodiscard]] std::string where() const { return path_ + ":" + std::to_string(number_); }
    [[nodiscard]] base::Error cut(const std::string& why) const {
        return base::malformed(path_ + ": cut short: " + why, "copy the file again, or run recon-all to its end");
    }

    void remark(std::string_view text) {
        const std::vector<std::string_view> words = words_of(text);
        if (words.empty()) return;
        if (words[0] == "Measure") return global(text.substr(text.find("Measure") + 7));
        if (words[0] == "AnnotationFile" && words.size() == 2)
            covers_cortex_ = words[1].find(".aparc") != std::string_view::npos;
        if (words[0] == "hemi" && words.size() == 2) out_.hemisphere = words[1];
        if (words[0] == "NRows" && words.size() == 2) announced_ = base::parse_integer(words[1]);
        if (words[0] == "TableCol" && words.size() == 4) table_column(words);
        if (words[0] == "ColHeaders") header(words);
    }

    /// " Cortex, MeanThickness, Mean Thickness, 2.24904, mm"
    void global(std::string_view text) {
        const std::vector<std::string> parts = base::split_list(text);
        if (parts.size() < 5)
            throw base::malformed(where() + ": a measure has five fields, this one has " + std::to_string(parts.size()));
        out_.globals.push_back({parts[1], number_at(parts[parts.size() - 2], where(), parts[1]), parts.back()});
    }

    void table_column(const std::vector<std::string_view>& words) {
        const auto place = base::parse_integer(words[1]);
        constexpr long long most = 1000;
        if (!place || *place < 1 || *place > most || words[2] != "Units") return;
        if (std::ssize(units_) < *place) units_.resize(static_cast<std::size_t>(*place));
        if (words[3] != "NA") units_[static_cast<std::size_t>(*place) - 1] = words[3];
    }

    void header(const std::vector<std::string_view>& words) {
        header_.assign(words.begin() + 1, words.end());
        const auto structure = std::find(header_.begin(), header_.end(), structure_column);
        if (structure == header_.end()) throw base::malformed(where() + ": no column " + std::string(structure_column));
        structure_ = static_cast<std::size_t>(structure - header_.begin());
        units_.resize(header_.size());
        for (std::size_t i = 0; i < header_.size(); ++i) {
            if (i == structure_) continue;
            out_.columns.push_back(header_[i]);
            out_.units.push_back(units_[i]);
        }
    }

    void region(std::string_view text) {
        const std::vector<std::string_view> cells = words_of(text);
        if (header_.empty()) throw base::malformed(where() + ": a region before '# ColHeaders'");
        if (cells.size() != header_.size()) {
            throw base::malformed(where() + ": " + base::counted(cells.size(), "cell") + ", the header names " +
                                      std::to_string(header_.size()),
                                  "the file is cut short or damaged");
        }
        FreesurferStats::Region region{std::string(cells[structure_]), {}};
        if (!seen_.insert(region.name).second)
            throw base::malformed(where() + ": '" + region.name + "' stands in the file twice");
        for (std::size_t i = 0; i < cells.size(); ++i) {
            if (i != structure_) region.values.push_back(number_at(cells[i], where(), header_[i]));
        }
        out_.regions.push_back(std::move(region));
    }

    void check_vertices() const {
        if (!covers_cortex_) return;
        const auto column = std::find(out_.columns.begin(), out_.columns.end(), "NumVert");
        const auto whole = std::find_if(out_.globals.begin(), out_.globals.end(),
                                        [](const FreesurferStats::Global& one) { return one.name == "NumVert"; });
        if (column == out_.columns.end() || whole == out_.globals.end()) return;
        double vertices = 0.0;
        for (const FreesurferStats::Region& one : out_.regions) {
            vertices += one.values[static_cast<std::size_t>(column - out_.columns.begin())];
        }
        if (vertices < least_share_of_vertices * whole->value) {
            throw cut("its regions have " + base::number_text(vertices) + " of the cortex's " +
                      base::number_text(whole->value) + " vertices");
        }
    }

    std::string path_;
    std::size_t number_ = 0;
    FreesurferStats out_;
    std::vector<std::string> header_, units_;
    std::size_t structure_ = 0;
    std::optional<long long> announced_;
    bool covers_cortex_ = false;  ///< as parcellations called aparc do; others may be of a few areas
    std::set<std::string> seen_;
};

}  // namespace

FreesurferStats read_freesurfer_stats(const std::string& path, const base::Resources& resources) {
    const std::string bytes = read_bytes(path, resources);
    if (bytes.empty()) throw base::malformed(path + ": the file is empty");
    if (!base::is_utf8(bytes)) throw base::malformed(path + ": is no text", "FreeSurfer's statistics are text");
    if (bytes.back() != '\n') {
        throw base::malformed(path + ": cut short: the last line does not end", "copy the file again");
    }
    StatsReader reader(path);
    std::string_view rest = bytes;
    while (!rest.empty()) {
        const std::size_t end = rest.find('\n');
        reader.line(rest.substr(0, end));
        rest.remove_prefix(end + 1);
    }
    FreesurferStats out = std::move(reader).finish();
    out.file = {path, base::sha256_hex(bytes)};
    return out;
}

}  // namespace tare::io
