# What an installation offers to C++ programs: the libraries without a user interface, their headers, and find_package(tare).
include(CMakePackageConfigHelpers)
set(package_layers base data compute stats learn imaging io)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/tare)

foreach(layer IN LISTS package_layers)
  install(TARGETS tare_${layer} EXPORT tareTargets ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})
  install(DIRECTORY ${PROJECT_SOURCE_DIR}/include/tare/${layer} DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/tare)
endforeach()
install(EXPORT tareTargets NAMESPACE tare:: DESTINATION ${package_folder})

configure_package_config_file(${CMAKE_CURRENT_LIST_DIR}/tareConfig.cmake.in ${PROJECT_BINARY_DIR}/tareConfig.cmake
  INSTALL_DESTINATION ${package_folder})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/tareConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/tareConfig.cmake ${PROJECT_BINARY_DIR}/tareConfigVersion.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindDeflate.cmake ${CMAKE_CURRENT_LIST_DIR}/FindItkImages.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindLiblinear.cmake ${CMAKE_CURRENT_LIST_DIR}/FindLibsvm.cmake
  ${CMAKE_CURRENT_LIST_DIR}/FindXgboostLibrary.cmake
  DESTINATION ${package_folder})
