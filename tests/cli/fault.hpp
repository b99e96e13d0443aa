// One line of the bad-input list: what is wrong, the command, and what it must say and return.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace tare::test {

struct Fault {
    std::string prepare;    ///< lines of bash that make the faulty files beside the example tables; may be empty
    std::string command;    ///< begins with the program
    int code = 0;           ///< exit code
    std::string message;    ///< the error line behind "PROGRAM: error: "
    std::string hint = {};  ///< the hint line behind "hint: "; empty: there is none
};

/// Runs each in a folder of its own and checks code, error line and hint, that nothing but remarks of the program stands
/// before them, that standard output is empty and that the folder is as it was: no output, no sidecar, nothing hidden.
/// What is in `example` is copied into each folder first.
void check_faults(const std::vector<Fault>& faults, const std::filesystem::path& example = {});

}  // namespace tare::test
