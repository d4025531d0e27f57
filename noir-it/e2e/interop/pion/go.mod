module noir.dev/interop/pion

go 1.19

require (
	github.com/gorilla/websocket v1.5.0
	github.com/pion/webrtc/v3 v3.1.56
)
