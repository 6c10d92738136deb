#include "cupel/process/formulas.hpp"

#include <fmt/format.h>
#include <muParser.h>

#include <algorithm>
#include <cctype>

#include "cupel/base/error.hpp"
#include "cupel/data/nearest_name.hpp"

namespace cupel {

namespace {

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

}  // namespace

struct Formulas::State {
  std::vector<std::string> names;
  std::vector<double> values;
  std::vector<mu::Parser> parsers;
  std::vector<std::vector<int>> reads;
  std::vector<FormulaTree> trees;

  std::string inner(int k) const { return fmt::format("q{}_", k); }
  int find(const std::string& name) const {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end() ? -1 : static_cast<int>(found - names.begin());
  }
  /// The longest name that the text goes on with at `at`: names of letters, digits, points and
  /// blanks need no backquotes. -1: none.
  int name_at(const std::string& text, std::size_t at) const {
    const auto part = [](char c) {
      return is_word(c) || c == '.' || static_cast<unsigned char>(c) >= 0x80;
    };
    int longest = -1;
    for (std::size_t k = 0; k < names.size(); ++k) {
      const std::string& name = names[k];
      const bool plain =
          std::all_of(name.begin(), name.end(), [&](char c) { return part(c) || c == ' '; });
      if (!plain || name.empty() || text.compare(at, name.size(), name) != 0) continue;
      if (at + name.size() < text.size() && part(text[at + name.size()])) continue;
      if (longest < 0 || name.size() > names[static_cast<std::size_t>(longest)].size())
        longest = static_cast<int>(k);
    }
    return longest;
  }
  [[noreturn]] void unknown(const std::string& name, const std::string& label) const {
    const std::string near = nearest_name(name, names);
    std::string all;
    for (const std::string& known : names) all += (all.empty() ? "" : ", ") + known;
    throw Error(
        ErrorKind::usage, fmt::format("{}: there is no '{}' in this problem", label, name),
        (near.empty() ? "" : fmt::format("did you mean '{}'? ", near)) +
            fmt::format("known are: {}; names with signs in them go into `backquotes`", all));
  }
};

namespace {

void refuse_writing(const std::string& text, const std::string& label) {
  for (std::size_t k = 0; k < text.size(); ++k) {
    if (text[k] == '"')
      throw Error(ErrorKind::usage, fmt::format("{}: '{}' holds text in quotes", label, text),
                  "formulas are made of numbers and names; names go into `backquotes`");
    if (text[k] != '=') continue;
    const bool after = k > 0 && std::string("<>!=").find(text[k - 1]) != std::string::npos;
    const bool before = k + 1 < text.size() && text[k + 1] == '=';
    if (!after && !before)
      throw Error(ErrorKind::usage, fmt::format("{}: '{}' assigns with '='", label, text),
                  "a formula only reads; compare with ==, <= or >=");
  }
}

}  // namespace

Formulas::Formulas(std::vector<std::string> names) : state_(std::make_unique<State>()) {
  state_->names = std::move(names);
  state_->values.assign(state_->names.size(), 0);
}
Formulas::~Formulas() = default;
Formulas::Formulas(Formulas&&) noexcept = default;

int Formulas::find(const std::string& name) const { return state_->find(name); }
const std::vector<int>& Formulas::reads(int formula) const { return state_->reads[formula]; }
std::span<double> Formulas::values() { return state_->values; }
std::span<const double> Formulas::values() const { return state_->values; }
const FormulaTree& Formulas::tree(int formula) const { return state_->trees[formula]; }
double Formulas::value(int formula) const { return state_->parsers[formula].Eval(); }

int Formulas::add(const std::string& text, const std::string& label) {
  refuse_writing(text, label);
  std::string inner;  // the text with our names in place of the user's
  std::vector<int> reads;
  const auto name = [&](int k) {
    reads.push_back(k);
    inner += state_->inner(k);
  };
  // Not a function's name, and not a number.
  const auto at_name = [&](std::size_t k) {
    if (std::isdigit(static_cast<unsigned char>(text[k])) != 0) return -1;
    const int known = state_->name_at(text, k);
    if (known < 0) return -1;
    const std::size_t next =
        text.find_first_not_of(' ', k + state_->names[static_cast<std::size_t>(known)].size());
    return next != std::string::npos && text[next] == '(' ? -1 : known;
  };
  for (std::size_t k = 0; k < text.size();) {
    if (text[k] == '`') {
      const std::size_t end = text.find('`', k + 1);
      if (end == std::string::npos)
        throw Error(ErrorKind::usage, fmt::format("{}: a backquote is not closed", label));
      const std::string quoted = text.substr(k + 1, end - k - 1);
      if (state_->find(quoted) < 0) state_->unknown(quoted, label);
      name(state_->find(quoted));
      k = end + 1;
    } else if (const int known = at_name(k); known >= 0) {
      name(known);
      k += state_->names[static_cast<std::size_t>(known)].size();
    } else if (is_word(text[k]) && std::isdigit(static_cast<unsigned char>(text[k])) == 0) {
      std::size_t end = k;
      while (end < text.size() && is_word(text[end])) ++end;
      const std::string word = text.substr(k, end - k);
      const std::size_t next = text.find_first_not_of(' ', end);
      const bool is_function = next != std::string::npos && text[next] == '(';
      if (is_function || word == "_pi" || word == "_e")
        inner += word;
      else
        state_->unknown(word, label);
      k = end;
    } else {  // numbers whole, so that the e of 1e3 is no name
      const bool number = std::isdigit(static_cast<unsigned char>(text[k])) != 0;
      inner += text[k++];
      while (number && k < text.size() &&
             (is_word(text[k]) || text[k] == '.' ||
              ((text[k] == '-' || text[k] == '+') && (text[k - 1] == 'e' || text[k - 1] == 'E'))))
        inner += text[k++];
    }
  }
  std::sort(reads.begin(), reads.end());
  reads.erase(std::unique(reads.begin(), reads.end()), reads.end());
  mu::Parser parser;
  parser.ClearConst();
  parser.DefineConst("_pi", kPi);
  parser.DefineConst("_e", kE);
  try {
    for (const int k : reads) parser.DefineVar(state_->inner(k), &state_->values[k]);
    parser.SetExpr(inner);
    parser.Eval();
  } catch (const mu::Parser::exception_type& problem) {
    throw Error(ErrorKind::usage,
                fmt::format("{}: '{}' cannot be read: {}", label, text, problem.GetMsg()),
                "write it like 0.5 * flow + max(T - 20, 0), numbers with a decimal point and "
                "without units");
  }
  state_->trees.push_back(parse_formula(inner, label));
  state_->parsers.push_back(std::move(parser));
  state_->reads.push_back(std::move(reads));
  return static_cast<int>(state_->parsers.size()) - 1;
}

}  // namespace cupel
