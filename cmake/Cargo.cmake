# Cargo inside CMake. Cargo alone knows what is stale, so its targets run at every build; when
# nothing changed that takes a fraction of a second and nothing is linked anew.

if(WIN32)
  message(FATAL_ERROR "This CMake project does not build on Windows yet; build with cargo.")
endif()

find_program(CARGO_EXECUTABLE cargo HINTS "$ENV{CARGO_HOME}/bin" "$ENV{HOME}/.cargo/bin")
find_program(RUSTC_EXECUTABLE rustc HINTS "$ENV{CARGO_HOME}/bin" "$ENV{HOME}/.cargo/bin")
if(NOT CARGO_EXECUTABLE OR NOT RUSTC_EXECUTABLE)
  message(FATAL_ERROR "cargo and rustc are needed: install Rust, or set CARGO_EXECUTABLE and "
    "RUSTC_EXECUTABLE.")
endif()

# oss_presign_native_libraries(<variable>)
# What a program that links the static library needs besides, as rustc states it.
function(oss_presign_native_libraries variable)
  file(WRITE "${CMAKE_BINARY_DIR}/native-libraries/empty.rs" "")
  execute_process(
    COMMAND "${RUSTC_EXECUTABLE}" --crate-type staticlib --print native-static-libs empty.rs
    WORKING_DIRECTORY "${CMAKE_BINARY_DIR}/native-libraries"
    ERROR_VARIABLE output
    RESULT_VARIABLE code)
  if(NOT code EQUAL 0 OR NOT output MATCHES "native-static-libs: ([^\n]*)")
    message(FATAL_ERROR "rustc does not tell the native libraries:\n${output}")
  endif()
  separate_arguments(libraries UNIX_COMMAND "${CMAKE_MATCH_1}")
  set(${variable} "${libraries}" PARENT_SCOPE)
endfunction()

# oss_presign_cargo_target(<target> TARGET_DIR <folder> ARGUMENTS <argument>...
#                          BYPRODUCTS <file>... [THEN <command> <argument>...])
# A target that runs `cargo build --release`.
function(oss_presign_cargo_target target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TARGET_DIR" "ARGUMENTS;BYPRODUCTS;THEN")
  set(then)
  if(arg_THEN)
    set(then COMMAND ${arg_THEN})
  endif()
  add_custom_target(${target}
    # make's job server does not reach through to cargo, which then stumbles over its variables.
    COMMAND "${CMAKE_COMMAND}" -E env --unset=MAKEFLAGS --unset=MFLAGS
      "${CARGO_EXECUTABLE}" build --release --locked --target-dir "${arg_TARGET_DIR}"
      ${arg_ARGUMENTS}
    ${then}
    BYPRODUCTS ${arg_BYPRODUCTS}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "cargo build: ${target}"
    USES_TERMINAL
    VERBATIM)
endfunction()

# oss_presign_cargo_library(<name> TARGET_DIR <folder> [FEATURES <feature>...])
# Imported libraries <name>_static and <name>_shared.
function(oss_presign_cargo_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TARGET_DIR" "FEATURES")
  set(folder "${arg_TARGET_DIR}/release")
  set(static "${folder}/liboss_presign.a")
  if(APPLE)
    set(shared "${folder}/liboss_presign.dylib")
    set(soname "liboss_presign.${OSS_PRESIGN_ABI_VERSION}.dylib")
    set(recorded "@rpath/${soname}")
  else()
    set(shared "${folder}/liboss_presign.so")
    set(soname "liboss_presign.so.${OSS_PRESIGN_ABI_VERSION}")
    set(recorded "${soname}")
  endif()
  set(features)
  if(arg_FEATURES)
    list(JOIN arg_FEATURES "," features)
    set(features --features "${features}")
  endif()
  get_filename_component(file_name "${shared}" NAME)
  oss_presign_cargo_target(${name}_cargo
    TARGET_DIR "${arg_TARGET_DIR}"
    ARGUMENTS --package oss-presign --lib ${features}
    BYPRODUCTS "${static}" "${shared}" "${folder}/${soname}"
    # Programs look for the SONAME; cargo makes no file of that name.
    THEN "${CMAKE_COMMAND}" -E create_symlink "${file_name}" "${folder}/${soname}")

  oss_presign_native_libraries(native)
  foreach(kind IN ITEMS static shared)
    string(TOUPPER ${kind} upper)
    add_library(${name}_${kind} ${upper} IMPORTED GLOBAL)
    add_dependencies(${name}_${kind} ${name}_cargo)
    set_target_properties(${name}_${kind} PROPERTIES
      IMPORTED_LOCATION "${${kind}}"
      INTERFACE_INCLUDE_DIRECTORIES "${PROJECT_SOURCE_DIR}/include")
  endforeach()
  set_target_properties(${name}_static PROPERTIES INTERFACE_LINK_LIBRARIES "${native}")
  # Else a program would record the whole path of the file.
  set_target_properties(${name}_shared PROPERTIES IMPORTED_SONAME "${recorded}")
endfunction()
