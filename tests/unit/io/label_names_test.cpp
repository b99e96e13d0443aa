// Label names of FreeSurfer, BIDS and ITK-SNAP, groups of labels, and what is wrong with such files.
#include <fstream>

#include <catch2/catch.hpp>

#include "support/temporary_directory.hpp"
#include "tare/base/error.hpp"
#include "tare/io/label_names_file.hpp"

using namespace tare;

namespace {

std::string written(const test::TemporaryDirectory& folder, const std::string& name, const std::string& text) {
    const std::string path = (folder.path() / name).string();
    std::ofstream(path, std::ios::binary) << text;
    return path;
}

data::LabelNames names_in(const std::string& path) {
    base::SilentLog log;
    return io::read_label_names(path, {}, log).names;
}

/// The message of the error, behind the file's name.
std::string refusal(const std::string& path) {
    try {
        (void)names_in(path);
    } catch (const base::Error& error) {
        CHECK(error.code() == base::ExitCode::data);
        const std::string said = error.what();
        REQUIRE(said.starts_with(path));
        return said.substr(path.size());
    }
    return "";
}

}  // namespace

TEST_CASE("label names: three programs, one answer", "[labels]") {
    const test::TemporaryDirectory folder;
    const data::LabelNames wanted{{2, "white"}, {17, "Left-Hippocampus"}};
    CHECK(names_in(written(folder, "lut.txt",
                           "#$Id: LUT\n#No. Label Name: R G B A\n0   Unknown  0 0 0 0\n\n2 white 245 245 245 0\r\n"
                           "17  Left-Hippocampus   220 216 20  0\n")) == wanted);
    CHECK(names_in(written(folder, "a_dseg.tsv",
                           "index\tname\tabbreviation\n0\tair\ta\n2\twhite\tw\n17\tLeft-Hippocampus\tL\n")) == wanted);
    CHECK(names_in(written(folder, "snap.label",
                           "################\n    0     0    0    0        0  0  0    \"Clear Label\"\n"
                           "    2   255    0    0        1  1  1    \"white\"\n"
                           "   17   255    0    0        1  1  1    \"Left-Hippocampus\"\n")) == wanted);
    CHECK(names_in(written(folder, "blank.label", "3 255 0 0 1 1 1 \"left grey\"\n")) == data::LabelNames{{3, "left grey"}});
}

TEST_CASE("label names: what is wrong names the line", "[labels]") {
    const test::TemporaryDirectory folder;
    CHECK(refusal(written(folder, "a.txt", "# names\n1 one 1 2 3 0\n1 uno 1 2 3 0\n")) ==
          ":3: label 1 stands in the file twice");
    CHECK(refusal(written(folder, "b.txt", "1 one 1 2 3 0\n2 one 1 2 3 0\n")) == ":2: two labels are called 'one'");
    CHECK(refusal(written(folder, "c.txt", "one two three\n")) ==
          ":1: is neither a line of FreeSurfer's colour table nor of ITK-SNAP's labels");
    CHECK(refusal(written(folder, "d.txt", "1.5 one 1 2 3 0\n")) == ":1: '1.5' is no label");
    CHECK(refusal(written(folder, "e.txt", "# only remarks\n")) == ": names no label");
    CHECK(refusal(written(folder, "f.txt", std::string("1 one\0 1 2 3 0\n", 15))) == ": is no text");
    CHECK(refusal(written(folder, "g.tsv", "label\tname\n1\tone\n")) == ": no column 'index'");
    CHECK(refusal(written(folder, "h.tsv", "index\tname\n99999999999\tone\n")) == ":2: '99999999999' is no label");
    CHECK(refusal(written(folder, "i.tsv", "index\tname\n1\t\n")) == ":2: label 1 has no name");
}

TEST_CASE("label groups: a line for each label", "[labels]") {
    const test::TemporaryDirectory folder;
    base::SilentLog log;
    const auto read = [&](const std::string& text) {
        return io::read_label_groups(written(folder, "groups.tsv", text), {}, log).groups;
    };
    CHECK(read("structure\tlabel\nventricles\t43\ngm\t3\nventricles\t4\n") ==
          std::vector<data::LabelGroup>{{"ventricles", {43, 4}}, {"gm", {3}}});
    CHECK_THROWS_WITH(read("structure\tlabel\nventricles\tx\n"), Catch::EndsWith("groups.tsv:2: 'x' is no label"));
    CHECK_THROWS_WITH(read("structure\tlabel\n\t1\n"), Catch::EndsWith("groups.tsv:2: a structure needs a name"));
    CHECK_THROWS_WITH(read("name\tlabel\na\t1\n"), Catch::EndsWith("groups.tsv: no column 'structure'"));
}
