// Tables from text, for the tests of reading and writing: written to a file, read with a policy, and compared.
#pragma once

#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include "io_test_support.hpp"
#include "tare/base/log.hpp"
#include "tare/base/number_text.hpp"
#include "tare/io/table_reader.hpp"

namespace tare::test {

/// Keeps what is said, for a look at it.
class KeepingLog final : public base::Log {
public:
    void warn(std::string_view message) override { warnings.emplace_back(message); }
    void info(std::string_view) override {}
    void detail(std::string_view message) override { details.emplace_back(message); }
    void progress(std::string_view what, double fraction) override {
        steps.emplace_back(what);
        last_fraction = fraction;
    }

    std::vector<std::string> warnings;
    std::vector<std::string> details;
    std::vector<std::string> steps;
    double last_fraction = 0.0;
};

/// The policy that leaves every column but the first to its cells.
inline io::ColumnPolicy candidates() {
    return [](const std::vector<std::string>& header) {
        std::vector<io::ColumnRole> roles(header.size(), io::ColumnRole::candidate);
        roles.front() = io::ColumnRole::text;
        return roles;
    };
}

/// The policy of one role per letter: t(ext), f(eature), c(andidate).
inline io::ColumnPolicy roles(const std::string& letters) {
    return [letters](const std::vector<std::string>&) {
        std::vector<io::ColumnRole> result;
        for (const char letter : letters) {
            result.push_back(letter == 't'   ? io::ColumnRole::text
                             : letter == 'f' ? io::ColumnRole::feature
                                             : io::ColumnRole::candidate);
        }
        return result;
    };
}

inline base::Resources threads(int count) {
    base::Resources resources;
    resources.threads = count;
    return resources;
}

/// The cells of a row as they would be written; a feature cell stands in angle brackets.
inline std::vector<std::string> row_of(const data::Table& table, data::Index row) {
    std::vector<std::string> cells;
    for (data::Index column = 0; column < static_cast<data::Index>(table.header.size()); ++column) {
        const data::Index place = table.place[static_cast<std::size_t>(column)];
        cells.push_back(place < 0 ? std::string(table.text_cell(row, column))
                                  : "<" + base::number_text(table.features.values(row, place)) + ">");
    }
    return cells;
}

/// A folder with one table in it, whose name ("t.csv" and the like) messages begin with where `name` is cut off.
class TableFile {
public:
    explicit TableFile(std::string_view bytes, const std::string& name = "t.csv") : path_(folder_.path() / name) {
        put_file(path_, bytes);
    }

    [[nodiscard]] const std::string& path() const noexcept { return path_; }
    [[nodiscard]] data::Table read(const io::ColumnPolicy& policy, int thread_count = 2) const {
        base::SilentLog log;
        return io::read_table(path_, policy, threads(thread_count), log).table;
    }
    /// The error of reading, without the folder in its message.
    [[nodiscard]] Failure failure(const io::ColumnPolicy& policy, int thread_count = 2) const {
        Failure result = failure_of([&] { (void)read(policy, thread_count); });
        const std::string folder = folder_.path().string() + "/";
        if (const std::size_t at = result.message.find(folder); at != std::string::npos) {
            result.message.erase(at, folder.size());
        }
        return result;
    }

private:
    TemporaryDirectory folder_;
    std::string path_;
};

inline data::Table read_text(std::string_view bytes, const io::ColumnPolicy& policy = candidates(),
                             const std::string& name = "t.csv") {
    return TableFile(bytes, name).read(policy);
}

inline Failure text_failure(std::string_view bytes, const io::ColumnPolicy& policy = candidates(),
                            const std::string& name = "t.csv") {
    return TableFile(bytes, name).failure(policy);
}

/// Equal in everything, missing values included.
inline bool same_table(const data::Table& a, const data::Table& b) {
    if (a.header != b.header || a.place != b.place || a.delimiter != b.delimiter || a.line_numbers != b.line_numbers ||
        a.features.names != b.features.names || a.features.values.columns() != b.features.values.columns()) {
        return false;
    }
    for (data::Index row = 0; row < a.rows(); ++row) {
        for (data::Index column = 0; column < a.features.features(); ++column) {
            const double left = a.features.values(row, column);
            const double right = b.features.values(row, column);
            if (std::isnan(left) ? !std::isnan(right) : !(left == right && std::signbit(left) == std::signbit(right))) {
                return false;
            }
        }
        for (data::Index column = 0; column < a.text.columns(); ++column) {
            if (a.text.cell(row, column) != b.text.cell(row, column)) {
                return false;
            }
        }
    }
    return true;
}

}  // namespace tare::test
