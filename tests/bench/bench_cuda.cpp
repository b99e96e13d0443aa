// Times the GPU path on one card: each kernel with the data already there, against the time of a plain copy of the values,
// and whole fits from the processor's memory and back, beside the processor itself. Prints rows of what, milliseconds and
// rate. Usage: bench-cuda [VOXELS SUBJECTS SITES]   (2000000 500 36); bench-cuda --card names the card. Exits 69 without a
// card.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <exception>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "card_timing.hpp"
#include "cuda/cuda_backend.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/resources.hpp"
#include "tare/base/rng.hpp"
#include "tare/compute/devices.hpp"
#include "whole_fit.hpp"

using namespace tare;
using bench::Bandwidth;
using bench::drawn;
using bench::figure;
using bench::gigabytes;
using bench::OnCard;
using bench::pairs;
using bench::row;
using bench::Shape;
using bench::since;
using bench::terms;
using bench::Timer;
using compute::Index;
namespace cuda = compute::cuda;

namespace {

constexpr double real = sizeof(double);
const compute::SitePrior prior{0.1, 0.25, 6.0, 5.0};

/// Chunks of a site's subjects, without covariates of earlier ones.
std::vector<cuda::ChunkShape> chunks_of(Index subjects) {
    std::vector<cuda::ChunkShape> out;
    for (Index first = 0; first < subjects; first += compute::accumulation_chunk) {
        out.push_back({first, std::min(compute::accumulation_chunk, subjects - first), static_cast<double>(first)});
    }
    return out;
}

/// The kernels of fitting and applying, on data that are there, and how many times the floor they take together.
void resident(cuda::Device& card, const Shape& shape, const Bandwidth& bandwidth) {
    const Index p = shape.voxels, n = shape.site_subjects, sites = shape.sites;
    const double row_bytes = real * static_cast<double>(p), all_sites = static_cast<double>(sites);
    const double value_bytes = 4.0 * shape.cells();
    base::Rng rng(1);
    const auto normal = [&rng](double mean, double sd) { return [&rng, mean, sd] { return mean + sd * rng.normal(); }; };
    const OnCard<float> values(card, p * n * sites, drawn<float>(p * n * sites, normal(10.0, 1.0)));
    const std::vector<double> host_codes = drawn<double>(n * sites * terms, normal(0.0, 1.0));
    bench::Matrix<double> code_matrix(terms, host_codes);
    const compute::SharedDesign shared = bench::shared_design(shape, code_matrix);
    const auto all = [](const auto& matrix) { return std::span(matrix.data(), static_cast<std::size_t>(matrix.size())); };
    const std::vector<cuda::ChunkShape> host_chunks = chunks_of(n);
    const auto chunk_count = static_cast<Index>(host_chunks.size());
    const OnCard<double> codes(card, std::span(host_codes)), factor(card, all(shared.factor)),
        scale(card, all(shared.scale));
    const OnCard<double> covariate_mean(card, all(shared.covariate_mean)), scatter(card, all(shared.scatter));
    const OnCard<double> differences(card, drawn<double>(chunk_count * terms, normal(0.0, 0.1)));
    const OnCard<cuda::ChunkShape> chunks(card, std::span(host_chunks));
    const std::vector<double> zero{0.0};
    const OnCard<double> mean(card, sites * p, zero), squares(card, sites * p, zero), cross(card, sites * terms * p, zero);
    const OnCard<double> beta(card, terms * p, zero), level(card, p, drawn<double>(p, normal(10.0, 1.0)));
    const OnCard<double> gamma_hat(card, sites * p, drawn<double>(sites * p, normal(0.1, 0.5)));
    const OnCard<double> delta_hat(card, sites * p, drawn<double>(sites * p, [&rng] { return rng.gamma(5.0, 0.2); }));
    const OnCard<double> observed(card, sites * p, drawn<double>(sites * p, [&rng] { return 5 + rng.below(36); }));
    const OnCard<double> gamma(card, sites * p), delta(card, sites * p), change(card, p);
    const OnCard<Index> design(card, p, std::vector<Index>{0});
    const OnCard<int> failed(card, p);
    const Index parts = std::min<Index>(p, 1024);
    const OnCard<double> largest(card, parts);
    const auto each_site = [&](const auto& kernel) {
        return [&card, &kernel, sites, p] {
            for (Index s = 0; s < sites; ++s) card.launch(0, kernel(s), p);
        };
    };
    const auto restart = [&] {
        card.copy_on_card(0, reinterpret_cast<std::byte*>(gamma.data()), reinterpret_cast<std::byte*>(gamma_hat.data()),
                          OnCard<double>::bytes(sites * p));
        card.copy_on_card(0, reinterpret_cast<std::byte*>(delta.data()), reinterpret_cast<std::byte*>(delta_hat.data()),
                          OnCard<double>::bytes(sites * p));
    };
    const auto estimates = [&](Index s) {
        return cuda::IteratedFeatures{observed.data() + s * p, gamma_hat.data() + s * p, delta_hat.data() + s * p,
                                      gamma.data() + s * p, delta.data() + s * p};
    };
    const compute::Posterior posterior(prior);
    const Timer timer(card);

    const auto moments = [&](Index s) {
        return cuda::AccumulateKernel<float>{values.data() + s * n * p,
                                             codes.data() + s * n * terms,
                                             differences.data(),
                                             chunks.data(),
                                             chunk_count,
                                             terms,
                                             p,
                                             mean.data() + s * p,
                                             squares.data() + s * p,
                                             cross.data() + s * terms * p};
    };
    const double floor = 2.0 * value_bytes / bandwidth.on_card;
    row("floor: every value read and written once", floor, gigabytes(2.0 * value_bytes, floor));
    double sum = timer.by_bytes("moments", value_bytes + 2.0 * all_sites * (2 + terms) * row_bytes, each_site(moments));
    sum += timer.by_bytes("solve", ((all_sites + 1.0) * terms + 1.0) * row_bytes, [&] {
        card.launch(
            0, cuda::SolveKernel{cross.data(), design.data(), factor.data(), scale.data(), sites, terms, p, beta.data()}, p);
    });
    sum += timer.by_bytes("residuals", (all_sites * (4 + terms) + terms + 1.0) * row_bytes, [&] {
        card.launch(
            0,
            cuda::ResidualsKernel{mean.data(), squares.data(), cross.data(), beta.data(), design.data(),
                                  covariate_mean.data(), scatter.data(), sites, terms, p, gamma.data(), delta.data()},
            p);
    });
    const auto iterate = [&](Index s) { return cuda::IterateKernel{posterior, estimates(s), failed.data()}; };
    sum += timer.by_bytes("parametric shrinkage", all_sites * 7.5 * row_bytes, each_site(iterate), restart);
    const auto adjust = [&](Index s) {
        return cuda::AdjustKernel<float>{codes.data() + s * n * terms,
                                         level.data(),
                                         beta.data(),
                                         gamma.data() + s * p,
                                         delta.data() + s * p,
                                         values.data() + s * n * p,
                                         n,
                                         terms,
                                         p};
    };
    sum += timer.by_bytes("adjust", 2.0 * value_bytes + all_sites * (3 + terms) * row_bytes, each_site(adjust));
    row("fit and apply, resident", sum, figure(sum / floor) + " times the floor");
    timer.by_bytes(
        "one sweep of the shrinkage of all features", all_sites * 9.0 * row_bytes,
        [&] {
            for (Index s = 0; s < sites; ++s) {
                card.launch(0, cuda::SweepKernel{posterior, estimates(s), change.data()}, p);
                card.launch(0, cuda::LargestKernel{change.data(), p, parts, largest.data()}, parts);
            }
        },
        restart);
}

/// One curve a feature, weighed by restricted maximum likelihood, from the moments of all sites.
void curves(cuda::Device& card, const Shape& shape) {
    constexpr Index curve_terms = 9, grid = 81;
    const Index p = shape.voxels, sites = shape.sites;
    base::Rng rng(2);
    const std::vector<double> scales(curve_terms, 1.0);
    std::vector<double> modes(curve_terms * curve_terms, 0.0), penalised, free_part, log_lambda, lambda, determinants;
    compute::CurveArrays curve{};
    for (Index t = 0; t < curve_terms; ++t) {
        modes[static_cast<std::size_t>(t * (curve_terms + 1))] = 1.0;
        const double share = t < 2 ? 0.0 : rng.uniform(0.05, 0.95);
        penalised.push_back(share);
        free_part.push_back(1.0 - share);
        if (share > 0.0) curve.log_determinant_of_line += std::log(share);
    }
    curve.rank = static_cast<double>(curve_terms - 2);
    for (Index g = 0; g < grid; ++g) {
        log_lambda.push_back(0.5 * static_cast<double>(g) - 18.0);
        lambda.push_back(std::exp(log_lambda.back()));
        double determinant = -curve.rank * log_lambda.back();
        for (std::size_t t = 0; t < penalised.size(); ++t)
            determinant += std::log(free_part[t] + lambda.back() * penalised[t]);
        determinants.push_back(determinant);
    }
    const auto there = [&card](const std::vector<double>& numbers) {
        return OnCard<double>(card, std::span<const double>(numbers));
    };
    const auto scale = there(scales), mode = there(modes), bent = there(penalised), straight = there(free_part);
    const auto logs = there(log_lambda), grid_points = there(lambda), determinant = there(determinants);
    curve.terms = curve_terms;
    curve.grid_points = grid;
    curve.scale = scale.data();
    curve.modes = mode.data();
    curve.penalised = bent.data();
    curve.free_part = straight.data();
    curve.log_lambda = logs.data();
    curve.lambda = grid_points.data();
    curve.log_determinants = determinant.data();
    curve.degrees = 80.0;
    curve.spline_terms = static_cast<double>(curve_terms);
    curve.exact = 1e-14;
    const std::vector<compute::CurveArrays> one{curve};
    const OnCard<compute::CurveArrays> designs(card, std::span(one));
    const OnCard<Index> design(card, p, std::vector<Index>{0});
    const OnCard<double> squares(card, sites * p, drawn<double>(sites * p, [&rng] { return rng.uniform(10.0, 20.0); }));
    const OnCard<double> cross(card, sites * curve_terms * p,
                               drawn<double>(sites * curve_terms * p, [&rng] { return 0.4 * rng.normal(); }));
    const OnCard<double> work(card, curve_terms * p), beta(card, curve_terms * p), weight(card, p), edf(card, p);
    const double rows = static_cast<double>(sites * (curve_terms + 1) + curve_terms + 3);
    const cuda::CurveKernel kernel{designs.data(), design.data(), squares.data(), cross.data(), sites, p,
                                   work.data(),    beta.data(),   weight.data(),  edf.data()};
    Timer(card).by_bytes("curves of 9 terms", rows * real * static_cast<double>(p), [&] { card.launch(0, kernel, p); });
}

/// The estimates of one site, for non-parametric shrinkage.
struct SiteNumbers {
    explicit SiteNumbers(Index features) {
        base::Rng rng(3);
        for (Index f = 0; f < features; ++f) {
            n.push_back(static_cast<double>(5 + rng.below(36)));
            gamma.push_back(0.5 * rng.normal());
            delta.push_back(rng.gamma(5.0, 0.2));
        }
    }
    std::vector<double> n, gamma, delta;
};

/// The weights of every feature for every other of one site, on data that are there.
void weights(cuda::Device& card, Index features) {
    constexpr Index tile = 1024;
    const Index tiles = (features + tile - 1) / tile;
    const SiteNumbers site(features);
    std::vector<double> half_log, half_over, spreads;
    std::vector<Index> places;
    for (std::size_t f = 0; f < site.n.size(); ++f) {
        half_log.push_back(0.5 * std::log(site.delta[f]));
        half_over.push_back(0.5 / site.delta[f]);
        spreads.push_back((site.n[f] - 1.0) * site.delta[f]);
        places.push_back(static_cast<Index>(f));
    }
    const auto there = [&card](const std::vector<double>& numbers) {
        return OnCard<double>(card, std::span<const double>(numbers));
    };
    const auto gamma = there(site.gamma), delta = there(site.delta), n = there(site.n), spread = there(spreads);
    const auto log = there(half_log), over = there(half_over);
    const OnCard<Index> self(card, std::span<const Index>(places));
    const OnCard<double> peaks(card, tiles * features), sums(card, tiles * features * cuda::weighted_sums);
    const OnCard<double> totals(card, features * cuda::weighted_sums);
    const cuda::WeighKernel weigh{gamma.data(), delta.data(),  log.data(),  over.data(), features,     tile,       n.data(),
                                  gamma.data(), spread.data(), self.data(), features,    peaks.data(), sums.data()};
    const cuda::MergeWeightsKernel merge{peaks.data(), sums.data(), tiles, features, totals.data()};
    const double took = Timer(card).seconds([&] {
        card.launch(0, weigh, tiles * features);
        card.launch(0, merge, features);
    });
    row("non-parametric shrinkage of a site, " + std::to_string(features) + " features", took, pairs(features, took));
}

/// Non-parametric shrinkage of one site as a whole operation.
void nonparametric(const std::string& name, const compute::Backend& backend, Index features) {
    const SiteNumbers site(features);
    const std::vector<compute::Shrinkage> all(site.n.size(), compute::Shrinkage::location_scale);
    const auto began = std::chrono::steady_clock::now();
    const compute::SiteEffects found = backend.shrink_nonparametric({site.n, site.gamma, site.delta, all});
    const double took = since(began);
    row(name + ": non-parametric shrinkage of a site, " + std::to_string(features) + " features", took,
        pairs(features, took));
}

/// Fit and apply of all sites from the processor's memory to it: the median run and its steps, against the copy of all
/// values to the card.
void end_to_end(const std::string& name, const compute::Backend& backend, bench::HostCohort& cohort, int times,
                double copy) {
    std::vector<std::pair<double, std::vector<bench::Step>>> runs;
    for (int i = 0; i <= times; ++i) {
        cohort.fill();
        const auto began = std::chrono::steady_clock::now();
        std::vector<bench::Step> steps = bench::WholeFit(backend, cohort).run();
        if (i > 0) runs.emplace_back(since(began), std::move(steps));
    }
    std::sort(runs.begin(), runs.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    const auto& [took, steps] = runs[runs.size() / 2];
    row(name + ": fit and apply, host to host", took, figure(took / copy) + " times the copy");
    for (const bench::Step& step : steps) row(name + ": of that, " + step.what, step.seconds);
}

Index argument(const std::vector<std::string>& given, std::size_t at, Index otherwise) {
    if (at >= given.size()) return otherwise;
    const std::optional<long long> number = base::parse_integer(given[at]);
    if (!number || *number < 1) throw std::invalid_argument("'" + given[at] + "' is no number of voxels, subjects or sites");
    return static_cast<Index>(*number);
}

int run(const std::vector<std::string>& given) {
    const compute::DeviceList found = compute::cuda_devices();
    if (found.devices.empty()) {
        std::cerr << "bench-cuda: " << found.why_none << '\n';
        return 69;
    }
    const std::string name = found.devices.front().text() + ' ' + found.devices.front().name;
    if (given == std::vector<std::string>{"--card"}) {
        std::cout << name << '\n';
        return 0;
    }
    const Index voxels = argument(given, 0, 2'000'000), sites = argument(given, 2, 36);
    const Shape shape{voxels, argument(given, 1, 500) / sites, sites};
    if (voxels < 2 || shape.site_subjects < 2 || shape.subjects() < sites + terms + 1) {
        throw std::invalid_argument("it takes 2 voxels, 2 subjects a site, and more subjects than sites and 3 covariates");
    }
    std::cout << name << ", " << voxels << " voxels, " << shape.subjects() << " subjects (" << shape.site_subjects
              << " at each of " << sites << " sites), " << terms << " covariates\n"
              << "what\tmilliseconds\trate\n";
    const Index candidates = std::min<Index>(100'000, voxels);
    Bandwidth bandwidth{};
    {
        // A card's memory is free again before the next part.
        const std::unique_ptr<cuda::Device> card = cuda::make_card(0);
        bandwidth = bench::copies(*card, shape);
        resident(*card, shape, bandwidth);
        curves(*card, shape);
        weights(*card, candidates);
    }
    const int threads = base::resolve_threads(std::nullopt);
    const auto device = compute::make_cuda_backend(0, threads, {});
    bench::HostCohort cohort(shape);
    const double copy = 4.0 * shape.cells() / bandwidth.to_card;
    row("copy of all values to the card, at the bandwidth above", copy, gigabytes(4.0 * shape.cells(), copy));
    end_to_end("card", *device, cohort, 3, copy);
    nonparametric("card", *device, candidates);
    for (const int some : std::set<int>{2, threads}) {
        const auto processor = compute::make_cpu_backend(some);
        const std::string called = "processor, " + std::to_string(some) + (some == 1 ? " thread" : " threads");
        end_to_end(called, *processor, cohort, 1, copy);
        nonparametric(called, *processor, candidates);
    }
    return 0;
}

}  // namespace

int main(int count, char** arguments) {
    try {
        return run({arguments + 1, arguments + count});
    } catch (const std::exception& fault) {
        std::cerr << "bench-cuda: " << fault.what() << '\n';
        return 70;
    }
}
