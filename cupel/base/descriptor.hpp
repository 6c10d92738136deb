// An open file of the operating system, closed on every way out.
#pragma once

#include <unistd.h>

#include <utility>

namespace cupel {

class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor&& other) noexcept : number_(std::exchange(other.number_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(number_, other.number_);
    return *this;
  }
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  /// Negative: not open.
  int number() const { return number_; }
  bool is_open() const { return number_ >= 0; }
  /// False, and errno, where closing found that something was not written.
  bool close() { return ::close(std::exchange(number_, -1)) == 0; }

 private:
  int number_;
};

}  // namespace cupel
