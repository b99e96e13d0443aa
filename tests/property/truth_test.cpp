// Simulated cohorts with known truth: harmonised values are closer to what subjects would have measured without a site
// effect, with sites of 5, 20 and 100 subjects, and the recovered site effects are close to the true ones.
#include <cstdio>

#include <catch2/catch.hpp>

#include "cohort_runs.hpp"
#include "support/table_values.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;
using namespace tare::test;

namespace {

const std::vector<std::string> text_columns{"site", "age", "sex", "diagnosis"};

struct Recovery {
    double bias = 0.0;  ///< root mean square over sites and features of a site's mean error, in SD
    double rmse = 0.0;  ///< of all values, in SD
};

Recovery recovery(const std::filesystem::path& values, const std::filesystem::path& truth) {
    const data::Table ours = read_numbers(values.string(), text_columns),
                      true_table = read_numbers(truth.string(), text_columns);
    std::vector<std::string> sites;
    for (base::Index i = 0; i < ours.rows(); ++i) sites.emplace_back(ours.text_cell(i, ours.find("site")));
    std::vector<std::string> names = sites;
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    double squares = 0.0, biases = 0.0;
    for (const std::string& feature : ours.features.names) {
        const std::vector<double> a = column(ours, feature), b = column(true_table, feature);
        const double spread = standard_deviation(b);
        for (const std::string& site : names) {
            double error = 0.0, n = 0.0;
            for (std::size_t i = 0; i < a.size(); ++i) {
                if (sites[i] != site) continue;
                error += (a[i] - b[i]) / spread;
                squares += (a[i] - b[i]) * (a[i] - b[i]) / (spread * spread);
                n += 1.0;
            }
            biases += error * error / (n * n);
        }
    }
    const double features = static_cast<double>(ours.features.names.size());
    return {std::sqrt(biases / (features * static_cast<double>(names.size()))),
            std::sqrt(squares / (features * static_cast<double>(sites.size())))};
}

struct Study {
    Recovery raw, harmonised, unshrunk;
};

/// Four sites of `size` subjects each, a strong site effect, averaged over three seeds.
Study study(int size) {
    Study out;
    for (const std::string seed : {"21", "22", "23"}) {
        const TemporaryDirectory work;
        const std::string n = std::to_string(size);
        must("tare-simulate --site-sizes " + n + "," + n + "," + n + "," + n +
                 " --features 60 --site-shift 1 --site-scale 0.3 --seed " + seed + " --output raw.tsv --truth truth.tsv",
             work.path());
        must("tare-harmonise --input raw.tsv --covariates age,sex,diagnosis --output h.tsv", work.path());
        must("tare-harmonise --input raw.tsv --covariates age,sex,diagnosis --prior none --output n.tsv", work.path());
        const auto add = [&](Recovery& to, const char* file) {
            const Recovery found = recovery(work.path() / file, work.path() / "truth.tsv");
            to.bias += found.bias / 3.0;
            to.rmse += found.rmse / 3.0;
        };
        add(out.raw, "raw.tsv");
        add(out.harmonised, "h.tsv");
        add(out.unshrunk, "n.tsv");
    }
    return out;
}

}  // namespace

TEST_CASE("harmonised values are nearer to the truth than raw ones, at sites of 5, 20 and 100") {
    double last = 1.0;
    for (const int size : {5, 20, 100}) {
        const Study found = study(size);
        INFO("sites of " << size << ": raw " << found.raw.rmse << ", harmonised " << found.harmonised.rmse << ", no prior "
                         << found.unshrunk.rmse);
        CHECK(found.harmonised.rmse < (size == 5 ? 0.8 : 0.5) * found.raw.rmse);
        CHECK(found.harmonised.bias < (size == 5 ? 0.8 : 0.5) * found.raw.bias);
        CHECK(found.harmonised.rmse < last);
        // What empirical Bayes is for: small sites.
        if (size == 5) CHECK(found.harmonised.rmse < found.unshrunk.rmse);
        last = found.harmonised.rmse;
    }
}

TEST_CASE("bias and RMSE against the truth, as the table of docs/validation.md", "[.table]") {
    std::printf(
        "| subjects a site | RMSE raw | RMSE harmonised | RMSE without prior | bias raw | bias harmonised | bias without "
        "prior |\n");
    std::printf("| --- | --- | --- | --- | --- | --- | --- |\n");
    for (const int size : {5, 20, 100}) {
        const Study found = study(size);
        std::printf("| %d | %.3f | %.3f | %.3f | %.3f | %.3f | %.3f |\n", size, found.raw.rmse, found.harmonised.rmse,
                    found.unshrunk.rmse, found.raw.bias, found.harmonised.bias, found.unshrunk.bias);
    }
}
