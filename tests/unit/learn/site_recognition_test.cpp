// Recognising sites: folds, permuted labels and held-out rows, and the course of a whole run.
#include "tare/learn/site_recognition.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include <catch2/catch.hpp>

#include "support/small_cohort.hpp"
#include "tare/base/error.hpp"
#include "tare/learn/recognition_course.hpp"
#include "tare/stats/metrics.hpp"
#include "tare/stats/site_probe.hpp"

using namespace tare;
using base::Index;
using base::Matrix;
using learn::Recognised;
using learn::RecognitionPlan;
using learn::RecognitionRecord;
using learn::SiteRecognition;
using learn::Which;

namespace {

const auto backend = compute::make_cpu_backend(1);

RecognitionPlan plan_for(const data::Cohort& cohort, Index repeats = 4, std::uint64_t seed = 3) {
    RecognitionPlan plan;
    plan.harmonisation.features = data::Features::named(cohort.features.names);
    plan.harmonisation.keep_ids = stats::KeepIds::no;
    plan.harmonisation.covariates = {"age"};
    plan.repeats = repeats;
    plan.seed = seed;
    return plan;
}

SiteRecognition recognition_of(const data::Cohort& cohort, RecognitionPlan plan) {
    return {cohort, std::vector<bool>(cohort.ids.size(), true), std::move(plan), *backend};
}

void check_refused(const data::Cohort& cohort, const RecognitionPlan& plan, const std::string& beginning) {
    try {
        static_cast<void>(recognition_of(cohort, plan));
        FAIL("not refused: " << beginning);
    } catch (const base::Error& error) {
        CHECK(error.code() == base::ExitCode::data);
        INFO(error.what());
        CHECK(std::string(error.what()).starts_with(beginning));
    }
}

bool same(double a, double b) {
    return a == b || (std::isnan(a) && std::isnan(b));
}

bool same(const std::optional<Recognised>& a, const std::optional<Recognised>& b) {
    return a.has_value() == b.has_value() && (!a || (same(a->raw, b->raw) && same(a->harmonised, b->harmonised)));
}

bool same(const RecognitionRecord& a, const RecognitionRecord& b) {
    const auto equal = [](const auto& one, const auto& other) { return same(one, other); };
    return std::ranges::equal(a.observed, b.observed, equal) && std::ranges::equal(a.permuted, b.permuted, equal);
}

const learn::Milestone unheard = [](std::string_view, double) {};

/// A record of the whole linear course.
RecognitionRecord course(const SiteRecognition& recognition, Index repeats, Index permutations, int threads) {
    RecognitionRecord record(repeats, permutations);
    learn::observe(recognition, record, threads, unheard);
    learn::permute_all(recognition, record, threads, unheard);
    return record;
}

}  // namespace

TEST_CASE("sites far apart are recognised by raw values, and by chance or below after harmonising") {
    data::Cohort cohort = test::small_cohort(90, 6);
    for (Index i = 0; i < 90; ++i) cohort.features.values(i, i % 3) += 50.0;
    const SiteRecognition recognition = recognition_of(cohort, plan_for(cohort));
    CHECK(recognition.sites() == 3);
    for (Index r = 0; r < 4; ++r) {
        const Recognised found = recognition.observed(r);
        CHECK(found.raw == 1.0);
        CHECK(found.harmonised < 0.55);
    }
}

TEST_CASE("a permutation is the same whoever computes it, and alone or among others") {
    const data::Cohort cohort = test::small_cohort(60, 4);
    const SiteRecognition recognition = recognition_of(cohort, plan_for(cohort));
    const std::vector<Recognised> several = recognition.permuted(1, 14, 4, Which::both);
    REQUIRE(several.size() == 4);
    std::set<double> different;
    for (std::size_t k = 0; k < several.size(); ++k) {
        const Index number = 1 + 4 * static_cast<Index>(k);
        const Recognised alone = recognition.permuted(number, number + 1, 4, Which::both).front();
        CHECK(same(alone, several[k]));
        const Recognised raw = recognition.permuted(number, number + 1, 4, Which::raw).front();
        CHECK(raw.raw == alone.raw);
        CHECK(std::isnan(raw.harmonised));
        const Recognised harmonised = recognition.permuted(number, number + 1, 4, Which::harmonised).front();
        CHECK(harmonised.harmonised == alone.harmonised);
        CHECK(std::isnan(harmonised.raw));
        different.insert(alone.raw);
    }
    CHECK(different.size() > 1);
}

