#include "cupel/report/image_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cupel/base/version.hpp"
#include "cupel/network/cnn/predict_images.hpp"
#include "cupel/report/html.hpp"
#include "cupel/report/image_drawing.hpp"
#include "cupel/report/image_tables.hpp"
#include "cupel/report/page_style.hpp"
#include "cupel/report/sections.hpp"
#include "cupel/study/images/augmentation_kinds.hpp"

namespace cupel {
namespace report {
namespace {

constexpr int kExamples = 48;

struct Page {
  const ImageStudyData& data;
  const DesignOptions& options;
  const ImageDesignResult& result;
  const ReportContext& context;
};

const ClassFigures& judged(const Page& page) {
  return page.result.test ? *page.result.test : page.result.validation;
}

std::string share_text(double share) { return fmt::format("{:.1f} %", 100 * share); }

std::string tile(std::string_view what, std::string_view value, std::string_view more) {
  return element("div", "class=\"tile\"",
                 element("span", "class=\"what\"", escape(what)) +
                     element("span", "class=\"value\"", escape(value)) +
                     element("span", "class=\"small\"", escape(more)));
}

std::string headline(const Page& page) {
  const ImageMember& pick = page.result.pick();
  const ClassFigures& figures = judged(page);
  const bool tested = page.result.test.has_value();
  const double majority = page.data.majority_rate();
  std::string out = paragraph(
      escape(fmt::format("The chosen network names the class of {} of the {} images right.",
                         share_text(figures.accuracy), tested ? "test" : "validation")),
      "lead");
  std::string tiles =
      tile("Accuracy", share_text(figures.accuracy),
           tested ? "test images, seen once" : "validation images; there are no test images");
  if (tested)
    tiles += tile("Accuracy on validation images", share_text(page.result.validation.accuracy),
                  "which chose the network");
  tiles += tile("Balanced accuracy", share_text(figures.balanced_accuracy),
                "every class counts the same");
  tiles += tile("F1", fmt::format("{:.3f}", figures.f1), "mean over the classes");
  tiles += tile("Parameters", count_text(pick.cost.parameters),
                count_text(pick.cost.multiply_adds) + " multiply-adds an image");
  tiles +=
      tile("Always the most frequent class", share_text(majority), "what any network must beat");
  out += element("div", "class=\"tiles\"", tiles) + paragraph(escape(page.result.why), "why");
  if (figures.accuracy < majority + 0.02)
    out += paragraph(
        "The network is hardly better than always naming the most frequent class: these images "
        "do not show what tells the classes apart, or there are too few.",
        "verdict");
  return element("section", "class=\"card\" id=\"found\"", out) + "\n";
}

std::string images_section(const Page& page) {
  const ImageSet& images = page.data.images();
  const auto count = [&](const std::vector<int>& rows, int label) {
    return std::count_if(rows.begin(), rows.end(), [&](int row) {
      return images.labels[static_cast<std::size_t>(row)] == label;
    });
  };
  const ImageSplit& split = page.data.split;
  HtmlTable table({{"Class"}, {"Training", true}, {"Validation", true}, {"Test", true}});
  for (std::size_t c = 0; c < images.classes.size(); ++c) {
    const int label = static_cast<int>(c);
    table.row({text_cell(images.classes[c]), count_cell(count(split.train, label)),
               count_cell(count(split.validation, label)), count_cell(count(split.test, label))});
  }
  return paragraph(escape(fmt::format("{} in {}, resized to {}×{} pixels, {}.",
                                      count_text(images.count(), "image"), page.data.folder.path,
                                      images.size, images.size,
                                      images.channels == 1 ? "grey" : "color"))) +
         table.html();
}

std::string network_section(const Page& page) {
  const ImageCandidate& pick = page.result.pick().candidate;
  return element(
             "figure", "class=\"wide\"",
             element("div", "class=\"scroll\"", draw_chain(page.data.space, pick.chain)) +
                 element("figcaption", "",
                         "From the image on the left to the classes on the right; a box is as "
                         "high as its maps are large. Below: side of the maps and their number. "
                         "Each convolution is followed by batch normalization and ReLU.")) +
         paragraph(escape(fmt::format("{}; L1 {:.2g}, L2 {:.2g}; augmentation: {}; T = {}.",
                                      chain_text(pick.chain), pick.l1, pick.l2,
                                      augmentation_text(pick.augmentation),
                                      count_text(page.result.pick().cost.topology)))) +
         cells_table(page.data.space.table, pick.chain);
}

/// Test images (else validation), the misclassified first, then the least certain.
std::string examples_section(const Page& page) {
  if (!page.result.test) return paragraph("There are no test images.");
  const ImageSet& images = page.data.images();
  const std::vector<int>& rows = page.data.split.test;
  const Matrix& p = page.result.test_probabilities;
  struct Example {
    int row, said;
    double sure;
    bool wrong;
  };
  std::vector<Example> examples;
  for (std::size_t k = 0; k < rows.size(); ++k) {
    Eigen::Index said = 0;
    const double sure = p.row(static_cast<Eigen::Index>(k)).maxCoeff(&said);
    const int right = images.labels[static_cast<std::size_t>(rows[k])];
    examples.push_back({rows[k], static_cast<int>(said), sure, said != right});
  }
  std::stable_sort(examples.begin(), examples.end(), [](const Example& a, const Example& b) {
    if (a.wrong != b.wrong) return a.wrong;
    return a.wrong ? a.sure > b.sure : a.sure < b.sure;
  });
  const auto wrong = std::count_if(examples.begin(), examples.end(),
                                   [](const Example& example) { return example.wrong; });
  std::string tiles;
  for (std::size_t k = 0; k < std::min<std::size_t>(kExamples, examples.size()); ++k) {
    const Example& one = examples[k];
    const std::string& file = images.files[static_cast<std::size_t>(one.row)];
    const std::string said = images.classes[static_cast<std::size_t>(one.said)];
    tiles += element("div", "class=\"tile\"",
                     image_element(images, one.row, 96, file) +
                         element("span", one.wrong ? "class=\"warn-mark\"" : "class=\"small\"",
                                 escape(fmt::format("{} {:.0f} %", said, 100 * one.sure))) +
                         element("span", "class=\"small\"", escape(shortened_text(file, 40))));
  }
  return paragraph(escape(fmt::format(
             "{} of {} test images are misclassified. They come first, the most certain mistakes "
             "before the others; then the least certain right ones. Under each: what the network "
             "says and how sure it is, and the file, whose folder is the right class.",
             count_text(wrong), count_text(std::ssize(rows))))) +
         element("div",
                 "class=\"tiles\" style=\"grid-template-columns:repeat(auto-fill,"
                 "minmax(130px,1fr))\"",
                 tiles);
}

std::string trust_section(const Page& page) {
  const ImageDesignResult& result = page.result;
  std::string out = paragraph(escape(fmt::format(
      "Probabilities are calibrated on validation images with temperature {:.3g}: the mean gap "
      "between how sure the network is and how often it is right went from {} to {}.",
      result.model.temperature, share_text(result.calibration_before),
      share_text(result.calibration_after))));
  if (result.test_distance.size() > 0) {
    const auto outside = (result.test_distance.array() > 1).count();
    out += paragraph(escape(fmt::format(
        "{} of {} test images ({}) do not look like the training images to this network (distance "
        "in the space of its features above that of nearly all design images). 'cupel predict' "
        "marks such images as not valid.",
        count_text(outside), count_text(result.test_distance.size()),
        share_text(static_cast<double>(outside) /
                   static_cast<double>(result.test_distance.size())))));
  }
  return out;
}

std::string repeat(const Page& page) {
  ReportData data;
  data.command = page.context.command;
  data.created = page.context.created;
  data.data_file = page.data.folder.path;
  data.fingerprint = page.data.folder.fingerprint;
  data.recipe = page.options.recipe;
  data.program_version = std::string(kVersion);
  data.elapsed_s = page.context.elapsed_s;
  data.energy = energy_text(page.context.energy);
  data.seed = static_cast<std::uint64_t>(page.options.seed);
  data.options = to_json(page.options);
  data.failed_trials = page.result.failed_trials;
  data.trials.resize(page.result.trials.size());
  data.stop_reason = page.result.end == DesignEnd::time_limit ? "the time limit was reached"
                                                              : "the counted budget was used";
  return repeat_section(data);
}

std::string findings(const Page& page) {
  if (page.data.findings.empty()) return paragraph("Nothing suspicious was found in the folder.");
  HtmlTable table({{"Severity"}, {"What"}, {"What to do"}});
  for (const Finding& finding : page.data.findings)
    table.row({finding.severity == Severity::note
                   ? text_cell("note")
                   : Cell{element("span", "class=\"warn-mark\"",
                                  finding.severity == Severity::error ? "error" : "warning")},
               text_cell(finding.what), text_cell(finding.advice)});
  return table.html();
}

struct ImageSection {
  std::string_view id, title;
  std::string (*write)(const Page&);
};

std::string search_section(const Page& page) {
  return image_search_tables(page.data, page.options, page.result);
}

std::string confusion_section(const Page& page) {
  return confusion_table(page.data.images().classes, judged(page)) +
         class_table(page.data.images().classes, judged(page));
}

std::string references_section(const Page& page) {
  return references_table(page.options, page.result);
}

constexpr ImageSection kImageSections[] = {
    {"data", "The images", images_section},
    {"findings", "Findings in the folder", findings},
    {"confusion", "What is taken for what", confusion_section},
    {"examples", "Examples, mistakes first", examples_section},
    {"network", "The chosen network", network_section},
    {"search", "The search", search_section},
    {"references", "Comparison with known networks", references_section},
    {"trust", "How far to believe it", trust_section},
    {"repeat", "How to repeat this", repeat},
};

std::string page_body(const Page& page) {
  std::string links;
  int number = 0;
  for (const ImageSection& section : kImageSections)
    links += fmt::format("<a href=\"#{}\">{} {}</a> ", section.id, ++number, section.title);
  std::string out =
      element("header", "",
              element("h1", "", "Image sorting: " + escape(page.data.folder.path)) +
                  paragraph(escape(page.options.recipe + " · " + page.context.created), "byline") +
                  element("nav", "", links)) +
      "\n" + headline(page);
  number = 0;
  for (const ImageSection& section : kImageSections)
    out += element("section", fmt::format("id=\"{}\"", section.id),
                   fmt::format("<h2>{} {}</h2>\n", ++number, section.title) + section.write(page)) +
           "\n";
  return out;
}

}  // namespace
}  // namespace report

std::string image_html_report(const ImageStudyData& data, const DesignOptions& options,
                              const ImageDesignResult& result, const ReportContext& context) {
  using namespace report;
  const Page given{data, options, result, context};
  std::string page =
      "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\"/>\n"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n";
  page += element("title", "", "Image sorting: " + escape(data.folder.path));
  page += element("style", "", page_style());
  page += "\n</head>\n<body>\n" + element("main", "", page_body(given)) + "\n";
  page += element("script", "", page_script());
  return page + "\n</body>\n</html>\n";
}

}  // namespace cupel
