// The bad-input list: command lines that make no sense, beyond what the declaration of an option alone can tell.
#include <catch2/catch.hpp>

#include "fault.hpp"
#include "tare/compute/devices.hpp"
#include "workplace.hpp"

namespace compute = tare::compute;
using tare::test::check_faults;
using tare::test::Workplace;

TEST_CASE("faulty command lines") {
    check_faults({
        {"", "tare-harmonise cohort.tsv", 64, "unexpected argument 'cohort.tsv'", "did you mean '--input cohort.tsv'?"},
        {"", "tare-harmonise -input cohort.tsv", 64, "unknown option '-input'", "did you mean '--input'?"},
        {"", "tare-harmonise --inp cohort.tsv", 64, "unknown option '--inp'", "did you mean '--input'?"},
        {"", "tare-harmonise --xyzzy", 64, "unknown option '--xyzzy'", "tare-harmonise --help lists the options"},
        {"", "tare-harmonise --input cohort.tsv --covariates age, sex", 64,
         "option '--covariates': the list 'age,' has an empty item", "a list is written without spaces, as in a,b,c"},
        {"", "tare-harmonise --input cohort.tsv --covariates age sex", 64, "unexpected argument 'sex'",
         "a list is written with commas and without spaces: --covariates age,sex"},
        {"", "tare-harmonise --input cohort.tsv --mean-only yes", 64, "unexpected argument 'yes'",
         "option '--mean-only' takes no value"},
        {"", "tare-harmonise --input cohort.tsv –mean-only", 64, "unexpected argument '–mean-only'",
         "options begin with two plain hyphens '--', not with the dash of a text processor"},
        {"", "tare-harmonise --input --site scanner", 64, "option '--input' needs a value"},
        {"", "tare-harmonise --input cohort.tsv --prior para", 64,
         "option '--prior' is 'para'; it must be one of parametric, nonparametric, none", "did you mean 'parametric'?"},
        {"", "tare-harmonise --input cohort.tsv --convention NeuroCombat", 64,
         "option '--convention' is 'NeuroCombat'; it must be one of tare, neurocombat", "did you mean 'neurocombat'?"},
        {"", "tare-harmonise --input cohort.tsv --help=pdf", 64,
         "option '--help' is 'pdf'; it must be one of man, markdown, bash"},
        {"", "tare-fit --output x.json", 64, "give one of --input, --images and --moments",
         "--moments takes what tare-moments or tare-merge wrote"},
        {"", "tare-fit --input cohort.tsv --moments m.json --output x.json", 64,
         "give one of --input, --images and --moments", "--moments takes what tare-moments or tare-merge wrote"},
        {"", "tare-fit --input cohort.tsv", 64, "name the model to write, once",
         "--model FILE (--output FILE means the same)"},
        {"", "tare-fit --input cohort.tsv --model x.json --output y.json", 64, "name the model to write, once",
         "--model FILE (--output FILE means the same)"},
        {"", "tare-apply --model m.json --input newcomers.tsv --covariates age", 64, "unknown option '--covariates'",
         "tare-apply --help lists the options"},
        {"", "tare-merge", 64, "no moments to merge", "tare-merge a.json b.json --output both.json"},
        {"", "tare-merge - - --output x.json < cohort.tsv", 64,
         "two inputs are standard input, which can be read only once"},
        {"", "tare-apply --model - --input - --output x.tsv < cohort.tsv", 64,
         "two inputs are standard input, which can be read only once"},
        {"", "tare-harmonise --input - --participants - --output x.tsv < cohort.tsv", 64,
         "two inputs are standard input, which can be read only once"},
        {"", "tare-simulate 200", 64, "unexpected argument '200'", "tare-simulate takes options only"},
    });
}

TEST_CASE("options of tare-fit that moments have decided already") {
    for (const char* option :
         {"participants", "id", "session", "site", "covariates", "categorical", "train-where", "features", "exclude"}) {
        check_faults({{"tare-moments --quiet --input cohort.tsv --covariates age --output m.json",
                       "tare-fit --moments m.json --model x.json --" + std::string(option) + " site", 64,
                       "--" + std::string(option) + " does not go with --moments",
                       "the moments were made with their own design: give it to tare-moments"}});
    }
}

