// The gallery: everybody in a room.

import { pageLink, queryParameter, signallingUrl } from './address.js';
import { ActivityMonitor } from './activity.js';
import { DeviceError, openScreen } from './devices.js';
import { element, showDevice, showNotice, showToast, showToggle } from './dom.js';
import { gridLayout, stageLayout } from './layout.js';
import { OwnDevices } from './own_devices.js';
import { RoomConnection } from './room_connection.js';
import { loadSettings, saveSettings, tabPeerId } from './settings.js';
import { Tile } from './tile.js';

/** @typedef {{ tile: Tile, stream: MediaStream | null }} Shown */

const OWN = 'own';
const OWN_SCREEN = 'own-screen';
// How long somebody new is given before a silent microphone counts as switched off.
const SETTLE_MS = 2000;

class Gallery {
  /** @type {Map<string, Shown>} by stream id; insertion order is the order on the page */
  shown = new Map();
  /** @type {string | null} */
  enlarged = null;
  /** @type {MediaStream | null} */
  screen = null;
  area = element('tiles', HTMLElement);
  notice = element('notice', HTMLElement);
  toasts = element('toasts', HTMLElement);

  /**
   * @param {string} room
   * @param {string} name
   */
  constructor(room, name) {
    this.room = room;
    this.name = name;
    this.devices = new OwnDevices(
      (device) => this.handleDevice(device),
      (error) => showToast(this.toasts, error.message),
    );
    this.connection = new RoomConnection(
      { url: signallingUrl(window.location, document.baseURI), room, peerId: queryParameter('uid', tabPeerId()), name },
      {
        onJoined: () => this.handleJoined(),
        onStream: (stream, label) => this.handleStream(stream, label),
        onStreamGone: (id) => this.hide(id),
        onInterrupted: (why, retryInMs) => this.handleInterrupted(why, retryInMs),
        onEnded: (why) => this.handleEnded(why),
      },
    );
    new ResizeObserver(() => this.arrange()).observe(this.area);
    new ActivityMonitor(
      () => this.connection.subscriber,
      () => this.watched(),
    );
  }

  async start() {
    document.title = `${this.room} – noiR`;
    element('room-name', HTMLElement).textContent = this.room;
    const own = { name: this.name, caption: `${this.name} (you)`, screen: false, own: true };
    this.show(OWN, new Tile(own, () => this.toggleEnlarged(OWN)), null);
    this.handleDevice('camera');
    this.handleDevice('microphone');
    this.showScreenButton();
    this.wire();
    // Connecting and opening the devices take their time side by side; the tracks follow when they are there.
    this.connection.publish('camera', { audio: null, video: null });
    this.connection.start();
    await this.devices.openRemembered();
  }

  wire() {
    /** @type {[string, string, () => unknown][]} */
    const controls = [
      ['microphone', 'm', () => this.devices.toggle('microphone')],
      ['camera', 'v', () => this.devices.toggle('camera')],
      ['screen', 's', () => this.toggleScreen()],
      ['leave', '', () => this.leave()],
      ['copy-link', '', () => this.copyLink()],
      ['invite-copy', '', () => this.copyLink()],
    ];
    for (const [id, , run] of controls) element(id, HTMLButtonElement).addEventListener('click', run);
    document.addEventListener('keydown', (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
      controls.find(([, key]) => key && key === event.key.toLowerCase())?.[2]();
    });
    window.addEventListener('pagehide', () => this.connection.leave());
    // Back from the browser's page cache the connection is gone: start afresh.
    window.addEventListener('pageshow', (event) => {
      if (event.persisted) window.location.reload();
    });
  }

  handleJoined() {
    showNotice(this.notice, '');
    this.count();
  }

  /**
   * @param {string} why
   * @param {number} retryInMs
   */
  handleInterrupted(why, retryInMs) {
    const seconds = Math.ceil(retryInMs / 1000);
    showNotice(this.notice, `${why} Trying again in ${seconds} ${seconds === 1 ? 'second' : 'seconds'} …`, {
      action: { label: 'Try now', run: () => this.rejoin() },
    });
  }

  /** @param {string} why */
  handleEnded(why) {
    showNotice(this.notice, why, { bad: true, action: { label: 'Join again', run: () => this.rejoin() } });
    this.count();
  }

  rejoin() {
    showNotice(this.notice, 'Connecting …');
    this.connection.start();
  }

  /**
   * @param {MediaStream} stream
   * @param {import('./stream_name.js').StreamLabel} label
   */
  async handleStream(stream, label) {
    const screen = label.kind === 'screen';
    const caption = screen ? `${label.name}’s screen` : label.name;
    const tile = new Tile({ name: label.name, caption, screen, own: false }, () => this.toggleEnlarged(stream.id));
    this.show(stream.id, tile, stream);
    if (screen) this.enlarge(stream.id);
    tile.video.addEventListener('loadeddata', () => tile.setVideo(true), { once: true });
    if (!(await tile.show(stream))) this.askForClick();
  }

  /** Browsers play sound only on pages somebody has touched, or that use the camera. */
  askForClick() {
    showNotice(this.notice, 'The browser keeps the sound off until you click.', {
      action: {
        label: 'Turn the sound on',
        run: () => {
          showNotice(this.notice, '');
          for (const { tile } of this.shown.values()) void tile.video.play();
        },
      },
    });
  }

