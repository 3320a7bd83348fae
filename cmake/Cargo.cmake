# Cargo inside CMake. Cargo alone knows what is stale, so its targets run at every build; when
# nothing changed that takes a fraction of a second and nothing is linked anew.

find_program(CARGO_EXECUTABLE cargo HINTS "$ENV{CARGO_HOME}/bin" "$ENV{HOME}/.cargo/bin")
find_program(RUSTC_EXECUTABLE rustc HINTS "$ENV{CARGO_HOME}/bin" "$ENV{HOME}/.cargo/bin")
if(NOT CARGO_EXECUTABLE OR NOT RUSTC_EXECUTABLE)
  message(FATAL_ERROR "cargo and rustc are needed: install Rust, or set CARGO_EXECUTABLE and "
    "RUSTC_EXECUTABLE.")
endif()

include("${CMAKE_CURRENT_LIST_DIR}/RustTarget.cmake")
include("${CMAKE_CURRENT_LIST_DIR}/NativeLibraries.cmake")
oss_presign_rust_target(OSS_PRESIGN_TARGET OSS_PRESIGN_CROSS)

# make's job server does not reach through to cargo, which then stumbles over its variables.
set(OSS_PRESIGN_CARGO "${CMAKE_COMMAND}" -E env --unset=MAKEFLAGS --unset=MFLAGS)
if(OSS_PRESIGN_CROSS)
  # Who links for the other machine, and compiles what C and assembly the dependencies have.
  string(REPLACE "-" "_" underscored "${OSS_PRESIGN_TARGET}")
  string(TOUPPER "${underscored}" upper)
  set(flags "${CMAKE_C_FLAGS}")
  set(link_flags)
  if(CMAKE_C_COMPILER_TARGET AND CMAKE_C_COMPILER_ID MATCHES "Clang")
    set(flags "${flags} --target=${CMAKE_C_COMPILER_TARGET}")
    set(link_flags "-Clink-arg=--target=${CMAKE_C_COMPILER_TARGET}")
  endif()
  if(CMAKE_SYSROOT)
    set(flags "${flags} --sysroot=${CMAKE_SYSROOT}")
    set(link_flags "${link_flags} -Clink-arg=--sysroot=${CMAKE_SYSROOT}")
  endif()
  list(APPEND OSS_PRESIGN_CARGO
    "CC_${underscored}=${CMAKE_C_COMPILER}" "AR_${underscored}=${CMAKE_AR}"
    "CFLAGS_${underscored}=${flags}")
  if(NOT MSVC)
    list(APPEND OSS_PRESIGN_CARGO "CARGO_TARGET_${upper}_LINKER=${CMAKE_C_COMPILER}")
  endif()
  if(link_flags)
    list(APPEND OSS_PRESIGN_CARGO "CARGO_TARGET_${upper}_RUSTFLAGS=${link_flags}")
  endif()
endif()
list(APPEND OSS_PRESIGN_CARGO "${CARGO_EXECUTABLE}")

# Where the sources of the dependencies lie on this machine is nobody's business: their paths stand
# in messages of panics. RUSTFLAGS in the environment win over this.
set(cargo_home "$ENV{CARGO_HOME}")
if(NOT cargo_home)
  set(cargo_home "$ENV{HOME}$ENV{USERPROFILE}/.cargo")
endif()
file(TO_CMAKE_PATH "${cargo_home}" cargo_home)
set(OSS_PRESIGN_CARGO_CONFIG --config
  "target.'cfg(all())'.rustflags=['--remap-path-prefix=${cargo_home}/registry/src=']")

# oss_presign_cargo_target(<target> TARGET_DIR <folder> COMMAND <argument>... [RUSTC <argument>...]
#                          BYPRODUCTS <file>... [THEN <command> <argument>...])
# A target that runs cargo, for release.
function(oss_presign_cargo_target target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "TARGET_DIR" "COMMAND;RUSTC;BYPRODUCTS;THEN")
  set(rustc)
  if(arg_RUSTC)
    set(rustc -- ${arg_RUSTC})
  endif()
  set(then)
  if(arg_THEN)
    set(then COMMAND ${arg_THEN})
  endif()
  add_custom_target(${target}
    COMMAND ${OSS_PRESIGN_CARGO} ${arg_COMMAND}
      --release --locked --target-dir "${arg_TARGET_DIR}" ${rustc}
    ${then}
    BYPRODUCTS ${arg_BYPRODUCTS}
    WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}"
    COMMENT "cargo: ${target}"
    USES_TERMINAL
    VERBATIM)
endfunction()