TEST_CASE("options that say nothing where a model is extended or applied") {
    for (const char* option :
         {"covariates sex", "smooth age", "transform log", "method covbat", "robust", "min-per-site 2", "site-order auto",
          "subject participant_id", "sigma msr", "scale-covariates age", "components 2", "explained 0.9", "no-scale"}) {
        const std::string text = option;
        check_faults({{"tare-fit --quiet --input centre_a.tsv --covariates age --model m.json",
                       "tare-fit --extend m.json --input centre_b.tsv --model x.json --" + text, 64,
                       "--" + text.substr(0, text.find(' ')) + " does not go with --extend",
                       "the model says how it was made, and the new sites follow it"}});
    }
    check_faults({
        {"", "tare-apply --model m.json --input newcomers.tsv --output x.tsv --train-where 'age>50'", 64,
         "--train-where says from whom new sites are learnt, and goes with --unseen-site estimate"},
        {"", "tare-apply --model m.json --input newcomers.tsv --output x.tsv --unseen-site keep --return residuals", 64,
         "--return residuals does not go with --unseen-site keep",
         "subjects of unknown sites have no residuals, and their values would stand among those of others"},
    });
}

TEST_CASE("numbers that are numbers and yet impossible") {
    check_faults({
        {"", "tare-simulate --output x.tsv --subjects 0", 64, "--subjects must be at least --sites, and --sites at least 1"},
        {"", "tare-simulate --output x.tsv --subjects 3 --sites 5", 64,
         "--subjects must be at least --sites, and --sites at least 1"},
        {"", "tare-simulate --output x.tsv --sites -1", 64, "--subjects must be at least --sites, and --sites at least 1"},
        {"", "tare-simulate --output x.tsv --site-sizes 3,x", 64, "--site-sizes: 'x' is not a number of subjects"},
        {"", "tare-simulate --output x.tsv --site-sizes 3,0", 64, "--site-sizes: '0' is not a number of subjects"},
        {"", "tare-simulate --output x.tsv --site-sizes 3,2 --sites 2", 64,
         "--site-sizes does not go with --subjects and --sites"},
        {"", "tare-simulate --output x.tsv --features 0", 64, "--features must be at least 1"},
        {"", "tare-simulate --output x.tsv --seed -1", 64, "--seed must be at least 0"},
        {"", "tare-simulate --output x.tsv --missing 1", 64, "--missing must be below 1"},
        {"", "tare-simulate --output x.tsv --missing -0.1", 64, "--missing must be at least 0"},
        {"", "tare-simulate --output x.tsv --diagnosis-fraction 1.5", 64, "--diagnosis-fraction must be at most 1"},
        {"", "tare-simulate --output x.tsv --diagnosis-fraction -1", 64, "--diagnosis-fraction must be at least 0"},
        {"", "tare-simulate --output x.tsv --site-shift -1", 64, "--site-shift must be at least 0"},
        {"", "tare-simulate --output x.tsv --site-scale -1", 64, "--site-scale must be at least 0"},
    });
}

