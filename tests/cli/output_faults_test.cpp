// The bad-input list: results that cannot be put where they are wanted.
#include <catch2/catch.hpp>

#include "fault.hpp"
#include "workplace.hpp"

using tare::test::check_faults;
using tare::test::Finished;
using tare::test::Workplace;

TEST_CASE("outputs that exist, or cannot be created") {
    const std::string run = "tare-harmonise --input cohort.tsv --covariates age ";
    const std::string replaces = "--force replaces it";
    const std::string not_replaced = "name another output; a result never replaces what it was made from";
    check_faults({
        {"echo old > x.tsv", run + "--output x.tsv", 73, "x.tsv: exists already", replaces},
        {"echo old > x.tsv.json", run + "--output x.tsv", 73, "x.tsv.json: exists already", replaces},
        {"echo old > m.json", run + "--output x.tsv --model m.json", 73, "m.json: exists already", replaces},
        {"echo old > m.json.json", run + "--output x.tsv --model m.json", 73, "m.json.json: exists already", replaces},
        {"ln -s nowhere.tsv x.tsv", run + "--output x.tsv", 73, "x.tsv: exists already, as a link to a file that does not",
         "--force creates that file"},
        {"echo old > x.tsv; chmod 444 x.tsv", run + "--output x.tsv --force", 73,
         "x.tsv: is write-protected and is not replaced, not even with --force"},
        {"", run + "--output nowhere/x.tsv", 73, "nowhere/x.tsv: folder 'nowhere' does not exist"},
        {"", run + "--output cohort.tsv/x.tsv", 73, "cohort.tsv/x.tsv: 'cohort.tsv' is not a folder"},
        {"mkdir d", run + "--output d --force", 73, "d: is a folder"},
        {"", run + "--output $(printf 'a%.0s' {1..256})", 73,
         std::string(256, 'a') + ": cannot be created: File name too long"},
        {"", run + "--output $(printf 'a%.0s' {1..252})", 73,
         std::string(252, 'a') + ".json: cannot be created: File name too long"},
        {"", run + "--output cohort.tsv --force", 73, "cohort.tsv: is also an input of this run", not_replaced},
        {"ln -s cohort.tsv l.tsv", run + "--output l.tsv --force", 73, "l.tsv: is also an input of this run", not_replaced},
        {"ln cohort.tsv l.tsv", run + "--output l.tsv --force", 73, "l.tsv: is also an input of this run", not_replaced},
        {"cut -f 1-5 cohort.tsv > p.tsv", run + "--participants p.tsv --model p.tsv --force", 73,
         "p.tsv: is also an input of this run", not_replaced},
        {"cp cohort.tsv x.tsv.json", "tare-harmonise --input x.tsv.json --output x.tsv --force", 73,
         "x.tsv.json: is also an input of this run", not_replaced},
        {"tare-fit --quiet --input cohort.tsv --covariates age --model m.json",
         "tare-apply --input newcomers.tsv --model m.json --output m.json --force", 73,
         "m.json: is also an input of this run", not_replaced},
        {"tare-moments --quiet --input cohort.tsv --covariates age --output m.json",
         "tare-fit --moments m.json --model m.json --force", 73, "m.json: is also an input of this run", not_replaced},
        {"tare-moments --quiet --input cohort.tsv --covariates age --output m.json",
         "tare-merge m.json --output m.json --force", 73, "m.json: is also an input of this run", not_replaced},
        {"", run + "--output x.tsv --model x.tsv", 73, "x.tsv: is named as an output twice"},
        {"", run + "--output x.tsv --model ./x.tsv", 73, "./x.tsv: is named as an output twice"},
        {"", run + "--output x.tsv --model x.tsv.json", 73, "x.tsv.json: is named as an output twice",
         "beside a result FILE its sidecar FILE.json is written"},
        {"", run + "--output - --model -", 73, "standard output: is named as an output twice"},
        {"", "tare-simulate --output x.tsv --truth x.tsv", 73, "x.tsv: is named as an output twice"},
        {"", "tare-simulate --output x.tsv --parameters x.tsv.json", 73, "x.tsv.json: is named as an output twice",
         "beside a result FILE its sidecar FILE.json is written"},
        {"", run + "--output /proc/x.tsv", 73, "/proc/x.tsv: cannot be created: No such file or directory"},
    });
}

TEST_CASE("devices and pipes that take no more") {
    check_faults({
        {"", "tare-harmonise --input cohort.tsv --output /dev/full", 74,
         "/dev/full: cannot be written: No space left on device"},
        {"", "tare-harmonise --input cohort.tsv --output /dev/full --model m.json", 74,
         "/dev/full: cannot be written: No space left on device"},
        {"", "tare-harmonise --input cohort.tsv --output x.tsv --model /dev/full", 74,
         "/dev/full: cannot be written: No space left on device"},
        {"", "tare-fit --input cohort.tsv --model - > /dev/full", 74,
         "standard output: cannot be written: No space left on device"},
        {"", "tare-simulate --subjects 2000 > /dev/full", 74, "standard output: cannot be written: No space left on device"},
        {"", "tare-harmonise --help > /dev/full", 74, "cannot write to standard output: No space left on device"},
        {"", "tare-simulate --version > /dev/full", 74, "cannot write to standard output: No space left on device"},
        {"", "tare-simulate --output - >&-", 74, "standard output: cannot be written: Bad file descriptor"},
    });
}

TEST_CASE("a reader that goes away is one line and 74, not a signal") {
    const Workplace place;
    const auto before = place.listing();
    const Finished finished =
        place.shell("tare-simulate --subjects 3000 --truth truth.tsv | head -c 1 > /dev/null; exit ${PIPESTATUS[0]}");
    CHECK(finished.code == 74);
    CHECK(finished.err == "tare-simulate: error: standard output: the reader closed the pipe\n");
    CHECK(place.listing() == before);
}

TEST_CASE("a disk that fills up leaves no partial output and no sidecar") {
    const Workplace place;
    const auto before = place.listing();
    // A limit on the size of files is as good as a full disk, and needs no disk.
    const Finished finished = place.shell("trap '' XFSZ; ulimit -f 64; tare-simulate --subjects 3000 --output x.tsv");
    CHECK(finished.code == 74);
    CHECK(finished.err == "tare-simulate: error: x.tsv: cannot be written: File too large\n");
    CHECK(place.listing() == before);
}
