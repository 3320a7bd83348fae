# `cmake --install`: the header, the libraries without their debug information, which lies beside
# them, and what find_package and pkg-config read. Components: runtime, development, debug.

include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

get_target_property(folder oss_presign_cargo OSS_PRESIGN_FOLDER)
set(release "${CMAKE_CURRENT_BINARY_DIR}/release")
file(MAKE_DIRECTORY "${release}")
oss_presign_file_names(file)

# objcopy of the compiler's own kind knows the target's files; Apple and MSVC have no such tool.
if(CMAKE_OBJCOPY AND NOT OSS_PRESIGN_TARGET MATCHES "apple|msvc")
  set(split TRUE)
endif()
set(installed)

# oss_presign_release_file(<name> <from> [DEBUG <debug-name>] [OPTIONS <objcopy-argument>...])
# <release>/<name>, made of the file <from> that cargo made by objcopy with OPTIONS; before that
# <release>/<debug-name>, its debug information. Where objcopy cannot, <from> is copied as it is.
function(oss_presign_release_file name from)
  cmake_parse_arguments(PARSE_ARGV 2 arg "" "DEBUG" "OPTIONS")
  set(commands)
  set(output "${release}/${name}")
  if(NOT split)
    set(commands COMMAND "${CMAKE_COMMAND}" -E copy "${folder}/${from}" "${output}")
  else()
    if(arg_DEBUG)
      set(commands COMMAND "${CMAKE_OBJCOPY}" --only-keep-debug "${folder}/${from}" "${arg_DEBUG}")
    endif()
    list(APPEND commands
      COMMAND "${CMAKE_OBJCOPY}" ${arg_OPTIONS} "${folder}/${from}" "${output}")
  endif()
  add_custom_command(OUTPUT "${output}" ${commands}
    DEPENDS oss_presign_cargo "${folder}/${from}"
    WORKING_DIRECTORY "${release}"
    VERBATIM)
  set(installed ${installed} "${output}" PARENT_SCOPE)
endfunction()

set(shared_directory "${CMAKE_INSTALL_LIBDIR}")
if(TARGET oss_presign::shared)
  set(real "${file_shared}")
  if(OSS_PRESIGN_TARGET MATCHES "windows")
    set(shared_directory "${CMAKE_INSTALL_BINDIR}")
    install(FILES "${folder}/${file_import}"
      DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
  elseif(file_soname AND NOT OSS_PRESIGN_TARGET MATCHES "apple")
    set(real "${file_shared}.${PROJECT_VERSION}")
  elseif(file_soname)
    set(real "liboss_presign.${PROJECT_VERSION}.dylib")
  endif()
  oss_presign_release_file("${real}" "${file_shared}" DEBUG "${real}.debug"
    OPTIONS --strip-unneeded "--add-gnu-debuglink=${real}.debug")
  install(PROGRAMS "${release}/${real}" DESTINATION "${shared_directory}" COMPONENT runtime)
  if(split)
    # Where debuggers look.
    install(FILES "${release}/${real}.debug"
      DESTINATION "${shared_directory}/.debug" COMPONENT debug)
  endif()
  if(file_soname)
    file(CREATE_LINK "${real}" "${release}/${file_soname}" SYMBOLIC)
    file(CREATE_LINK "${file_soname}" "${release}/${file_shared}" SYMBOLIC)
    install(FILES "${release}/${file_soname}" DESTINATION "${shared_directory}" COMPONENT runtime)
    install(FILES "${release}/${file_shared}"
      DESTINATION "${shared_directory}" COMPONENT development)
  endif()
endif()
if(TARGET oss_presign::static)
  oss_presign_release_file("${file_static}" "${file_static}" OPTIONS --strip-debug)
  install(FILES "${release}/${file_static}"
    DESTINATION "${CMAKE_INSTALL_LIBDIR}" COMPONENT development)
endif()
add_custom_target(oss_presign_release ALL DEPENDS ${installed})

install(FILES "${PROJECT_SOURCE_DIR}/include/oss_presign.h"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)
install(DIRECTORY "${PROJECT_SOURCE_DIR}/bindings/cpp/include/"
  DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}" COMPONENT development)

# find_package. install(EXPORT) knows no imported targets, so the file is written out.
set(native)
if(TARGET oss_presign::static)
  get_target_property(native oss_presign::static INTERFACE_LINK_LIBRARIES)
endif()
set(package_directory "${CMAKE_INSTALL_LIBDIR}/cmake/oss_presign")
configure_package_config_file("${CMAKE_CURRENT_LIST_DIR}/oss_presign-config.cmake.in"
  "${CMAKE_CURRENT_BINARY_DIR}/oss_presign-config.cmake"
  INSTALL_DESTINATION "${package_directory}"
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR shared_directory)
write_basic_package_version_file("${CMAKE_CURRENT_BINARY_DIR}/oss_presign-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${CMAKE_CURRENT_BINARY_DIR}/oss_presign-config.cmake"
  "${CMAKE_CURRENT_BINARY_DIR}/oss_presign-config-version.cmake"
  DESTINATION "${package_directory}" COMPONENT development)

# pkg-config, relative to the file itself, so that the folder can be moved.
set(pkgconfig_directory "${CMAKE_INSTALL_LIBDIR}/pkgconfig")
file(RELATIVE_PATH to_prefix "/prefix/${pkgconfig_directory}" "/prefix")
set(prefix "\${pcfiledir}/${to_prefix}")
foreach(kind IN ITEMS LIB INCLUDE)
  set(directory "${CMAKE_INSTALL_${kind}DIR}")
  if(IS_ABSOLUTE "${directory}")
    set(prefix "${CMAKE_INSTALL_PREFIX}")
  else()
    set(directory "\${prefix}/${directory}")
  endif()
  set(${kind}_directory "${directory}")
endforeach()
# Who links the static library needs the native ones; if there is no other, that is everybody.
list(JOIN native " " native_flags)
set(private_flags "${native_flags}")
set(link_flags "-L\${libdir} -loss_presign")
if(NOT TARGET oss_presign::shared)
  set(private_flags)
  string(APPEND link_flags " ${native_flags}")
endif()
configure_file("${CMAKE_CURRENT_LIST_DIR}/oss_presign.pc.in"
  "${CMAKE_CURRENT_BINARY_DIR}/oss_presign.pc" @ONLY)
install(FILES "${CMAKE_CURRENT_BINARY_DIR}/oss_presign.pc"
  DESTINATION "${pkgconfig_directory}" COMPONENT development)
