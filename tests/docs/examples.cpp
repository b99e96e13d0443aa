// Reading and running the examples of a page. All run in one shell, because a reader has one shell too: what an
// example exports or creates is there for the next.
#include "examples.hpp"

#include <fstream>
#include <stdexcept>

#include "support/places.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

namespace tare::test {
namespace {

const std::string fence = "```";

std::string end_mark(std::size_t number) {
    return "\n@@ end of example " + std::to_string(number) + "\n";
}

std::string script_of(const std::vector<Example>& examples) {
    std::string script = "exec 2>&1\nset -e\n";
    for (std::size_t i = 0; i < examples.size(); ++i) {
        script += examples[i].commands + "printf '%s' '" + end_mark(i) + "'\n";
    }
    return script;
}

}  // namespace

std::vector<Example> read_examples(const std::filesystem::path& page) {
    std::ifstream file(page);
    std::vector<Example> examples;
    std::string line, language, body;
    std::size_t number = 0, begin = 0;
    bool inside = false, may_be_output = false;
    while (std::getline(file, line)) {
        ++number;
        if (inside && line == fence) {
            inside = false;
            if (language == "sh") examples.push_back({begin, body, {}});
            if (language == "text" && may_be_output) examples.back().output = body;
            may_be_output = language == "sh";
        } else if (inside) {
            body += line + "\n";
        } else if (line.starts_with(fence)) {
            inside = true;
            language = line.substr(fence.size());
            begin = number + 1;
            body.clear();
        } else if (!line.empty()) {
            may_be_output = false;
        }
    }
    if (inside) throw std::runtime_error(page.string() + ":" + std::to_string(begin - 1) + ": this block is never closed");
    return examples;
}

Session run_examples(const std::vector<Example>& examples) {
    const TemporaryDirectory folder;
    std::filesystem::copy(source_folder() / "testdata", folder.path() / "testdata");
    std::filesystem::create_directories(folder.path() / "build" / "release");
    std::filesystem::create_directory_symlink(TARE_BINARY_DIR, folder.path() / "build" / "release" / "bin");
    const Finished finished = shell(script_of(examples), {{}, folder.path(), {{"LC_ALL", "C"}}});

    Session session;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < examples.size(); ++i) {
        const std::string mark = end_mark(i);
        const std::size_t end = finished.out.find(mark, begin);
        session.outputs.push_back(finished.out.substr(begin, end == std::string::npos ? end : end - begin));
        if (end == std::string::npos) return session;
        begin = end + mark.size();
    }
    session.completed = finished.code == 0;
    return session;
}

}  // namespace tare::test
