// Shell-style patterns: what they match, and that no pattern takes exponential time.
#include <string>

#include <catch2/catch.hpp>

#include "tare/base/rng.hpp"
#include "tare/base/text.hpp"

using tare::base::glob_match;

namespace {

/// The textbook recursion for `*` and `?`, slow but plainly right.
bool matches_by_definition(std::string_view pattern, std::string_view text) {
    if (pattern.empty()) {
        return text.empty();
    }
    if (pattern.front() == '*') {
        return matches_by_definition(pattern.substr(1), text) ||
               (!text.empty() && matches_by_definition(pattern, text.substr(1)));
    }
    return !text.empty() && (pattern.front() == '?' || pattern.front() == text.front()) &&
           matches_by_definition(pattern.substr(1), text.substr(1));
}

std::string random_word(tare::base::Rng& rng, std::string_view letters, std::uint64_t longest) {
    std::string word(rng.below(longest + 1), ' ');
    for (auto& letter : word) {
        letter = letters[rng.below(letters.size())];
    }
    return word;
}

}  // namespace

TEST_CASE("glob_match matches the whole text", "[base][glob]") {
    CHECK(glob_match("", ""));
    CHECK_FALSE(glob_match("", "a"));
    CHECK(glob_match("abc", "abc"));
    CHECK_FALSE(glob_match("abc", "abcd"));
    CHECK_FALSE(glob_match("abc", "ab"));
    CHECK_FALSE(glob_match("abc", "ABC"));
    CHECK(glob_match("*", ""));
    CHECK(glob_match("*", "anything"));
    CHECK(glob_match("**a**", "a"));
    CHECK(glob_match("lh_*_thickness", "lh_bankssts_thickness"));
    CHECK_FALSE(glob_match("lh_*_thickness", "lh_thickness"));
    CHECK(glob_match("*_thickness", "thickness_thickness"));
    CHECK(glob_match("?", "a"));
    CHECK_FALSE(glob_match("?", ""));
    CHECK(glob_match("a?c*", "abc"));
    CHECK_FALSE(glob_match("*?", ""));
}

TEST_CASE("glob classes hold members, ranges and their negation", "[base][glob]") {
    CHECK(glob_match("[abc]", "b"));
    CHECK_FALSE(glob_match("[abc]", "d"));
    CHECK_FALSE(glob_match("[abc]", ""));
    CHECK(glob_match("[!abc]", "d"));
    CHECK_FALSE(glob_match("[!abc]", "a"));
    CHECK_FALSE(glob_match("[!abc]", ""));
    CHECK(glob_match("[lr]h_*", "rh_insula"));
    CHECK(glob_match("v[0-9][0-9]", "v07"));
    CHECK_FALSE(glob_match("v[0-9]", "vx"));
    CHECK_FALSE(glob_match("[!0-9]", "5"));
    CHECK(glob_match("[]]", "]"));
    CHECK(glob_match("[!]]", "a"));
    CHECK_FALSE(glob_match("[!]]", "]"));
    CHECK(glob_match("[a-]", "-"));
    CHECK(glob_match("[-a]", "-"));
    CHECK(glob_match("[*]", "*"));
    CHECK_FALSE(glob_match("[*]", "a"));
    CHECK(glob_match("*[!a]", "aab"));
    CHECK(glob_match("*[12]x", "a1b2x"));
}

TEST_CASE("a bracket that is never closed stands for itself", "[base][glob]") {
    CHECK(glob_match("[", "["));
    CHECK(glob_match("a[b", "a[b"));
    CHECK(glob_match("[!", "[!"));
    CHECK(glob_match("[]", "[]"));
    CHECK_FALSE(glob_match("[b", "b"));
    CHECK(glob_match("*[", "x["));
}

TEST_CASE("globs count characters, not bytes", "[base][glob]") {
    CHECK(glob_match("?", "\xC3\xBC"));
    CHECK_FALSE(glob_match("??", "\xC3\xBC"));
    CHECK(glob_match("Z?rich", "Z\xC3\xBCrich"));
    CHECK(glob_match("Z[u\xC3\xBC]rich", "Z\xC3\xBCrich"));
    CHECK_FALSE(glob_match("Z[!\xC3\xBC]rich", "Z\xC3\xBCrich"));
    CHECK_FALSE(glob_match("[\xC3\xBC]", "\xC3\xA4"));
    CHECK(glob_match("?", "\xFC"));
    CHECK_FALSE(glob_match("\xFC", "\xC3\xBC"));
    // A star covers whole characters, so that nothing may match the second half of one.
    CHECK_FALSE(glob_match("*\xBC", "\xC3\xBC"));
}

TEST_CASE("glob_match agrees with the definition on random patterns", "[base][glob]") {
    tare::base::Rng rng(11);
    int matches = 0;
    int wrong = 0;
    for (int i = 0; i < 20000; ++i) {
        const std::string pattern = random_word(rng, "ab*?", 7);
        const std::string text = random_word(rng, "ab", 8);
        const bool expected = matches_by_definition(pattern, text);
        matches += expected ? 1 : 0;
        wrong += glob_match(pattern, text) == expected ? 0 : 1;
    }
    CHECK(wrong == 0);
    CHECK(matches > 1000);
}

TEST_CASE("many stars do not explode", "[base][glob]") {
    std::string pattern;
    for (int i = 0; i < 200; ++i) {
        pattern += "*a";
    }
    // By plain recursion this would not end in the lifetime of the universe.
    CHECK_FALSE(glob_match(pattern + "*b", std::string(2000, 'a')));
    CHECK(glob_match(pattern, std::string(2000, 'a')));
}
