// One program of code with exceptions and code without: see CMakeLists.txt.
#ifndef MIXED_HPP
#define MIXED_HPP

/// Downloads to a callable and returns how many bytes came; compiled without exceptions.
long long download_without_exceptions(const char* url);

#endif
