// The page: verdict first, then who is in it, what differed, what is left of it, and what the model did.
#include "tare/report/page.hpp"

#include <algorithm>
#include <functional>

#include "page_parts.hpp"
#include "plots.hpp"
#include "tables.hpp"
#include "tare/report/shown.hpp"
#include "tare/report/summary.hpp"

namespace tare::report {

namespace {

using detail::escaped;
using detail::Plot;
using detail::Table;

/// Panels of one plot that stand open; the others wait behind a click.
constexpr std::size_t most_open = 36;
/// Bytes that the boxes of all features may take.
constexpr std::size_t box_budget = 2'400'000;

std::string head(const Table& table) {
    const auto cell = [&](std::size_t column, const std::string& attributes, const std::string& words) {
        return "<th scope=col" + std::string(column < table.names ? " class=t" : "") + attributes + ">" + escaped(words);
    };
    std::string out = "<thead><tr>";
    if (table.groups.empty()) {
        for (std::size_t i = 0; i < table.header.size(); ++i) {
            out += cell(i, {}, table.header[i]);
        }
        return out;
    }
    std::size_t grouped = 0;
    for (const detail::Group& group : table.groups) {
        grouped += group.columns;
    }
    const std::size_t alone = table.header.size() - grouped;
    for (std::size_t i = 0; i < alone; ++i) {
        out += cell(i, " rowspan=2", table.header[i]);
    }
    for (const detail::Group& group : table.groups) {
        out += "<th scope=colgroup class=g colspan=" + std::to_string(group.columns) + ">" + escaped(group.name);
    }
    out += "<tr>";
    for (std::size_t i = alone; i < table.header.size(); ++i) {
        out += cell(i, {}, table.header[i]);
    }
    return out;
}

std::string html(const Table& table, const std::string& attributes = {}) {
    std::string out = "<table" + attributes + "><caption>" + escaped(table.title) + "</caption>" + head(table) + "<tbody>";
    for (const auto& row : table.rows) {
        out += "\n<tr>";
        for (std::size_t i = 0; i < row.size(); ++i) {
            out += (i == 0 ? "<th scope=row>" : i < table.names ? "<td class=t>" : "<td>") + escaped(row[i]);
        }
    }
    return out + "</table>\n";
}

std::string scrolled(const Table& table, const std::string& attributes = {}) {
    return table.rows.empty() ? std::string()
                              : "<div class=scroll tabindex=0 role=region aria-label=\"" + escaped(table.title) + "\">" +
                                    html(table, attributes) + "</div>\n";
}

std::string folded(const Table& table, const std::string& words) {
    return table.rows.empty() ? std::string()
                              : "<details><summary>" + escaped(words) + "</summary>" + scrolled(table) + "</details>\n";
}

std::string grid(const Plot& plot, std::size_t first, std::size_t last) {
    std::string out = "<div class=\"panels c" + std::to_string(plot.columns) + "\">\n";
    for (std::size_t i = first; i < last; ++i) {
        out += detail::inline_svg(plot.panels[i], plot.name + std::to_string(i));
    }
    return out + "</div>\n";
}

std::string html(const Plot& plot, const std::string& below = {}) {
    if (plot.panels.empty()) {
        return {};
    }
    std::string out = "<figure id=\"plot-" + plot.name + "\"><figcaption><h3>" + escaped(plot.title) + "</h3><p>" +
                      escaped(plot.caption) + "</p></figcaption>\n";
    if (!plot.keys.empty()) {
        out += "<ul class=keys>";
        for (const detail::Key& key : plot.keys) {
            out += "<li><svg viewBox=\"0 0 14 14\" aria-hidden=true>" + key.drawing + "</svg>" + escaped(key.label);
        }
        out += "</ul>\n";
    }
    const std::size_t open = std::min(plot.panels.size(), most_open);
    out += grid(plot, 0, open);
    if (open < plot.panels.size()) {
        out += "<details><summary>" + std::to_string(plot.panels.size() - open) + " more panels</summary>" +
               grid(plot, open, plot.panels.size()) + "</details>\n";
    }
    return out + below + "</figure>\n";
}

/// A section; nothing where it would be empty.
struct Section {
    std::string id, word, title, lead, body;
};

std::string html(const Section& section) {
    return "<section id=" + section.id + "><h2>" + escaped(section.title) + "</h2><p class=lead>" + escaped(section.lead) +
           "</p>\n" + section.body + "</section>\n";
}

std::string remarks(const Report& report) {
    if (report.remarks.empty()) {
        return {};
    }
    std::string out = "<aside class=remarks><h3>What limits this report</h3><ul>";
    for (const std::string& remark : report.remarks) {
        out += "<li>" + escaped(remark);
    }
    return out + "</ul></aside>\n";
}

std::string tile(const std::string& name, const std::string& value) {
    return "<div><dt>" + escaped(name) + "</dt><dd>" + value + "</dd></div>";
}

std::string before_after(const std::string& before, const std::string& after) {
    return escaped(before) + " <i>→</i> " + escaped(after);
}

std::string tiles(const Report& report) {
    std::string out = "<dl class=tiles>" + tile("People", std::to_string(report.people)) +
                      tile("Sites", std::to_string(report.sites.size())) +
                      tile("Features", std::to_string(report.features.size()));
    if (report.sites.size() > 1 && !report.features.empty()) {
        const SummaryRow means = test_summary(report).front();
        out += tile("Features whose means differ by site (q < 0.05)",
                    before_after(std::to_string(means.sides[0].found), std::to_string(means.sides[1].found)));
        out +=
            tile("Variance that site explains, median feature",
                 before_after(shown_share(median_site_share(report.before)), shown_share(median_site_share(report.after))));
    }
    return out + "</dl>\n";
}

/// Text whose numbers stay beside their signs at the end of a line.
std::string unbroken(const std::string& text) {
    std::string out = escaped(text);
    for (const auto& [from, to] : {std::pair<std::string, std::string>{" %", "\u00a0%"}, {" &lt; ", "\u00a0&lt;\u00a0"}}) {
        for (std::size_t at = out.find(from); at != std::string::npos; at = out.find(from, at + to.size())) {
            out.replace(at, from.size(), to);
        }
    }
    return out;
}

std::string heading(const Report& report) {
    std::string out =
        "<header id=top><p class=over>tare report: what harmonising did to <b>" + escaped(report.before_name) +
        "</b>, giving <b>" + escaped(report.after_name) + "</b></p>\n<h1>" +
        unbroken(report.verdict.empty() ? std::string("Before and after harmonising") : report.verdict.front()) + "</h1>\n";
    if (report.verdict.size() > 1) {
        out += "<ul class=verdict>";
        for (std::size_t i = 1; i < report.verdict.size(); ++i) {
            out += "<li>" + unbroken(report.verdict[i]);
        }
        out += "</ul>\n";
    }
    return out + tiles(report) + "</header>\n";
}

Section feature_section(const Report& report) {
    const std::size_t per_feature = 28 * std::max<std::size_t>(1, report.sites.size());
    const std::size_t listed = std::min(report.ranking.size(), detail::most_listed);
    const std::size_t drawn = std::min(listed, box_budget / per_feature);
    std::string body = html(detail::box_plot(report), folded(detail::box_table(report), "These boxes as a table"));
    const Table table = detail::feature_table(report, listed);
    if (!table.rows.empty()) {
        body +=
            "<h3 id=all>All features</h3>\n<form class=find role=search hidden><label for=find>Find a feature</label>"
            "<input id=find type=search autocomplete=off spellcheck=false placeholder=\"part of its name\">"
            "<output id=found for=find></output></form>\n<div id=one class=\"panels c2\" aria-live=polite hidden></div>\n" +
            scrolled(table, " id=list");
        if (listed < report.features.size()) {
            body += "<p class=lead>The " + std::to_string(listed) + " features with the largest site effect of " +
                    std::to_string(report.features.size()) + "; all stand in the JSON form of this report.</p>\n";
        }
        body += "<script type=\"application/json\" id=data>" + detail::box_data(report, drawn) + "</script>\n";
    }
    return {.id = "features",
            .word = "Features",
            .title = "Feature by feature",
            .lead = "The same measurement at every site, before and after.",
            .body = body};
}

std::string about() {
    return "<div class=about><p>ANOVA compares the sites’ means with the covariates in the model; Kruskal–Wallis does it by "
           "ranks of what the covariates alone leave. Brown–Forsythe and Fligner–Killeen compare spreads about the sites’ "
           "medians, Anderson–Darling (k samples) the whole distributions of what the covariates leave.</p><p>q is the "
           "p-value that controls the rate of false discoveries over all features (Benjamini "
           "and Hochberg). "
           "Effect sizes do not grow with the number of people: 1 is nothing but site; sites without any effect explain "
           "(sites − 1) in "
           "(people − 1) by chance.</p><p>Shares of "
           "variance are of "
           "type II: what each term adds to all the others. MANOVA (Pillai) or, where there are more features than it can "
           "hold, MDMR test all "
           "features together.</p><p>Tests on harmonised values look better than they are where the same people were used "
           "to fit the model: "
           "to know how new people fare, harmonise within a cross-validation.</p></div>\n";
}

std::vector<Section> sections(const Report& report) {
    constexpr std::size_t rows = 20;
    std::vector<Section> out;
    out.push_back({.id = "people",
                   .word = "People",
                   .title = "Who is in it",
                   .lead = "Sites can only be compared where their people can.",
                   .body = html(detail::people_plot(report)) + scrolled(detail::site_table(report)) + remarks(report)});
    if (report.sites.size() > 1) {
        out.push_back({.id = "effect",
                       .word = "Site effect",
                       .title = "The site effect",
                       .lead = "How much the sites differ beyond what their people explain, and what is left of it.",
                       .body = html(detail::effect_plot(report)) + "<h3>Tests over all features</h3>" +
                               scrolled(detail::test_table(report)) + scrolled(detail::multivariate_table(report)) +
                               about()});
    }
    out.push_back(feature_section(report));
    out.push_back({.id = "components",
                   .word = "Components",
                   .title = "All features at once",
                   .lead = "Where the people lie when all features are taken together.",
                   .body = html(detail::components_by_site(report)) +
                           html(detail::components_by_age(report),
                                folded(detail::component_table(report), "Shares of variance as a table"))});
    out.push_back({.id = "variance",
                   .word = "Variance",
                   .title = "What explains the variance",
                   .lead = "Site should shrink; the covariates should stay.",
                   .body = html(detail::share_plot(report)) +
                           html(detail::share_plot_named(report),
                                folded(detail::share_table(report, rows), "These shares as a table"))});
    out.push_back({.id = "biology",
                   .word = "Biology",
                   .title = "Is the biology still there?",
                   .lead = "Covariates should do after harmonising what they did before.",
                   .body = scrolled(detail::slope_table(report)) + html(detail::curve_plot(report)) +
                           html(detail::slope_plot(report),
                                folded(detail::feature_slope_table(report, rows), "These slopes as a table"))});
    out.push_back({.id = "correlation",
                   .word = "Correlation",
                   .title = "How features go together",
                   .lead = "Sites that shift many features make them look related; what is left after is nearer to biology.",
                   .body = html(detail::correlation_plot(report),
                                folded(detail::correlation_table(report), "The pairs that changed most"))});
    if (!report.model.empty()) {
        const ModelFacts& model = report.model.front();
        std::string lead =
            "What was fitted: " + model.method + ", convention " + model.convention + ", by " + model.tool_version + ".";
        if (!model.unchanged.empty()) {
            lead += " Passed through unchanged: " + std::to_string(model.unchanged.size()) + " features.";
        }
        out.push_back(
            {.id = "model",
             .word = "Model",
             .title = "The model",
             .lead = lead,
             .body = html(detail::effect_map(report), folded(detail::shift_table(report), "Shift and spread as a table")) +
                     html(detail::prior_plot(report), folded(detail::prior_table(report), "Priors as a table")) +
                     html(detail::uncertainty_plot(report))});
    }
    out.push_back(
        {.id = "images",
         .word = "Images",
         .title = "The images",
         .lead = "What the voxels are like at each site, and where in the image the sites differ.",
         .body =
             html(detail::histogram_plot(report), scrolled(detail::overlap_table(report)) +
                                                      folded(detail::voxel_table(report), "The voxels’ values as a table")) +
             html(detail::montage_plot(report), folded(detail::map_table(report), "The maps’ largest effects as a table"))});
    std::erase_if(out, [](const Section& section) { return section.body.empty(); });
    return out;
}

}  // namespace

std::string page(const Report& report) {
    const std::vector<Section> parts = sections(report);
    std::string out =
        "<!DOCTYPE html>\n<html lang=en>\n<head>\n<meta charset=utf-8>\n"
        "<meta name=viewport content=\"width=device-width,initial-scale=1\">\n"
        "<meta http-equiv=Content-Security-Policy content=\"default-src 'none'; style-src 'unsafe-inline'; script-src "
        "'unsafe-inline'; "
        "img-src data:; form-action 'none'; base-uri 'none'\">\n<link rel=icon href=\"data:,\">\n<title>" +
        escaped(report.after_name) + " – tare report</title>\n<style>\n" + detail::page_style() +
        "\n</style>\n</head>\n<body>\n<a class=skip href=#main>To the content</a>\n" + heading(report) +
        "<nav aria-label=Sections><div>";
    for (const Section& part : parts) {
        out += "<a href=#" + part.id + ">" + escaped(part.word) + "</a>";
    }
    out += "</div></nav>\n<main id=main>\n";
    for (const Section& part : parts) {
        out += html(part);
    }
    return out + "</main>\n<footer><p>Made by tare " + escaped(report.version) +
           ". This file is complete: it asks nothing of the network.</p>"
           "</footer>\n<script>" +
           std::string(detail::page_script()) + "</script>\n</body>\n</html>\n";
}

std::vector<Figure> figures(const Report& report) {
    std::vector<Figure> out;
    for (const Plot& plot : detail::all_plots(report)) {
        out.push_back({plot.name, detail::document(plot)});
    }
    return out;
}

}  // namespace tare::report
