// Brackets, commas, escapes.
#include "json_writer.hpp"

#include <cmath>

#include "tare/base/number_text.hpp"

namespace tare::report {

void JsonWriter::separate() {
    if (after_key_) {
        after_key_ = false;
        return;
    }
    if (depth_ == 0) return;
    if (!first_) out_ += ',';
    first_ = false;
    out_ += '\n';
    out_.append(2 * depth_, ' ');
}

void JsonWriter::begin(char bracket) {
    separate();
    out_ += bracket;
    ++depth_;
    first_ = true;
}

void JsonWriter::end(char bracket) {
    --depth_;
    if (!first_) {
        out_ += '\n';
        out_.append(2 * depth_, ' ');
    }
    out_ += bracket;
    first_ = false;
}

void JsonWriter::key(std::string_view name) {
    separate();
    append_text(name);
    out_ += ": ";
    after_key_ = true;
}

void JsonWriter::text(std::string_view value) {
    separate();
    append_text(value);
}

void JsonWriter::number(double value) {
    separate();
    append(value);
}

void JsonWriter::number(base::Index value) {
    separate();
    append(value);
}

void JsonWriter::boolean(bool value) {
    separate();
    out_ += value ? "true" : "false";
}

void JsonWriter::null() {
    separate();
    out_ += "null";
}

void JsonWriter::put(const base::Matrix<double>& matrix) {
    begin('[');
    for (base::Index i = 0; i < matrix.rows(); ++i) {
        const auto row = matrix.row(i);
        values(std::vector<double>(row.begin(), row.end()));
    }
    end(']');
}

void JsonWriter::append(double value) {
    if (std::isfinite(value)) {
        base::append_number(out_, value);
    } else {
        out_ += "null";
    }
}

void JsonWriter::append(base::Index value) {
    out_ += std::to_string(value);
}

void JsonWriter::append(const std::string& value) {
    append_text(value);
}

void JsonWriter::append_text(std::string_view value) {
    static constexpr std::string_view digits = "0123456789abcdef";
    out_ += '"';
    for (const char c : value) {
        const auto code = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            out_ += '\\';
            out_ += c;
        } else if (code < 0x20) {
            out_ += "\\u00";
            out_ += digits[code / 16];
            out_ += digits[code % 16];
        } else {
            out_ += c;
        }
    }
    out_ += '"';
}

}  // namespace tare::report
