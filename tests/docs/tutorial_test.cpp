// Runs what the documentation tells a reader to type, and compares what it prints.
#include <catch2/catch.hpp>

#include "examples.hpp"
#include "support/places.hpp"

using namespace tare::test;

namespace {

void check_page(const std::string& name, const std::vector<Example>& examples) {
    const Session session = run_examples(examples);
    for (std::size_t i = 0; i < session.outputs.size(); ++i) {
        INFO(name << ":" << examples[i].line << ":\n" << examples[i].commands);
        CHECK(session.outputs[i] == examples[i].output);
        if (i + 1 == session.outputs.size()) CHECK(session.completed);
    }
}

}  // namespace

TEST_CASE("every line of the tutorial runs and prints what the page says", "[docs]") {
    const std::vector<Example> examples = read_examples(source_folder() / "docs/tutorial.md");
    REQUIRE(examples.size() >= 10);
    check_page("docs/tutorial.md", examples);
}

TEST_CASE("the README's commands run, but for those that install and build", "[docs]") {
    std::vector<Example> examples = read_examples(source_folder() / "README.md");
    std::erase_if(examples, [](const Example& example) { return example.commands.starts_with("scripts/"); });
    REQUIRE_FALSE(examples.empty());
    check_page("README.md", examples);
}

TEST_CASE("the examples of the reference pages run and print what the pages say", "[docs]") {
    for (const char* page :
         {"docs/tables.md", "docs/method.md", "docs/model.md", "docs/images.md", "docs/hpc.md", "docs/family.md",
          "docs/smooth.md", "docs/new_sites.md", "docs/leakage.md", "docs/measurements.md", "docs/report.md"}) {
        const std::vector<Example> examples = read_examples(source_folder() / page);
        CAPTURE(page);
        REQUIRE_FALSE(examples.empty());
        check_page(page, examples);
    }
}

TEST_CASE("an example that fails, or prints something else, is seen", "[docs]") {
    const Session session =
        run_examples({{1, "echo one\n", "one\n"}, {2, "echo two; false\n", "two\n"}, {3, "echo three\n", ""}});
    CHECK_FALSE(session.completed);
    CHECK(session.outputs == std::vector<std::string>{"one\n", "two\n"});
}
