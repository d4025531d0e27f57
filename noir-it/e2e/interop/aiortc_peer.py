"""aiortc as a peer: ion_peer.py has the protocol and what is printed."""

from aiortc import RTCPeerConnection, RTCSessionDescription, VideoStreamTrack
from aiortc.mediastreams import AudioStreamTrack, MediaStreamError
from ion_peer import Peer, main, spawn


class AiortcPeer(Peer):
    def __init__(self, counts):
        self.counts = counts
        self.publisher = RTCPeerConnection()
        self.subscriber = RTCPeerConnection()
        self.subscriber.on("track", lambda track: spawn(self.watch(track)))

    async def watch(self, track):
        try:
            while True:
                await track.recv()  # A decoded frame.
                self.counts[track.kind] += 1
        except MediaStreamError:
            pass

    async def offer(self):
        self.publisher.createDataChannel("ion-sfu")
        self.publisher.addTrack(VideoStreamTrack())
        self.publisher.addTrack(AudioStreamTrack())
        await self.publisher.setLocalDescription(await self.publisher.createOffer())
        return self.publisher.localDescription.sdp

    async def answered(self, sdp):
        await self.publisher.setRemoteDescription(RTCSessionDescription(sdp, "answer"))

    async def answer(self, sdp):
        await self.subscriber.setRemoteDescription(RTCSessionDescription(sdp, "offer"))
        await self.subscriber.setLocalDescription(await self.subscriber.createAnswer())
        return self.subscriber.localDescription.sdp


main(AiortcPeer)
