# The sources as Apple's compilers and others would see them; nothing of this is linked.

set(objc "${PROJECT_SOURCE_DIR}/bindings/objc")
set(object "${CMAKE_CURRENT_BINARY_DIR}/compiled")
file(MAKE_DIRECTORY "${object}")
set(each_of bash "${CMAKE_CURRENT_SOURCE_DIR}/each.sh")
set(each ${each_of} ${sources} -- "${CMAKE_OBJC_COMPILER}")
file(GLOB examples CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/examples/objc/*.m")
set(includes "-I${objc}/include" "-I${PROJECT_SOURCE_DIR}/include")
set(arc -fobjc-arc)
set(mrc -fno-objc-arc)

# ARC against the Foundation that there is here, as with libobjc2, which Debian does not have.
add_test(NAME objc/compile/gnustep-2.0/arc 
  COMMAND ${each_of} ${sources} ${examples} -- "${CMAKE_OBJC_COMPILER}" ${arc}
  -fobjc-runtime=gnustep-2.0
  "-I${CMAKE_CURRENT_SOURCE_DIR}/gnustep/arc" "-I${CMAKE_CURRENT_SOURCE_DIR}/gnustep"
  ${flags} ${includes} ${warnings} -c -o "${object}/gnustep.o")

# Both against declarations as Apple has them, for each kind of device.
set(apple -fblocks -nostdlibinc -isystem "${CMAKE_CURRENT_SOURCE_DIR}/apple" ${includes}
  ${warnings} -Wnullability-completeness)
foreach(target IN ITEMS arm64-apple-ios13 arm64-apple-ios13-simulator x86_64-apple-ios13-simulator
    arm64-apple-macos11 x86_64-apple-macos11)
  foreach(memory IN ITEMS arc mrc)
    add_test(NAME objc/compile/${target}/${memory}
      COMMAND ${each} -target ${target} ${${memory}} ${apple} -c -o "${object}/${target}-${memory}.o")
  endforeach()
endforeach()

set(ios "${CMAKE_OBJC_COMPILER}" -target arm64-apple-ios13 ${arc} ${apple})
foreach(memory IN ITEMS arc mrc)
  add_test(NAME objc/analyze/${memory} COMMAND ${each} --analyze --analyzer-output text
    -Xclang -analyzer-werror -target arm64-apple-ios13 ${${memory}} ${apple})
endforeach()
add_test(NAME objc/module COMMAND ${ios} -fmodules "-fmodules-cache-path=${object}/modules"
  -fsyntax-only "${CMAKE_CURRENT_SOURCE_DIR}/module.m")
add_test(NAME objc/documented COMMAND "${Python3_EXECUTABLE}"
  "${CMAKE_CURRENT_SOURCE_DIR}/documented.py" "${objc}/include" -- ${ios} -x objective-c)
add_test(NAME objc/readme COMMAND "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_SOURCE_DIR}/readme.py"
  "${objc}/README.md" "${PROJECT_SOURCE_DIR}/README.md" -- ${ios} -Wno-unused
  -Wno-unused-parameter)
add_test(NAME objc/drift COMMAND "${Python3_EXECUTABLE}" "${CMAKE_CURRENT_SOURCE_DIR}/drift.py"
  "${PROJECT_SOURCE_DIR}/include/oss_presign.h" "${objc}/src" "${object}/drift" --
  "${CMAKE_OBJC_COMPILER}" -target arm64-apple-ios13 ${arc} -fblocks -nostdlibinc
  -isystem "${CMAKE_CURRENT_SOURCE_DIR}/apple" "-I${objc}/include")
