#include "cupel/process/formula_tree.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "cupel/base/error.hpp"

namespace cupel {
namespace {

constexpr int kDeepest = 200;

struct NamedFunction {
  std::string_view name;
  FunctionKind kind;
};
constexpr std::array kFunctions{
    NamedFunction{"sin", FunctionKind::sin},     NamedFunction{"cos", FunctionKind::cos},
    NamedFunction{"tan", FunctionKind::tan},     NamedFunction{"asin", FunctionKind::asin},
    NamedFunction{"acos", FunctionKind::acos},   NamedFunction{"atan", FunctionKind::atan},
    NamedFunction{"sinh", FunctionKind::sinh},   NamedFunction{"cosh", FunctionKind::cosh},
    NamedFunction{"tanh", FunctionKind::tanh},   NamedFunction{"asinh", FunctionKind::asinh},
    NamedFunction{"acosh", FunctionKind::acosh}, NamedFunction{"atanh", FunctionKind::atanh},
    NamedFunction{"log2", FunctionKind::log2},   NamedFunction{"log10", FunctionKind::log10},
    NamedFunction{"log", FunctionKind::ln},      NamedFunction{"ln", FunctionKind::ln},
    NamedFunction{"exp", FunctionKind::exp},     NamedFunction{"sqrt", FunctionKind::sqrt},
    NamedFunction{"sign", FunctionKind::sign},   NamedFunction{"rint", FunctionKind::rint},
    NamedFunction{"abs", FunctionKind::abs}};

bool is_digit(char c) { return std::isdigit(static_cast<unsigned char>(c)) != 0; }

/// Recursive descent; every rule leaves the number of the part that it made last.
class Reader {
 public:
  Reader(std::string_view text, const std::string& label) : text_(text), label_(label) {}

  FormulaTree read() {
    choice();
    if (!peek().empty()) refuse();
    return std::move(parts_);
  }

 private:
  [[noreturn]] void refuse(const char* why = "cannot be understood") const {
    throw Error(ErrorKind::usage, fmt::format("{}: '{}' {}", label_, text_.substr(at_), why),
                "write it like 0.5 * flow + max(T - 20, 0)");
  }

  std::string_view peek() {
    while (at_ < text_.size() && std::isspace(static_cast<unsigned char>(text_[at_])) != 0) ++at_;
    return text_.substr(at_);
  }
  bool takes(std::string_view sign) {
    if (!peek().starts_with(sign)) return false;
    at_ += sign.size();
    return true;
  }
  void needs(std::string_view sign) {
    if (!takes(sign)) refuse();
  }

  int last() const { return static_cast<int>(parts_.size()) - 1; }
  int push(FormulaPart part) {
    parts_.push_back(part);
    return last();
  }
  int leaf(FormulaPart part) {
    part.begin = last() + 1;
    return push(part);
  }
  int of_one(PartKind kind, int of, FunctionKind function = FunctionKind::abs) {
    return push({.kind = kind, .begin = parts_[of].begin, .left = of, .function = function});
  }
  int of_two(PartKind kind, int left, int right) {
    if (kind == PartKind::multiply && are_equal(left, right)) {
      parts_.resize(static_cast<std::size_t>(left) + 1);
      return of_one(PartKind::square, left);
    }
    return push({.kind = kind, .begin = parts_[left].begin, .left = left, .right = right});
  }

  bool are_equal(int left, int right) const {
    const int size = left - parts_[left].begin, shift = right - left;
    if (right - parts_[right].begin != size) return false;
    for (int k = parts_[left].begin; k <= left; ++k) {
      const FormulaPart &a = parts_[k], &b = parts_[k + shift];
      if (a.kind != b.kind || a.number != b.number || a.name != b.name || a.function != b.function)
        return false;
      for (const auto operand : {&FormulaPart::left, &FormulaPart::right, &FormulaPart::condition})
        if (a.*operand != b.*operand && a.*operand + shift != b.*operand) return false;
    }
    return true;
  }

  int choice() {
    if (++depth_ > kDeepest) refuse("is nested too deeply");
    int made = either();
    if (takes("?")) {
      const int condition = made;
      const int test = push({.kind = PartKind::test, .begin = last() + 1, .left = condition});
      const int yes = choice();
      needs(":");
      const int no = choice();
      made = push({.kind = PartKind::choice,
                   .begin = parts_[condition].begin,
                   .left = yes,
                   .right = no,
                   .condition = condition});
      parts_[test].condition = made;
    }
    --depth_;
    return made;
  }

  int either() {
    int made = both();
    while (takes("||")) made = of_two(PartKind::either, made, both());
    return made;
  }
  int both() {
    int made = comparison();
    while (takes("&&")) made = of_two(PartKind::both, made, comparison());
    return made;
  }

