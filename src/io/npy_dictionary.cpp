// What NumPy writes, and has written: any order of the keys, either quote, a trailing comma, 3L for 3 of Python 2.
#include "npy_dictionary.hpp"

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"

namespace tare::io::detail {

namespace {

class Reader {
public:
    Reader(std::string_view text, const std::string& name) : text_(text), name_(name) {}

    NpyDictionary dictionary() {
        NpyDictionary found;
        expect('{');
        while (!accept('}')) {
            entry(found);
            if (!accept(',')) {
                expect('}');
                break;
            }
        }
        skip_space();
        if (place_ != text_.size()) {
            fail("something follows the closing brace");
        }
        return found;
    }

    [[noreturn]] void fail(const std::string& what) const {
        throw base::malformed(name_ + ": the .npy header is damaged at byte " + std::to_string(place_) +
                              " of its text: " + what);
    }

private:
    void skip_space() {
        while (place_ < text_.size() && (text_[place_] == ' ' || text_[place_] == '\n' || text_[place_] == '\t')) {
            ++place_;
        }
    }

    /// The next byte that is no space, NUL at the end.
    char next() {
        skip_space();
        return place_ < text_.size() ? text_[place_] : '\0';
    }

    bool accept(char wanted) {
        if (next() != wanted) {
            return false;
        }
        ++place_;
        return true;
    }

    void expect(char wanted) {
        if (!accept(wanted)) {
            fail(std::string("'") + wanted + "' is missing");
        }
    }

    bool accept_word(std::string_view word) {
        skip_space();
        if (!text_.substr(place_).starts_with(word)) {
            return false;
        }
        place_ += word.size();
        return true;
    }

    std::string quoted() {
        const char quote = next();
        if (quote != '\'' && quote != '"') {
            fail("a quoted text is missing");
        }
        const std::size_t end = text_.find(quote, place_ + 1);
        if (end == std::string_view::npos) {
            fail("a quote is not closed");
        }
        const std::string_view inside = text_.substr(place_ + 1, end - place_ - 1);
        if (inside.find('\\') != std::string_view::npos) {
            fail("a text with a backslash");
        }
        place_ = end + 1;
        return std::string(inside);
    }

    base::Index count() {
        skip_space();
        std::size_t end = place_;
        while (end < text_.size() && text_[end] >= '0' && text_[end] <= '9') {
            ++end;
        }
        const auto number = base::parse_integer(text_.substr(place_, end - place_));
        if (!number) {
            fail("a number is missing or too large");
        }
        place_ = end;
        static_cast<void>(accept_word("L"));
        return static_cast<base::Index>(*number);
    }

    std::vector<base::Index> shape() {
        std::vector<base::Index> extents;
        expect('(');
        while (!accept(')')) {
            extents.push_back(count());
            if (!accept(',')) {
                if (extents.size() == 1) {
                    fail("a shape of one number ends in a comma");
                }
                expect(')');
                break;
            }
        }
        return extents;
    }

    bool truth() {
        if (accept_word("True")) {
            return true;
        }
        if (!accept_word("False")) {
            fail("fortran_order is neither True nor False");
        }
        return false;
    }

    /// The description of records: lists, tuples, texts and counts, of which nothing is kept.
    void skip_records(int depth) {
        constexpr int deepest = 32;
        if (depth > deepest) {
            fail("records within records within records");
        }
        const char opening = next();
        if (opening == '\'' || opening == '"') {
            static_cast<void>(quoted());
            return;
        }
        if (opening != '[' && opening != '(') {
            static_cast<void>(count());
            return;
        }
        ++place_;
        const char closing = opening == '[' ? ']' : ')';
        while (!accept(closing)) {
            skip_records(depth + 1);
            if (!accept(',')) {
                expect(closing);
                break;
            }
        }
    }

    std::string descr() {
        if (const char opening = next(); opening == '[' || opening == '(') {
            skip_records(0);
            return {};
        }
        std::string text = quoted();
        if (text.empty()) {
            fail("'descr' is empty");
        }
        return text;
    }

    void entry(NpyDictionary& found) {
        const std::string key = quoted();
        expect(':');
        const auto once = [&](bool there) {
            if (there) {
                fail("'" + key + "' is there twice");
            }
        };
        if (key == "descr") {
            once(found.descr.has_value());
            found.descr = descr();
        } else if (key == "fortran_order") {
            once(found.fortran_order.has_value());
            found.fortran_order = truth();
        } else if (key == "shape") {
            once(found.shape.has_value());
            found.shape = shape();
        } else {
            fail("the key '" + key + "' is not known");
        }
    }

    std::string_view text_;
    const std::string& name_;
    std::size_t place_ = 0;
};

}  // namespace

NpyDictionary parse_npy_dictionary(std::string_view text, const std::string& name) {
    Reader reader(text, name);
    NpyDictionary found = reader.dictionary();
    for (const auto& [key, there] :
         {std::pair{"descr", found.descr.has_value()}, std::pair{"fortran_order", found.fortran_order.has_value()},
          std::pair{"shape", found.shape.has_value()}}) {
        if (!there) {
            reader.fail(std::string("'") + key + "' is missing");
        }
    }
    return found;
}

}  // namespace tare::io::detail
