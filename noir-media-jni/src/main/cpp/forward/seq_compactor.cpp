#include "forward/seq_compactor.hpp"

namespace noir {

void SeqCompactor::restart(std::uint64_t first_source, std::uint64_t first_out) {
  highest_source_ = first_source - 1;
  highest_out_ = first_out - 1;
  newest_ = {first_source - 1, first_out - first_source};
  earlier_.clear();
}

// One past the last step that ends before `source`; 0 when there is none.
std::size_t SeqCompactor::find_step(std::uint64_t source) const {
  std::size_t i = count();
  while (i > 0 && step(i - 1).end >= source) --i;
  return i;
}

// Whether step `i`, the first that does not end before `source`, has left it out.
bool SeqCompactor::leaves_out(std::size_t i, std::uint64_t source) const {
  return i < count() && step(i).end - source < step(i - 1).shift - step(i).shift;
}

std::optional<std::uint64_t> SeqCompactor::map_past(std::uint64_t source) {
  const std::size_t i = find_step(source);
  // What has been left out has no place.
  if (i == 0 || leaves_out(i, source)) return std::nullopt;
  const std::uint64_t shift = step(i - 1).shift;
  note(source, shift);
  return source + shift;
}

bool SeqCompactor::drop(std::uint64_t source) {
  if (source <= highest_source_) return false;
  const std::size_t i = find_step(source);
  if (i == 0) return false;
  if (leaves_out(i, source)) return true;
  // The first step is the start of the segment or the limit of the past: it does not grow.
  const bool grows = i > 1 && step(i - 1).end + 1 == source;
  // There is no step left for something this far back.
  if (!grows && i == 1 && count() == kMaxSteps) return false;
  earlier_.push_back(newest_);
  if (grows) {
    earlier_[i - 1].end = source;
    for (std::size_t k = i - 1; k < earlier_.size(); ++k) --earlier_[k].shift;
  } else {
    insert(earlier_, i, source);
  }
  newest_ = earlier_.back();
  earlier_.pop_back();
  return true;
}

// A step of its own for `source`, the `i`th; what comes after it moves up by one. The oldest makes room.
void SeqCompactor::insert(std::vector<Step>& steps, std::size_t i, std::uint64_t source) {
  steps.insert(steps.begin() + static_cast<std::ptrdiff_t>(i), {source, steps[i - 1].shift});
  for (; i < steps.size(); ++i) --steps[i].shift;
  if (steps.size() > kMaxSteps) steps.erase(steps.begin());
}

}  // namespace noir
