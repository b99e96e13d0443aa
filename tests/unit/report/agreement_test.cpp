// Page, Markdown and JSON of one report say the same: the figures of the JSON, written as a report writes numbers, stand in
// both texts, row by row.
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "support/made_up_report.hpp"
#include "tare/report/json.hpp"
#include "tare/report/page.hpp"
#include "tare/report/shown.hpp"

using namespace tare;
using nlohmann::json;

namespace {

double number(const json& value) {
    return value.is_null() ? std::nan("") : value.get<double>();
}

/// A row of a table on the page: the first `names` cells hold words.
std::string page_row(const std::vector<std::string>& cells, std::size_t names) {
    std::string out = "<tr>";
    for (std::size_t i = 0; i < cells.size(); ++i) {
        out += (i == 0 ? "<th scope=row>" : i < names ? "<td class=t>" : "<td>") + cells[i];
    }
    return out + "\n";
}

std::string markdown_row(const std::vector<std::string>& cells) {
    std::string out = "|";
    for (const std::string& cell : cells) out += " " + cell + " |";
    return out + "\n";
}

}  // namespace

TEST_CASE("page and Markdown show the figures of the JSON") {
    report::Report made = test::made_up_report({.sites = 4, .features = 9, .missing = true});
    made.after.effects[2].anova = {std::nan(""), std::nan(""), std::nan(""), std::nan("")};
    const json all = json::parse(report::json(made));
    const std::string page = report::page(made) + "\n";
    const std::string text = report::markdown(made);
    const auto shown_in_both = [&](const std::vector<std::string>& cells, std::size_t names) {
        INFO(markdown_row(cells));
        // The last row of a table ends with the table.
        std::string row = page_row(cells, names);
        row.pop_back();
        CHECK(page.find(row) != std::string::npos);
        CHECK(text.find(markdown_row(cells)) != std::string::npos);
    };
    const json& before = all["before"]["features"];
    const json& after = all["after"]["features"];
    for (const std::string& feature : made.features) {
        std::vector<std::string> cells{feature};
        for (const auto& [test, column] : std::vector<std::pair<std::string, int>>{
                 {"anova", 3}, {"anova", 2}, {"brown_forsythe", 3}, {"brown_forsythe", 2}, {"anderson_darling", 2}}) {
            for (const json* side : {&before, &after}) {
                const double value = number((*side)[feature][test][static_cast<std::size_t>(column)]);
                cells.push_back(column == 2 ? report::shown_p(value) : report::shown(value));
            }
        }
        for (const json* side : {&before, &after}) {
            cells.push_back(report::shown_share(number((*side)[feature]["variance_shares"]["site"])));
        }
        shown_in_both(cells, 1);
    }
    for (const std::string& term : made.terms) {
        std::vector<std::string> cells{term};
        for (const char* which : {"before", "after", "difference"}) {
            const json& slope = all["mean_slopes"][term][which];
            cells.push_back(report::shown(number(slope[0])));
            cells.push_back(report::shown_range(number(slope[1]), number(slope[2])));
        }
        shown_in_both(cells, 1);
    }
    const json& model = all["model"];
    for (std::size_t s = 0; s < made.sites.size(); ++s) {
        std::vector<std::string> cells{made.sites[s].name};
        for (const char* which : {"sizes", "gamma_bar", "tau2", "a", "b", "uncertainty"}) {
            cells.push_back(report::shown(number(model[which][s])));
        }
        shown_in_both(cells, 1);
    }
}
