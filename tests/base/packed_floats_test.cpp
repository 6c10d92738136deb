#include "cupel/base/packed_floats.hpp"

#include <gtest/gtest.h>

#include "cupel/base/error.hpp"
#include "cupel/base/rng.hpp"

namespace cupel {
namespace {

TEST(PackedFloats, AreBase64OfLittleEndianSinglePrecision) {
  EXPECT_EQ(pack_floats(Matrix::Constant(1, 1, 1)), "AACAPw==");
  EXPECT_EQ(pack_floats(Matrix{{1, -2}, {0.5, 0}}), "AACAPwAAAD8AAADAAAAAAA==");
}

TEST(PackedFloats, ComeBackRoundedToSinglePrecision) {
  Rng rng(1);
  for (int rows = 0; rows < 7; ++rows) {
    const Matrix values = Matrix::NullaryExpr(rows, 3, [&] { return rng.normal(); });
    EXPECT_EQ(unpack_floats(pack_floats(values), rows, 3), as_floats(values));
    EXPECT_EQ(pack_floats(as_floats(values)), pack_floats(values));
    EXPECT_LE((as_floats(values) - values).cwiseAbs().sum(), 1e-6);
  }
}

TEST(PackedFloats, RefuseOtherSizesLettersAndInfinities) {
  EXPECT_THROW(unpack_floats("AACAPw==", 2, 1), Error);
  EXPECT_THROW(unpack_floats("AACA", 1, 1), Error);
  EXPECT_THROW(unpack_floats("AAC!Pw==", 1, 1), Error);
  EXPECT_THROW(unpack_floats("AACAfw==", 1, 1), Error);  // infinity
}

}  // namespace
}  // namespace cupel
