// Checking faults: everything a script or a reader would look at.
#include "fault.hpp"

#include <catch2/catch.hpp>

#include "workplace.hpp"

namespace tare::test {
namespace {

/// Takes the error and its hint from the end of what was said; what stays are the remarks before them.
std::string remarks_before(const std::string& said, const std::string& error) {
    return said.ends_with(error) ? said.substr(0, said.size() - error.size()) : "no remark but:\n" + said;
}

bool are_remarks_of(const std::string& program, const std::string& lines) {
    for (std::size_t begin = 0; begin < lines.size();) {
        const std::size_t end = lines.find('\n', begin);
        const std::string line = lines.substr(begin, end - begin);
        if (end == std::string::npos || !line.starts_with(program + ": ") || line.find(": error: ") != std::string::npos) {
            return false;
        }
        begin = end + 1;
    }
    return true;
}

}  // namespace

void check_faults(const std::vector<Fault>& faults, const std::filesystem::path& example) {
    for (const Fault& fault : faults) {
        const Workplace place;
        if (!example.empty()) {
            std::filesystem::copy(example, place.folder(), std::filesystem::copy_options::recursive);
        }
        INFO(fault.prepare << "\n$ " << fault.command);
        if (!fault.prepare.empty()) CHECK_NOTHROW(place.succeed(fault.prepare));
        const auto before = place.listing();

        const Finished finished = place.shell(fault.command);

        CHECK(finished.code == fault.code);
        const std::string program = fault.command.substr(0, fault.command.find(' '));
        const std::string error =
            program + ": error: " + fault.message + "\n" + (fault.hint.empty() ? "" : "hint: " + fault.hint + "\n");
        const std::string remarks = remarks_before(finished.err, error);
        INFO("expected: " << error);
        INFO("said:     " << finished.err);
        CHECK(are_remarks_of(program, remarks));
        CHECK(finished.out == "");
        CHECK(place.listing() == before);
    }
}

}  // namespace tare::test
