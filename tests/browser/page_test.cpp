// The page of a report in a browser: no complaint on the console, no request, nothing wider than the window, no two words
// on top of each other, and a search that finds and draws. Skipped where no Chromium is installed.
#include "tare/report/page.hpp"

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include <catch2/catch.hpp>

#include "support/made_up_report.hpp"
#include "support/places.hpp"
#include "support/process.hpp"
#include "support/temporary_directory.hpp"

using namespace tare;
using test::made_up_report;
using test::MadeUp;

namespace {

/// What listens before the page's own script runs.
const std::string listener = R"js(<script>
window.complaints = [];
addEventListener("error", (e) => complaints.push("error: " + e.message));
addEventListener("securitypolicyviolation", (e) => complaints.push("blocked: " + e.blockedURI));
</script>)js";

/// What looks at the page once it stands, and writes what it finds where --dump-dom shows it.
const std::string inspector = R"js(<script>
addEventListener("load", () => setTimeout(() => {
  for (const entry of performance.getEntriesByType("resource")) {
    if (!entry.name.startsWith("data:")) complaints.push("request: " + entry.name);
  }
  if (document.documentElement.scrollWidth > innerWidth) complaints.push("wider than the window: " + document.documentElement.scrollWidth);
  for (const svg of document.querySelectorAll("svg[role=img]")) {
    if (!svg.getClientRects().length) continue;
    const texts = [...svg.querySelectorAll("text:not(.num)")].map((t) => [t.getBoundingClientRect(), t.textContent]);
    const whole = svg.getBoundingClientRect();
    texts.forEach(([a, word], i) => {
      if (a.left < whole.left - 3 || a.right > whole.right + 12 || a.bottom > whole.bottom + 3) complaints.push("beyond its drawing: " + word);
      texts.slice(0, i).forEach(([b, other]) => {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left), high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (Math.min(wide, high) > 4) complaints.push("overlap: " + word + " / " + other);
      });
    });
  }
  const found = {};
  const input = document.getElementById("find");
  if (input) {
    const rows = [...document.querySelectorAll("#list tbody tr")];
    found.rows = rows.length;
    found.drawn = document.querySelectorAll("#one svg").length;
    const boxes = (root) => [...root.querySelectorAll("rect.box")].map((r) => Number(r.getAttribute("y")));
    const still = [...document.querySelectorAll("#plot-boxes svg")].slice(0, 2).flatMap(boxes);
    const live = boxes(document.getElementById("one"));
    found.apart = still.length === live.length ? Math.max(0, ...still.map((y, i) => Math.abs(y - live[i]))) : -1;
    const last = rows[rows.length - 1].cells[0].textContent;
    input.value = last.toUpperCase();
    input.dispatchEvent(new Event("input"));
    found.left = rows.filter((r) => !r.hidden).length;
    found.chosen = document.querySelector("#one svg text.name").textContent === last;
    input.value = "no feature has this name";
    input.dispatchEvent(new Event("input"));
    found.none = rows.filter((r) => !r.hidden).length;
  }
  const pre = document.createElement("pre");
  pre.textContent = "SEEN " + JSON.stringify(found) + "\n" + complaints.slice(0, 12).join("\n") + "\nEND";
  document.body.append(pre);
}, 50));
</script>)js";

struct Seen {
    std::string found;       ///< what the search did, as JSON
    std::string complaints;  ///< a line each
    std::string console;     ///< a line each
};

bool has_browser() {
    return test::shell("command -v chromium").code == 0;
}

