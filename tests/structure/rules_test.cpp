// Each rule can fail: small trees that break one rule each, and their neighbours that keep it.
#include "structure/rules.hpp"

#include <fstream>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"

using namespace tare::structure;

namespace {

SourceFile with_include(const std::string& path, const std::string& include) {
    return make_source_file(path, "// One idea.\n#include " + include + "\n");
}

void write_file(const std::filesystem::path& path, const std::string& text) {
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path) << text;
}

std::string lines(std::size_t count) {
    std::string text = "// One idea.\n";
    for (std::size_t i = 1; i < count; ++i) {
        text += '\n';
    }
    return text;
}

}  // namespace

TEST_CASE("a layer that includes a layer above it or beside it is found") {
    struct Case {
        const char* path;
        const char* include;
    };
    const auto wrong = GENERATE(
        Case{"src/base/text.cpp", "\"tare/data/table.hpp\""},
        Case{"include/tare/data/table.hpp", "\"tare/stats/design.hpp\""},
        Case{"src/data/table.cpp", "\"tare/compute/backend.hpp\""},
        Case{"src/compute/cpu/solve.cpp", "\"tare/data/table.hpp\""}, Case{"src/stats/combat.cpp", "\"tare/io/bytes.hpp\""},
        Case{"src/stats/combat.cpp", "\"tare/cli/context.hpp\""}, Case{"src/io/model.cpp", "\"tare/cli/context.hpp\""},
        Case{"src/io/model.cpp", "\"tare/compute/backend.hpp\""}, Case{"src/cli/program.cpp", "\"tare/io/output.hpp\""},
        Case{"src/commands/fit.cpp", "\"tare/apps/fit.hpp\""}, Case{"apps/tare-fit.cpp", "\"tare/stats/combat.hpp\""},
        Case{"src/stats/combat.cpp", "\"../io/json.hpp\""}, Case{"include/tare/io/bytes.hpp", "\"private.hpp\""},
        Case{"src/learn/ridge.cpp", "\"tare/io/bytes.hpp\""}, Case{"src/stats/combat.cpp", "\"tare/learn/learner.hpp\""},
        Case{"src/wherever/x.cpp", "<vector>"});
    INFO(wrong.path << " " << wrong.include);
    CHECK(check_includes(with_include(wrong.path, wrong.include)).size() == 1);
}

TEST_CASE("a library outside its layer is found") {
    struct Case {
        const char* path;
        const char* include;
    };
    const auto wrong = GENERATE(
        Case{"src/base/resources.cpp", "<omp.h>"}, Case{"src/io/gzip.cpp", "<immintrin.h>"},
        Case{"src/data/table.cpp", "<Eigen/Dense>"}, Case{"src/data/table.cpp", "<unistd.h>"},
        Case{"src/stats/combat.cpp", "<nlohmann/json.hpp>"}, Case{"src/stats/combat.cpp", "<sys/stat.h>"},
        Case{"src/stats/combat.cpp", "<omp.h>"}, Case{"src/commands/fit.cpp", "<nlohmann/json.hpp>"},
        Case{"src/commands/fit.cpp", "<boost/program_options.hpp>"},
        Case{"src/cli/program.cpp", "<boost/program_options.hpp>"}, Case{"include/tare/io/model.hpp", "<nlohmann/json.hpp>"},
        Case{"include/tare/base/resources.hpp", "<unistd.h>"}, Case{"src/stats/mean.cpp", "<itkImage.h>"},
        Case{"src/compute/cpu/solve.cpp", "<cuda_runtime.h>"}, Case{"src/io/gzip.cpp", "<bzlib.h>"},
        Case{"src/stats/combat.cpp", "<zlib.h>"}, Case{"src/stats/combat.cpp", "<linear.h>"},
        Case{"src/commands/cv.cpp", "<xgboost/c_api.h>"}, Case{"include/tare/learn/learner.hpp", "<linear.h>"},
        Case{"src/learn/learner.cpp", "<linear.h>"}, Case{"src/learn/learner.cpp", "<libsvm/svm.h>"},
        Case{"src/learn/liblinear_training.cpp", "<xgboost/c_api.h>"}, Case{"apps/tare-fit.cpp", "<Eigen/Dense>"});
    INFO(wrong.path << " " << wrong.include);
    CHECK(check_includes(with_include(wrong.path, wrong.include)).size() == 1);
}

TEST_CASE("what the layer table allows is not found") {
    struct Case {
        const char* path;
        const char* include;
    };
    const auto right = GENERATE(
        Case{"src/base/text.cpp", "<string_view>"}, Case{"src/base/resources.cpp", "<sched.h>"},
        Case{"src/stats/combat.cpp", "\"tare/compute/backend.hpp\""}, Case{"include/tare/stats/combat.hpp", "<Eigen/Core>"},
        Case{"src/io/model.cpp", "<nlohmann/json.hpp>"}, Case{"src/io/gzip.cpp", "<libdeflate.h>"},
        Case{"src/io/gzip.cpp", "\"private.hpp\""}, Case{"src/cli/parsed_options.cpp", "<boost/program_options.hpp>"},
        Case{"src/learn/liblinear_training.cpp", "<linear.h>"}, Case{"src/learn/libsvm_training.cpp", "<libsvm/svm.h>"},
        Case{"src/learn/xgboost_learner.cpp", "<xgboost/c_api.h>"}, Case{"src/learn/ridge.cpp", "<Eigen/Dense>"},
        Case{"src/commands/cv.cpp", "\"tare/learn/learner.hpp\""}, Case{"src/compute/cuda/solve.cu", "<cuda_runtime.h>"},
        Case{"src/commands/fit.cpp", "\"tare/io/output.hpp\""}, Case{"apps/tare-fit.cpp", "\"tare/commands/registry.hpp\""},
        Case{"tests/unit/x_test.cpp", "<nlohmann/json.hpp>"});
    INFO(right.path << " " << right.include);
    CHECK(check_includes(with_include(right.path, right.include)).empty());
}

