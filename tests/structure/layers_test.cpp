// The house keeps its own rules: every rule, over every file of this source tree.
#include <catch2/catch.hpp>

#include "structure/rules.hpp"

using namespace tare::structure;

TEST_CASE("the source tree keeps the rules of the house") {
    const auto files = read_tree(TARE_SOURCE_DIR);
    for (const Rule& rule : all_rules()) {
        DYNAMIC_SECTION(rule.name) {
            std::string all;
            for (const std::string& finding : check_tree(rule, files)) {
                all += finding + "\n";
            }
            INFO(all);
            CHECK(all.empty());
        }
    }
}

TEST_CASE("the check sees every layer of the source tree") {
    const auto files = read_tree(TARE_SOURCE_DIR);
    for (const char* layer : {"base", "data", "compute", "stats", "learn", "imaging", "io", "cli", "commands", "apps"}) {
        INFO(layer);
        CHECK(std::ranges::any_of(files, [&](const SourceFile& file) { return file.layer() == layer; }));
    }
}
