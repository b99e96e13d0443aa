// Times the GPU path on one card: each kernel with the data already there, as GB/s of the bytes it must move, and whole
// operations from the processor's memory and back, beside the processor itself. Prints the card, then rows with tabs.
// Usage: bench-cuda [VOXELS SUBJECTS SITES]   (2000000 500 36). Exits 69 where there is no card.
#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <functional>
#include <iostream>
#include <string>
#include <vector>

#include "cuda/cuda_backend.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/resources.hpp"
#include "tare/base/rng.hpp"
#include "tare/compute/devices.hpp"

using namespace tare;
using compute::Index;
namespace cuda = compute::cuda;

namespace {

constexpr Index terms = 3;
constexpr int repeats = 7;

/// The median of several runs after one that warms up, in seconds.
double seconds(const std::function<void()>& work) {
    std::vector<double> times;
    for (int i = 0; i <= repeats; ++i) {
        const auto began = std::chrono::steady_clock::now();
        work();
        const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
        if (i > 0) times.push_back(took.count());
    }
    std::sort(times.begin(), times.end());
    return times[times.size() / 2];
}

void row(const std::string& what, double took, double bytes) {
    std::cout << what << '\t' << base::number_text(took * 1e3) << '\t' << base::number_text(bytes / took * 1e-9) << '\n';
}

/// An array on the card, filled with one byte pattern's worth of plain numbers.
template <typename T>
class OnCard {
public:
    OnCard(cuda::Device& device, Index count, T fill)
        : memory_(device.allocate(bytes(count)), cuda::Release{&device, false}) {
        const Index piece = std::min<Index>(count, Index{1} << 24U);
        const cuda::Memory pinned(device.allocate_pinned(bytes(piece)), cuda::Release{&device, true});
        std::fill_n(reinterpret_cast<T*>(pinned.get()), piece, fill);
        for (Index at = 0; at < count; at += piece) {
            device.copy_in(0, memory_.get() + bytes(at), pinned.get(), bytes(std::min(piece, count - at)));
        }
        device.wait(0);
    }
    [[nodiscard]] T* data() const { return reinterpret_cast<T*>(memory_.get()); }

private:
    static std::size_t bytes(Index count) { return static_cast<std::size_t>(count) * sizeof(T); }
    cuda::Memory memory_;
};

struct Shape {
    Index voxels, subjects, sites;
    [[nodiscard]] Index site_subjects() const { return subjects / sites; }
    [[nodiscard]] double cells() const { return static_cast<double>(voxels * site_subjects() * sites); }
};

/// Kernels on data that are there: a pass that reads and writes every value once, the moments of all sites, solving, what is
/// left, shrinking, adjusting.
void resident(cuda::Device& card, const Shape& shape) {
    const Index p = shape.voxels, n = shape.site_subjects(), sites = shape.sites;
    const double features = static_cast<double>(p);
    const OnCard<float> values(card, p * n * sites, 1.5F);
    const OnCard<double> mean(card, sites * p, 0.0), squares(card, sites * p, 0.0), cross(card, sites * terms * p, 0.0);
    const OnCard<double> codes(card, n * terms, 0.5), differences(card, (n / 16 + 1) * terms, 0.1);
    const OnCard<double> beta(card, terms * p, 0.0), factor(card, terms * terms, 1.0), scale(card, terms, 1.0);
    const OnCard<double> covariate_mean(card, sites * terms, 0.1), scatter(card, sites * terms * terms, 1.0);
    const OnCard<double> ones(card, p, 1.0), many(card, p, 20.0), nothing(card, p, 0.0), gamma(card, p, 0.3);
    const OnCard<double> delta(card, p, 1.0);
    const OnCard<Index> design(card, p, 0);
    const OnCard<int> failed(card, p, 0);
    std::vector<cuda::ChunkShape> shapes;
    for (Index first = 0; first < n; first += 16) {
        shapes.push_back({first, std::min<Index>(16, n - first), static_cast<double>(first)});
    }
    cuda::Slot small(card, 2);
    small.begin(cuda::Slot::room(shapes.size() * sizeof(cuda::ChunkShape)));
    const cuda::ChunkShape* chunks = small.in(std::span<const cuda::ChunkShape>(shapes));
    small.finish();

    const auto timed = [&card](const std::string& what, double bytes, const std::function<void()>& queue) {
        const double took = seconds([&] {
            queue();
            card.wait(0);
        });
        row(what, took, bytes);
        return took;
    };
    const auto adjust = [&](Index count) {
        for (Index s = 0; s < sites; ++s) {
            card.launch(0,
                        cuda::AdjustKernel<float>{codes.data(), ones.data(), beta.data(), nothing.data(), nothing.data(),
                                                  values.data() + s * n * p, n, count, p},
                        p);
        }
    };
    const double floor = timed("floor: every value read and written once", 2 * 4 * shape.cells(), [&] { adjust(0); });
    double sum = timed("moments", 4 * shape.cells() + 2 * 8.0 * static_cast<double>(sites * (2 + terms)) * features, [&] {
        for (Index s = 0; s < sites; ++s) {
            card.launch(0,
                        cuda::AccumulateKernel<float>{values.data() + s * n * p, codes.data(), differences.data(), chunks,
                                                      static_cast<Index>(shapes.size()), terms, p, mean.data() + s * p,
                                                      squares.data() + s * p, cross.data() + s * terms * p},
                        p);
        }
    });
    sum += timed("solve", 8.0 * static_cast<double>((sites + 1) * terms) * features, [&] {
        card.launch(
            0, cuda::SolveKernel{cross.data(), design.data(), factor.data(), scale.data(), sites, terms, p, beta.data()}, p);
    });
    sum += timed("residuals", 8.0 * static_cast<double>(sites * (4 + terms)) * features, [&] {
        card.launch(
            0,
            cuda::ResidualsKernel{mean.data(), squares.data(), cross.data(), beta.data(), design.data(),
                                  covariate_mean.data(), scatter.data(), sites, terms, p, mean.data(), squares.data()},
            p);
    });
    sum += timed("parametric shrinkage", 7 * 8.0 * static_cast<double>(sites) * features, [&] {
        const compute::Posterior posterior({0.1, 0.2, 6.0, 5.0});
        for (Index s = 0; s < sites; ++s) {
            card.launch(
                0,
                cuda::IterateKernel{
                    posterior, {many.data(), nothing.data(), ones.data(), gamma.data(), delta.data()}, failed.data()},
                p);
        }
    });
    sum += timed("adjust", 2 * 4 * shape.cells(), [&] { adjust(terms); });
    std::cout << "kernels together, as a multiple of the floor\t" << base::number_text(sum / floor) << "\t\n";
}

/// Whole operations from the processor's memory to it, by this backend.
void end_to_end(const std::string& name, const compute::Backend& backend, const Shape& shape) {
    const Index p = shape.voxels, n = shape.site_subjects();
    base::Matrix<float> values(n, p, 1.5F);
    const base::Matrix<double> codes(n, terms, 0.5), beta(terms, p, 0.1);
    std::vector<const float*> rows;
    std::vector<float*> targets;
    std::vector<Index> subjects;
    for (Index i = 0; i < n; ++i) {
        rows.push_back(values.row(i).data());
        targets.push_back(values.row(i).data());
        subjects.push_back(i);
    }
    const base::RowPointers cells = rows;
    const double bytes = 4.0 * static_cast<double>(n * p);
    row(name + ": moments of a site", seconds([&] {
            base::Matrix<double> mean(1, p), squares(1, p), cross(terms, p);
            compute::SiteAccumulation site{0, {}, mean.row(0), squares.row(0), cross.row_block(0, terms)};
            backend.accumulate({cells, subjects, codes}, {}, site);
        }),
        bytes);
    const std::vector<double> level(static_cast<std::size_t>(p), 1.0), nothing(static_cast<std::size_t>(p), 0.0);
    row(name + ": adjusting a site",
        seconds([&] { backend.adjust({cells, subjects, codes}, {level, beta, nothing, nothing}, targets); }), 2 * bytes);
}

void nonparametric(const std::string& name, const compute::Backend& backend, std::size_t features) {
    base::Rng rng(1);
    std::vector<double> n(features, 20.0), gamma, delta;
    for (std::size_t f = 0; f < features; ++f) {
        gamma.push_back(rng.normal());
        delta.push_back(rng.uniform(0.5, 2.0));
    }
    const std::vector<compute::Shrinkage> all(features, compute::Shrinkage::location_scale);
    const auto began = std::chrono::steady_clock::now();
    const compute::SiteEffects found = backend.shrink_nonparametric({n, gamma, delta, all});
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
    std::cout << name << ": non-parametric shrinkage of a site, " << features << " features\t"
              << base::number_text(took.count() * 1e3) << "\t\n";
}

/// Copies of one block to the card, which whole operations cannot be faster than.
void copies(cuda::Device& card) {
    constexpr std::size_t bytes = std::size_t{256} << 20U;
    const cuda::Memory there(card.allocate(bytes), cuda::Release{&card, false});
    const cuda::Memory pinned(card.allocate_pinned(bytes), cuda::Release{&card, true});
    row("copy to the card, pinned", seconds([&] {
            card.copy_in(0, there.get(), pinned.get(), bytes);
            card.wait(0);
        }),
        static_cast<double>(bytes));
}

Index argument(const std::vector<std::string>& given, std::size_t at, Index otherwise) {
    return at < given.size() ? static_cast<Index>(base::parse_integer(given[at]).value()) : otherwise;
}

int run(const std::vector<std::string>& given) {
    const Shape shape{argument(given, 0, 2'000'000), argument(given, 1, 500), argument(given, 2, 36)};
    const compute::DeviceList found = compute::cuda_devices();
    if (found.devices.empty()) {
        std::cerr << "bench-cuda: " << found.why_none << '\n';
        return 69;
    }
    std::cout << found.devices.front().text() << ' ' << found.devices.front().name << '\n';
    std::cout << "what\tmilliseconds\tGB/s\n";
    const std::unique_ptr<cuda::Device> card = cuda::make_card(0);
    copies(*card);
    resident(*card, shape);
    const int threads = base::resolve_threads(std::nullopt);
    const auto processor = compute::make_cpu_backend(threads), two = compute::make_cpu_backend(2);
    const auto device = compute::make_cuda_backend(0, threads, {});
    end_to_end("card", *device, shape);
    end_to_end("processor, 2 threads", *two, shape);
    end_to_end("processor, all threads", *processor, shape);
    nonparametric("card", *device, 100'000);
    nonparametric("processor, all threads", *processor, 100'000);
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
