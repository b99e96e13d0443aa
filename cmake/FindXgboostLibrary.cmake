# Finds XGBoost's C library and defines XgboostLibrary::XgboostLibrary. Its own CMake package is not asked: it also wants
# the command-line program of the same build.
find_path(XgboostLibrary_INCLUDE_DIR xgboost/c_api.h)
find_library(XgboostLibrary_LIBRARY xgboost)
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(XgboostLibrary REQUIRED_VARS XgboostLibrary_LIBRARY XgboostLibrary_INCLUDE_DIR
  REASON_FAILURE_MESSAGE "XGBoost trains the boosted trees (on Debian: apt-get install libxgboost-dev)")
if(XgboostLibrary_FOUND AND NOT TARGET XgboostLibrary::XgboostLibrary)
  add_library(XgboostLibrary::XgboostLibrary UNKNOWN IMPORTED)
  set_target_properties(XgboostLibrary::XgboostLibrary PROPERTIES IMPORTED_LOCATION ${XgboostLibrary_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${XgboostLibrary_INCLUDE_DIR})
endif()
mark_as_advanced(XgboostLibrary_INCLUDE_DIR XgboostLibrary_LIBRARY)
