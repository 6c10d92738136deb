#include "cupel/study/short_time.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "cupel/base/shell_word.hpp"

namespace cupel {
namespace {

/// What points into the front follows its member; of other choices those that are dropped go.
void drop_untrained(DesignResult& result) {
  std::vector<int> place(result.front.size(), -1);
  std::vector<FrontMember> kept;
  for (std::size_t k = 0; k < result.front.size(); ++k) {
    if (result.front[k].networks.empty()) continue;
    place[k] = static_cast<int>(kept.size());
    kept.push_back(std::move(result.front[k]));
  }
  result.front = std::move(kept);
  result.picked = place[static_cast<std::size_t>(result.picked)];
  for (Choice& choice : result.other_choices)
    choice.index = place[static_cast<std::size_t>(choice.index)];
  std::erase_if(result.other_choices, [](const Choice& choice) { return choice.index < 0; });
}

}  // namespace

void keep_what_was_trained(DesignRun& run, int repeat, const std::vector<Trial>& scored) {
  DesignResult& result = run.result;
  const auto untrained = [](const FrontMember& member) { return member.networks.empty(); };
  if (std::none_of(result.front.begin(), result.front.end(), untrained)) return;
  result.end = DesignEnd::time_limit;
  const FrontMember& pick = picked_member(result);
  const bool stand_in = pick.networks.empty() && !run.part;
  if (stand_in) {
    const FoldData& fold = run.data->folds_of(repeat).front();
    for (std::size_t k = 0; k < result.front.size(); ++k)
      result.front[k].networks =
          run.recipe->members(run.context, scored[k], {scored[k].networks.front()});
    encode_as(*run.data, Encoder(fold.encoder));
    result.why += fmt::format(
        " The time limit ended before it was trained on all rows: its network is that of one fold, "
        "trained on {} of them.",
        std::min<Eigen::Index>(fold.train_inputs.rows(), repeat == 0 ? kSearchRows : kManyRows));
  }
  if (picked_member(result).networks.empty()) {  // one of several recipes
    result.front.clear();
    result.other_choices.clear();
    result.picked = -1;
    return;
  }
  drop_untrained(result);
}

void no_time_for_a_network(const StudyFile& study) {
  throw OutOfTime(ErrorKind::infeasible,
                  "the time limit ended before a network was trained; the study is saved",
                  fmt::format("go on with: cupel resume {}", shell_file(study.path())));
}

}  // namespace cupel
