// Laying a cohort out as a table.
#include "tare/data/cohort_table.hpp"

#include "tare/base/number_text.hpp"

namespace tare::data {

Table table_of(const Cohort& cohort) {
    Table table;
    table.source = cohort.source;
    table.header = {"participant_id", "site"};
    for (const Covariate& covariate : cohort.covariates) table.header.push_back(covariate.name);
    const auto text_columns = static_cast<Index>(table.header.size());
    for (Index j = 0; j < text_columns; ++j) table.place.push_back(-1 - j);
    for (Index f = 0; f < cohort.features.features(); ++f) {
        table.header.push_back(cohort.features.names[static_cast<std::size_t>(f)]);
        table.place.push_back(f);
    }
    table.features = cohort.features;
    table.text = TextCells(text_columns);
    for (Index i = 0; i < cohort.subjects(); ++i) {
        const auto row = static_cast<std::size_t>(i);
        table.line_numbers.push_back(static_cast<std::uint32_t>(i) + 2);
        table.text.append(cohort.ids[row]);
        table.text.append(cohort.sites[row]);
        for (const Covariate& covariate : cohort.covariates) {
            if (covariate.missing(i)) {
                table.text.append(base::missing_text);
            } else {
                table.text.append(covariate.categorical ? covariate.levels[row] : base::number_text(covariate.numbers[row]));
            }
        }
    }
    return table;
}

}  // namespace tare::data
