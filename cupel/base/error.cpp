#include "cupel/base/error.hpp"

#include <utility>

namespace cupel {

int exit_code(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::runtime:
      return 1;
    case ErrorKind::usage:
      return 2;
    case ErrorKind::bad_data:
      return 3;
    case ErrorKind::infeasible:
      return 4;
  }
  return 1;
}

Error::Error(ErrorKind kind, std::string message, std::string hint)
    : kind_(kind), message_(std::move(message)), hint_(std::move(hint)), text_(message_) {
  if (!hint_.empty()) text_ += "\n  " + hint_;
}

}  // namespace cupel