TEST_CASE("resources and devices that cannot be had") {
    const std::string run = "tare-harmonise --input cohort.tsv --output x.tsv --model x.json ";
    check_faults({
        {"", run + "--threads 0", 64, "option '--threads': '0' is not between 1 and 65536"},
        {"", run + "--threads -2", 64, "option '--threads': '-2' is not between 1 and 65536"},
        {"", run + "--threads 1000000", 64, "option '--threads': '1000000' is not between 1 and 65536"},
        {"", run + "--memory lots", 64, "option '--memory': 'lots' is not a size",
         "a size is written as 512M, 4G or 1.5GiB"},
        {"", run + "--memory 0", 64, "option '--memory': '0' is not a size", "a size is written as 512M, 4G or 1.5GiB"},
        {"", run + "--memory -4G", 64, "option '--memory': '-4G' is not a size", "a size is written as 512M, 4G or 1.5GiB"},
        {"", run + "--device tpu", 64, "option '--device' is 'tpu'; it must be one of cpu, cuda, cuda:N, auto"},
        {"", run + "--device cuda:x", 64, "option '--device' is 'cuda:x'; it must be one of cpu, cuda, cuda:N, auto"},
        {"", run + "--quiet --verbose", 64, "options '--quiet' and '--verbose' exclude each other"},
        {"", "tare-simulate --subjects 100000 --features 100000 --memory 1G --output x.tsv", 71,
         "needs about 223.5 GiB for the cohort, --memory allows 1 GiB", "raise the limit with --memory 224G"},
        {"", "tare-simulate --subjects 4294967296 --features 4294967296 --memory 1G --output x.tsv", 71,
         "needs about 8388608 TiB for the cohort, --memory allows 1 GiB", "raise the limit with --memory 8589934592G"},
        {"", "tare-simulate --subjects 99999999999 --sites 99999999999 --memory 1G --output x.tsv", 71,
         "needs about 745.1 GiB for the sites, --memory allows 1 GiB", "raise the limit with --memory 746G"},
    });
}

TEST_CASE("a memory limit that is too small names what does not fit and a limit that would do") {
    const Workplace place;
    place.succeed("tare-fit --quiet --input cohort.tsv --covariates age --model model.json");
    const auto before = place.listing();
    for (const auto& [command, file] :
         {std::pair("tare-harmonise --input cohort.tsv --output x.tsv", "cohort.tsv"),
          std::pair("tare-fit --input cohort.tsv --model x.json", "cohort.tsv"),
          std::pair("tare-moments --input cohort.tsv --output x.json", "cohort.tsv"),
          std::pair("tare-apply --input cohort.tsv --model model.json --output x.tsv", "model.json")}) {
        const std::string line = command;
        const tare::test::Finished finished = place.shell(line + " --memory 10K");
        INFO(finished.err);
        CHECK(finished.code == 71);
        CHECK(finished.err.starts_with(line.substr(0, line.find(' ')) + ": error: needs about "));
        CHECK(finished.err.ends_with(" KiB for " + std::string(file) +
                                     ", --memory allows 10 KiB\nhint: raise the limit with --memory 1M\n"));
        CHECK(place.listing() == before);
    }
}

TEST_CASE("a device that is asked for and not there is an error") {
    const compute::DeviceList here = compute::cuda_devices();
    // No machine has this many cards; where there is none, the first is too much already.
    std::vector<std::string> absent{"cuda:64", "cuda:99999999999999999999"};
    if (here.devices.empty()) absent.insert(absent.end(), {"cuda", "cuda:0"});
    std::string why = here.why_none;
    for (const compute::CudaDevice& card : here.devices) why += (why.empty() ? "the cards here are " : ", ") + card.text();
    for (const std::string& device : absent) {
        check_faults(
            {{"", "tare-harmonise --input cohort.tsv --output x.tsv --device " + device, 69,
              "option '--device' is '" + device + "', and " + why,
              "leave --device out, or give --device auto, to run on the CPU; tare-info --devices lists the cards"}});
    }
    check_faults(
        {{"", "tare-roi --images a.nii.gz --labels b.nii.gz --device cuda", 69,
          "option '--device' is 'cuda', and tare-roi runs on the CPU only", "leave --device out, or give --device auto"}});
}

TEST_CASE("device auto falls back to the processor, says so, and gives the same bytes") {
    if (!compute::cuda_devices().devices.empty()) {
        WARN("SKIPPED: there is a card here");
        return;
    }
    const Workplace place;
    const std::string told =
        place.shell("tare-harmonise --covariates age,sex --input cohort.tsv --output auto.tsv --device auto").err;
    CHECK(told.find("--device auto: " + compute::cuda_devices().why_none + ", running on the CPU") != std::string::npos);
    place.succeed("tare-harmonise --quiet --covariates age,sex --input cohort.tsv --output cpu.tsv");
    CHECK(place.read("auto.tsv") == place.read("cpu.tsv"));
    CHECK(place.read("auto.tsv.json").find("\"device\": \"cpu\"") != std::string::npos);
}
