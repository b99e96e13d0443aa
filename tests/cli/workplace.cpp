// The example tables are copied, so that a test may change them.
#include "workplace.hpp"

#include <fstream>
#include <iterator>
#include <stdexcept>

#include "support/places.hpp"

namespace tare::test {

Workplace::Workplace() {
    for (const auto& entry : std::filesystem::directory_iterator(source_folder() / "testdata")) {
        if (entry.path().extension() == ".tsv") std::filesystem::copy(entry.path(), folder() / entry.path().filename());
    }
}

std::map<std::string, std::string> Workplace::listing() const {
    std::map<std::string, std::string> found;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder())) {
        const std::string name = entry.path().lexically_relative(folder()).string();
        found[name] = entry.is_symlink()        ? "link to " + std::filesystem::read_symlink(entry.path()).string()
                      : entry.is_regular_file() ? read(name)
                                                : "neither a file nor a link";
    }
    return found;
}

std::string Workplace::read(const std::string& name) const {
    std::ifstream file(*this / name, std::ios::binary);
    if (!file) throw std::runtime_error("there is no " + name);
    return {std::istreambuf_iterator<char>(file), {}};
}

void Workplace::write(const std::string& name, const std::string& bytes) const {
    std::ofstream(*this / name, std::ios::binary) << bytes;
}

Finished Workplace::shell(const std::string& line, ProcessOptions options) const {
    options.folder = folder();
    return test::shell(line, options);
}

std::string Workplace::succeed(const std::string& line, const ProcessOptions& options) const {
    const Finished finished = shell(line, options);
    if (finished.code != 0 || !finished.err.empty()) {
        throw std::runtime_error(line + "\nended with " + std::to_string(finished.code) + " and said:\n" + finished.err);
    }
    return finished.out;
}

}  // namespace tare::test
