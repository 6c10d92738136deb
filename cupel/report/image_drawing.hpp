// Pictures for the report of an image study: the chosen chain of cells, and images themselves.
#pragma once

#include <string>

#include "cupel/data/images.hpp"
#include "cupel/study/images/image_space.hpp"

namespace cupel::report {

/// The chain from the image to the classes: one box a cell with its operations and width, as high
/// as its maps are large. Inline SVG.
std::string draw_chain(const ImageSpace& space, const CellChain& chain);

/// One image of a set as <img> with the bytes inside, `side` pixels wide on the page.
std::string image_element(const ImageSet& images, int row, int side, std::string_view description);

}  // namespace cupel::report
