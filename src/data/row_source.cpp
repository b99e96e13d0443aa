// Pointers to the rows of a matrix.
#include "tare/data/row_source.hpp"

namespace tare::data {

base::RowPointers MatrixRows::rows(std::span<const Index> subjects) {
    std::vector<const double*> pointers;
    pointers.reserve(subjects.size());
    for (const Index subject : subjects) pointers.push_back(values_.data() + subject * values_.columns());
    return pointers;
}

}  // namespace tare::data
