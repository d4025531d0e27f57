// What the server says of a viewer's line.

const MARGIN = 1.2;

/**
 * Whether the server has measured that the line has room for more than what is sent. A new viewer may get the best layer before,
 * and then a smaller one until the estimate has grown.
 */
export async function isLineKnown(viewer) {
  const { subscriber } = (await viewer.do('explain')).peers[0];
  const sent = subscriber.tracks.reduce((sum, { allocatedBitrate = 0 }) => sum + allocatedBitrate, 0);
  return sent > 0 && subscriber.bandwidth?.estimate > MARGIN * sent;
}
