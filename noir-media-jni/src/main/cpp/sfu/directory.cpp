#include "sfu/directory.hpp"

#include <vector>

namespace noir {

TransportId Directory::open(TransportContext& context, Instant now, const TransportParams& params,
                            std::uint32_t rtcp_ssrc) {
  const TransportId id = connections_.emplace(context, now, params, rtcp_ssrc);
  if (id == 0) return 0;
  Connection& connection = *connections_.find(id);
  connection.transport.set_id(id);
  connection.ufrags.push_back(params.local_ufrag);
  by_ufrag_.emplace(params.local_ufrag, id);
  return id;
}

void Directory::close(TransportId id) {
  const Connection* connection = connections_.find(id);
  if (connection == nullptr) return;
  for (const std::string& ufrag : connection->ufrags) by_ufrag_.erase(ufrag);
  for (const Path& path : connection->paths) by_path_.erase(path);
  connections_.erase(id);
}

Connection* Directory::find(std::string_view ufrag) const {
  const auto found = by_ufrag_.find(ufrag);
  return found == by_ufrag_.end() ? nullptr : connections_.find(found->second);
}

void Directory::add_ufrag(Connection& connection, std::string_view ufrag) {
  connection.ufrags.emplace_back(ufrag);
  by_ufrag_.emplace(ufrag, connection.transport.id());
  std::erase_if(connection.ufrags, [&](const std::string& known) {
    if (connection.transport.ice().accepts(known)) return false;
    by_ufrag_.erase(known);
    return true;
  });
}

// A path belongs to whom it was given to first, as long as he is there: knowing one's own password and spoofing a
// neighbour's address must not turn the neighbour's media away.
void Directory::update_paths(Connection& connection, const Path& path) {
  const IceLite& ice = connection.transport.ice();
  if (ice.is_valid(path) && find(path) == nullptr) {
    by_path_[path] = connection.transport.id();
    connection.paths.push_back(path);
  }
  std::erase_if(connection.paths, [&](const Path& known) {
    if (ice.is_valid(known)) return false;
    by_path_.erase(known);
    return true;
  });
}

}  // namespace noir
