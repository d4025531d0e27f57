"""GStreamer's webrtcbin as a publisher by WHIP: gstreamer_whip.py URL, until its input ends."""

import sys
import threading
import urllib.parse
import urllib.request

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import Gst, GstSdp, GstWebRTC  # noqa: E402

PIPELINE = """
 webrtcbin name=rtc bundle-policy=max-bundle
 videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=15/1 ! vp8enc deadline=1 keyframe-max-dist=30
 ! rtpvp8pay ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! rtc.
 audiotestsrc is-live=true ! opusenc ! rtpopuspay ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! rtc.
"""
SECONDS = 20


def call(rtc, action, *arguments):
    """The reply of an action; its promise is kept on a thread of GStreamer's."""
    done = threading.Event()
    kept = []

    def finished(promise, *_):
        kept.append(promise.get_reply())
        done.set()

    rtc.emit(action, *arguments, Gst.Promise.new_with_change_func(finished))
    if not done.wait(SECONDS):
        raise TimeoutError(action)
    return kept[0]


def offer(rtc):
    """With all candidates."""
    for i in range(2):
        rtc.emit("get-transceiver", i).set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
    gathered = threading.Event()

    def changed(*_):
        if rtc.get_property("ice-gathering-state") == GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            gathered.set()

    rtc.connect("notify::ice-gathering-state", changed)
    created = call(rtc, "create-offer", None)  # A name of its own: what is in it lives no longer.
    call(rtc, "set-local-description", created.get_value("offer"))
    changed()
    if not gathered.wait(SECONDS):
        raise TimeoutError("candidates")
    return rtc.get_property("local-description").sdp.as_text()


def publish(url):
    Gst.init(None)
    pipeline = Gst.parse_launch(PIPELINE)
    rtc = pipeline.get_by_name("rtc")
    needed = threading.Event()
    rtc.connect("on-negotiation-needed", lambda *_: needed.set())
    pipeline.set_state(Gst.State.PLAYING)
    if not needed.wait(SECONDS):
        raise TimeoutError("sources")
    request = urllib.request.Request(url, offer(rtc).encode(), {"Content-Type": "application/sdp"})
    with urllib.request.urlopen(request) as response:
        session = urllib.parse.urljoin(url, response.headers["Location"])
        _, message = GstSdp.SDPMessage.new_from_text(response.read().decode())
    answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, message)
    call(rtc, "set-remote-description", answer)
    sys.stdin.read()
    with urllib.request.urlopen(urllib.request.Request(session, method="DELETE")) as response:
        print(response.status)
    pipeline.set_state(Gst.State.NULL)


publish(sys.argv[1])
