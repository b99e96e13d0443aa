// The report as Markdown: the same sentences and figures in tables, for pipelines and papers.
#include <algorithm>

#include "plots.hpp"
#include "tables.hpp"
#include "tare/report/page.hpp"

namespace tare::report {

namespace {

using detail::Table;

/// Text that Markdown takes as text, inside a table too.
std::string plain(const std::string& text) {
    constexpr std::string_view special = "\\`*_{}[]<>#|~&$";
    std::string out;
    for (const char c : text) {
        if (special.find(c) != std::string_view::npos) {
            out += '\\';
        }
        out += static_cast<unsigned char>(c) < 0x20U ? ' ' : c;
    }
    return out;
}

std::string row_text(const std::vector<std::string>& cells) {
    std::string out = "|";
    for (const std::string& cell : cells) {
        out += " " + plain(cell) + " |";
    }
    return out + "\n";
}

/// Markdown has one row of headings: a group's name goes before those of its columns.
std::vector<std::string> flat_header(const Table& table) {
    std::vector<std::string> out = table.header;
    std::size_t column = out.size();
    for (const detail::Group& group : table.groups) {
        column -= group.columns;
    }
    for (const detail::Group& group : table.groups) {
        for (std::size_t i = 0; i < group.columns; ++i, ++column) {
            out[column] = group.name + ": " + out[column];
        }
    }
    return out;
}

std::string text(const Table& table) {
    if (table.rows.empty()) {
        return {};
    }
    std::string out = "### " + plain(table.title) + "\n\n" + row_text(flat_header(table)) + "|";
    for (std::size_t i = 0; i < table.header.size(); ++i) {
        out += i < table.names ? " --- |" : " ---: |";
    }
    out += "\n";
    for (const auto& row : table.rows) {
        out += row_text(row);
    }
    return out + "\n";
}

std::string list(const std::vector<std::string>& items) {
    std::string out;
    for (const std::string& item : items) {
        out += "- " + plain(item) + "\n";
    }
    return out.empty() ? out : out + "\n";
}

}  // namespace

std::string markdown(const Report& report) {
    constexpr std::size_t rows = 40;
    std::string out = "# What harmonising did\n\nBefore: " + plain(report.before_name) +
                      ". After: " + plain(report.after_name) + ". " + std::to_string(report.people) + " people, " +
                      std::to_string(report.sites.size()) + " sites, " + std::to_string(report.features.size()) +
                      " features.\n\n" + list(report.verdict);
    if (!report.remarks.empty()) {
        out += "## What limits this report\n\n" + list(report.remarks);
    }
    out += "## Who is in it\n\n" + text(detail::site_table(report));
    if (report.sites.size() > 1) {
        out += "## The site effect\n\n" + text(detail::test_table(report)) + text(detail::multivariate_table(report));
    }
    out += "## Feature by feature\n\n" + text(detail::feature_table(report, detail::most_listed)) +
           text(detail::share_table(report, rows)) + text(detail::component_table(report));
    if (!report.terms.empty()) {
        out += "## The biology\n\n" + text(detail::slope_table(report)) + text(detail::feature_slope_table(report, rows));
    }
    if (!report.model.empty()) {
        const ModelFacts& model = report.model.front();
        out += "## The model\n\n" + plain(model.method) + ", convention " + plain(model.convention) + ", by " +
               plain(model.tool_version) + ".\n\n" + text(detail::prior_table(report)) + text(detail::shift_table(report));
    }
    if (!report.histograms.empty() || !report.montages.empty()) {
        out += "## The images\n\n" + text(detail::overlap_table(report)) + text(detail::voxel_table(report)) +
               text(detail::map_table(report));
    }
    out += "Made by tare " + plain(report.version) + ".\n";
    return out;
}

}  // namespace tare::report
