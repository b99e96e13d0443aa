// Learning, coding and uniting designs.
#include "tare/stats/design.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "tare/base/error.hpp"
#include "tare/base/number_text.hpp"
#include "tare/base/text.hpp"

namespace tare::stats {
namespace {

/// Sorts levels as numbers when all of them are, else by bytes.
std::vector<std::string> sorted_levels(const std::set<std::string>& levels) {
    std::vector<std::string> sorted(levels.begin(), levels.end());
    const bool numbers =
        std::all_of(sorted.begin(), sorted.end(), [](const auto& l) { return base::parse_number(l).has_value(); });
    if (numbers) {
        std::sort(sorted.begin(), sorted.end(),
                  [](const auto& a, const auto& b) { return *base::parse_number(a) < *base::parse_number(b); });
    }
    return sorted;
}

/// The position of a level among the coded terms of its column: 0 for the base, -1 where it is unknown.
Index level_position(const DesignColumn& column, const std::string& level) {
    const auto found = std::find(column.levels.begin(), column.levels.end(), level);
    return found == column.levels.end() ? -1 : found - column.levels.begin();
}

Spline spline_of(const SmoothRequest& request, const DesignColumn& column) {
    if (column.categorical) {
        throw base::inconsistent("--smooth: covariate '" + column.name + "' is a category, which has no curve");
    }
    if (!(column.low < column.high)) {
        throw base::degenerate("covariate '" + column.name + "' has one value in all training rows",
                               "leave it out of --smooth");
    }
    const auto [low, high] = request.bounds.value_or(std::pair(column.low, column.high));
    return {request.size, low, high, request.lambda};
}

Index width(const DesignColumn& column) {
    if (column.spline) return column.spline->terms();
    if (!column.categorical) return 1;
    return column.levels.empty() ? 0 : static_cast<Index>(column.levels.size()) - 1;
}

/// The codes of one covariate of a subject: as many as the column is wide.
void code_value(const DesignColumn& column, const data::Covariate& covariate, const data::Cohort& cohort, Index row,
                std::span<double> codes) {
    if (covariate.missing(row)) {
        throw base::inconsistent(cohort.where(row) + ": column '" + column.name + "': the value is missing",
                                 "fill it in, leave the row out, or leave the covariate out");
    }
    if (!column.categorical) {
        const double value = covariate.numbers[static_cast<std::size_t>(row)];
        if (column.spline) {
            column.spline->code(value, codes);
        } else {
            codes.front() = value;
        }
        return;
    }
    const std::string& level = covariate.levels[static_cast<std::size_t>(row)];
    const Index position = level_position(column, level);
    if (position < 0) {
        throw base::inconsistent(
            cohort.where(row) + ": column '" + column.name + "': level '" + level + "' was not among the training rows",
            "the levels known are " + base::joined(column.levels));
    }
    if (position > 0) codes[static_cast<std::size_t>(position - 1)] = 1.0;
}

}  // namespace

std::vector<std::string> Design::terms() const {
    std::vector<std::string> names;
    for (const DesignColumn& column : columns) {
        if (!column.categorical && !column.spline) names.push_back(column.name);
        for (Index j = 1; column.spline && j <= column.spline->terms(); ++j)
            names.push_back(column.name + "." + std::to_string(j));
        for (std::size_t l = 1; l < column.levels.size(); ++l) names.push_back(column.name + "=" + column.levels[l]);
    }
    return names;
}

Index Design::term_count() const {
    Index count = 0;
    for (const DesignColumn& column : columns) count += width(column);
    return count;
}

std::vector<SmoothTerm> Design::smooth_terms() const {
    std::vector<SmoothTerm> smooths;
    Index first = 0;
    for (const DesignColumn& column : columns) {
        if (column.spline) smooths.push_back({column.name, first, *column.spline});
        first += width(column);
    }
    return smooths;
}

Design learn_design(const data::TrainingSet& training, std::span<const SmoothRequest> smooths) {
    std::vector<std::string> names;
    for (const data::Covariate& covariate : training.cohort().covariates) names.push_back(covariate.name);
    return learn_design(training, names, smooths);
}

Design learn_design(const data::TrainingSet& training, std::span<const std::string> names,
                    std::span<const SmoothRequest> smooths) {
    Design design;
    for (const data::Covariate& covariate : training.cohort().covariates) {
        if (std::find(names.begin(), names.end(), covariate.name) == names.end()) continue;
        DesignColumn column{.name = covariate.name, .categorical = covariate.categorical};
        if (covariate.categorical) {
            std::set<std::string> levels;
            for (const Index row : training.rows()) {
                if (!covariate.missing(row)) levels.insert(covariate.levels[static_cast<std::size_t>(row)]);
            }
            column.levels = sorted_levels(levels);
        } else {
            column.low = std::numeric_limits<double>::infinity();
            column.high = -column.low;
            for (const Index row : training.rows()) {
                if (covariate.missing(row)) continue;
                column.low = std::min(column.low, covariate.numbers[static_cast<std::size_t>(row)]);
                column.high = std::max(column.high, covariate.numbers[static_cast<std::size_t>(row)]);
            }
        }
        const auto smooth =
            std::find_if(smooths.begin(), smooths.end(), [&](const auto& s) { return s.name == covariate.name; });
        if (smooth != smooths.end()) column.spline = spline_of(*smooth, column);
        design.columns.push_back(std::move(column));
    }
    return design;
}

bool HeldOut::has(const std::string& name) const {
    return std::find(names.begin(), names.end(), name) != names.end();
}

Matrix<double> code_covariates(const Design& design, const data::Cohort& cohort, std::span<const Index> rows,
                               const HeldOut& held_out) {
    Matrix<double> codes(cohort.subjects(), design.term_count());
    std::vector<const data::Covariate*> covariates;
    for (const DesignColumn& column : design.columns) {
        covariates.push_back(held_out.has(column.name) ? nullptr : cohort.covariate(column.name));
        if (covariates.back() == nullptr && !held_out.has(column.name))
            throw base::inconsistent(cohort.source + ": no covariate '" + column.name + "'");
    }
    for (const Index row : rows) {
        Index term = 0;
        for (std::size_t c = 0; c < design.columns.size(); ++c) {
            const DesignColumn& column = design.columns[c];
            if (covariates[c] == nullptr) {
                for (Index j = term; j < term + width(column); ++j)
                    codes(row, j) = held_out.mean[static_cast<std::size_t>(j)];
                term += width(column);
                continue;
            }
            code_value(column, *covariates[c], cohort, row,
                       codes.row(row).subspan(static_cast<std::size_t>(term), static_cast<std::size_t>(width(column))));
            term += width(column);
        }
    }
    return codes;
}

void warn_of_extrapolation(const Design& design, const data::Cohort& cohort, std::span<const Index> rows, base::Log& log,
                           std::span<const std::string> held_out) {
    for (const DesignColumn& column : design.columns) {
        if (column.categorical || std::find(held_out.begin(), held_out.end(), column.name) != held_out.end()) continue;
        const data::Covariate& covariate = *cohort.covariate(column.name);
        const auto count_outside = [&](double low, double high) {
            return static_cast<std::size_t>(std::count_if(rows.begin(), rows.end(), [&](Index row) {
                const double value = covariate.numbers[static_cast<std::size_t>(row)];
                return value < low || value > high;
            }));
        };
        const auto warn = [&](double low, double high, const std::string& what, const std::string& how) {
            const std::size_t outside = count_outside(low, high);
            if (outside == 0) return;
            log.warn(base::counted(outside, "subject") + " outside the " + what + " of " + column.name + " (" +
                     base::number_text(low) + " to " + base::number_text(high) + "): its effect is extrapolated" + how);
        };
        const bool narrow = column.spline && (column.spline->low > column.low || column.spline->high < column.high);
        warn(column.low, column.high, "training range", column.spline ? " linearly" : "");
        if (narrow) warn(column.spline->low, column.spline->high, "--smooth-bounds", " linearly");
    }
}

Design united(const Design& a, const Design& b) {
    if (a.columns.size() != b.columns.size()) throw base::inconsistent("the moments have different numbers of covariates");
    Design both;
    for (const DesignColumn& column : a.columns) {
        const auto other =
            std::find_if(b.columns.begin(), b.columns.end(), [&](const auto& c) { return c.name == column.name; });
        if (other == b.columns.end()) throw base::inconsistent("covariate '" + column.name + "' is not in both moments");
        if (other->categorical != column.categorical) {
            throw base::inconsistent(
                "covariate '" + column.name + "' is categorical in one of the moments and numeric in the other",
                "name it in --categorical for both");
        }
        if (other->spline != column.spline) {
            const bool both_curves = other->spline && column.spline;
            throw base::inconsistent("covariate '" + column.name + "' " +
                                         (both_curves ? "has a curve with other knots in one of the moments"
                                                      : "is a curve in one of the moments and a line in the other"),
                                     both_curves ? "make both with the same --smooth, and with --smooth-bounds '" +
                                                       column.name + "=LOW:HIGH' that holds for both"
                                                 : "name it in --smooth for both");
        }
        std::set<std::string> levels(column.levels.begin(), column.levels.end());
        levels.insert(other->levels.begin(), other->levels.end());
        both.columns.push_back({column.name, column.categorical, sorted_levels(levels), std::min(column.low, other->low),
                                std::max(column.high, other->high), column.spline});
    }
    return both;
}

Recoding recoding(const Design& from, const Design& to) {
    Recoding out{Eigen::MatrixXd::Zero(to.term_count(), from.term_count()), Eigen::VectorXd::Zero(to.term_count())};
    Index to_term = 0;
    for (const DesignColumn& target : to.columns) {
        Index from_term = 0;
        auto source = from.columns.begin();
        while (source->name != target.name) from_term += width(*source++);
        if (!target.categorical) {
            for (Index j = 0; j < width(target); ++j) out.map(to_term + j, from_term + j) = 1.0;
        }
        for (std::size_t l = 1; l < target.levels.size(); ++l) {
            const Index row = to_term + static_cast<Index>(l) - 1;
            const Index position = level_position(*source, target.levels[l]);
            if (position > 0) {
                out.map(row, from_term + position - 1) = 1.0;
            } else if (position == 0) {  // the base level is what all the others leave
                out.shift(row) = 1.0;
                for (Index j = 0; j < width(*source); ++j) out.map(row, from_term + j) = -1.0;
            }
        }
        to_term += width(target);
    }
    return out;
}

}  // namespace tare::stats
