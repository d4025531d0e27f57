#include "forward/seq_compactor.hpp"

#include <algorithm>

namespace noir {

void SeqCompactor::restart(std::uint64_t first_source, std::uint64_t first_out) {
  highest_source_ = first_source - 1;
  highest_out_ = first_out - 1;
  steps_[0] = {first_source - 1, first_out - first_source};
  count_ = 1;
}

// One past the last step that ends before `source`; 0 when there is none.
std::size_t SeqCompactor::find_step(std::uint64_t source) const {
  std::size_t i = count_;
  while (i > 0 && steps_[i - 1].end >= source) --i;
  return i;
}

std::optional<std::uint64_t> SeqCompactor::map_past(std::uint64_t source) {
  const std::size_t i = find_step(source);
  if (i == 0) return std::nullopt;
  // What has been left out has no place.
  if (i < count_ && steps_[i].end - source < steps_[i - 1].shift - steps_[i].shift) return std::nullopt;
  note(source, steps_[i - 1].shift);
  return source + steps_[i - 1].shift;
}

bool SeqCompactor::drop(std::uint64_t source) {
  if (source <= highest_source_) return false;
  std::size_t i = find_step(source);
  if (i == 0) return false;
  if (i < count_ && steps_[i].end - source < steps_[i - 1].shift - steps_[i].shift) return true;
  // The first step is the start of the segment or the limit of the past: it does not grow.
  const bool grows = i > 1 && steps_[i - 1].end + 1 == source;
  if (grows) {
    --i;
    steps_[i].end = source;
  } else {
    if (count_ == kMaxSteps) {
      if (i == 1) return false;  // There is no step left for something this far back.
      std::copy(steps_.begin() + 1, steps_.end(), steps_.begin());
      --count_;
      --i;
    }
    std::copy_backward(steps_.begin() + static_cast<std::ptrdiff_t>(i),
                       steps_.begin() + static_cast<std::ptrdiff_t>(count_),
                       steps_.begin() + static_cast<std::ptrdiff_t>(count_) + 1);
    steps_[i] = {source, steps_[i - 1].shift};
    ++count_;
  }
  for (; i < count_; ++i) --steps_[i].shift;
  return true;
}

}  // namespace noir
