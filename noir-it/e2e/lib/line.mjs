// What the server says of a viewer's line.

const MARGIN = 1.2;

/**
 * Whether the viewer is sent what he wants, and the server has measured that the line has room for more. A new viewer may get the
 * best layer before, and then a smaller one until the estimate has grown; his page shows the best one for a moment longer.
 */
export async function isLineKnown(viewer) {
  const { subscriber } = (await viewer.do('explain')).peers[0];
  const sent = sentTo(subscriber);
  const isAsWanted = subscriber.tracks.every(({ why }) => why === 'as wanted');
  return isAsWanted && sent > 0 && subscriber.bandwidth?.estimate > MARGIN * sent;
}

/** Whether what the server has measured of all that the viewer is sent takes more than a line of `kbps` would. */
export async function takesMoreThan(viewer, kbps) {
  return sentTo((await viewer.do('explain')).peers[0].subscriber) > MARGIN * kbps * 1000;
}

const sentTo = ({ tracks }) => tracks.reduce((sum, { allocatedBitrate = 0 }) => sum + allocatedBitrate, 0);
