# Finds LIBSVM and defines Libsvm::Libsvm (it has no CMake package of its own).
find_path(Libsvm_INCLUDE_DIR libsvm/svm.h)
find_library(Libsvm_LIBRARY svm)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Libsvm REQUIRED_VARS Libsvm_LIBRARY Libsvm_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "LIBSVM trains the learners with a kernel (on Debian: apt-get install libsvm-dev)")
if(Libsvm_FOUND AND NOT TARGET Libsvm::Libsvm)
  add_library(Libsvm::Libsvm UNKNOWN IMPORTED)
  set_target_properties(Libsvm::Libsvm PROPERTIES IMPORTED_LOCATION ${Libsvm_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${Libsvm_INCLUDE_DIR})
endif()
mark_as_advanced(Libsvm_INCLUDE_DIR Libsvm_LIBRARY)
