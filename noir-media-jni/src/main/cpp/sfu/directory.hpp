#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/slot_table.hpp"
#include "base/socket_address.hpp"
#include "sfu/connection.hpp"
#include "sfu/params.hpp"

namespace noir {

/// Whom a datagram or a command is for: the connections of a loop by id, by ICE user name fragment and by path.
/// Thread: loop.
class Directory {
 public:
  /// The id of the new connection, or 0 when there is no room for it. `drawn`: see `Connection`. Nobody finds it by an
  /// empty fragment.
  TransportId open(TransportContext& context, Instant now, const TransportParams& params, std::uint32_t drawn);
  /// Forgets it with its user name fragments and paths.
  void close(TransportId id);

  [[nodiscard]] Connection* find(TransportId id) const { return connections_.find(id); }
  [[nodiscard]] Connection* find(std::string_view ufrag) const;
  [[nodiscard]] Connection* find(const Path& path) const {
    const auto found = by_path_.find(path);
    return found == by_path_.end() ? nullptr : connections_.find(found->second);
  }

  /// One more fragment of a connection, after an ICE restart; those that it does not answer any more are forgotten.
  void add_ufrag(Connection& connection, std::string_view ufrag);
  /// A check of this connection has come on `path`, or an answer to one of ours. A path belongs to the last one who has
  /// proven to be there, else to the last one who has claimed it. Another one who claims it, too, or null.
  Connection* claim(Instant now, Connection& connection, const Path& path);
  /// Forgets paths that are the connection's no more.
  void drop_lost_paths(Connection& connection);

  /// Visits every connection, as `SlotTable::for_each` does.
  template <typename F>
  void for_each(F&& visit) {
    connections_.for_each([&](TransportId, Connection& connection) { visit(connection); });
  }

  [[nodiscard]] std::size_t size() const { return connections_.size(); }
  [[nodiscard]] std::size_t ufrags() const { return by_ufrag_.size(); }
  [[nodiscard]] std::size_t paths() const { return by_path_.size(); }

 private:
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  SlotTable<Connection> connections_;
  std::unordered_map<std::string, TransportId, TextHash, std::equal_to<>> by_ufrag_;
  std::unordered_map<Path, TransportId, PathHash> by_path_;
};

}  // namespace noir
