# oss_presign_native_libraries(<variable> <rust-target>)
# What a program that links the static library needs besides. `rustc --print native-static-libs`
# states it only while it builds, and a static archive cannot say it; so the lists stand here, and
# tests/abi/native_libraries.py compares those of the machine it runs on with rustc's.
function(oss_presign_native_libraries variable target)
  if(OSS_PRESIGN_NATIVE_LIBRARIES)
    set(libraries "${OSS_PRESIGN_NATIVE_LIBRARIES}")
  elseif(target MATCHES "-linux-gnu")
    set(libraries gcc_s util rt pthread m dl c)
  elseif(target MATCHES "-unknown-linux-musl")
    set(libraries unwind c)
  elseif(target MATCHES "-linux-android")
    set(libraries dl log unwind m c)
  elseif(target MATCHES "-apple-(darwin|ios)")
    set(libraries iconv System c m)
  elseif(target MATCHES "-windows-gnu")
    set(libraries bcrypt advapi32 kernel32 ntdll userenv ws2_32 dbghelp)
  else()
    message(FATAL_ERROR "Which libraries does a program for ${target} need besides the static "
      "library? Set OSS_PRESIGN_NATIVE_LIBRARIES to what `cargo rustc --lib --crate-type staticlib "
      "--target ${target} -- --print native-static-libs` says.")
  endif()
  # CMake drops an item that stands twice; two frameworks are "-framework A" and "-framework B" to it.
  string(REPLACE "-framework;" "-framework " libraries "${libraries}")
  list(TRANSFORM libraries REPLACE "^([^-].*)" "-l\\1")
  set(${variable} "${libraries}" PARENT_SCOPE)
endfunction()