TEST_CASE("another seed draws other permutations, not the same ones in another order") {
    const data::Cohort cohort = test::small_cohort(60, 4);
    // Every row is a fold, so that the folds of all seeds are the same.
    const auto values = [&](std::uint64_t seed) {
        RecognitionPlan plan = plan_for(cohort, 1, seed);
        plan.folds = 60;
        std::multiset<double> out;
        for (const Recognised& one : recognition_of(cohort, plan).permuted(0, 15, 1, Which::raw)) out.insert(one.raw);
        return out;
    };
    const std::multiset<double> some = values(4);
    for (const std::uint64_t seed : {5U, 6U, 7U}) {
        std::vector<double> common;
        std::ranges::set_intersection(some, values(seed), std::back_inserter(common));
        CHECK(common.size() < 14);
    }
}

TEST_CASE("the true sites harmonise, whatever the labels that the classifier sees") {
    // Two rows, of two sites, may change places: two sets of labels, on values harmonised by the true sites.
    const data::Cohort cohort = test::small_cohort(30, 4, 6);
    RecognitionPlan plan = plan_for(cohort, 1);
    for (Index i = 0; i < 30; ++i) plan.permute_within.push_back(i < 2 ? 0 : i);
    const SiteRecognition recognition = recognition_of(cohort, plan);
    CHECK(recognition.people() == 30);
    CHECK(recognition.movable() == 2);
    const std::vector<Index>& fold_of = recognition.folds().front();
    const stats::FoldFits fits(data::TrainingSet::all(cohort), fold_of, 5, plan.harmonisation, *backend);
    base::SilentLog silent;
    const auto expected = [&](bool exchanged) {
        std::vector<Index> labels;
        for (Index i = 0; i < 30; ++i) labels.push_back(i % 3);
        if (exchanged) std::swap(labels[0], labels[1]);
        std::vector<Index> truth, predicted;
        for (Index f = 0; f < 5; ++f) {
            std::vector<Index> training, test, known;
            for (std::size_t i = 0; i < 30; ++i) (fold_of[i] == f ? test : training).push_back(static_cast<Index>(i));
            for (const Index i : training) known.push_back(labels[static_cast<std::size_t>(i)]);
            for (const Index i : test) truth.push_back(labels[static_cast<std::size_t>(i)]);
            const stats::CombatModel model = fits.without(f, *backend, silent);
            const auto values = [&](const std::vector<Index>& rows) {
                return learn::harmonised_values(model, cohort, cohort, rows, {}, *backend, silent);
            };
            const auto found = stats::SiteProbe(values(training), values(test)).predict(known, 3);
            predicted.insert(predicted.end(), found.begin(), found.end());
        }
        return stats::balanced_accuracy(3, truth, predicted);
    };
    const double as_it_is = expected(false), exchanged = expected(true);
    REQUIRE(as_it_is != exchanged);
    CHECK(recognition.observed(0).harmonised == as_it_is);
    std::set<double> found;
    for (const Recognised& one : recognition.permuted(0, 20, 1, Which::harmonised)) found.insert(one.harmonised);
    CHECK(found == std::set<double>{as_it_is, exchanged});
}

TEST_CASE("a row harmonised out of its fold depends on no row that is tested with it") {
    data::Cohort cohort = test::small_cohort(60, 3);
    const RecognitionPlan plan = plan_for(cohort, 1);
    base::SilentLog silent;
    const SiteRecognition before = recognition_of(cohort, plan);
    const Matrix<double> values = before.out_of_fold(0, silent);
    const std::vector<Index> fold_of = before.folds().front();
    const auto all_of = [&](Index fold, auto&& change) {
        for (std::size_t i = 0; i < fold_of.size(); ++i) {
            if (fold_of[i] == fold) change(static_cast<Index>(i));
        }
    };
    const std::size_t kept = static_cast<std::size_t>(std::ranges::find(fold_of, 2) - fold_of.begin());
    all_of(2, [&](Index i) {
        if (i == static_cast<Index>(kept)) return;
        for (Index f = 0; f < 3; ++f) cohort.features.values(i, f) = -1e6 * static_cast<double>(i + f);
        cohort.covariates[0].numbers[static_cast<std::size_t>(i)] += 300.0;
    });
    const Matrix<double> after = recognition_of(cohort, plan).out_of_fold(0, silent);
    for (Index f = 0; f < 3; ++f) CHECK(after(static_cast<Index>(kept), f) == values(static_cast<Index>(kept), f));
    // Rows of the other folds learn from those that have changed.
    all_of(1, [&](Index i) { CHECK(after(i, 0) != values(i, 0)); });
}

