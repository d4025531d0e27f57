#include "load/signal_client.hpp"

// Boost 1.74 forgets it.
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/websocket.hpp>
#include <deque>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace noir {

namespace {

namespace beast = boost::beast;
using boost::asio::ip::tcp;
using boost::system::error_code;
using nlohmann::json;

constexpr std::string_view kJoinId = "join";
constexpr std::size_t kMaxMessageBytes = 16U << 20;  // An offer of a thousand tracks.

}  // namespace

SignalUrl SignalUrl::parse(std::string_view url) {
  constexpr std::string_view kScheme = "ws://";
  if (!url.starts_with(kScheme)) throw std::invalid_argument("the URL must begin with ws://");
  url.remove_prefix(kScheme.size());
  const std::size_t slash = std::min(url.find('/'), url.size());
  std::string_view authority = url.substr(0, slash);
  SignalUrl result;
  result.path = slash == url.size() ? "/ws" : std::string(url.substr(slash));
  const std::size_t colon = authority.rfind(':');
  const bool has_port = colon != std::string_view::npos && authority.find(']', colon) == std::string_view::npos;
  result.port = has_port ? std::string(authority.substr(colon + 1)) : "80";
  if (has_port) authority = authority.substr(0, colon);
  if (authority.starts_with('[') && authority.ends_with(']')) authority = authority.substr(1, authority.size() - 2);
  result.host = std::string(authority);
  if (result.host.empty() || result.port.empty()) throw std::invalid_argument("the URL must be ws://host:port/path");
  return result;
}

/// Lives as long as an operation of its own is pending; `close` makes them all end.
class SignalClient::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(boost::asio::io_context& io, SignalUrl url, SignalListener& listener)
      : url_(std::move(url)), listener_(&listener), resolver_(io), socket_(io) {}

  void start() {
    resolver_.async_resolve(url_.host, url_.port,
                            [self = shared_from_this()](error_code error, const tcp::resolver::results_type& found) {
                              if (error) return self->fail("cannot resolve " + self->url_.host, error);
                              self->connect(found);
                            });
  }

  void send(const json& message) {
    waiting_.push_back(message.dump());
    if (open_ && waiting_.size() == 1) write();
  }

  void detach() {
    listener_ = nullptr;
    error_code ignored;
    resolver_.cancel();
    beast::get_lowest_layer(socket_).close(ignored);
  }

 private:
  void connect(const tcp::resolver::results_type& found) {
    boost::asio::async_connect(beast::get_lowest_layer(socket_), found,
                               [self = shared_from_this()](error_code error, const tcp::endpoint&) {
                                 if (error) return self->fail("cannot connect to " + self->name(), error);
                                 self->handshake();
                               });
  }

  void handshake() {
    error_code ignored;
    beast::get_lowest_layer(socket_).set_option(tcp::no_delay(true), ignored);
    socket_.read_message_max(kMaxMessageBytes);
    socket_.async_handshake(name(), url_.path, [self = shared_from_this()](error_code error) {
      if (error) return self->fail("no WebSocket at " + self->name() + self->url_.path, error);
      if (self->listener_ != nullptr) self->listener_->on_open();
      self->open_ = true;
      if (!self->waiting_.empty()) self->write();
      self->read();
    });
  }

  void read() {
    socket_.async_read(buffer_, [self = shared_from_this()](error_code error, std::size_t) {
      if (error) return self->fail("the server closed the WebSocket (" + self->close_reason() + ")", error);
      self->handle(json::parse(beast::buffers_to_string(self->buffer_.data()), nullptr, false));
      self->buffer_.consume(self->buffer_.size());
      if (self->listener_ != nullptr) self->read();
    });
  }

  void write() {
    socket_.async_write(boost::asio::buffer(waiting_.front()),
                        [self = shared_from_this()](error_code error, std::size_t) {
                          if (error) return self->fail("cannot send to " + self->name(), error);
                          self->waiting_.pop_front();
                          if (!self->waiting_.empty()) self->write();
                        });
  }

  void handle(const json& message) {
    if (listener_ == nullptr || !message.is_object()) return;
    if (message.contains("error")) return fail("the server refused: " + message["error"].dump(), {});
    const std::string method = message.value("method", "");
    if (method == "offer") {
      listener_->on_offer(message["params"].value("sdp", ""));
    } else if (method == "closed") {
      fail("the server closes the connection: " + message["params"].dump(), {});
    } else if (message.contains("result") && message.value("id", "") == kJoinId) {
      listener_->on_joined(message["result"].value("sdp", ""));
    }
  }

  void fail(const std::string& what, error_code error) {
    if (listener_ == nullptr) return;
    SignalListener* listener = listener_;
    detach();
    listener->on_failed(error ? what + ": " + error.message() : what);
  }

  [[nodiscard]] std::string name() const {
    const bool v6 = url_.host.find(':') != std::string::npos;
    return (v6 ? '[' + url_.host + ']' : url_.host) + ':' + url_.port;
  }
  [[nodiscard]] std::string close_reason() const {
    return std::to_string(socket_.reason().code) + ' ' + std::string(socket_.reason().reason.c_str());
  }

  const SignalUrl url_;
  SignalListener* listener_;  // Null once it must not be called any more.
  tcp::resolver resolver_;
  beast::websocket::stream<tcp::socket> socket_;
  beast::flat_buffer buffer_;
  std::deque<std::string> waiting_;  // The first one is being written.
  bool open_ = false;
};

SignalClient::SignalClient(boost::asio::io_context& io, const SignalUrl& url, SignalListener& listener)
    : connection_(std::make_shared<Connection>(io, url, listener)) {
  connection_->start();
}

SignalClient::~SignalClient() { connection_->detach(); }

void SignalClient::join(std::string_view room, std::string_view uid, std::string_view offer_sdp) {
  connection_->send({{"method", "join"},
                     {"params", {{"sid", room}, {"uid", uid}, {"offer", {{"type", "offer"}, {"sdp", offer_sdp}}}}},
                     {"id", kJoinId}});
}

void SignalClient::answer(std::string_view sdp) {
  connection_->send({{"method", "answer"}, {"params", {{"desc", {{"type", "answer"}, {"sdp", sdp}}}}}});
}

void SignalClient::close() { connection_->detach(); }

}  // namespace noir
