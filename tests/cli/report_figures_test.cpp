// Every number that the page shows in its verdict, tiles and tables is one of the JSON, written as a report writes numbers:
// a number of a table is looked for where the JSON has that table's figures, in the row's own part.
#include <functional>
#include <map>
#include <set>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tare/base/number_text.hpp"
#include "tare/report/shown.hpp"
#include "workplace.hpp"

using tare::test::Workplace;
using Json = nlohmann::ordered_json;
namespace report = tare::report;

namespace {

/// The numbers of a text, with "%" where it follows. Digits within words ("site-02", "p05") are none.
std::vector<std::string> numbers_in(const std::string& text) {
    const auto digit = [&](std::size_t i) { return i < text.size() && text[i] >= '0' && text[i] <= '9'; };
    std::vector<std::string> out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const bool starts = i == 0 || text[i - 1] == ' ' || text[i - 1] == '(';
        if (!starts || !(digit(i) || (text[i] == '-' && digit(i + 1)))) continue;
        std::size_t end = i + 1;
        while (digit(end) || (text[end] == '.' && digit(end + 1)) || text[end] == 'e' ||
               (text[end] == '-' && text[end - 1] == 'e'))
            ++end;
        out.push_back(text.substr(i, end - i));
        if (text.compare(end, 2, " %") == 0) out.back() += " %";
        i = end;
    }
    return out;
}

/// All numbers below a part of the JSON, in all the ways in which a report writes a number.
void add_figures(const Json& part, std::set<std::string>& out) {
    if (part.is_structured()) {
        for (const Json& child : part) add_figures(child, out);
    }
    if (!part.is_number()) return;
    const auto value = part.get<double>();
    for (const std::string& text : {report::shown(value), report::shown_share(value), report::shown_p(value)}) {
        for (const std::string& number : numbers_in(text)) out.insert(number);
    }
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size()))
        text.replace(at, from.size(), to);
    return text;
}

/// What stands between `from` and `to`, as plain text, each time.
std::vector<std::string> between(const std::string& text, const std::string& from, const std::string& to) {
    std::vector<std::string> out;
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at)) {
        at += from.size();
        out.push_back(text.substr(at, text.find(to, at) - at));
    }
    return out;
}

std::string plain(const std::string& markup) {
    std::string out;
    bool inside = false;
    for (const char c : markup) {
        if (c == '<') inside = true;
        if (!inside) out += c;
        if (c == '>') inside = false;
    }
    return replaced(replaced(replaced(out, "\u00a0", " "), "&lt;", "<"), "&#39;", "'");
}

struct Row {
    std::string name;
    std::vector<std::string> cells;  ///< without those of words
};

struct Table {
    std::string caption;
    std::vector<Row> rows;
};

std::vector<Table> tables_of(const std::string& page) {
    std::vector<Table> out;
    for (const std::string& markup : between(page, "<table", "</table>")) {
        Table table{plain(between(markup, "<caption>", "</caption>").front()), {}};
        for (const std::string& row : between(markup + "\n<tr>", "\n<tr>", "\n<tr>")) {
            if (row.empty()) continue;
            Row read{plain(between(row + "<", "<th scope=row>", "<").front()), {}};
            for (const std::string& cell : between(row + "<", "<td>", "<")) read.cells.push_back(plain(cell));
            table.rows.push_back(read);
        }
        out.push_back(table);
    }
    return out;
}

Json named(const Json& list, const std::string& name) {
    for (const Json& one : list) {
        if (one["name"] == name) return one;
    }
    return nullptr;
}

/// Where the JSON has the figures of a row of the table with this caption.
Json part_of(const Json& all, const std::string& caption, const std::string& row) {
    const auto both = [&](const std::function<Json(const Json& state)>& part) {
        return Json{part(all["before"]), part(all["after"])};
    };
    const auto of_feature = [&](const std::string& key) {
        return both([&](const Json& state) {
            const Json feature = state["features"].value(row, Json());
            return key.empty() ? feature : feature.value(key, Json());
        });
    };
    const Json model = all.value("model", Json());
    const Json& voxels = all["voxels"];
    const std::map<std::string, std::function<Json()>> parts{
        {"Sites", [&] { return named(all["sites"], row); }},
        {"Site tests over all features", [&] { return all["summary"]["tests"]; }},
        {"All features together", [&] { return both([](const Json& state) { return state["multivariate"]; }); }},
        {"All features, the largest site effect before first", [&] { return of_feature(""); }},
        {"Quartiles by site", [&] { return of_feature("sites"); }},
        {"Shares of variance", [&] { return of_feature("variance_shares"); }},
        {"Covariate slopes, mean over features, in standard deviations of a feature",
         [&] { return all["mean_slopes"][row]; }},
        {"Covariate slopes by feature", [&] { return of_feature("slopes"); }},
        {"Variance that the components hold",
         [&] { return both([](const Json& state) { return state["component_share"]; }); }},
        {"Pairs whose correlation changed most",
         [&] { return both([](const Json& state) { return state["correlation"]; }); }},
        {"Shift γ* and spread √δ* of each site",
         [&] { return Json{model["gamma_star"], model.value("spread_star", Json())}; }},
        {"Priors and uncertainty by site",
         [&] {
             return Json{model["sizes"], model["gamma_bar"], model["tau2"], model["a"], model["b"], model["uncertainty"]};
         }},
        {"Voxels of an image, mean over the people of a site",
         [&] { return Json{named(all["sites"], row), voxels["before"]["sites"], voxels["after"]["sites"]}; }},
        {"What the histograms of two sites share",
         [&] {
             return Json{voxels["before"]["overlap"], voxels["after"]["overlap"], voxels["before"]["least_overlap"],
                         voxels["after"]["least_overlap"]};
         }},
        {"Site-effect maps", [&] { return all["maps"]; }}};
    INFO("a table that this test does not know: " << caption);
    REQUIRE(parts.count(caption) == 1);
    return parts.at(caption)();
}

