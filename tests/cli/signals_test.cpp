// Runs that are ended from outside: the exit code says by what, and no unfinished file stays.
#include <chrono>
#include <csignal>
#include <thread>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "background.hpp"
#include "workplace.hpp"

using tare::test::Background;
using tare::test::Workplace;

namespace {

/// The writing end of a pipe with a name, given some bytes and kept open, so that its reader waits for more. Opening it
/// waits for the reader: then that one has opened its outputs and reads.
class EndlessInput {
public:
    EndlessInput(const Workplace& place, const std::string& name, const std::string& bytes)
        : descriptor_(open((place / name).c_str(), O_WRONLY)) {
        REQUIRE(descriptor_ >= 0);
        REQUIRE(write(descriptor_, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size()));
    }
    EndlessInput(const EndlessInput&) = delete;
    EndlessInput& operator=(const EndlessInput&) = delete;
    ~EndlessInput() { close(descriptor_); }

private:
    int descriptor_;
};

void make_pipe(const Workplace& place, const std::string& name) {
    REQUIRE(mkfifo((place / name).c_str(), 0600) == 0);
}

}  // namespace

TEST_CASE("an interrupted or terminated run says so, returns 128 + signal and leaves nothing behind") {
    for (const auto& [signal, code] : {std::pair(SIGINT, 130), std::pair(SIGTERM, 143), std::pair(SIGHUP, 129)}) {
        const Workplace place;
        make_pipe(place, "endless.tsv");
        place.write("err", "");
        place.write("old.tsv", "old\n");
        const auto before = place.listing();
        Background run(place,
                       {"tare-harmonise", "--input", "endless.tsv", "--output", "old.tsv", "--force", "--model", "x.json"});
        const EndlessInput input(place, "endless.tsv", "participant_id\tsite\ty\nsub-1\tA\t1\n");
        run.send(signal);
        CHECK(run.end() == code);
        CHECK(place.read("err") == "tare-harmonise: interrupted\n");
        place.write("err", "");
        CHECK(place.listing() == before);
    }
}

TEST_CASE("a run that is interrupted while it computes leaves nothing behind") {
    const Workplace place;
    place.succeed("tare-simulate --subjects 600 --features 1500 --output s.tsv");
    place.write("err", "");
    const auto before = place.listing();
    Background run(place,
                   {"tare-harmonise", "--input", "s.tsv", "--prior", "nonparametric", "--output", "x.tsv", "--quiet"});
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    run.send(SIGTERM);
    CHECK(run.end() == 143);
    place.write("err", "");
    CHECK(place.listing() == before);
}

TEST_CASE("a run that waits for a reader can be interrupted") {
    const Workplace place;
    make_pipe(place, "out");
    place.write("err", "");
    const int reader = open((place / "out").c_str(), O_RDONLY | O_NONBLOCK);
    REQUIRE(reader >= 0);
    Background run(place, {"tare-simulate", "--subjects", "2000"}, "out");
    // The first byte is there long before the last: the pipe is full, and the run waits.
    char byte = 0;
    for (int tick = 0; tick < 3000 && read(reader, &byte, 1) != 1; ++tick) {
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    CHECK(byte == 'p');
    run.send(SIGINT);
    CHECK(run.end() == 130);
    close(reader);
}

TEST_CASE("a run that is killed leaves no output under its final name, or a whole one") {
    const Workplace whole;
    const std::string arguments = "tare-simulate --subjects 1500 --features 200 --output x.tsv";
    whole.succeed(arguments);
    std::size_t absent = 0;
    for (int milliseconds = 0; milliseconds < 300; milliseconds += 15) {
        const Workplace place;
        place.write("err", "");
        Background run(place, {"tare-simulate", "--subjects", "1500", "--features", "200", "--output", "x.tsv"});
        std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
        run.send(SIGKILL);
        run.end();
        if (place.has("x.tsv")) {
            CHECK(place.read("x.tsv") == whole.read("x.tsv"));
        } else {
            ++absent;
        }
        if (place.has("x.tsv.json")) CHECK(place.read("x.tsv.json") == whole.read("x.tsv.json"));
    }
    CHECK(absent > 0);
}

TEST_CASE("a run that is killed while it reads leaves nothing under its final name") {
    const Workplace place;
    make_pipe(place, "endless.tsv");
    place.write("err", "");
    const auto before = place.listing();
    Background run(place, {"tare-harmonise", "--input", "endless.tsv", "--output", "x.tsv", "--model", "x.json"});
    const EndlessInput input(place, "endless.tsv", "participant_id\tsite\ty\n");
    run.send(SIGKILL);
    CHECK(run.end() == 137);
    CHECK(place.listing() == before);
}
