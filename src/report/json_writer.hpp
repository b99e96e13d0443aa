// Writes JSON from the outside in: objects, lists, texts, numbers. Lists of plain values stay on one line.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tare/base/matrix.hpp"

namespace tare::report {

class JsonWriter {
public:
    /// What `body` writes, in braces.
    template <typename Body>
    void object(const Body& body) {
        begin('{');
        body();
        end('}');
    }
    /// What `item` writes of each of `items`, in brackets, each on a line of its own.
    template <typename Items, typename Item>
    void list(const Items& items, const Item& item) {
        begin('[');
        for (const auto& one : items) item(one);
        end(']');
    }
    /// The same as members of an object.
    template <typename Body>
    void object(std::string_view name, const Body& body) {
        key(name);
        object(body);
    }
    template <typename Items, typename Item>
    void list(std::string_view name, const Items& items, const Item& item) {
        key(name);
        list(items, item);
    }
    /// The key of what comes next, inside an object.
    void key(std::string_view name);

    void text(std::string_view value);
    /// Null where it is not finite.
    void number(double value);
    void number(base::Index value);
    void boolean(bool value);
    void null();

    /// On one line.
    template <typename T>
    void values(const std::vector<T>& list) {
        separate();
        out_ += '[';
        bool first = true;
        for (const T& value : list) {
            if (!first) out_ += ", ";
            first = false;
            append(value);
        }
        out_ += ']';
    }
    template <typename T>
    void field(std::string_view name, const T& value) {
        key(name);
        put(value);
    }

    [[nodiscard]] std::string finish() && { return std::move(out_ += '\n'); }

private:
    void begin(char bracket);
    void end(char bracket);
    void separate();
    void append(double value);
    void append(base::Index value);
    void append(const std::string& value);
    void append_text(std::string_view value);

    void put(double value) { number(value); }
    void put(base::Index value) { number(value); }
    void put(bool value) { boolean(value); }
    void put(const std::string& value) { text(value); }
    /// As a list of its rows.
    void put(const base::Matrix<double>& matrix);
    template <typename T>
    void put(const std::vector<T>& list) {
        values(list);
    }

    std::string out_;
    std::size_t depth_ = 0;
    bool first_ = true, after_key_ = false;
};

}  // namespace tare::report
