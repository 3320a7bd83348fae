# The header alone, as each compiler and each language standard sees it.

set(OSS_PRESIGN_COMPILERS "gcc;clang" CACHE STRING
  "Compilers that must accept the header; a subset of gcc and clang")

set(gcc_c gcc)
set(gcc_cxx g++)
set(clang_c clang)
set(clang_cxx clang++)

function(oss_header_test language compiler program standard)
  set(flags -Wall -Wextra -Wpedantic -Werror)
  if(language STREQUAL c)
    list(APPEND flags -Wstrict-prototypes)
    set(input -x c)
  else()
    set(input -x c++)
  endif()
  # C23 has been c2x for some time.
  set(accepted)
  foreach(spelling IN ITEMS "${standard}" ${ARGN})
    execute_process(
      COMMAND "${program}" "-std=${spelling}" ${input} -fsyntax-only /dev/null
      RESULT_VARIABLE code OUTPUT_QUIET ERROR_QUIET)
    if(code EQUAL 0)
      set(accepted "${spelling}")
      break()
    endif()
  endforeach()
  if(NOT accepted)
    if(standard STREQUAL c23)
      return()
    endif()
    message(FATAL_ERROR "${program} does not know ${standard}.")
  endif()
  add_test(NAME "header/${compiler}/${standard}"
    COMMAND "${program}" "-std=${accepted}" ${flags} "-I${PROJECT_SOURCE_DIR}/include"
      ${input} -c "${CMAKE_CURRENT_SOURCE_DIR}/header.c" -o "header-${compiler}-${standard}.o")
endfunction()

if(NOT OSS_PRESIGN_COMPILERS)
  message(FATAL_ERROR "OSS_PRESIGN_COMPILERS is empty: give gcc, clang or both.")
endif()
foreach(compiler IN LISTS OSS_PRESIGN_COMPILERS)
  if(NOT compiler MATCHES "^(gcc|clang)$")
    message(FATAL_ERROR "OSS_PRESIGN_COMPILERS: ${compiler} is neither gcc nor clang.")
  endif()
  foreach(language IN ITEMS c cxx)
    set(program "${${compiler}_${language}}")
    find_program(OSS_PRESIGN_${compiler}_${language} "${program}")
    if(NOT OSS_PRESIGN_${compiler}_${language})
      message(FATAL_ERROR "The header is tested with ${program}, which is not here: install it, or "
        "leave ${compiler} out of -DOSS_PRESIGN_COMPILERS=\"${OSS_PRESIGN_COMPILERS}\".")
    endif()
  endforeach()
  foreach(standard IN ITEMS c99 c11 c17)
    oss_header_test(c ${compiler} "${OSS_PRESIGN_${compiler}_c}" ${standard})
  endforeach()
  oss_header_test(c ${compiler} "${OSS_PRESIGN_${compiler}_c}" c23 c2x)
  foreach(standard IN ITEMS c++11 c++17 c++20)
    oss_header_test(cxx ${compiler} "${OSS_PRESIGN_${compiler}_cxx}" ${standard})
  endforeach()
endforeach()
