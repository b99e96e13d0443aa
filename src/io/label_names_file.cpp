// Label names of three programs: which wrote a file is told from its first line.
#include "tare/io/label_names_file.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <string_view>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/sha256.hpp"
#include "tare/base/text.hpp"
#include "tare/io/bytes.hpp"
#include "tare/io/table_reader.hpp"

namespace tare::io {
namespace {

std::int32_t label_at(std::string_view text, const std::string& where) {
    const auto label = data::parse_label(base::trimmed(text));
    if (!label) throw base::malformed(where + ": '" + std::string(text) + "' is no label", "a label is a whole number");
    return *label;
}

/// The words of a line; one in double quotes may hold spaces.
std::vector<std::string> words_of(std::string_view line) {
    std::vector<std::string> words;
    std::size_t i = 0;
    while (i < line.size()) {
        if (line[i] == ' ' || line[i] == '\t') {
            ++i;
            continue;
        }
        const bool quoted = line[i] == '"';
        const std::size_t begin = quoted ? i + 1 : i;
        const std::size_t end = std::min(line.size(), line.find_first_of(quoted ? "\"" : " \t", begin));
        words.emplace_back(line.substr(begin, end - begin));
        i = end + (quoted ? 1 : 0);
    }
    return words;
}

/// Names as they come, each label and each name once.
class Collected {
public:
    void add(std::int32_t label, const std::string& name, const std::string& where) {
        if (label == 0) return;
        if (name.empty()) throw base::malformed(where + ": label " + std::to_string(label) + " has no name");
        if (!names_.emplace(label, name).second)
            throw base::malformed(where + ": label " + std::to_string(label) + " stands in the file twice");
        if (!taken_.insert(name).second)
            throw base::malformed(where + ": two labels are called '" + name + "'",
                                  "give each a name of its own; --groups puts labels together");
    }
    [[nodiscard]] data::LabelNames names(const std::string& source) && {
        if (names_.empty()) throw base::malformed(source + ": names no label");
        return std::move(names_);
    }

private:
    data::LabelNames names_;
    std::set<std::string> taken_;
};

/// FreeSurfer: number, name, four colours. ITK-SNAP: number, three colours, opacity, visible, mesh, name.
constexpr std::size_t freesurfer_words = 6, itksnap_words = 8;

void add_line(const std::vector<std::string>& words, const std::string& where, Collected& out) {
    const auto number = [&](std::size_t i) { return base::parse_number(words[i]).has_value(); };
    if (words.size() == itksnap_words && number(1)) {
        out.add(label_at(words[0], where), words[7], where);
    } else if (words.size() >= freesurfer_words && !number(1) && number(2)) {
        out.add(label_at(words[0], where), words[1], where);
    } else {
        throw base::malformed(where + ": is neither a line of FreeSurfer's colour table nor of ITK-SNAP's labels",
                              "a BIDS lookup table is a .tsv with columns index and name");
    }
}

data::LabelNames names_of_lines(std::string_view bytes, const std::string& path) {
    if (!base::is_utf8(bytes)) throw base::malformed(path + ": is no text", "label names are a text file");
    Collected out;
    std::size_t line_number = 0;
    while (!bytes.empty()) {
        const std::size_t end = std::min(bytes.size(), bytes.find('\n'));
        const std::string_view line = base::trimmed(bytes.substr(0, end));
        bytes.remove_prefix(std::min(bytes.size(), end + 1));
        ++line_number;
        if (line.empty() || line.front() == '#') continue;
        add_line(words_of(line), path + ":" + std::to_string(line_number), out);
    }
    return std::move(out).names(path);
}

data::Index needed_column(const data::Table& table, const std::string& name) {
    const data::Index column = table.find(name);
    if (column < 0)
        throw base::malformed(table.source + ": no column '" + name + "'", base::did_you_mean(name, table.header));
    return column;
}

bool is_table_name(const std::string& path) {
    return path.ends_with(".tsv") || path.ends_with(".csv");
}

}  // namespace

LabelNamesFile read_label_names(const std::string& path, const base::Resources& resources, base::Log& log) {
    if (!is_table_name(path)) {
        const std::string bytes = read_bytes(path, resources);
        return {names_of_lines(bytes, path), {path, base::sha256_hex(bytes)}};
    }
    const ReadTable read = read_table(path, all_text(), resources, log);
    const data::Table& table = read.table;
    const data::Index index = needed_column(table, "index"), name = needed_column(table, "name");
    Collected out;
    for (data::Index row = 0; row < table.rows(); ++row) {
        out.add(label_at(table.text_cell(row, index), table.where(row)),
                std::string(base::trimmed(table.text_cell(row, name))), table.where(row));
    }
    return {std::move(out).names(path), {path, read.sha256}};
}

LabelGroupsFile read_label_groups(const std::string& path, const base::Resources& resources, base::Log& log) {
    const ReadTable read = read_table(path, all_text(), resources, log);
    const data::Table& table = read.table;
    const data::Index structure = needed_column(table, "structure"), label = needed_column(table, "label");
    LabelGroupsFile out{{}, {path, read.sha256}};
    std::map<std::string, std::size_t> known;
    for (data::Index row = 0; row < table.rows(); ++row) {
        const std::string name(base::trimmed(table.text_cell(row, structure)));
        if (name.empty()) throw base::malformed(table.where(row) + ": a structure needs a name");
        const auto [place, fresh] = known.emplace(name, out.groups.size());
        if (fresh) out.groups.push_back({name, {}});
        const std::int32_t one = label_at(table.text_cell(row, label), table.where(row));
        if (one == 0) throw base::malformed(table.where(row) + ": label 0 is background, and in no structure");
        out.groups[place->second].labels.push_back(one);
    }
    return out;
}

}  // namespace tare::io
