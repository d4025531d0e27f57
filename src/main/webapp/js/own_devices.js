// Our own camera and microphone while we are in a room: on, off, and what went wrong.

import { DeviceError, openCamera, openMicrophone } from './devices.js';
import { loadSettings, saveSettings } from './settings.js';

/** @typedef {'camera' | 'microphone'} OwnDevice */

export class OwnDevices {
  /** @type {Record<OwnDevice, MediaStreamTrack | null>} */
  #tracks = { camera: null, microphone: null };
  /** @type {Set<OwnDevice>} */
  #busy = new Set();

  /**
   * @param {(device: OwnDevice, track: MediaStreamTrack | null) => void} onChange what to send from now on
   * @param {(error: DeviceError) => void} onError
   */
  constructor(onChange, onError) {
    this.onChange = onChange;
    this.onError = onError;
  }

  /** @param {OwnDevice} device */
  isOn(device) {
    const track = this.#tracks[device];
    return track !== null && track.enabled;
  }

  /**
   * @param {OwnDevice} device
   * @returns {MediaStreamTrack | null} what is to be sent
   */
  track(device) {
    return this.isOn(device) ? this.#tracks[device] : null;
  }

  /** Opens what was on last time. Camera and microphone are asked for apart: one missing must not cost the other. */
  async openRemembered() {
    const { cameraOn, microphoneOn } = loadSettings();
    await Promise.all([cameraOn ? this.switchOn('camera') : null, microphoneOn ? this.switchOn('microphone') : null]);
  }

  /** @param {OwnDevice} device */
  async toggle(device) {
    if (this.#busy.has(device)) return;
    if (this.isOn(device)) this.switchOff(device);
    else await this.switchOn(device);
    saveSettings(device === 'camera' ? { cameraOn: this.isOn(device) } : { microphoneOn: this.isOn(device) });
  }

  /** @param {OwnDevice} device */
  async switchOn(device) {
    const open = this.#tracks[device];
    if (open && open.readyState === 'live') {
      open.enabled = true;
      this.onChange(device, open);
      return;
    }
    this.#busy.add(device);
    try {
      const settings = loadSettings();
      const track = await (device === 'camera'
        ? openCamera(settings.cameraId)
        : openMicrophone(settings.microphoneId));
      this.#tracks[device] = track;
      track.addEventListener('ended', () => this.#handleEnded(device, track));
      this.onChange(device, track);
    } catch (error) {
      if (error instanceof DeviceError) this.onError(error);
      else throw error;
    } finally {
      this.#busy.delete(device);
    }
  }

  /**
   * The camera is given back, so that its light goes out. The microphone stays open, so that unmuting cuts no word.
   *
   * @param {OwnDevice} device
   */
  switchOff(device) {
    const track = this.#tracks[device];
    if (!track) return;
    track.enabled = false;
    if (device === 'camera') {
      track.stop();
      this.#tracks.camera = null;
    }
    this.onChange(device, null);
  }

  /**
   * Takes the device chosen meanwhile; stays off when it was off.
   *
   * @param {OwnDevice} device
   */
  async reopen(device) {
    const wasOn = this.isOn(device);
    this.#tracks[device]?.stop();
    this.#tracks[device] = null;
    if (wasOn) await this.switchOn(device);
  }

  close() {
    for (const track of Object.values(this.#tracks)) track?.stop();
    this.#tracks = { camera: null, microphone: null };
  }

  /**
   * @param {OwnDevice} device
   * @param {MediaStreamTrack} track
   */
  #handleEnded(device, track) {
    if (this.#tracks[device] !== track) return;
    this.#tracks[device] = null;
    this.onChange(device, null);
    this.onError(new DeviceError(device, `The ${device} was unplugged or taken away.`, 'missing'));
  }
}
