// A new file that nobody sees before it is whole: nameless (O_TMPFILE, so that even kill -9 leaves nothing behind),
// or under a hidden name where the file system knows no nameless files.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "descriptor.hpp"
#include "destination.hpp"
#include "tare/base/temporary_files.hpp"

namespace tare::io::detail {

class UnfinishedFile final : public Destination {
public:
    /// `target` is the final path, `name` what messages call it. With `overwrite` false it must not exist when the
    /// file is published. Throws Error (73).
    UnfinishedFile(std::filesystem::path target, std::string name, base::TemporaryFiles& unfinished, bool overwrite,
                   Unfinished kind);
    ~UnfinishedFile() override;

    [[nodiscard]] bool is_file() const noexcept override { return true; }
    void write(std::string_view bytes) override;
    void complete() override;
    void publish() override;
    void withdraw() noexcept override;

private:
    void open_hidden();
    /// Gives the nameless file a hidden name, to be renamed over what is there.
    void link_hidden();
    void take_mode_of_predecessor();
    void remove_hidden() noexcept;

    std::filesystem::path target_;
    std::string name_;
    base::TemporaryFiles& unfinished_;
    bool overwrite_;
    bool is_new_ = true;
    Descriptor file_;
    std::filesystem::path hidden_;  ///< empty while the file is nameless, or has got its final name
};

}  // namespace tare::io::detail
