#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace boost::asio {
class io_context;
}

namespace noir {

/// ws://host:port/path, taken apart.
struct SignalUrl {
  std::string host;
  std::string port;
  std::string path;

  /// Throws `std::invalid_argument`, which says what is wrong.
  static SignalUrl parse(std::string_view url);
};

/// What the server says to one client. Thread: load.
class SignalListener {
 public:
  virtual ~SignalListener() = default;
  virtual void on_open() = 0;
  virtual void on_joined(const std::string& answer_sdp) = 0;
  virtual void on_offer(const std::string& sdp) = 0;
  /// The last call: the connection was not made, or lost, or a request was refused.
  virtual void on_failed(const std::string& reason) = 0;
};

/// ion-sfu's JSON-RPC over a WebSocket (docs/protocol.md), as much as a load client needs. Thread: load.
class SignalClient {
 public:
  /// Connects at once. `listener` must outlive the client.
  SignalClient(boost::asio::io_context& io, const SignalUrl& url, SignalListener& listener);
  ~SignalClient();
  SignalClient(const SignalClient&) = delete;
  SignalClient& operator=(const SignalClient&) = delete;

  void join(std::string_view room, std::string_view uid, std::string_view offer_sdp);
  void answer(std::string_view sdp);
  /// Closes the socket, which is how a client leaves.
  void close();

 private:
  class Connection;
  std::shared_ptr<Connection> connection_;  // Shared with its pending operations.
};

}  // namespace noir
