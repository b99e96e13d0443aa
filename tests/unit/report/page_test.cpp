// The page, the Markdown and the figures of made-up reports: whole, escaped, small, the same each time.
#include "tare/report/page.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/made_up_report.hpp"
#include "tare/base/error.hpp"
#include "tare/base/text.hpp"
#include "tare/report/shown.hpp"

using namespace tare;
using test::made_up_report;
using test::MadeUp;

namespace {

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t i = text.find(part); i != std::string::npos; i = text.find(part, i + part.size())) ++found;
    return found;
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

std::vector<std::string> names(const report::Report& made) {
    std::vector<std::string> out;
    for (const report::Figure& figure : report::figures(made)) out.push_back(figure.name);
    return out;
}

}  // namespace

TEST_CASE("equal reports give equal pages") {
    CHECK(report::page(made_up_report()) == report::page(made_up_report()));
    CHECK(report::markdown(made_up_report()) == report::markdown(made_up_report()));
    CHECK(report::figures(made_up_report()).front().svg == report::figures(made_up_report()).front().svg);
}

TEST_CASE("the page begins with the verdict and shows every sentence of it") {
    const report::Report made = made_up_report();
    const std::string page = report::page(made);
    const auto shown = [](std::string sentence) {
        // A number and its sign are not parted at the end of a line.
        for (std::size_t at = sentence.find(" %"); at != std::string::npos; at = sentence.find(" %"))
            sentence.replace(at, 2, "\u00a0%");
        return sentence;
    };
    CHECK(page.find("<h1>" + shown(made.verdict.front())) < page.find("<section"));
    for (const std::string& sentence : made.verdict) CHECK(holds(page, shown(sentence)));
    for (const std::string& remark : made.remarks) CHECK(holds(page, remark));
}

TEST_CASE("the page asks nothing of the network") {
    const std::string page = report::page(made_up_report({.maps = true, .voxels = true}));
    CHECK(holds(page, "default-src 'none'"));
    for (const char* address :
         {"src=\"http", "href=\"http", "src=http", "href=http", "url(", "@import", "<link rel=stylesheet"}) {
        INFO(address);
        CHECK_FALSE(holds(page, address));
    }
}

TEST_CASE("names are shown, never markup") {
    const std::string tag = "<img src=x onerror=alert(1)>";
    const MadeUp wanted{.site_names = {"<script>alert(1)</script>", "A & B \"quoted\"", "Zürich 大学"},
                        .feature_names = {tag, "皮質厚", "a|b`c*"}};
    const std::string page = report::page(made_up_report(wanted));
    CHECK_FALSE(holds(page, tag));
    CHECK_FALSE(holds(page, "<script>alert"));
    CHECK(holds(page, "&lt;img src=x onerror=alert(1)&gt;"));
    CHECK(holds(page, "A &amp; B &quot;quoted&quot;"));
    CHECK(holds(page, "Zürich 大学"));
    CHECK(holds(page, "皮質厚"));
    // The data of the script stand between tags too.
    CHECK(holds(page, "\\u003cscript\\u003ealert(1)\\u003c/script\\u003e"));
    const std::string text = report::markdown(made_up_report(wanted));
    CHECK(holds(text, "a\\|b\\`c\\*"));
    CHECK(holds(text, "\\<img"));
    for (const report::Figure& figure : report::figures(made_up_report(wanted))) CHECK_FALSE(holds(figure.svg, tag));
}

TEST_CASE("the figures on the page and in the Markdown are those of the report, through one way of writing numbers") {
    report::Report made = made_up_report();
    made.before.effects[4].anova = {7.0, 0.0123456, 0.0314159, 0.2718281};
    const std::string cells = "<td>" + report::shown(0.2718281) + "<td>" +
                              report::shown(made.after.effects[4].anova.effect) + "<td>" + report::shown_p(0.0314159);
    CHECK(holds(report::page(made), "<th scope=row>" + made.features[4] + cells));
    CHECK(holds(report::markdown(made), "| " + made.features[4] + " | 0.272 |"));
    const report::Box& box = made.before.boxes[0][1];
    CHECK(holds(report::page(made), "<td class=t>" + made.sites[1].name + "<td>" + std::to_string(box.n) + "<td>" +
                                        report::shown(box.lower_quartile) + "<td>" + report::shown(box.median) + "<td>" +
                                        report::shown(box.upper_quartile)));
}

TEST_CASE("36 sites and 2,000 features stay below 5 MB, all features listed") {
    const report::Report made = made_up_report({.sites = 36, .features = 2000, .people = 10});
    const std::string page = report::page(made);
    CHECK(page.size() < 5'000'000);
    for (const std::string& feature : made.features) {
        INFO(feature);
        REQUIRE(holds(page, "<th scope=row>" + feature + "<"));
    }
}

TEST_CASE("a report shows what it has and leaves out what it has not") {
    const std::vector<std::string> whole = names(made_up_report({.maps = true}));
    CHECK(whole == std::vector<std::string>{"people", "site-effects", "boxes", "components-site", "components-age",
                                            "variance-shares-named", "age-curves", "slopes", "correlation", "effect-map",
                                            "priors", "uncertainty", "maps"});
    const std::vector<std::string> bare = names(made_up_report({.covariates = false, .model = false}));
    CHECK(bare == std::vector<std::string>{"people", "site-effects", "boxes", "components-site", "variance-shares-named",
                                           "correlation"});
    const std::vector<std::string> alone = names(made_up_report({.sites = 1, .features = 1, .model = false}));
    CHECK(std::find(alone.begin(), alone.end(), "site-effects") == alone.end());
    CHECK(std::find(alone.begin(), alone.end(), "correlation") == alone.end());
    const std::vector<std::string> many = names(made_up_report({.features = 40}));
    CHECK(std::find(many.begin(), many.end(), "variance-shares") != many.end());
}

