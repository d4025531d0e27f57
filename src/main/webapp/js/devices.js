// Camera, microphone and screen, with their failures in words.

/** @typedef {'camera' | 'microphone' | 'screen'} Device */

/** A failure a person can act on: `message` is meant to be shown. */
export class DeviceError extends Error {
  /**
   * @param {Device} device
   * @param {string} message
   * @param {'denied' | 'missing' | 'busy' | 'insecure' | 'cancelled' | 'failed'} kind
   */
  constructor(device, message, kind) {
    super(message);
    this.device = device;
    this.kind = kind;
  }
}

/**
 * @param {string} [deviceId]
 * @returns {Promise<MediaStreamTrack>}
 */
export async function openCamera(deviceId) {
  return open('camera', {
    video: {
      width: { ideal: 1280 },
      height: { ideal: 720 },
      frameRate: { ideal: 30 },
      ...(deviceId ? { deviceId: { ideal: deviceId } } : {}),
    },
  });
}

/**
 * @param {string} [deviceId]
 * @returns {Promise<MediaStreamTrack>}
 */
export async function openMicrophone(deviceId) {
  return open('microphone', {
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      ...(deviceId ? { deviceId: { ideal: deviceId } } : {}),
    },
  });
}

/** @returns {Promise<MediaStream>} */
export async function openScreen() {
  if (!navigator.mediaDevices?.getDisplayMedia) {
    throw new DeviceError('screen', 'This browser cannot share the screen.', 'missing');
  }
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video: { frameRate: { ideal: 15 } }, audio: true });
    for (const track of stream.getVideoTracks()) track.contentHint = 'detail';
    return stream;
  } catch (error) {
    // The same error stands for "pressed Cancel" and "forbidden by policy"; the first is by far the usual one.
    if (nameOf(error) === 'NotAllowedError') throw new DeviceError('screen', 'Nothing is shared.', 'cancelled');
    throw inWords('screen', error);
  }
}

/** @returns {Promise<{ cameras: MediaDeviceInfo[], microphones: MediaDeviceInfo[] }>} */
export async function listDevices() {
  const all = (await navigator.mediaDevices?.enumerateDevices?.()) ?? [];
  return {
    cameras: all.filter((device) => device.kind === 'videoinput'),
    microphones: all.filter((device) => device.kind === 'audioinput'),
  };
}

/**
 * @param {'camera' | 'microphone'} device
 * @param {MediaStreamConstraints} constraints
 */
async function open(device, constraints) {
  if (!navigator.mediaDevices?.getUserMedia) {
    throw new DeviceError(
      device,
      `The browser allows the ${device} only on pages opened by https or on localhost.`,
      'insecure',
    );
  }
  try {
    const [track] = (await navigator.mediaDevices.getUserMedia(constraints)).getTracks();
    if (!track) throw new Error('no track');
    return track;
  } catch (error) {
    throw inWords(device, error);
  }
}

/**
 * @param {Device} device
 * @param {unknown} error
 */
function inWords(device, error) {
  switch (nameOf(error)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new DeviceError(
        device,
        `The ${device} is blocked. Allow it in the browser's address bar, then switch it on again.`,
        'denied',
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new DeviceError(device, `No ${device} was found on this computer.`, 'missing');
    case 'NotReadableError':
    case 'AbortError':
      return new DeviceError(device, `The ${device} is in use by another program.`, 'busy');
    default:
      return new DeviceError(device, `The ${device} could not be started.`, 'failed');
  }
}

/** @param {unknown} error */
function nameOf(error) {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}
