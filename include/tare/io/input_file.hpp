// A file that was read, as sidecars name it.
#pragma once

#include <string>

namespace tare::io {

struct InputFile {
    std::string path;    ///< as the user gave it
    std::string sha256;  ///< of the bytes as stored
    friend bool operator==(const InputFile&, const InputFile&) = default;
};

}  // namespace tare::io
