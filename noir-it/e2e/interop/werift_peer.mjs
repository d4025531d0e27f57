// werift as a peer: ion_peer.py says how it is called and what it prints. It has no codecs: what it sends is one key frame and one
// silent Opus frame, time and again, and what it counts are packets.

import { MediaStreamTrack, RTCPeerConnection, RtpHeader, RtpPacket, useOPUS, useVP8 } from 'werift';
import WebSocket from 'ws';

// 64 by 48 pixels, all blue, behind a payload descriptor that begins a partition (RFC 7741 §4.2).
const KEY_FRAME = Buffer.from('EFADAJ0BKkAAMAAARwiFhYiFhIgCAgJ1qgP4AgcI1WeZjzfSAP7/TRL//FhX8WFfxYV/8WFf/PzO7cX85gA=', 'base64');
const SILENCE = Buffer.from('f8fffe', 'hex');

const [url, room, name] = process.argv.slice(2);
const codecs = { audio: [useOPUS()], video: [useVP8()] };
const counts = { video: 0, audio: 0 };
const tell = (message) => console.log(JSON.stringify(message));

const publisher = new RTCPeerConnection({ codecs, bundlePolicy: 'max-bundle' });
const subscriber = new RTCPeerConnection({ codecs, bundlePolicy: 'max-bundle' });
subscriber.onTrack.subscribe((track) => track.onReceiveRtp.subscribe(() => counts[track.kind]++));

function publish(kind, payload, ticks, everyMs) {
  const track = new MediaStreamTrack({ kind });
  publisher.addTransceiver(track, { direction: 'sendonly' });
  let sequenceNumber = 0;
  let timestamp = 0;
  setInterval(() => {
    sequenceNumber = (sequenceNumber + 1) & 0xffff;
    timestamp = (timestamp + ticks) >>> 0;
    const marker = kind === 'video';
    track.writeRtp(new RtpPacket(new RtpHeader({ sequenceNumber, timestamp, marker, payloadType: 96 }), payload));
  }, everyMs);
}

const socket = new WebSocket(url);
socket.on('open', async () => {
  publisher.createDataChannel('ion-sfu');
  publish('video', KEY_FRAME, 9000, 100);
  publish('audio', SILENCE, 960, 20);
  await publisher.setLocalDescription(await publisher.createOffer());
  const { type, sdp } = publisher.localDescription;
  socket.send(JSON.stringify({ method: 'join', params: { sid: room, uid: name, offer: { type, sdp } }, id: '1' }));
});
// One after the other: an offer may come while the one before is being answered.
let last = Promise.resolve();
socket.on('message', (data) => {
  const message = JSON.parse(String(data));
  last = last.then(() => handle(message)).catch((error) => tell({ error: String(error.stack) }));
});

async function handle(message) {
  if (message.method === 'offer') {
    await subscriber.setRemoteDescription(message.params);
    await subscriber.setLocalDescription(await subscriber.createAnswer());
    const { type, sdp } = subscriber.localDescription;
    socket.send(JSON.stringify({ method: 'answer', params: { desc: { type, sdp } } }));
  } else if (message.id === '1' && message.result) {
    await publisher.setRemoteDescription(message.result);
  } else if (message.error || message.method === 'closed') {
    tell({ error: JSON.stringify(message) });
  }
}

setInterval(() => tell(counts), 500);
process.stdin.resume().on('end', () => process.exit(0));
