# Finds ITK's readers of NRRD and MetaImage and defines ItkImages::ItkImages, and ItkImages::Filters for what filters need.
# ITK's own package is not asked: it looks for GDCM, HDF5 and all else that ITK was built with, needs a C compiler, and takes
# seconds.
set(ItkImages_versions 5.4 5.3 5.2)
list(TRANSFORM ItkImages_versions PREPEND ITK- OUTPUT_VARIABLE ItkImages_suffixes)
find_path(ItkImages_INCLUDE_DIR itkNrrdImageIO.h PATH_SUFFIXES ${ItkImages_suffixes})
foreach(part IN ITEMS ITKIONRRD ITKIOMeta ITKIOImageBase ITKCommon itkvnl_algo itkvnl)
  list(TRANSFORM ItkImages_versions PREPEND ${part}- OUTPUT_VARIABLE ItkImages_names)
  find_library(ItkImages_${part}_LIBRARY NAMES ${ItkImages_names} ${part})
  list(APPEND ItkImages_library_variables ItkImages_${part}_LIBRARY)
endforeach()
set(ItkImages_libraries ${ItkImages_ITKIONRRD_LIBRARY} ${ItkImages_ITKIOMeta_LIBRARY} ${ItkImages_ITKIOImageBase_LIBRARY}
  ${ItkImages_ITKCommon_LIBRARY})
include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(ItkImages REQUIRED_VARS ${ItkImages_library_variables} ItkImages_INCLUDE_DIR)
if(ItkImages_FOUND AND NOT TARGET ItkImages::ItkImages)
  add_library(ItkImages::ItkImages INTERFACE IMPORTED)
  target_link_libraries(ItkImages::ItkImages INTERFACE ${ItkImages_libraries})
  target_include_directories(ItkImages::ItkImages SYSTEM INTERFACE ${ItkImages_INCLUDE_DIR})
  add_library(ItkImages::Filters INTERFACE IMPORTED)
  target_link_libraries(ItkImages::Filters INTERFACE ${ItkImages_ITKCommon_LIBRARY} ${ItkImages_itkvnl_algo_LIBRARY}
    ${ItkImages_itkvnl_LIBRARY})
  target_include_directories(ItkImages::Filters SYSTEM INTERFACE ${ItkImages_INCLUDE_DIR})
endif()
mark_as_advanced(ItkImages_INCLUDE_DIR ${ItkImages_library_variables})
