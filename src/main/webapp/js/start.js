// The start page: which room, who you are, how you look and sound.

import { showAccount } from './account.js';
import { pageLink, queryParameter, randomToken } from './address.js';
import { listDevices } from './devices.js';
import { element, hueOf, initialsOf, showDevice, showNotice } from './dom.js';
import { OwnDevices } from './own_devices.js';
import { goToLogin, needsLogin, readSession, takeToken, whenSeenAgain, withToken } from './session.js';
import { keepTabSecret, loadSettings, saveSettings } from './settings.js';

const room = element('room', HTMLInputElement);
const name = element('name', HTMLInputElement);
const preview = element('preview', HTMLElement);
const video = element('preview-video', HTMLVideoElement);
const initials = element('preview-initials', HTMLElement);
const deviceNotice = element('device-notice', HTMLElement);
const formError = element('form-error', HTMLElement);

const devices = new OwnDevices(handleDevice, (error) => showNotice(deviceNotice, error.message));

/** @param {import('./own_devices.js').OwnDevice} device */
function handleDevice(device) {
  const on = devices.isOn(device);
  showDevice(element(device, HTMLButtonElement), device, on);
  if (on) showNotice(deviceNotice, '');
  if (device === 'camera') {
    const track = devices.track('camera');
    preview.classList.toggle('no-video', !track);
    video.srcObject = track ? new MediaStream([track]) : null;
  } else {
    meter.listen(devices.track('microphone'));
  }
  void showChoices();
}

/** Shows that the microphone hears something. */
const meter = {
  /** @type {AudioContext | null} */
  context: null,
  /** @type {MediaStreamAudioSourceNode | null} */
  source: null,
  /** @type {AnalyserNode | null} */
  analyser: null,
  box: element('level', HTMLElement),

  /** @param {MediaStreamTrack | null} track */
  listen(track) {
    this.source?.disconnect();
    this.source = null;
    this.analyser = null;
    if (!track) return;
    this.context ??= new AudioContext();
    this.analyser = this.context.createAnalyser();
    this.analyser.fftSize = 1024;
    this.source = this.context.createMediaStreamSource(new MediaStream([track]));
    this.source.connect(this.analyser);
  },

  draw() {
    let level = 0;
    if (this.analyser) {
      const samples = new Float32Array(this.analyser.fftSize);
      this.analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
      // −60 dBFS is an empty bar, 0 dBFS a full one.
      level = Math.min(1, Math.max(0, 1 + Math.log10(power + 1e-12) / 6));
    }
    const bar = this.box.firstElementChild;
    if (bar instanceof HTMLElement) bar.style.transform = `scaleX(${level.toFixed(2)})`;
    this.box.setAttribute('aria-valuenow', String(Math.round(level * 100)));
  },
};

/** Names of devices are known only after one was opened. */
async function showChoices() {
  const { cameras, microphones } = await listDevices();
  const settings = loadSettings();
  fill(element('camera-choice', HTMLSelectElement), cameras, settings.cameraId);
  fill(element('microphone-choice', HTMLSelectElement), microphones, settings.microphoneId);
  element('devices', HTMLElement).hidden = !cameras.concat(microphones).some((device) => device.label);
}

/**
 * @param {HTMLSelectElement} select
 * @param {MediaDeviceInfo[]} known
 * @param {string} chosen
 */
function fill(select, known, chosen) {
  select.replaceChildren(...known.map(({ label, deviceId }) => new Option(label || 'Unnamed', deviceId)));
  if (known.some((device) => device.deviceId === chosen)) select.value = chosen;
  select.disabled = known.length === 0;
}

/**
 * @param {'camera' | 'microphone'} device
 * @param {HTMLSelectElement} select
 */
function wireChoice(device, select) {
  select.addEventListener('change', async () => {
    saveSettings(device === 'camera' ? { cameraId: select.value } : { microphoneId: select.value });
    await devices.reopen(device);
  });
}

function showInitials() {
  const shown = name.value.trim() || 'Guest';
  initials.textContent = initialsOf(shown);
  initials.style.setProperty('--hue', String(hueOf(shown)));
}

/** @param {SubmitEvent} event */
function join(event) {
  event.preventDefault();
  const wanted = room.value.trim();
  room.setAttribute('aria-invalid', String(!wanted));
  showNotice(formError, wanted ? '' : 'Please give the room a name.', { bad: true });
  if (!wanted) {
    room.focus();
    return;
  }
  saveSettings({ room: wanted, name: name.value.trim() });
  // Not in the link: that is copied and shown around.
  keepTabSecret('password', wanted, element('password', HTMLInputElement).value);
  // The gallery opens the devices anew: given back here, they are free there.
  devices.close();
  window.location.assign(withToken(pageLink('gallery.html', { room: wanted, name: name.value.trim() })));
}

/** Shows who is logged in, and takes that name for the call where no other is known. */
async function showSession() {
  const session = await readSession();
  showAccount(element('account', HTMLElement), session, () => window.location.reload());
  if (needsLogin(session)) goToLogin();
  if (!session.principal || name.value) return;
  name.value = session.principal.slice(0, name.maxLength);
  showInitials();
}

await takeToken();
const settings = loadSettings();
room.value = queryParameter('room', settings.room || `room-${randomToken(4)}`);
name.value = queryParameter('name', settings.name, 32);
showInitials();
name.addEventListener('input', showInitials);
element('join', HTMLFormElement).addEventListener('submit', join);
for (const device of /** @type {const} */ (['microphone', 'camera'])) {
  handleDevice(device);
  element(device, HTMLButtonElement).addEventListener('click', () => devices.toggle(device));
  wireChoice(device, element(`${device}-choice`, HTMLSelectElement));
}
// A context made before the first click is suspended; any touch of the page wakes it.
document.addEventListener('pointerdown', () => void meter.context?.resume());
setInterval(() => meter.draw(), 100);
whenSeenAgain(() => void showSession());
await Promise.all([showSession(), devices.openRemembered()]);