Seen look(const std::string& page, int width) {
    const test::TemporaryDirectory place;
    const std::filesystem::path file = place.path() / "page.html";
    std::string whole = page;
    whole.insert(whole.find("<body>") + 6, listener);
    whole.insert(whole.rfind("</body>"), inspector);
    std::ofstream(file, std::ios::binary) << whole;
    const test::Finished done = test::run(
        {"chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run",
         "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage",
         "--enable-logging=stderr", "--virtual-time-budget=4000", "--user-data-dir=" + (place.path() / "profile").string(),
         "--window-size=" + std::to_string(width) + ",900", "--dump-dom", "file://" + file.string()},
        {.input = {}, .folder = place.path(), .environment = {{"HOME", place.path().string()}}});
    INFO(done.err);
    const std::size_t start = done.out.rfind("SEEN {");
    REQUIRE(start != std::string::npos);
    const std::size_t line = done.out.find('\n', start);
    Seen seen;
    seen.found = done.out.substr(start + 5, line - start - 5);
    seen.complaints = done.out.substr(line + 1, done.out.find("END", line) - line - 1);
    for (std::size_t at = done.err.find("CONSOLE"); at != std::string::npos; at = done.err.find("CONSOLE", at + 1)) {
        seen.console += done.err.substr(at, done.err.find('\n', at) - at) + "\n";
    }
    return seen;
}

void check_quiet(const MadeUp& wanted) {
    for (const int width : {1280, 500}) {
        INFO("sites " << wanted.sites << ", features " << wanted.features << ", width " << width);
        const Seen seen = look(report::page(made_up_report(wanted)), width);
        CHECK(seen.console.empty());
        CHECK(seen.complaints == "\n");
    }
}

bool holds(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("the page of a small report is quiet and orderly, wide and narrow") {
    if (!has_browser()) return test::skip("chromium is not installed");
    check_quiet({.maps = true, .voxels = true});
}

TEST_CASE("the page of 36 sites and 2,000 features is quiet and orderly") {
    if (!has_browser()) return test::skip("chromium is not installed");
    check_quiet({.sites = 36,
                 .features = 2000,
                 .people = 10,
                 .voxels = true,
                 .site_names = {"Cambridge_Buckner_of_2009", "Zürich 大学病院 third floor"}});
}

TEST_CASE("the page of a report with little in it is quiet and orderly") {
    if (!has_browser()) return test::skip("chromium is not installed");
    check_quiet({.sites = 1, .covariates = false, .model = false});
    check_quiet({.sites = 2, .features = 1, .missing = true});
}

TEST_CASE("names with markup, quotes and other scripts are shown and not executed") {
    if (!has_browser()) return test::skip("chromium is not installed");
    check_quiet(
        {.site_names = {"<script>alert(1)</script>", "A & B \"quoted\" with a name that goes on and on", "Zürich 大学病院"},
         .feature_names = {"<img src=x onerror=console.error(1)>", "皮質厚_左",
                           "</script><script>console.error(2)</script>"}});
}

TEST_CASE("the search lists what it finds and draws it as the plots do") {
    if (!has_browser()) return test::skip("chromium is not installed");
    const Seen seen = look(report::page(made_up_report({.sites = 5, .features = 30})), 1280);
    INFO(seen.found);
    CHECK(holds(seen.found, "\"rows\":30"));
    CHECK(holds(seen.found, "\"drawn\":2"));
    CHECK(holds(seen.found, "\"left\":1"));
    CHECK(holds(seen.found, "\"chosen\":true"));
    CHECK(holds(seen.found, "\"none\":0"));
    const std::size_t at = seen.found.find("\"apart\":") + 8;
    const double apart = std::stod(seen.found.substr(at));
    CHECK(apart >= 0.0);
    CHECK(apart < 0.2);
}

TEST_CASE("the browser test notices a request, an error, an overlap and a page that is too wide") {
    if (!has_browser()) return test::skip("chromium is not installed");
    std::string page = report::page(made_up_report());
    page.insert(
        page.find("<main"),
        "<img src=\"http://127.0.0.1:9/x.png\" alt=\"\"><script>console.error('wrong');throw new Error('bad');</script>"
        "<svg role=\"img\" viewBox=\"0 0 100 20\"><text y=\"12\">one</text><text x=\"4\" y=\"12\">two</text></svg>"
        "<div style=\"width:200vw\">wide</div>");
    const Seen seen = look(page, 1280);
    CHECK(holds(seen.complaints, "blocked: http://127.0.0.1:9"));
    CHECK(holds(seen.complaints, "error: "));
    CHECK(holds(seen.complaints, "overlap: two / one"));
    CHECK(holds(seen.complaints, "wider than the window"));
    CHECK(holds(seen.console, "wrong"));
}
