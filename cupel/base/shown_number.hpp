// Numbers for people: few digits, but enough to tell what belongs together apart.
#pragma once

#include <string>

namespace cupel {

/// `least`, or as many digits as show `width` with three of them where `value` is large beside it:
/// 1234567180.8 beside ± 0.54.
int shown_digits(double value, double width, int least);
/// With so many digits.
std::string shown_number(double value, double width, int least);

}  // namespace cupel