struct Looked {
    std::size_t numbers = 0;
    std::vector<std::string> strangers;  ///< on the page and not in the JSON

    void look(const std::string& where, const std::string& text, const std::set<std::string>& known) {
        for (const std::string& number : numbers_in(text)) {
            ++numbers;
            if (known.count(number) == 0) strangers.push_back(where + ": " + number);
        }
    }
};

Looked looked_up(const std::string& page, const Json& all) {
    Looked out;
    for (const Table& table : tables_of(page)) {
        for (const Row& row : table.rows) {
            std::set<std::string> known;
            add_figures(part_of(all, table.caption, row.name), known);
            for (const std::string& cell : row.cells) out.look(table.caption + ", " + row.name, cell, known);
        }
    }
    std::set<std::string> known;
    const std::string worst = all["ranking"][0];
    for (const Json& part :
         {all.value("summary", Json()), all["people"], all["sites"], all["mean_slopes"], all["before"]["multivariate"],
          all["after"]["multivariate"], all["before"]["features"][worst]["variance_shares"]["site"],
          all["after"]["features"][worst]["variance_shares"]["site"], all["voxels"]["before"]["overlap"],
          all["voxels"]["after"]["overlap"]})
        add_figures(part, known);
    if (all.contains("summary")) {
        // The two that are conventions are written as such.
        known.insert(tare::base::number_text(all["summary"]["discovery_rate"].get<double>()));
        known.insert(tare::base::number_text(100.0 * all["summary"]["interval"].get<double>()) + " %");
    }
    for (const std::string& text : between(page, "<dd>", "</dd>")) out.look("tiles", plain(text), known);
    for (const std::string& text : between(page, "<dt>", "</dt>")) out.look("tiles", plain(text), known);
    out.look("verdict", plain(between(page, "<h1>", "</h1>").front()), known);
    for (const std::string& text : between(between(page, "<ul class=verdict>", "</ul>").front() + "<li>", "<li>", "<li>"))
        out.look("verdict", plain(text), known);
    return out;
}

}  // namespace

TEST_CASE("every number in the page's verdict, tiles and tables is a figure of the JSON") {
    const Workplace place;
    place.succeed(
        "tare-simulate --quiet --seed 8 --subjects 40 --sites 2 --features 5 --missing 0.05 --output raw.tsv && "
        "tare-harmonise --quiet --input raw.tsv --covariates age,sex --model model.json --output harmonised.tsv "
        "2> /dev/null && "
        "tare-simulate --quiet --images 'raw/{participant_id}.nii.gz' --shape 16,20,16 --voxel-size 11 --subjects 40 "
        "--sites 2 --seed 5 --output heads.tsv && tare-harmonise --quiet --images 'raw/{participant_id}.nii.gz' "
        "--participants heads.tsv --model maps --output-images 'clean/{participant_id}.nii.gz' 2> /dev/null");
    const std::string command =
        "tare-report --quiet --before raw.tsv --after harmonised.tsv --model model.json --images maps --before-images "
        "'raw/{participant_id}.nii.gz' --after-images 'clean/{participant_id}.nii.gz' --format ";
    const std::string page = place.succeed(command + "html");
    const Json all = Json::parse(place.succeed(command + "json"));
    CHECK(tables_of(page).size() == 15);
    const Looked looked = looked_up(page, all);
    CHECK(looked.numbers > 300);
    for (const std::string& stranger : looked.strangers) FAIL_CHECK(stranger);

    SECTION("a number that the JSON lacks is noticed") {
        for (const auto& [part, inside] : std::vector<std::pair<std::string, std::string>>{{"summary", "tests"},
                                                                                           {"summary", "median_site_share"},
                                                                                           {"model", "spread_star"},
                                                                                           {"after", "multivariate"},
                                                                                           {"mean_slopes", "age"}}) {
            INFO(part << " " << inside);
            Json less = all;
            less[part][inside] = nullptr;
            CHECK_FALSE(looked_up(page, less).strangers.empty());
        }
        const std::string cell = "<td>" + report::shown(all["model"]["tau2"][0].get<double>());
        REQUIRE(page.find(cell) != std::string::npos);
        std::string wrong = page;
        wrong.insert(wrong.find(cell) + cell.size(), "7");
        CHECK(looked_up(wrong, all).strangers.size() == 1);
    }
}
