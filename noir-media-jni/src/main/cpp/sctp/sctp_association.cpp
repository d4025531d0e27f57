#include "sctp/sctp_association.hpp"

#include "sctp/association_machine.hpp"

namespace noir {

SctpAssociation::SctpAssociation(SctpLoop& loop, const SctpParams& params)
    : machine_(std::make_unique<Machine>(loop.state_, params)) {}
SctpAssociation::~SctpAssociation() = default;

void SctpAssociation::connect() { machine_->connect(); }
void SctpAssociation::handle_packet(ByteSpan packet) { machine_->handle_packet(packet); }
bool SctpAssociation::poll_transmit(std::vector<std::uint8_t>& packet) { return machine_->poll_transmit(packet); }
std::optional<SctpEvent> SctpAssociation::poll_event() { return machine_->poll_event(); }
Result<std::uint16_t> SctpAssociation::open_channel(std::string_view label, bool ordered) {
  return machine_->open_channel(label, ordered);
}
Status SctpAssociation::send(std::uint16_t stream, bool binary, ByteSpan message) {
  return machine_->send(stream, binary, std::make_shared<std::vector<std::uint8_t>>(message.begin(), message.end()));
}
Status SctpAssociation::send(std::uint16_t stream, bool binary, const SharedBytes& message) {
  return machine_->send(stream, binary, message);
}
Status SctpAssociation::close_channel(std::uint16_t stream) { return machine_->close_channel(stream); }
void SctpAssociation::close() { machine_->close(); }
SctpState SctpAssociation::state() const { return machine_->state(); }
std::size_t SctpAssociation::channel_count() const { return machine_->channel_count(); }

}  // namespace noir
