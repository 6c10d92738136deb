#include "cli/help.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <array>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace cupel::cli {
namespace {

/// Groups of options that are for those who know the method.
constexpr std::array<std::string_view, 4> kSpecial = {"Search", "Networks", "Elimination",
                                                      "Images"};

class ShortFormatter : public CLI::Formatter {
 public:
  std::string make_help(const CLI::App* app, std::string name,
                        CLI::AppFormatMode mode) const override {
    short_ = mode == CLI::AppFormatMode::Normal;
    std::string text = Formatter::make_help(app, std::move(name), mode);
    // Groups that are left out leave their empty lines.
    for (auto at = text.find("\n\n\n"); at != std::string::npos; at = text.find("\n\n\n", at))
      text.erase(at, 1);
    return text;
  }
  std::string make_group(std::string group, bool is_positional,
                         std::vector<const CLI::Option*> options) const override {
    const bool special = std::find(kSpecial.begin(), kSpecial.end(), group) != kSpecial.end();
    if (short_ && special) return "";
    return Formatter::make_group(std::move(group), is_positional, std::move(options));
  }
  std::string make_footer(const CLI::App* app) const override {
    std::vector<std::string> hidden;
    for (const std::string& group : app->get_groups())
      if (std::find(kSpecial.begin(), kSpecial.end(), group) != kSpecial.end())
        hidden.push_back(group);
    if (!short_ || hidden.empty()) return Formatter::make_footer(app);
    return fmt::format("\nMore options ({}): --help-all\n", fmt::join(hidden, ", "));
  }

 private:
  mutable bool short_ = true;
};

}  // namespace

void set_help(CLI::App& app) {
  app.formatter(std::make_shared<ShortFormatter>());
  app.set_help_all_flag("--help-all", "Print every option and exit");
}

}  // namespace cupel::cli
