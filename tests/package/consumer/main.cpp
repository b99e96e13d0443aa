// Harmonises a cohort that never was a file: three sites shifted against each other, whose means must agree afterwards.
#include <cmath>
#include <cstdio>
#include <string>
#include <vector>

#include <tare/base/error.hpp>
#include <tare/base/log.hpp>
#include <tare/base/rng.hpp>
#include <tare/compute/backend.hpp>
#include <tare/data/split.hpp>
#include <tare/io/bytes.hpp>
#include <tare/io/image_file.hpp>
#include <tare/learn/learner.hpp>
#include <tare/stats/application.hpp>

namespace {

constexpr int sites = 3;
constexpr int subjects_per_site = 20;

tare::data::Cohort shifted_sites() {
    tare::data::Cohort cohort;
    cohort.source = "memory";
    cohort.features.names = {"thickness", "volume"};
    cohort.features.values = {sites * subjects_per_site, 2};
    tare::base::Rng rng(1);
    for (int i = 0; i < sites * subjects_per_site; ++i) {
        const int site = i % sites;
        cohort.ids.push_back("sub-" + std::to_string(i));
        cohort.sites.push_back("site-" + std::to_string(site));
        cohort.line_numbers.push_back(0);
        cohort.features.values(i, 0) = 2.5 + 0.5 * site + 0.1 * rng.normal();
        cohort.features.values(i, 1) = 4000 - 300.0 * site + 50 * rng.normal();
    }
    return cohort;
}

double site_mean(const tare::data::Cohort& cohort, int site, tare::base::Index feature) {
    double sum = 0;
    for (int i = site; i < sites * subjects_per_site; i += sites) {
        sum += cohort.features.values(i, feature);
    }
    return sum / subjects_per_site;
}

}  // namespace

int main() {
    tare::data::Cohort cohort = shifted_sites();
    tare::base::SilentLog log;
    const auto backend = tare::compute::make_cpu_backend(2);
    const auto moments = tare::stats::moments_of(tare::data::TrainingSet::all(cohort), *backend);
    tare::stats::CombatOptions options;
    options.prior = tare::stats::PriorKind::none;
    const auto model = tare::stats::fit(moments, options, *backend, log);
    tare::stats::apply(model, cohort, {}, *backend, log);

    // The file layer links too.
    const std::string text = "bytes";
    bool right = tare::io::gunzip(tare::io::gzip(text), "memory", {}) == text;
    try {
        static_cast<void>(tare::io::read_image("no-such-image.nrrd", {}));
        right = false;
    } catch (const tare::base::Error& error) {
        right = right && error.code() == tare::base::ExitCode::no_input;
    }
    // So do the learners, with the libraries behind them.
    tare::learn::Targets numbers, classes{.task = tare::learn::Task::classification, .classes = 2};
    for (const auto& site : cohort.sites) {
        numbers.values.push_back(site == "site-0" ? 1.0 : 0.0);
        classes.labels.push_back(site == "site-0" ? 1 : 0);
    }
    using tare::learn::Kind;
    for (const Kind kind : {Kind::ridge, Kind::logistic, Kind::svr, Kind::xgboost}) {
        const auto& targets = kind == Kind::logistic ? classes : numbers;
        const auto learner = tare::learn::trained({.kind = kind}, cohort.features.values, targets, 1);
        const auto predicted = learner->predict(cohort.features.values);
        right = right && predicted.values.size() + predicted.labels.size() == cohort.sites.size();
    }
    for (const tare::base::Index feature : {0, 1}) {
        const double first = site_mean(cohort, 0, feature);
        for (int site = 1; site < sites; ++site) {
            right = right && std::abs(site_mean(cohort, site, feature) - first) < 1e-9 * std::abs(first);
        }
        std::printf("%s: %g at every site\n", cohort.features.names[static_cast<std::size_t>(feature)].c_str(), first);
    }
    return right ? 0 : 1;
}
