# cmake -DOUTPUT=<file> -P WriteOutput.cmake -- <command> <argument>...
# Runs the command and writes what it prints to the file, which keeps its time when nothing changed.

set(command)
set(started FALSE)
foreach(index RANGE 1 ${CMAKE_ARGC})
  if(started AND index LESS CMAKE_ARGC)
    list(APPEND command "${CMAKE_ARGV${index}}")
  elseif("${CMAKE_ARGV${index}}" STREQUAL "--")
    set(started TRUE)
  endif()
endforeach()

execute_process(COMMAND ${command} OUTPUT_FILE "${OUTPUT}.new" RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  message(FATAL_ERROR "${command}: ${code}")
endif()
file(COPY_FILE "${OUTPUT}.new" "${OUTPUT}" ONLY_IF_DIFFERENT)
file(REMOVE "${OUTPUT}.new")