  /**
   * @param {string} id
   * @param {Tile} tile
   * @param {MediaStream | null} stream
   */
  show(id, tile, stream) {
    this.shown.set(id, { tile, stream });
    this.area.append(tile.element);
    this.arrange();
    this.count();
  }

  /** @param {string} id */
  hide(id) {
    this.shown.get(id)?.tile.remove();
    this.shown.delete(id);
    if (this.enlarged === id) this.enlarge(null);
    this.arrange();
    this.count();
  }

  /** @returns {Iterable<[MediaStream, (activity: import('./activity.js').Activity) => void]>} */
  *watched() {
    for (const { tile, stream } of this.shown.values()) {
      if (!stream || tile.who.own) continue;
      yield [
        stream,
        (activity) => {
          // A still slide sends few packets or none; only cameras are taken for switched off.
          if (!tile.who.screen) {
            tile.setVideo(activity.video && tile.video.videoWidth > 0);
            const known = performance.now() - tile.shownAt > SETTLE_MS;
            if (activity.microphone || known) tile.setMicrophone(activity.microphone);
          }
          tile.setSpeaking(activity.speaking);
        },
      ];
    }
  }

  /** @param {import('./own_devices.js').OwnDevice} device */
  handleDevice(device) {
    const on = this.devices.isOn(device);
    showDevice(element(device, HTMLButtonElement), device, on);
    const own = this.shown.get(OWN)?.tile;
    const track = this.devices.track(device);
    if (device === 'camera') {
      own?.setVideo(on);
      if (track) void own?.show(new MediaStream([track]));
    } else {
      own?.setMicrophone(on);
    }
    void this.connection.setTrack('camera', device === 'camera' ? 'video' : 'audio', track);
  }

  async toggleScreen() {
    if (this.screen) {
      this.stopScreen();
      return;
    }
    try {
      const stream = await openScreen();
      this.screen = stream;
      const [video] = stream.getVideoTracks();
      video?.addEventListener('ended', () => this.stopScreen());
      this.connection.publish('screen', Object.fromEntries(stream.getTracks().map((track) => [track.kind, track])));
      const own = { name: this.name, caption: 'Your screen', screen: true, own: true };
      const tile = new Tile(own, () => this.toggleEnlarged(OWN_SCREEN));
      this.show(OWN_SCREEN, tile, stream);
      tile.setVideo(true);
      await tile.show(stream);
    } catch (error) {
      if (error instanceof DeviceError) showToast(this.toasts, error.message);
      else throw error;
    } finally {
      this.showScreenButton();
    }
  }

  stopScreen() {
    this.connection.unpublish('screen');
    for (const track of this.screen?.getTracks() ?? []) track.stop();
    this.screen = null;
    this.hide(OWN_SCREEN);
    this.showScreenButton();
  }

  showScreenButton() {
    const button = element('screen', HTMLButtonElement);
    showToggle(button, this.screen !== null, 'screen', this.screen ? 'Stop sharing the screen' : 'Share the screen');
    button.hidden = !navigator.mediaDevices?.getDisplayMedia;
  }

  /** @param {string} id */
  toggleEnlarged(id) {
    this.enlarge(this.enlarged === id ? null : id);
  }

  /** @param {string | null} id */
  enlarge(id) {
    this.enlarged = id;
    for (const [key, { tile }] of this.shown) tile.setEnlarged(key === id);
    this.arrange();
  }

  arrange() {
    const area = { x: 0, y: 0, width: this.area.clientWidth, height: this.area.clientHeight };
    const large = this.enlarged === null ? undefined : this.shown.get(this.enlarged);
    const small = [...this.shown.values()].filter((shown) => shown !== large);
    const { stage, strip } = large
      ? stageLayout(small.length, area)
      : { stage: area, strip: gridLayout(small.length, area) };
    if (large) place(large.tile.element, stage);
    small.forEach(({ tile }, index) => {
      const box = strip[index];
      if (box) place(tile.element, box);
    });
  }

  count() {
    const people = [...this.shown.values()].filter(({ tile }) => !tile.who.screen).length;
    element('count-number', HTMLElement).textContent = String(people);
    element('invite', HTMLElement).hidden = this.shown.size > 1 || !this.connection.subscriber || !this.notice.hidden;
  }

  async copyLink() {
    const link = pageLink('gallery.html', { room: this.room });
    try {
      await navigator.clipboard.writeText(link);
      showToast(this.toasts, 'The link is copied. Paste it into a message to invite somebody.');
    } catch {
      showToast(this.toasts, `The link to this room: ${link}`);
    }
  }

  leave() {
    this.connection.leave();
    this.devices.close();
    this.stopScreen();
    window.location.assign(pageLink('./', { room: this.room }));
  }
}

/**
 * @param {HTMLElement} tile
 * @param {import('./layout.js').Box} box
 */
function place(tile, box) {
  tile.style.left = `${box.x}px`;
  tile.style.top = `${box.y}px`;
  tile.style.width = `${box.width}px`;
  tile.style.height = `${box.height}px`;
}

const room = queryParameter('room', '');
const settings = loadSettings();
const name = queryParameter('name', settings.name || 'Guest', 32);
if (!room) {
  window.location.replace(pageLink('./', {}));
} else {
  saveSettings({ room, ...(name === 'Guest' ? {} : { name }) });
  await new Gallery(room, name).start();
}
