#include "stun/ufrag_place.hpp"

#include <gtest/gtest.h>

namespace noir {
namespace {

// The same as in Java's IceTest.
TEST(UfragPlace, IsReadFromAFragmentOfOurs) {
  const auto place = ufrag_place("q83vAgAH7/x4ensB");
  ASSERT_TRUE(place);
  EXPECT_EQ(place->node, 0xABCDEFU);
  EXPECT_EQ(place->loop, 2);
  EXPECT_EQ(place->room, 0x0007EFU);
}

TEST(UfragPlace, IsNothingInAnyOther) {
  for (const char* ufrag :
       {"", "frag", "q83vAgAH7/x4ens", "q83vAgAH7/x4ensBA", "q83vAgAH7_x4ensB", "q83vAgAH7/x4ens="}) {
    EXPECT_FALSE(ufrag_place(ufrag)) << ufrag;
  }
}

}  // namespace
}  // namespace noir