  int comparison() {
    int made = sum();
    for (;;) {
      if (takes("<="))
        made = of_two(PartKind::less_equal, made, sum());
      else if (takes(">="))
        made = turned(PartKind::less_equal, made);
      else if (takes("=="))
        made = of_two(PartKind::equal, made, sum());
      else if (takes("!="))
        made = of_two(PartKind::not_equal, made, sum());
      else if (takes("<"))
        made = of_two(PartKind::less, made, sum());
      else if (takes(">"))
        made = turned(PartKind::less, made);
      else
        return made;
    }
  }
  /// left > right is right < left; the parts stay in the order of reading.
  int turned(PartKind kind, int left) {
    const int right = sum();
    return push({.kind = kind, .begin = parts_[left].begin, .left = right, .right = left});
  }

  int sum() {
    int made = product();
    for (;;) {
      if (takes("+"))
        made = of_two(PartKind::add, made, product());
      else if (takes("-"))
        made = of_two(PartKind::subtract, made, product());
      else
        return made;
    }
  }
  int product() {
    int made = signed_power();
    for (;;) {
      if (takes("*"))
        made = of_two(PartKind::multiply, made, signed_power());
      else if (takes("/"))
        made = of_two(PartKind::divide, made, signed_power());
      else
        return made;
    }
  }

  /// A sign binds less than ^ on its right: -2^2 is -4.
  int signed_power() {
    if (++depth_ > kDeepest) refuse("is nested too deeply");
    int made = 0;
    if (takes("-")) {
      made = of_one(PartKind::negate, signed_power());
    } else if (takes("+")) {
      made = signed_power();
    } else {
      made = operand();
      if (takes("^")) made = of_two(PartKind::power, made, signed_power());
    }
    --depth_;
    return made;
  }

  int operand() {
    const std::string_view rest = peek();
    if (takes("(")) {
      const int made = choice();
      needs(")");
      return made;
    }
    if (rest.empty()) refuse();
    if (is_digit(rest[0]) || rest[0] == '.') return number();
    return name_or_function();
  }

  int number() {
    double value = 0;
    const char* begin = text_.data() + at_;
    const auto [end, error] = std::from_chars(begin, text_.data() + text_.size(), value);
    if (error != std::errc()) refuse();
    at_ += static_cast<std::size_t>(end - begin);
    return leaf({.kind = PartKind::number, .number = value});
  }

  int name_or_function() {
    std::size_t end = at_;
    while (end < text_.size() && (is_digit(text_[end]) || text_[end] == '_' ||
                                  std::isalpha(static_cast<unsigned char>(text_[end])) != 0))
      ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    if (word.empty()) refuse();
    if (word == "_pi" || word == "_e") {
      at_ = end;
      return leaf({.kind = PartKind::number, .number = word == "_pi" ? kPi : kE});
    }
    if (word.size() > 2 && word[0] == 'q' && word.back() == '_' && is_digit(word[1])) {
      int name = 0;
      std::from_chars(word.data() + 1, word.data() + word.size() - 1, name);
      at_ = end;
      return leaf({.kind = PartKind::name, .name = name});
    }
    const auto known = std::find_if(kFunctions.begin(), kFunctions.end(),
                                    [&](const NamedFunction& one) { return one.name == word; });
    const bool of_many = word == "min" || word == "max" || word == "sum" || word == "avg";
    if (known == kFunctions.end() && word != "atan2" && !of_many) refuse();
    at_ = end;
    needs("(");
    int made = choice();
    if (known != kFunctions.end()) {
      made = of_one(PartKind::function, made, known->kind);
    } else if (!of_many) {
      needs(",");
      made = of_two(PartKind::atan2, made, choice());
    } else {
      made = of_many_values(word, made);
    }
    needs(")");
    return made;
  }

  int of_many_values(std::string_view function, int made) {
    const PartKind kind = function == "min"   ? PartKind::min
                          : function == "max" ? PartKind::max
                                              : PartKind::add;
    int values = 1;
    for (; takes(","); ++values) made = of_two(kind, made, choice());
    if (function != "avg") return made;
    return of_two(PartKind::divide, made,
                  leaf({.kind = PartKind::number, .number = static_cast<double>(values)}));
  }

  std::string_view text_;
  const std::string& label_;
  std::size_t at_ = 0;
  int depth_ = 0;
  FormulaTree parts_;
};

}  // namespace

FormulaTree parse_formula(std::string_view text, const std::string& label) {
  return Reader(text, label).read();
}

}  // namespace cupel
