# Finds librsvg with Cairo and defines Rsvg::Headers (Debian's librsvg2-dev is described to pkg-config only). The library
# itself is loaded by who needs it.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(RSVG QUIET IMPORTED_TARGET librsvg-2.0>=2.48 cairo cairo-png)
endif()
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Rsvg REQUIRED_VARS RSVG_LIBRARIES RSVG_INCLUDE_DIRS VERSION_VAR RSVG_librsvg-2.0_VERSION)
if(Rsvg_FOUND AND NOT TARGET Rsvg::Headers)
  add_library(Rsvg::Headers INTERFACE IMPORTED)
  target_include_directories(Rsvg::Headers SYSTEM INTERFACE ${RSVG_INCLUDE_DIRS})
  target_link_libraries(Rsvg::Headers INTERFACE ${CMAKE_DL_LIBS})
endif()
