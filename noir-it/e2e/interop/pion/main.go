// Package main is pion as a peer, as it comes: interop/ion_peer.py says how it is called and what it prints. It has no codecs:
// what it sends is one key frame and one silent Opus frame, time and again, and what it counts are packets.
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
	"github.com/pion/webrtc/v3"
	"github.com/pion/webrtc/v3/pkg/media"
)

// 64 by 48 pixels, all blue.
const keyFrame = "UAMAnQEqQAAwAABHCIWFiIWEiAICAnWqA/gCBwjVZ5mPN9IA/v9NEv/8WFfxYV/FhX/xYV/8/M7txfzmAA=="

var silence = []byte{0xf8, 0xff, 0xfe}

type message struct {
	ID     interface{}     `json:"id,omitempty"`
	Method string          `json:"method,omitempty"`
	Params json.RawMessage `json:"params,omitempty"`
	Result json.RawMessage `json:"result,omitempty"`
	Error  json.RawMessage `json:"error,omitempty"`
}

type peer struct {
	socket     *websocket.Conn
	publisher  *webrtc.PeerConnection
	subscriber *webrtc.PeerConnection
	writing    sync.Mutex
	video      int64
	audio      int64
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func tell(value interface{}) {
	text, err := json.Marshal(value)
	check(err)
	fmt.Println(string(text))
}

func (p *peer) send(method string, params interface{}, id interface{}) {
	text, err := json.Marshal(params)
	check(err)
	p.writing.Lock()
	defer p.writing.Unlock()
	check(p.socket.WriteJSON(message{ID: id, Method: method, Params: text}))
}

func (p *peer) publish(mime string, payload []byte, every time.Duration) {
	track, err := webrtc.NewTrackLocalStaticSample(webrtc.RTPCodecCapability{MimeType: mime}, mime[:5], "pion")
	check(err)
	_, err = p.publisher.AddTrack(track)
	check(err)
	go func() {
		for range time.Tick(every) {
			check(track.WriteSample(media.Sample{Data: payload, Duration: every}))
		}
	}()
}

// What was described, with all candidates.
func complete(connection *webrtc.PeerConnection, description webrtc.SessionDescription) webrtc.SessionDescription {
	gathered := webrtc.GatheringCompletePromise(connection)
	check(connection.SetLocalDescription(description))
	<-gathered
	return *connection.LocalDescription()
}

func (p *peer) watch(track *webrtc.TrackRemote, _ *webrtc.RTPReceiver) {
	count := &p.audio
	if track.Kind() == webrtc.RTPCodecTypeVideo {
		count = &p.video
	}
	for {
		if _, _, err := track.ReadRTP(); err != nil {
			return
		}
		atomic.AddInt64(count, 1)
	}
}

func (p *peer) handle(m message) {
	var description webrtc.SessionDescription
	switch {
	case m.Method == "offer":
		check(json.Unmarshal(m.Params, &description))
		check(p.subscriber.SetRemoteDescription(description))
		answer, err := p.subscriber.CreateAnswer(nil)
		check(err)
		p.send("answer", map[string]interface{}{"desc": complete(p.subscriber, answer)}, nil)
	case m.ID == "1" && m.Result != nil:
		check(json.Unmarshal(m.Result, &description))
		check(p.publisher.SetRemoteDescription(description))
	case m.Error != nil || m.Method == "closed":
		tell(map[string]string{"error": string(m.Error) + string(m.Params)})
	}
}

func main() {
	socket, _, err := websocket.DefaultDialer.Dial(os.Args[1], nil)
	check(err)
	p := &peer{socket: socket}
	p.publisher, err = webrtc.NewPeerConnection(webrtc.Configuration{})
	check(err)
	p.subscriber, err = webrtc.NewPeerConnection(webrtc.Configuration{})
	check(err)
	p.subscriber.OnTrack(p.watch)
	_, err = p.publisher.CreateDataChannel("ion-sfu", nil)
	check(err)
	picture, err := base64.StdEncoding.DecodeString(keyFrame)
	check(err)
	p.publish(webrtc.MimeTypeVP8, picture, 100*time.Millisecond)
	p.publish(webrtc.MimeTypeOpus, silence, 20*time.Millisecond)
	offer, err := p.publisher.CreateOffer(nil)
	check(err)
	params := map[string]interface{}{"sid": os.Args[2], "uid": os.Args[3], "offer": complete(p.publisher, offer)}
	p.send("join", params, "1")
	go func() {
		for range time.Tick(500 * time.Millisecond) {
			tell(map[string]int64{"video": atomic.LoadInt64(&p.video), "audio": atomic.LoadInt64(&p.audio)})
		}
	}()
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	for {
		var m message
		if p.socket.ReadJSON(&m) != nil {
			select {} // Told by "closed"; the caller ends it.
		}
		p.handle(m)
	}
}
