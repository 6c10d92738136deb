// Which way up a camera says that its picture is: the orientation of the EXIF data in a JPEG
// (APP1) or PNG (eXIf), as the TIFF and EXIF 2.3 standards lay it out.
#pragma once

#include <string_view>

#include "cupel/data/image_file.hpp"

namespace cupel {

/// 1 … 8; 1 (as it is) where there is none, or where the EXIF data are damaged.
int exif_orientation(std::string_view bytes);

/// As a viewer shows a picture of this orientation.
RawImage turned(RawImage image, int orientation);

}  // namespace cupel
