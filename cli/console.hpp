// The two streams of the program. What is said on stderr never ends a run: where it can go
// nowhere, it is dropped. What is printed on stdout is the result: where it can go nowhere, the
// run fails, with all files that it has written in place.
#pragma once

#include <string_view>

namespace cupel::cli {

/// Thrown by print() and flush_output() when nobody reads stdout any more (`cupel ... | head`):
/// the end of the run, as an interrupt is, without a message.
struct ReaderGone {};

/// Descriptors 0, 1 and 2, where the caller has closed them, become /dev/null, so that no file
/// opened later takes their place; reading 0 and writing 1 then fail. A broken pipe and a file
/// that may not grow become errors like any other. To be called first of all.
void prepare_streams();

/// To stderr. Never fails, and waits once only for a reader that takes nothing.
void say(std::string_view text) noexcept;
/// The same for a process that must end: dropped where stderr takes nothing within 0.2 s.
void say_last(std::string_view text) noexcept;

/// To stdout. Throws Error{runtime} when it is closed or full, ReaderGone.
void print(std::string_view text);
/// What print() has kept back. Throws as print() does.
void flush_output();

}  // namespace cupel::cli
