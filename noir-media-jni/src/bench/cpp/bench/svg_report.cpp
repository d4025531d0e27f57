#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include "bench/report_files.hpp"

namespace noir {

namespace {

constexpr int kLabelWidth = 190;
constexpr int kBarsWidth = 520;
constexpr int kRowHeight = 44;
constexpr int kBarHeight = 14;
constexpr int kTop = 62;
constexpr int kBottom = 34;

std::string number(double value) {
  std::array<char, 32> text{};
  (void)std::snprintf(text.data(), text.size(), "%.2f", value);
  return text.data();
}

std::string escape(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '<') {
      out += "&lt;";
    } else if (c == '&') {
      out += "&amp;";
    } else {
      out += c;
    }
  }
  return out;
}

class Svg {
 public:
  Svg(int width, int height) {
    text_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"" + std::to_string(width) + "\" height=\"" +
            std::to_string(height) + "\" font-family=\"sans-serif\" font-size=\"12\">\n" +
            "<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n";
  }
  void bar(double x, double y, double width, const char* colour) {
    text_ += "<rect x=\"" + number(x) + "\" y=\"" + number(y) + "\" width=\"" + number(width) + "\" height=\"" +
             std::to_string(kBarHeight) + "\" fill=\"" + colour + "\"/>\n";
  }
  void label(double x, double y, const std::string& label, const char* attributes = "") {
    text_ += "<text x=\"" + number(x) + "\" y=\"" + number(y) + "\" " + attributes + ">" + escape(label) + "</text>\n";
  }
  void line(double x, double top, double bottom) {
    text_ += "<line x1=\"" + number(x) + "\" x2=\"" + number(x) + "\" y1=\"" + number(top) + "\" y2=\"" +
             number(bottom) + "\" stroke=\"#ddd\"/>\n";
  }
  std::string finish() { return text_ + "</svg>\n"; }

 private:
  std::string text_;
};

constexpr const char* kServerColour = "#2f6fde";
constexpr const char* kFloorColour = "#b9c4d6";

double longest(const std::vector<MediaResult>& media) {
  double most = 1;
  for (const MediaResult& r : media) most = std::max({most, r.us_per_packet().value_or(0), r.floor_us});
  return std::ceil(most);
}

}  // namespace

std::string print_svg(const Report& report) {
  const int rows = static_cast<int>(report.media.size());
  const int height = kTop + rows * kRowHeight + kBottom;
  const double most = longest(report.media);
  const double scale = kBarsWidth / most;
  Svg svg(kLabelWidth + kBarsWidth + 80, height);
  svg.label(12, 22, "Server CPU per forwarded packet, in µs", "font-size=\"15\" font-weight=\"bold\"");
  svg.bar(12, 34, 14, kServerColour);
  svg.label(32, 46, "noiR");
  svg.bar(82, 34, 14, kFloorColour);
  svg.label(102, 46, "floor: encryption and GSO send alone");
  for (double tick = 0; tick <= most; tick += 1) {
    const double x = kLabelWidth + tick * scale;
    svg.line(x, kTop - 4, height - kBottom);
    svg.label(x, height - kBottom + 16, std::to_string(static_cast<int>(tick)), "text-anchor=\"middle\"");
  }
  double y = kTop;
  for (const MediaResult& r : report.media) {
    svg.label(12, y + 20, r.scenario.name);
    const auto us = r.us_per_packet();
    svg.bar(kLabelWidth, y, us.value_or(0) * scale, kServerColour);
    svg.label(kLabelWidth + us.value_or(0) * scale + 6, y + 12, us ? number(*us) : "n/a");
    svg.bar(kLabelWidth, y + kBarHeight + 2, r.floor_us * scale, kFloorColour);
    svg.label(kLabelWidth + r.floor_us * scale + 6, y + kBarHeight + 14, number(r.floor_us));
    y += kRowHeight;
  }
  return svg.finish();
}

}  // namespace noir
