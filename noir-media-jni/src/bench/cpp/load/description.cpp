#include "load/description.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

#include "load/ip_address.hpp"

namespace noir {

namespace {

constexpr std::string_view kTwcc = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
constexpr std::string_view kAbsSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
constexpr std::string_view kMid = "urn:ietf:params:rtp-hdrext:sdes:mid";
constexpr std::string_view kRid = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";
constexpr std::string_view kAudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";

struct Section {
  std::string_view media;   // "audio", "video", "application".
  std::string_view m_line;  // Without "m=".
  std::vector<std::string_view> attributes;
};

struct Lines {
  std::vector<std::string_view> session;
  std::vector<Section> sections;
};

std::string_view take_until(std::string_view& text, char separator) {
  const std::size_t end = text.find(separator);
  const std::string_view head = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return head;
}

template <typename Number>
Number to_number(std::string_view text, int base = 10) {
  Number value{};
  (void)std::from_chars(text.data(), text.data() + text.size(), value, base);
  return value;
}

Lines split(std::string_view sdp) {
  Lines lines;
  while (!sdp.empty()) {
    std::string_view line = take_until(sdp, '\n');
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.starts_with("m=")) {
      line.remove_prefix(2);
      lines.sections.push_back({line.substr(0, line.find(' ')), line, {}});
    } else if (line.starts_with("a=")) {
      (lines.sections.empty() ? lines.session : lines.sections.back().attributes).push_back(line.substr(2));
    }
  }
  return lines;
}

std::optional<std::string_view> value_of(std::span<const std::string_view> attributes, std::string_view name) {
  for (const std::string_view line : attributes) {
    if (line.starts_with(name) && line.size() > name.size() && line[name.size()] == ':') {
      return line.substr(name.size() + 1);
    }
  }
  return std::nullopt;
}

bool has(std::span<const std::string_view> attributes, std::string_view name) {
  return std::find(attributes.begin(), attributes.end(), name) != attributes.end();
}

bool parse_fingerprint(std::string_view text, Fingerprint& out) {
  if (take_until(text, ' ') != "sha-256" || text.size() != out.size() * 3 - 1) return false;
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = to_number<std::uint8_t>(text.substr(i * 3, 2), 16);
  return true;
}

std::string print_fingerprint(const Fingerprint& fingerprint) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string text;
  for (const std::uint8_t byte : fingerprint) {
    if (!text.empty()) text += ':';
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

// RFC 8839 §5.1: foundation, component, transport, priority, address, port, …
void add_candidate(std::string_view text, std::vector<std::pair<std::uint32_t, SocketAddress>>& out) {
  take_until(text, ' ');
  const std::string_view component = take_until(text, ' ');
  const std::string_view transport = take_until(text, ' ');
  const auto priority = to_number<std::uint32_t>(take_until(text, ' '));
  const std::string_view address = take_until(text, ' ');
  const auto port = to_number<std::uint16_t>(take_until(text, ' '));
  if (component != "1" || (transport != "udp" && transport != "UDP")) return;
  if (const auto parsed = parse_ip_address(address, port)) out.emplace_back(priority, *parsed);
}

void read_extension(std::string_view text, ExtensionIds& ids) {
  const auto id = to_number<std::uint8_t>(take_until(text, ' '));
  if (text == kMid) ids.mid = id;
  if (text == kAudioLevel) ids.audio_level = id;
  if (text == kTwcc) ids.transport_sequence = id;
  if (text == kAbsSendTime) ids.abs_send_time = id;
}

std::optional<OfferedStream> read_stream(const Section& section) {
  const auto ssrc = value_of(section.attributes, "ssrc");
  if (!has(section.attributes, "sendonly") || !ssrc) return std::nullopt;
  std::string_view fields = section.m_line;
  for (int i = 0; i < 3; ++i) take_until(fields, ' ');
  return OfferedStream{section.media == "audio" ? MediaKind::kAudio : MediaKind::kVideo,
                       to_number<std::uint32_t>(ssrc->substr(0, ssrc->find(' '))),
                       to_number<std::uint8_t>(take_until(fields, ' '))};
}

class Writer {
 public:
  void line(std::string_view text) {
    text_ += text;
    text_ += "\r\n";
  }
  void attribute(std::string_view name) { line("a=" + std::string(name)); }
  void attribute(std::string_view name, std::string_view value) {
    attribute(std::string(name) + ':' + std::string(value));
  }
  void session(std::string_view bundle) {
    line("v=0");
    line("o=- 1 1 IN IP4 127.0.0.1");
    line("s=-");
    line("t=0 0");
    attribute("group", "BUNDLE" + std::string(bundle));
    attribute("extmap-allow-mixed");
  }
  void transport(const LocalDescription& local, std::string_view setup) {
    attribute("ice-ufrag", local.ice.ufrag);
    attribute("ice-pwd", local.ice.pwd);
    attribute("ice-options", "trickle");
    attribute("fingerprint", "sha-256 " + print_fingerprint(local.fingerprint));
    attribute("setup", setup);
  }
  std::string take() { return std::move(text_); }

 private:
  std::string text_;
};

void write_extension(Writer& out, std::uint8_t id, std::string_view uri) {
  out.attribute("extmap", std::to_string(id) + ' ' + std::string(uri));
}

void write_opus(Writer& out) {
  write_extension(out, kPublisherExtensions.audio_level, kAudioLevel);
  out.attribute("rtpmap", "111 opus/48000/2");
  out.attribute("rtcp-fb", "111 transport-cc");
  out.attribute("fmtp", "111 minptime=10;useinbandfec=1");
}

void write_vp8(Writer& out) {
  out.attribute("rtpmap", "96 VP8/90000");
  for (const std::string_view feedback : {"goog-remb", "transport-cc", "ccm fir", "nack", "nack pli"}) {
    out.attribute("rtcp-fb", "96 " + std::string(feedback));
  }
}

// RFC 8853 §5.1.
void write_simulcast(Writer& out, const std::vector<std::string>& rids) {
  write_extension(out, kPublisherExtensions.rid, kRid);
  std::string list;
  for (const std::string& rid : rids) {
    out.attribute("rid", rid + " send");
    list += (list.empty() ? "" : ";") + rid;
  }
  out.attribute("simulcast", "send " + list);
}

void write_track(Writer& out, const LocalDescription& local, std::string_view stream_id, const PublishedTrack& track) {
  const bool audio = track.kind == MediaKind::kAudio;
  out.line(audio ? "m=audio 9 UDP/TLS/RTP/SAVPF 111" : "m=video 9 UDP/TLS/RTP/SAVPF 96");
  out.line("c=IN IP4 0.0.0.0");
  out.transport(local, "actpass");
  out.attribute("mid", track.mid);
  write_extension(out, kPublisherExtensions.abs_send_time, kAbsSendTime);
  write_extension(out, kPublisherExtensions.transport_sequence, kTwcc);
  write_extension(out, kPublisherExtensions.mid, kMid);
  out.attribute("sendonly");
  const std::string msid = std::string(stream_id) + ' ' + track.track_id;
  out.attribute("msid", msid);
  out.attribute("rtcp-mux");
  out.attribute("rtcp-rsize");
  audio ? write_opus(out) : write_vp8(out);
  if (!track.rids.empty()) return write_simulcast(out, track.rids);
  out.attribute("ssrc", std::to_string(track.ssrc) + " cname:load");
  out.attribute("ssrc", std::to_string(track.ssrc) + " msid:" + msid);
}

// What an answer repeats of an offered media section.
bool is_taken_over(std::string_view attribute) {
  constexpr std::array<std::string_view, 6> kNames{"rtcp-mux", "rtcp-rsize", "extmap:", "rtpmap:", "fmtp:", "rtcp-fb:"};
  return std::any_of(kNames.begin(), kNames.end(), [&](std::string_view name) { return attribute.starts_with(name); });
}

bool is_about_numbers(std::string_view attribute) {
  return attribute.ends_with(kTwcc) || attribute.ends_with("transport-cc");
}

void write_answer_section(Writer& out, const LocalDescription& local, const Section& section, bool numbers) {
  out.line("m=" + std::string(section.m_line));
  out.line("c=IN IP4 0.0.0.0");
  out.transport(local, "active");
  out.attribute("mid", value_of(section.attributes, "mid").value_or(""));
  if (section.media == "application") {
    out.attribute("sctp-port", "5000");
    return;
  }
  out.attribute(has(section.attributes, "sendonly") ? "recvonly" : "inactive");
  for (const std::string_view attribute : section.attributes) {
    if (is_taken_over(attribute) && (numbers || !is_about_numbers(attribute))) out.attribute(attribute);
  }
}

}  // namespace

std::optional<RemoteDescription> parse_description(std::string_view sdp) {
  const Lines lines = split(sdp);
  RemoteDescription remote;
  std::vector<std::pair<std::uint32_t, SocketAddress>> candidates;
  bool complete = false;
  for (const Section& section : lines.sections) {
    const auto ufrag = value_of(section.attributes, "ice-ufrag");
    const auto pwd = value_of(section.attributes, "ice-pwd");
    const auto fingerprint = value_of(section.attributes, "fingerprint");
    if (!complete && ufrag && pwd && fingerprint) {
      remote.ice = {std::string(*ufrag), std::string(*pwd)};
      complete = parse_fingerprint(*fingerprint, remote.fingerprint);
    }
    for (std::string_view line : section.attributes) {
      if (line.starts_with("candidate:")) add_candidate(line, candidates);
      if (line.starts_with("extmap:")) read_extension(line.substr(7), remote.extensions);
    }
    if (const auto stream = read_stream(section)) remote.streams.push_back(*stream);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  for (const auto& [priority, address] : candidates) {
    const auto& known = remote.candidates;
    if (std::find(known.begin(), known.end(), address) == known.end()) remote.candidates.push_back(address);
  }
  if (!complete || remote.candidates.empty()) return std::nullopt;
  return remote;
}

std::string write_publisher_offer(const LocalDescription& local, std::string_view stream_id,
                                  std::span<const PublishedTrack> tracks) {
  std::string bundle = " 0";
  for (const PublishedTrack& track : tracks) bundle += ' ' + track.mid;
  Writer out;
  out.session(bundle);
  out.line("m=application 9 UDP/DTLS/SCTP webrtc-datachannel");
  out.line("c=IN IP4 0.0.0.0");
  out.transport(local, "actpass");
  out.attribute("mid", "0");
  out.attribute("sctp-port", "5000");
  out.attribute("max-message-size", "262144");
  for (const PublishedTrack& track : tracks) write_track(out, local, stream_id, track);
  return out.take();
}

std::string write_subscriber_answer(const LocalDescription& local, std::string_view offer, bool numbers) {
  const Lines lines = split(offer);
  std::string bundle;
  for (const Section& section : lines.sections) {
    bundle += ' ';
    bundle += value_of(section.attributes, "mid").value_or("");
  }
  Writer out;
  out.session(bundle);
  for (const Section& section : lines.sections) write_answer_section(out, local, section, numbers);
  return out.take();
}

}  // namespace noir
