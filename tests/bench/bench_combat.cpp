// Times what the peers' own clocks time: fit and adjustment of a table that is in memory already, as tables.py makes it.
// Usage: bench-combat TABLE.csv. Prints the seconds; threads as in every tare program's environment.
#include <algorithm>
#include <array>
#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <string_view>
#include <vector>

#include "tare/base/number_text.hpp"
#include "tare/data/cohort_builder.hpp"
#include "tare/data/split.hpp"
#include "tare/io/table_reader.hpp"
#include "tare/stats/application.hpp"

using namespace tare;

namespace {

constexpr std::array<std::string_view, 4> not_features{"participant_id", "site", "age", "sex"};

std::vector<io::ColumnRole> roles(const std::vector<std::string>& header) {
    std::vector<io::ColumnRole> found;
    for (const std::string& name : header) {
        found.push_back(std::ranges::count(not_features, name) > 0 ? io::ColumnRole::text : io::ColumnRole::feature);
    }
    return found;
}

data::Cohort read_cohort(const std::string& path, const base::Resources& resources, base::Log& log) {
    auto [table, sha256] = io::read_table(path, roles, resources, log);
    const data::CohortRoles wanted{
        .id = "participant_id", .session = {}, .site = "site", .covariates = {{"age"}, {"sex"}}, .other = {}};
    const auto resolved = data::resolve_roles(wanted, table.header, path, nullptr, "");
    const std::vector<bool> everybody(static_cast<std::size_t>(table.rows()), true);
    return data::build_cohort(table, nullptr, wanted, resolved, everybody);
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) {
        std::cerr << "usage: bench-combat TABLE.csv\n";
        return 64;
    }
    try {
        base::SilentLog log;
        base::Resources resources;
        resources.threads = base::resolve_threads({});
        data::Cohort cohort = read_cohort(argv[1], resources, log);
        const auto backend = compute::make_cpu_backend(resources.threads);

        const auto began = std::chrono::steady_clock::now();
        const auto moments = stats::moments_of(data::TrainingSet::all(cohort), *backend);
        const auto model = stats::fit(moments, {}, *backend, log);
        stats::apply(model, cohort, {}, *backend, log);
        const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
        std::cout << base::number_text(seconds.count()) << '\n';
    } catch (const std::exception& error) {
        std::cerr << "bench-combat: " << error.what() << '\n';
        return 70;
    }
    return 0;
}
