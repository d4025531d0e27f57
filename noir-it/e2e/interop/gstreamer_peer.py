"""GStreamer's webrtcbin as a peer: ion_peer.py has the protocol and what is printed."""

import asyncio

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import Gst, GstSdp, GstWebRTC  # noqa: E402
from ion_peer import Peer, main  # noqa: E402

SOURCES = """
 videotestsrc is-live=true ! video/x-raw,width=320,height=240,framerate=15/1 ! vp8enc deadline=1 keyframe-max-dist=30
 ! rtpvp8pay ! application/x-rtp,media=video,encoding-name=VP8,payload=96 ! rtc.
 audiotestsrc is-live=true ! opusenc ! rtpopuspay ! application/x-rtp,media=audio,encoding-name=OPUS,payload=97 ! rtc.
"""


class Connection:
    """One webrtcbin. Its callbacks come on threads of GStreamer's."""

    def __init__(self, sources):
        # One element alone would be no pipeline.
        self.pipeline = Gst.parse_launch("webrtcbin name=rtc bundle-policy=max-bundle fakesrc num-buffers=0 ! fakesink " + sources)
        self.rtc = self.pipeline.get_by_name("rtc")
        self.pipeline.set_state(Gst.State.PLAYING)

    async def call(self, action, *arguments):
        loop = asyncio.get_running_loop()
        done = loop.create_future()

        def finished(promise, *_):
            reply = promise.get_reply()
            loop.call_soon_threadsafe(done.set_result, reply)

        self.rtc.emit(action, *arguments, Gst.Promise.new_with_change_func(finished))
        reply = await done
        if reply is not None and reply.has_field("error"):
            raise RuntimeError(f"{action}: {reply.get_value('error')}")
        return reply

    async def set_remote(self, kind, sdp):
        _, message = GstSdp.SDPMessage.new_from_text(sdp)
        description = GstWebRTC.WebRTCSessionDescription.new(kind, message)
        await self.call("set-remote-description", description)

    async def describe(self, action, member):
        """Creates an offer or answer and gives it with all candidates."""
        reply = await self.call(action, None)
        await self.call("set-local-description", reply.get_value(member))
        while self.rtc.get_property("ice-gathering-state") != GstWebRTC.WebRTCICEGatheringState.COMPLETE:
            await asyncio.sleep(0.02)
        return self.rtc.get_property("local-description").sdp.as_text()


class GStreamerPeer(Peer):
    def __init__(self, counts):
        Gst.init(None)
        self.counts = counts
        self.publisher = Connection(SOURCES)
        self.subscriber = Connection("")
        self.subscriber.rtc.connect("pad-added", self.pad_added)

    def pad_added(self, _, pad):
        if pad.direction != Gst.PadDirection.SRC:
            return
        video = pad.get_current_caps().get_structure(0).get_string("media") == "video"
        decoder = "rtpvp8depay ! vp8dec" if video else "rtpopusdepay ! opusdec"
        sink = Gst.parse_bin_from_description(
            f"queue ! {decoder} ! fakesink name=sink sync=false signal-handoffs=true", True
        )
        sink.get_by_name("sink").connect("handoff", self.decoded, "video" if video else "audio")
        self.subscriber.pipeline.add(sink)
        sink.sync_state_with_parent()
        pad.link(sink.get_static_pad("sink"))

    def decoded(self, _sink, _buffer, _pad, kind):
        self.counts[kind] += 1

    async def offer(self):
        for transceiver in (self.publisher.rtc.emit("get-transceiver", i) for i in range(2)):
            transceiver.set_property("direction", GstWebRTC.WebRTCRTPTransceiverDirection.SENDONLY)
        return await self.publisher.describe("create-offer", "offer")

    async def answered(self, sdp):
        await self.publisher.set_remote(GstWebRTC.WebRTCSDPType.ANSWER, sdp)

    async def answer(self, sdp):
        await self.subscriber.set_remote(GstWebRTC.WebRTCSDPType.OFFER, sdp)
        return await self.subscriber.describe("create-answer", "answer")


main(GStreamerPeer)