# oss_presign_file_names(<variable>)
# <variable>_static and so on: how the files of the library are called on the target.
function(oss_presign_file_names variable)
  set(static liboss_presign.a)
  set(import)
  if(OSS_PRESIGN_TARGET MATCHES "windows")
    set(shared oss_presign.dll)
    set(soname)
    set(import liboss_presign.dll.a)
    if(OSS_PRESIGN_TARGET MATCHES "msvc")
      set(static oss_presign.lib)
      set(import oss_presign.dll.lib)
    endif()
  elseif(OSS_PRESIGN_TARGET MATCHES "apple")
    set(shared liboss_presign.dylib)
    set(soname "liboss_presign.${OSS_PRESIGN_ABI_VERSION}.dylib")
  else()
    set(shared liboss_presign.so)
    set(soname "liboss_presign.so.${OSS_PRESIGN_ABI_VERSION}")
    if(OSS_PRESIGN_TARGET MATCHES "android")
      set(soname)
    endif()
  endif()
  foreach(name IN ITEMS static shared soname import)
    set(${variable}_${name} "${${name}}" PARENT_SCOPE)
  endforeach()
endfunction()

# oss_presign_cargo_library(<name> TARGET_DIR <folder> [KINDS static shared]
#                           [FEATURES <feature>...] [SIGN_ONLY])
# Imported libraries <name>::static and <name>::shared. The target property OSS_PRESIGN_FOLDER of
# <name>_cargo is where the files are.
function(oss_presign_cargo_library name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "SIGN_ONLY" "TARGET_DIR" "KINDS;FEATURES")
  set(folder "${arg_TARGET_DIR}/release")
  # Without the rlib of `cargo build`: beside that, rustc optimises nothing across crates.
  set(command rustc --package oss-presign --lib)
  if(OSS_PRESIGN_CROSS)
    set(folder "${arg_TARGET_DIR}/${OSS_PRESIGN_TARGET}/release")
    list(APPEND command --target "${OSS_PRESIGN_TARGET}")
  endif()
  # LLVM copies less code into its callers than it does by itself: 70 KB less, and no slower.
  set(rustc RUSTC -Cllvm-args=-inline-threshold=50)
  if(arg_SIGN_ONLY)
    # Small is what it is for: SHA-256 for processors without such instructions is not unrolled.
    set(rustc)
    list(APPEND command --no-default-features
      --config "profile.release.package.oss-presign.opt-level='s'"
      --config "target.'cfg(all())'.rustflags=['--cfg=sha2_backend_soft=\"compact\"']")
  endif()
  if(arg_FEATURES)
    list(JOIN arg_FEATURES "," features)
    list(APPEND command --features "${features}")
  endif()

  oss_presign_file_names(file)
  set(crate_types)
  set(byproducts)
  set(link)
  if("static" IN_LIST arg_KINDS)
    list(APPEND crate_types staticlib)
    list(APPEND byproducts "${folder}/${file_static}")
  endif()
  if("shared" IN_LIST arg_KINDS)
    list(APPEND crate_types cdylib)
    list(APPEND byproducts "${folder}/${file_shared}")
    if(file_import)
      list(APPEND byproducts "${folder}/${file_import}")
    endif()
    if(file_soname)
      # Programs look for the SONAME; cargo makes no file of that name.
      set(link THEN "${CMAKE_COMMAND}" -E create_symlink "${file_shared}"
        "${folder}/${file_soname}")
      list(APPEND byproducts "${folder}/${file_soname}")
    endif()
  endif()
  list(JOIN crate_types "," crate_types)
  oss_presign_cargo_target(${name}_cargo
    TARGET_DIR "${arg_TARGET_DIR}"
    COMMAND ${command} --crate-type "${crate_types}"
      ${OSS_PRESIGN_CARGO_CONFIG} ${OSS_PRESIGN_CARGO_ARGUMENTS}
    ${rustc}
    BYPRODUCTS ${byproducts}
    ${link})
  set_target_properties(${name}_cargo PROPERTIES OSS_PRESIGN_FOLDER "${folder}")

  foreach(kind IN LISTS arg_KINDS)
    string(TOUPPER ${kind} upper)
    # By the names that an installation has, for who exports targets that link them.
    add_library(${name}::${kind} ${upper} IMPORTED GLOBAL)
    add_dependencies(${name}::${kind} ${name}_cargo)
    set_target_properties(${name}::${kind} PROPERTIES
      IMPORTED_LOCATION "${folder}/${file_${kind}}"
      INTERFACE_INCLUDE_DIRECTORIES "${PROJECT_SOURCE_DIR}/include")
  endforeach()
  if(TARGET ${name}::static)
    oss_presign_native_libraries(native "${OSS_PRESIGN_TARGET}")
    set_target_properties(${name}::static PROPERTIES INTERFACE_LINK_LIBRARIES "${native}")
  endif()
  if(TARGET ${name}::shared AND file_import)
    set_target_properties(${name}::shared PROPERTIES
      IMPORTED_IMPLIB "${folder}/${file_import}"
      INTERFACE_COMPILE_DEFINITIONS OSS_PRESIGN_DLL)
  elseif(TARGET ${name}::shared AND file_soname)
    # Else a program would record the whole path of the file.
    set(recorded "${file_soname}")
    if(OSS_PRESIGN_TARGET MATCHES "apple")
      set(recorded "@rpath/${file_soname}")
    endif()
    set_target_properties(${name}::shared PROPERTIES IMPORTED_SONAME "${recorded}")
  elseif(TARGET ${name}::shared)
    set_target_properties(${name}::shared PROPERTIES IMPORTED_SONAME "${file_shared}")
  endif()
endfunction()
