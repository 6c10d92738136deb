#include "cupel/process/formula_slopes.hpp"

#include <algorithm>

namespace cupel {
namespace {

bool is_zero(const Interval& slope) { return slope.low == 0 && slope.up == 0; }

/// What a product of slopes may be; 0 stays 0.
Interval scaled(const Interval& slope, const Interval& by) {
  if (is_zero(slope) || is_zero(by)) return point(0);
  return multiply(slope, by);
}

enum class Truth { no, yes, open };

/// && and || take shares of 1 for 0 or for 1: between constants or not.
Truth logic_of(const Interval& value) {
  if (value.low == 0 && value.up == 0) return Truth::no;
  return value.low >= 1 || value.up <= -1 ? Truth::yes : Truth::open;
}

Truth truth_of(const Interval& value) {
  if (value.low == 0 && value.up == 0) return Truth::no;
  return value.holds(0) ? Truth::open : Truth::yes;
}

Interval as_value(Truth truth, bool defined) {
  return {truth == Truth::yes ? 1.0 : 0.0, truth == Truth::no ? 0.0 : 1.0, defined};
}

Truth opposite(Truth truth) {
  return truth == Truth::open ? truth : truth == Truth::yes ? Truth::no : Truth::yes;
}

Truth compared(PartKind kind, const Interval& a, const Interval& b) {
  switch (kind) {
    case PartKind::less:
      return a.up < b.low ? Truth::yes : a.low >= b.up ? Truth::no : Truth::open;
    case PartKind::less_equal:
      return a.up <= b.low ? Truth::yes : a.low > b.up ? Truth::no : Truth::open;
    case PartKind::equal:
      if (a.is_point() && b.is_point() && a.low == b.low) return Truth::yes;
      return a.up < b.low || b.up < a.low ? Truth::no : Truth::open;
    case PartKind::not_equal:
      return opposite(compared(PartKind::equal, a, b));
    case PartKind::both: {
      const Truth left = logic_of(a), right = logic_of(b);
      if (left == Truth::no || right == Truth::no) return Truth::no;
      return left == Truth::yes && right == Truth::yes ? Truth::yes : Truth::open;
    }
    case PartKind::either: {
      const Truth left = logic_of(a), right = logic_of(b);
      if (left == Truth::yes || right == Truth::yes) return Truth::yes;
      return left == Truth::no && right == Truth::no ? Truth::no : Truth::open;
    }
    default:
      return Truth::open;
  }
}

}  // namespace

SlopedFormula::SlopedFormula(const Formulas& formulas, const RangeQuery& query)
    : formulas_(&formulas), query_(&query) {
  const std::span<const double> values = formulas.values();
  names_.resize(values.size());
  for (std::size_t k = 0; k < values.size(); ++k) names_[k].value = point(values[k]);
  std::size_t most = formulas.tree(query.formula).size();
  for (const auto& [name, formula] : query.named)
    most = std::max(most, formulas.tree(formula).size());
  parts_.resize(most);
}

Sloped SlopedFormula::over(std::span<const Interval> box) {
  for (std::size_t k = 0; k < box.size(); ++k) {
    Sloped& name = names_[query_->free[k].name];
    name.value = box[k];
    name.slopes.fill(point(0));
    name.slopes[k] = point(1);
  }
  const auto whole = [&](int formula) {
    const FormulaTree& tree = formulas_->tree(formula);
    return compute(tree, 0, static_cast<int>(tree.size()) - 1);
  };
  for (const auto& [name, formula] : query_->named) names_[name] = whole(formula);
  return whole(query_->formula);
}

const Sloped& SlopedFormula::compute(const FormulaTree& tree, int begin, int whole) {
  for (int k = begin; k <= whole; ++k) {
    const FormulaPart& part = tree[k];
    Sloped& made = parts_[k];
    switch (part.kind) {
      case PartKind::number:
        made.value = point(part.number);
        std::fill_n(made.slopes.begin(), query_->free.size(), point(0));
        break;
      case PartKind::name:
        made = names_[part.name];
        break;
      case PartKind::test:
        choose(tree, part.condition);
        k = part.condition;
        break;
      case PartKind::negate:
      case PartKind::square:
      case PartKind::function:
        apply_function(part, made);
        break;
      case PartKind::less:
      case PartKind::less_equal:
      case PartKind::equal:
      case PartKind::not_equal:
      case PartKind::both:
      case PartKind::either:
        compare(part, made);
        break;
      default:
        combine(part, made);
    }
  }
  return parts_[whole];
}

void SlopedFormula::chain(Sloped& made, const Interval& by_left, const Interval& by_right,
                          const FormulaPart& part) const {
  for (std::size_t k = 0; k < query_->free.size(); ++k) {
    const Interval left = scaled(parts_[part.left].slopes[k], by_left);
    made.slopes[k] =
        part.right < 0 ? left : add(left, scaled(parts_[part.right].slopes[k], by_right));
  }
}

void SlopedFormula::apply_function(const FormulaPart& part, Sloped& made) {
  const Interval& of = parts_[part.left].value;
  Interval slope = point(-1);
  if (part.kind == PartKind::negate) {
    made.value = negate(of);
  } else if (part.kind == PartKind::square) {
    made.value = power(of, point(2));
    slope = multiply(point(2), of);
  } else {
    made.value = apply(part.function, of);
    slope = derivative(part.function, of);
  }
  chain(made, slope, {}, part);
}

void SlopedFormula::compare(const FormulaPart& part, Sloped& made) {
  const Sloped &left = parts_[part.left], &right = parts_[part.right];
  const Truth truth = compared(part.kind, left.value, right.value);
  made.value = as_value(truth, left.value.defined && right.value.defined);
  for (std::size_t k = 0; k < query_->free.size(); ++k)
    made.slopes[k] = truth != Truth::open || (is_zero(left.slopes[k]) && is_zero(right.slopes[k]))
                         ? point(0)
                         : kWholeLine;
}

namespace {

/// Slopes of a ^ b along a and along b.
std::pair<Interval, Interval> power_slopes(const Interval& a, const Interval& b,
                                           const Interval& value) {
  const Interval by_base =
      a.low > 0 || b.is_point() ? multiply(b, power(a, subtract(b, point(1)))) : kWholeLine;
  const Interval by_exponent = a.low > 0 ? multiply(value, apply(FunctionKind::ln, a)) : kWholeLine;
  return {by_base, by_exponent};
}

/// Slopes of atan2(y, x) along y and along x.
std::pair<Interval, Interval> angle_slopes(const Interval& y, const Interval& x) {
  const Interval square = add(power(x, point(2)), power(y, point(2)));
  if (x.low <= 0 && y.low <= 0 && y.up >= 0) return {kWholeLine, kWholeLine};
  return {divide(x, square), divide(negate(y), square)};
}

/// Slopes of min along both; of max with the operands exchanged.
std::pair<Interval, Interval> smaller_slopes(const Interval& a, const Interval& b) {
  if (a.up <= b.low) return {point(1), point(0)};
  if (b.up <= a.low) return {point(0), point(1)};
  return {{0, 1}, {0, 1}};
}

}  // namespace

void SlopedFormula::combine(const FormulaPart& part, Sloped& made) {
  const Interval &a = parts_[part.left].value, &b = parts_[part.right].value;
  std::pair<Interval, Interval> by{point(1), point(1)};
  switch (part.kind) {
    case PartKind::add:
      made.value = add(a, b);
      break;
    case PartKind::subtract:
      made.value = subtract(a, b);
      by.second = point(-1);
      break;
    case PartKind::multiply:
      made.value = multiply(a, b);
      by = {b, a};
      break;
    case PartKind::divide:
      made.value = divide(a, b);
      by = {divide(point(1), b), negate(divide(made.value, b))};
      break;
    case PartKind::power:
      made.value = power(a, b);
      by = power_slopes(a, b, made.value);
      break;
    case PartKind::atan2:
      made.value = arctangent(a, b);
      by = angle_slopes(a, b);
      break;
    case PartKind::min:
      made.value = smaller(a, b);
      by = smaller_slopes(a, b);
      break;
    default:
      made.value = larger(a, b);
      by = smaller_slopes(b, a);  // the operand that is not smaller is the larger
      break;
  }
  if (part.kind != PartKind::min && part.kind != PartKind::max) {
    chain(made, by.first, by.second, part);
    return;
  }
  for (std::size_t k = 0; k < query_->free.size(); ++k) {  // of the one or of the other, never both
    const Interval &left = parts_[part.left].slopes[k], &right = parts_[part.right].slopes[k];
    made.slopes[k] = is_zero(by.second) ? left : is_zero(by.first) ? right : hull(left, right);
  }
}

/// The branch that the condition takes; both where that is open, each on the part of the box where
/// the condition may take it.
void SlopedFormula::choose(const FormulaTree& tree, int choice) {
  const FormulaPart& part = tree[choice];
  const Sloped condition = parts_[part.condition];
  const Truth truth = truth_of(condition.value);
  const auto branch = [&](bool yes) {
    return yes ? compute(tree, tree[part.left].begin, part.left)
               : compute(tree, tree[part.right].begin, part.right);
  };
  if (truth != Truth::open) {
    parts_[choice] = branch(truth == Truth::yes);
  } else {
    std::vector<Sloped> before = names_;
    const bool may_hold = narrow(tree, part.condition, true);
    Sloped yes;
    if (may_hold) yes = branch(true);
    names_ = before;
    const bool may_fail = narrow(tree, part.condition, false);
    parts_[choice] = may_fail ? branch(false) : yes;
    names_ = std::move(before);
    if (may_hold && may_fail) {
      Sloped& made = parts_[choice];
      made.value = hull(yes.value, made.value);
      for (std::size_t k = 0; k < query_->free.size(); ++k)
        made.slopes[k] =
            is_zero(condition.slopes[k]) ? hull(yes.slopes[k], made.slopes[k]) : kWholeLine;
    }
  }
  parts_[choice].value.defined = parts_[choice].value.defined && condition.value.defined;
}

/// Cuts the names to where the condition holds or fails; false: it does so nowhere.
bool SlopedFormula::narrow(const FormulaTree& tree, int condition, bool holds) {
  const FormulaPart& part = tree[condition];
  if (part.kind == PartKind::both || part.kind == PartKind::either) {
    if (holds != (part.kind == PartKind::both)) return true;  // one of two: nothing is certain
    return narrow(tree, part.left, holds) && narrow(tree, part.right, holds);
  }
  const bool is_order = part.kind == PartKind::less || part.kind == PartKind::less_equal;
  if (is_order) {
    const int small = holds ? part.left : part.right, large = holds ? part.right : part.left;
    return narrow_to(tree, small, {-INFINITY, parts_[large].value.up}) &&
           narrow_to(tree, large, {parts_[small].value.low, INFINITY});
  }
  if (part.kind != (holds ? PartKind::equal : PartKind::not_equal)) return true;
  return narrow_to(tree, part.left, parts_[part.right].value) &&
         narrow_to(tree, part.right, parts_[part.left].value);
}

bool SlopedFormula::narrow_to(const FormulaTree& tree, int at, const Interval& to) {
  const FormulaPart& part = tree[at];
  const auto value = [&](int k) { return parts_[k].value; };
  switch (part.kind) {
    case PartKind::name: {
      Interval& name = names_[part.name].value;
      name.low = std::max(name.low, to.low);
      name.up = std::min(name.up, to.up);
      return name.low <= name.up;
    }
    case PartKind::negate:
      return narrow_to(tree, part.left, negate(to));
    case PartKind::add:
      return narrow_to(tree, part.left, subtract(to, value(part.right))) &&
             narrow_to(tree, part.right, subtract(to, value(part.left)));
    case PartKind::subtract:
      return narrow_to(tree, part.left, add(to, value(part.right))) &&
             narrow_to(tree, part.right, subtract(value(part.left), to));
    case PartKind::multiply:
      if (!value(part.right).holds(0) && !narrow_to(tree, part.left, divide(to, value(part.right))))
        return false;
      return value(part.left).holds(0) || narrow_to(tree, part.right, divide(to, value(part.left)));
    case PartKind::divide:
      return value(part.right).holds(0) ||
             narrow_to(tree, part.left, multiply(to, value(part.right)));
    case PartKind::function:
      if (part.function != FunctionKind::abs || !(to.up < INFINITY)) return true;
      return narrow_to(tree, part.left, {-to.up, to.up});
    default:
      return true;
  }
}

}  // namespace cupel