TEST_CASE("rows that may not teach are recognised and harmonised without teaching harmonisation") {
    data::Cohort cohort = test::small_cohort(60, 3);
    std::vector<bool> teaches(60, true);
    for (std::size_t i = 0; i < 15; ++i) teaches[i] = false;
    const auto values_of = [&] {
        base::SilentLog silent;
        return SiteRecognition(cohort, teaches, plan_for(cohort, 1), *backend).out_of_fold(0, silent);
    };
    const Matrix<double> before = values_of();
    for (Index i = 0; i < 15; ++i) cohort.features.values(i, 0) += 1000.0;
    const Matrix<double> after = values_of();
    for (Index i = 15; i < 60; ++i) CHECK(after(i, 0) == before(i, 0));
    for (Index i = 0; i < 15; ++i) CHECK(after(i, 0) > before(i, 0) + 100.0);
}

TEST_CASE("a site that nobody may learn from is kept or estimated in training rows, too") {
    data::Cohort cohort = test::small_cohort(60, 3);
    std::vector<bool> teaches(60, true);
    for (std::size_t i = 0; i < 60; i += 3) teaches[i] = false;
    for (const learn::NewSite policy : {learn::NewSite::keep, learn::NewSite::estimate}) {
        RecognitionPlan plan = plan_for(cohort, 1);
        plan.apply.new_site = policy;
        const Recognised found = SiteRecognition(cohort, teaches, plan, *backend).observed(0);
        CHECK(found.harmonised >= 0.0);
    }
    const SiteRecognition refusing(cohort, teaches, plan_for(cohort, 1), *backend);
    CHECK_THROWS_AS(refusing.observed(0), base::Error);
}

TEST_CASE("rows of a person are tested together and have one label") {
    data::Cohort cohort = test::small_cohort(90, 3);
    RecognitionPlan plan = plan_for(cohort, 2);
    for (std::size_t i = 0; i < 90; ++i) {
        cohort.sites[i] = i / 3 % 2 == 0 ? "s0" : "s1";
        plan.people.push_back("p" + std::to_string(i / 3));
    }
    const SiteRecognition recognition = recognition_of(cohort, plan);
    CHECK(recognition.people() == 30);
    for (const std::vector<Index>& fold_of : recognition.folds()) {
        for (std::size_t i = 0; i < 90; ++i) CHECK(fold_of[i] == fold_of[i / 3 * 3]);
    }
    // Persons are far apart and nothing else: had rows of one other labels, or stood one beside its training rows, then
    // the nearest would tell.
    base::Rng rng(1);
    for (Index i = 0; i < 90; i += 3) {
        for (Index f = 0; f < 3; ++f) {
            const double here = 100.0 * rng.normal();
            for (Index k = 0; k < 3; ++k) cohort.features.values(i + k, f) = here;
        }
    }
    double mean = 0.0;
    for (const Recognised& one : recognition_of(cohort, plan).permuted(0, 40, 2, Which::raw)) mean += one.raw / 20.0;
    CHECK(mean == Approx(0.5).margin(0.1));
}

TEST_CASE("what cannot be recognised or permuted is refused") {
    data::Cohort cohort = test::small_cohort(30, 2);
    RecognitionPlan plan = plan_for(cohort, 1);
    for (Index i = 0; i < 30; ++i) plan.permute_within.push_back(i % 3);
    check_refused(cohort, plan, "no group to permute in has rows of two sites");
    plan = plan_for(cohort, 1);
    plan.folds = 31;
    check_refused(cohort, plan, "30 rows cannot be cut into 31 folds");
    plan = plan_for(cohort, 1);
    for (int i = 0; i < 30; ++i) plan.people.push_back(std::to_string(i / 2));
    check_refused(cohort, plan, "small.tsv:3: '0' was measured at two sites, 's0' and 's1'");
    cohort.sites.assign(30, "one");
    check_refused(cohort, plan_for(cohort, 1), "small.tsv: one site alone cannot be told from others");
}