TEST_CASE("an include in a comment or a text is no include") {
    CHECK(make_source_file("src/base/a.cpp", "// #include <omp.h>\n/*\n#include <omp.h>\n*/\n").includes.empty());
    CHECK(make_source_file("src/base/a.cpp", "auto a = R\"(\n#include <omp.h>\n)\";\n").includes.empty());
    CHECK(make_source_file("src/base/a.cpp", "  #  include <omp.h> // why\n").includes.size() == 1);
}

TEST_CASE("using namespace is found in headers only") {
    const std::string text = "// One idea.\nusing  namespace std;\n";
    CHECK(check_using_namespace(make_source_file("include/tare/base/a.hpp", text)).size() == 1);
    CHECK(check_using_namespace(make_source_file("src/base/a.cpp", text)).empty());
    CHECK(check_using_namespace(make_source_file("src/base/a.hpp", "// no using namespace here\nusing std::size_t;\n"))
              .empty());
}

TEST_CASE("conversions that depend on the locale are found") {
    const auto statement =
        GENERATE(as<std::string>(), "double x = std::stod(text);", "int i = atoi(text);", "strtod(a, &b);",
                 "std::istringstream in(text);", "std::stringstream both;", "setlocale(LC_ALL, \"\");",
                 "out.imbue(std::locale());", "std::snprintf(a, n, \"%g\", x);", "int n = 1'000; stof(text);",
                 "char c = '\"'; stof(text);", "auto s = \"\\\\\"; stof(text);");
    INFO(statement);
    CHECK(check_number_text(make_source_file("src/io/a.cpp", statement)).size() == 1);
    CHECK(check_number_text(make_source_file("tests/unit/a.cpp", statement)).empty());
}

TEST_CASE("a name inside a comment, a text or a longer name is no conversion") {
    const auto statement = GENERATE(as<std::string>(), "// std::stod is not used", "/* stod */ int a;", "log(\"stod(\");",
                                    "auto s = R\"x(stod(\")x\";", "custom_stod(text);", "stodgy();", "log(\"a\\\"stod\");");
    INFO(statement);
    CHECK(check_number_text(make_source_file("src/io/a.cpp", statement)).empty());
}

TEST_CASE("a file without an opening comment, or with a long one, is found") {
    CHECK(check_opening_comment(make_source_file("src/a.cpp", "")).size() == 1);
    CHECK(check_opening_comment(make_source_file("src/a.cpp", "\n// Late.\n")).size() == 1);
    CHECK(check_opening_comment(make_source_file("src/a.cpp", "//1\n//2\n//3\n//4\n//5\nint a;\n")).empty());
    CHECK(check_opening_comment(make_source_file("src/a.cpp", "//1\n//2\n//3\n//4\n//5\n//6\nint a;\n")).size() == 1);
}

TEST_CASE("a header that could be included twice is found") {
    CHECK(check_include_guard(make_source_file("src/a.hpp", "// One idea.\n\n#pragma once\nint a;\n")).empty());
    CHECK(check_include_guard(make_source_file("src/a.cpp", "// One idea.\nint a;\n")).empty());
    const auto text = GENERATE(as<std::string>(), "", "// #pragma once\n", "int a;\n#pragma once\n", "#pragma\n");
    INFO(text);
    CHECK(check_include_guard(make_source_file("src/a.hpp", text)).size() == 1);
}

TEST_CASE("a file of more than 500 lines is found") {
    CHECK(check_length(make_source_file("src/a.cpp", lines(500))).empty());
    CHECK(check_length(make_source_file("src/a.cpp", lines(501))).size() == 1);
}

TEST_CASE("a tree is read from its folders, and a finding names file and line") {
    const tare::test::TemporaryDirectory tree;
    write_file(tree.path() / "src/base/b.cpp", "// One idea.\n\n#include \"tare/stats/design.hpp\"\n");
    write_file(tree.path() / "include/tare/base/a.hpp", "// One idea.\n");
    write_file(tree.path() / "src/base/notes.txt", "no source file");
    write_file(tree.path() / "build/c.cpp", "not ours");
    const auto files = read_tree(tree.path());
    REQUIRE(files.size() == 2);
    CHECK(files[0].path == "include/tare/base/a.hpp");
    const Findings findings = check_tree(all_rules()[0], files);
    REQUIRE(findings.size() == 1);
    CHECK(findings[0] == "src/base/b.cpp:3: layer base must not include layer stats");
}

TEST_CASE("an empty tree is an error, not a pass") {
    const tare::test::TemporaryDirectory tree;
    CHECK_THROWS(read_tree(tree.path()));
}
