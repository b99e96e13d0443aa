// LIBSVM's training as a call that owns its result, prints nothing and says by an Error what it refuses.
#pragma once

#include <memory>

#include <libsvm/svm.h>

namespace tare::learn {

struct LibsvmDeleter {
    void operator()(svm_model* model) const noexcept { svm_free_and_destroy_model(&model); }
};
/// It points into the rows that it was trained on.
using LibsvmModel = std::unique_ptr<svm_model, LibsvmDeleter>;

/// Trains with the cache and the shrinking that scikit-learn sets. Throws Error (70).
[[nodiscard]] LibsvmModel libsvm_model(const svm_problem& rows, svm_parameter how);

}  // namespace tare::learn
