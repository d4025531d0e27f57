// The page a test drives: it publishes by WHIP and watches by WHEP, with RTCPeerConnection and fetch and nothing else.

import { capturedFor, encodingsOf, figuresOf, takeStall } from './page.js';

const SIMULCAST = [
  { rid: 'q', maxBitrate: 120_000, scaleResolutionDownBy: 4 },
  { rid: 'h', maxBitrate: 400_000, scaleResolutionDownBy: 2 },
  { rid: 'f', maxBitrate: 1_200_000 },
];

let connection = null;
let local = null;
let resource = null;
let tag = '';
const remote = new MediaStream();

async function post(url, token) {
  await connection.setLocalDescription();
  const headers = { 'content-type': 'application/sdp' };
  if (token) headers.authorization = `Bearer ${token}`;
  const response = await fetch(url, { method: 'POST', headers, body: connection.localDescription.sdp });
  const text = await response.text();
  if (response.status !== 201) {
    connection.close();
    return { status: response.status, retryAfter: response.headers.get('retry-after'), text };
  }
  resource = new URL(response.headers.get('location'), url).href;
  tag = response.headers.get('etag');
  await connection.setRemoteDescription({ type: 'answer', sdp: text });
  return { status: response.status, length: text.length };
}

function fragment(sdp) {
  const lines = sdp.split('\r\n');
  const of = (name) => lines.find((line) => line.startsWith(`a=${name}:`));
  return [of('ice-ufrag'), of('ice-pwd'), lines.find((line) => line.startsWith('m=')), of('mid'), ''].join('\r\n');
}

function patch(match, body) {
  const headers = { 'content-type': 'application/trickle-ice-sdpfrag', 'if-match': match };
  return fetch(resource, { method: 'PATCH', headers, body });
}

window.call = {
  /** @param {{ url: string, token?: string, simulcast?: boolean, width?: number, codec?: string }} options */
  async publish({ url, token, simulcast, width = 320, codec }) {
    local = await navigator.mediaDevices.getUserMedia({ audio: true, video: { width, height: (width * 9) / 16 } });
    connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    for (const track of local.getTracks()) {
      const sendEncodings = simulcast && track.kind === 'video' ? SIMULCAST : undefined;
      const init = { direction: 'sendonly', streams: [local], ...(sendEncodings && { sendEncodings }) };
      const transceiver = connection.addTransceiver(track, init);
      if (codec && track.kind === 'video') {
        const { codecs } = RTCRtpReceiver.getCapabilities('video');
        const same = codecs.filter(({ mimeType }) => mimeType.toLowerCase() === `video/${codec}`);
        transceiver.setCodecPreferences(same);
      }
    }
    return post(url, token);
  },

  /** @param {{ url: string, token?: string }} options */
  async watch({ url, token }) {
    connection = new RTCPeerConnection({ bundlePolicy: 'max-bundle' });
    connection.ontrack = ({ track }) => {
      remote.addTrack(track);
      if (track.kind !== 'video') return;
      const video = Object.assign(document.createElement('video'), { autoplay: true, muted: true });
      video.srcObject = remote;
      document.body.append(video);
    };
    for (const kind of ['audio', 'video']) connection.addTransceiver(kind, { direction: 'recvonly' });
    return post(url, token);
  },

  localStream: () => local.id,

  sent: () => encodingsOf(connection),

  captured: () => capturedFor(connection),

  async received() {
    const entries = [...(await connection.getStats()).values()];
    const figures = entries.filter((entry) => entry.type === 'inbound-rtp').map((entry) => ({
      ...figuresOf(entry),
      codec: entries.find(({ id }) => id === entry.codecId)?.mimeType ?? '',
      ssrc: entry.ssrc,
    }));
    return figures;
  },

  connectionState: () => connection.connectionState,

  async trickle() {
    return (await patch(tag, fragment(connection.localDescription.sdp))).status;
  },

  /** New credentials at both ends, and nothing else. */
  async restart() {
    const answer = connection.remoteDescription.sdp;
    await connection.setLocalDescription(await connection.createOffer({ iceRestart: true }));
    const response = await patch('*', fragment(connection.localDescription.sdp));
    const text = await response.text();
    if (response.status !== 200) return response.status;
    tag = response.headers.get('etag');
    const said = (name) => text.split('\r\n').find((line) => line.startsWith(`a=${name}:`));
    const sdp = answer.replaceAll(/a=ice-ufrag:.*/g, said('ice-ufrag')).replaceAll(/a=ice-pwd:.*/g, said('ice-pwd'));
    await connection.setRemoteDescription({ type: 'answer', sdp });
    return response.status;
  },

  async leave() {
    const { status } = await fetch(resource, { method: 'DELETE' });
    connection.close();
    return status;
  },

  /** The client is gone without a word to HTTP. */
  close: () => connection.close(),

  takeStall,

  dump: async () => ({ state: connection?.connectionState, stats: connection && [...(await connection.getStats()).values()] }),
};

document.title = 'ready';