TEST_CASE("a course is the same on any number of threads, and where it goes on") {
    const data::Cohort cohort = test::small_cohort(60, 4);
    const SiteRecognition recognition = recognition_of(cohort, plan_for(cohort, 6));
    const RecognitionRecord whole = course(recognition, 6, 25, 1);
    CHECK(std::ranges::all_of(whole.observed, [](const auto& one) { return one.has_value(); }));
    CHECK(std::ranges::all_of(whole.permuted, [](const auto& one) { return one.has_value(); }));
    CHECK(same(course(recognition, 6, 25, 3), whole));

    RecognitionRecord broken = whole;
    for (const std::size_t gone : {1U, 4U}) broken.observed[gone].reset();
    for (const std::size_t gone : {0U, 7U, 8U, 24U}) broken.permuted[gone].reset();
    learn::observe(recognition, broken, 2, unheard);
    learn::permute_all(recognition, broken, 2, unheard);
    CHECK(same(broken, whole));
}

TEST_CASE("what is done is not done again, and milestones go up to the end") {
    const data::Cohort cohort = test::small_cohort(60, 4);
    const SiteRecognition recognition = recognition_of(cohort, plan_for(cohort, 30));
    RecognitionRecord record(30, 0);
    record.observed[7] = Recognised{-1.0, -2.0};
    std::vector<double> shares;
    learn::observe(recognition, record, 1, [&](std::string_view step, double share) {
        CHECK(step == "repeats");
        shares.push_back(share);
    });
    CHECK(record.observed[7]->raw == -1.0);
    CHECK(shares.size() > 1);
    CHECK(std::ranges::is_sorted(shares));
    CHECK(shares.back() == 1.0);
}

TEST_CASE("permutations that may end early are the first ones of all, up to where each of both ends") {
    data::Cohort cohort = test::small_cohort(60, 4);
    for (Index i = 0; i < 60; ++i) cohort.features.values(i, i % 3) += 20.0;
    const SiteRecognition recognition = recognition_of(cohort, plan_for(cohort, 2));
    const RecognitionRecord all = course(recognition, 2, 40, 2);
    const auto early = [&](RecognitionRecord record, int threads) {
        learn::observe(recognition, record, threads, unheard);
        learn::permute_until(recognition, record, 3, threads, unheard);
        return record;
    };
    const RecognitionRecord record = early(RecognitionRecord(2, 40), 1);
    double mean = 0.0;
    for (const double one : learn::observed_values(record, true)) mean += one / 2.0;
    Index reached = 0, length = 0;
    while (reached < 3 && length < 40) reached += all.permuted[static_cast<std::size_t>(length++)]->harmonised >= mean;
    REQUIRE(length < 40);
    CHECK(std::ssize(learn::permuted_values(record, true)) == length);
    CHECK(std::ssize(learn::permuted_values(record, false)) == 40);
    for (Index i = 0; i < 40; ++i) {
        const auto at = static_cast<std::size_t>(i);
        CHECK(record.permuted[at]->raw == all.permuted[at]->raw);
        if (i < length) CHECK(record.permuted[at]->harmonised == all.permuted[at]->harmonised);
    }
    CHECK(same(early(RecognitionRecord(2, 40), 3), record));
    RecognitionRecord half = record;
    for (std::size_t i = 13; i < 40; ++i) half.permuted[i].reset();
    CHECK(same(early(half, 2), record));
}

TEST_CASE("trees recognise a site that has one row for all of its folds") {
    data::Cohort cohort = test::small_cohort(24, 2);
    for (std::size_t i = 0; i < 24; ++i) cohort.sites[i] = i == 5 ? "solo" : "many";
    RecognitionPlan plan = plan_for(cohort, 1);
    plan.classifier = learn::LearnerSpec{.kind = learn::Kind::xgboost};
    plan.classifier->trees.rounds = 3;
    plan.apply.new_site = learn::NewSite::keep;
    // Where the one row is tested, its site has never been seen: the row is not recognised.
    CHECK(recognition_of(cohort, plan).observed(0).raw <= 0.5);
}
