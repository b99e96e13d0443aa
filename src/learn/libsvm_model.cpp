// The one place that calls LIBSVM's solver.
#include "libsvm_model.hpp"

#include <string>

#include "tare/base/error.hpp"

namespace tare::learn {

namespace {

constexpr double cache_megabytes = 200;

void print_nothing(const char* /*text*/) {}

}  // namespace

LibsvmModel libsvm_model(const svm_problem& rows, svm_parameter how) {
    static const bool silenced = (svm_set_print_string_function(print_nothing), true);
    static_cast<void>(silenced);
    how.cache_size = cache_megabytes;
    how.shrinking = 1;
    if (const char* const wrong = svm_check_parameter(&rows, &how)) {
        throw base::Error(base::ExitCode::internal, std::string("LIBSVM: ") + wrong);
    }
    return LibsvmModel(svm_train(&rows, &how));
}

}  // namespace tare::learn
