#include "sfu/directory.hpp"

#include <vector>

namespace noir {

namespace {

// Longer than browsers' checks are apart (Firefox: 6 s).
constexpr Duration kSilence = std::chrono::seconds(10);

}  // namespace

TransportId Directory::open(TransportContext& context, Instant now, const TransportParams& params,
                            std::uint32_t drawn) {
  const TransportId id = connections_.emplace(context, now, params, drawn);
  if (id == 0) return 0;
  Connection& connection = *connections_.find(id);
  connection.transport.set_id(id);
  if (params.local_ufrag.empty()) return id;
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

Connection* Directory::claim(Instant now, Connection& connection, const Path& path) {
  const IcePath* mine = connection.transport.ice().find(path);
  if (mine == nullptr) return nullptr;
  TransportId& owner_id = by_path_[path];
  Connection* owner = connections_.find(owner_id);
  if (owner == &connection) return nullptr;
  const IcePath* theirs = owner == nullptr ? nullptr : owner->transport.ice().find(path);
  // Knowing one's own password and forging a neighbour's address must not turn the neighbour's media away.
  const bool stays = theirs != nullptr && theirs->proven_at > mine->proven_at && now - theirs->heard < kSilence;
  if (!stays) {
    if (owner != nullptr) std::erase(owner->paths, path);
    owner_id = connection.transport.id();
    connection.paths.push_back(path);
  }
  return theirs == nullptr ? nullptr : owner;
}

void Directory::drop_lost_paths(Connection& connection) {
  std::erase_if(connection.paths, [&](const Path& known) {
    if (connection.transport.ice().find(known) != nullptr) return false;
    by_path_.erase(known);
    return true;
  });
}

}  // namespace noir