TEST_CASE("a report without anything in it is still a page") {
    const std::string page = report::page({});
    CHECK(holds(page, "</html>"));
    CHECK(holds(report::markdown({}), "0 people"));
    CHECK(report::figures({}).empty());
}

TEST_CASE("nothing that cannot be told reaches a drawing as a number") {
    report::Report made = made_up_report({.missing = true});
    for (report::Box& box : made.after.boxes[2]) box = {};
    made.after.effects[3].anova.effect = std::nan("");
    made.before.scores(0, 0) = std::nan("");
    made.model.front().gamma_hat(0, 0) = std::nan("");
    made.model.front().tau2.assign(made.sites.size(), std::nan(""));
    for (const report::Figure& figure : report::figures(made)) {
        INFO(figure.name);
        CHECK_FALSE(holds(figure.svg, "nan"));
        CHECK_FALSE(holds(figure.svg, "inf\""));
    }
}

TEST_CASE("a feature of one value only, at all sites, is drawn") {
    report::Report made = made_up_report();
    for (report::State* state : {&made.before, &made.after}) {
        for (report::Box& box : state->boxes[0]) {
            for (double* value : {&box.least, &box.low_whisker, &box.lower_quartile, &box.median, &box.upper_quartile,
                                  &box.high_whisker, &box.most})
                *value = 2.5;
        }
    }
    CHECK(holds(report::page(made), "</html>"));
    for (const report::Figure& figure : report::figures(made)) CHECK_FALSE(holds(figure.svg, "nan"));
}

TEST_CASE("every drawing has a title and a description, and every id is the page's only one") {
    const std::string page = report::page(made_up_report({.maps = true, .voxels = true}));
    const std::size_t drawings = count(page, "<svg role=\"img\"");
    CHECK(drawings > 30);
    CHECK(count(page, "<title id=") == drawings);
    CHECK(count(page, "<desc id=") == drawings);
    std::vector<std::string> ids;
    for (std::size_t i = page.find(" id=\""); i != std::string::npos; i = page.find(" id=\"", i + 1)) {
        ids.push_back(page.substr(i + 5, page.find('"', i + 5) - i - 5));
    }
    std::sort(ids.begin(), ids.end());
    CHECK(std::adjacent_find(ids.begin(), ids.end()) == ids.end());
}

TEST_CASE("figures are drawn into PNG of their size times the scale") {
    for (const report::Figure& figure : report::figures(made_up_report({.maps = true, .voxels = true}))) {
        INFO(figure.name);
        const std::string png = report::png(figure.svg, 2.0);
        REQUIRE(png.substr(0, 8) == "\x89PNG\r\n\x1a\n");
        const std::size_t at = figure.svg.find(" width=\"") + 8;
        const double width = std::stod(figure.svg.substr(at));
        const auto byte = [&](std::size_t i) { return static_cast<double>(static_cast<unsigned char>(png[i])); };
        CHECK(byte(18) * 256.0 + byte(19) == std::ceil(width * 2.0));
        CHECK(png.size() > 2000);
    }
}

TEST_CASE("what is no drawing is refused") {
    CHECK_THROWS_AS(report::png("<html>no</html>", 1.0), base::Error);
    CHECK_THROWS_AS(report::png("", 1.0), base::Error);
    CHECK_THROWS_AS(report::png(report::figures(made_up_report()).front().svg, 1e6), base::Error);
    CHECK_THROWS_AS(report::png(report::figures(made_up_report()).front().svg, 0.0), base::Error);
}

TEST_CASE("histograms are drawn on one another for few sites, side by side for many") {
    const auto drawn = [](std::size_t sites) {
        const std::string page = report::page(made_up_report({.sites = sites, .voxels = true}));
        const std::size_t first = page.find("<figure id=\"plot-voxels\"");
        REQUIRE(first != std::string::npos);
        return page.substr(first, page.find("</figure>", first) - first);
    };
    CHECK(count(drawn(8), "<svg role=\"img\"") == 2);
    CHECK(count(drawn(9), "<svg role=\"img\"") == 9);
    CHECK(holds(drawn(3), "73.1 %"));
    CHECK_FALSE(holds(drawn(1), "n/a"));
    CHECK_FALSE(holds(report::page(made_up_report()), "plot-voxels"));
    report::Report broken = made_up_report({.voxels = true});
    broken.histograms.front().after.shares.pop_back();
    CHECK_FALSE(holds(report::page(broken), "plot-voxels"));
}

TEST_CASE("curves that no site has people enough for are left out") {
    report::Report made = made_up_report();
    const auto has_curves = [&] {
        const std::vector<std::string> drawn = names(made);
        return std::find(drawn.begin(), drawn.end(), "age-curves") != drawn.end();
    };
    CHECK(has_curves());
    for (report::State* state : {&made.before, &made.after}) {
        for (auto& feature : state->curves) {
            for (std::vector<double>& site : feature) std::fill(site.begin(), site.end(), std::nan(""));
        }
    }
    CHECK_FALSE(has_curves());
}

TEST_CASE("a map of voxels that are not cubes keeps its proportions") {
    report::Report made = made_up_report({.maps = true});
    const auto height = [&] {
        for (const report::Figure& figure : report::figures(made)) {
            if (figure.name != "maps") continue;
            const std::size_t at = figure.svg.find("height=\"", figure.svg.find("<image")) + 8;
            return std::stod(figure.svg.substr(at));
        }
        return 0.0;
    };
    const double cubes = height();
    made.montages.front().planes[0].pixel_height = 2.0;
    CHECK(height() == Approx(2.0 * cubes).margin(0.2));
}
