#pragma once

#include <string>

namespace noir {

/// RFC 8839 §5.4: ice-ufrag and ice-pwd.
struct IceCredentials {
  std::string ufrag;
  std::string pwd;
};

}  // namespace noir
