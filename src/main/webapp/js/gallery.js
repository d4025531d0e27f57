// The gallery: everybody in a room.

import { showAccount } from './account.js';
import { pageLink, queryParameter } from './address.js';
import { ActivityMonitor } from './activity.js';
import { DeviceError, openScreen } from './devices.js';
import { askPassword } from './dialogs.js';
import { element, showDenied, showDevice, showNotice, showToast, showToggle } from './dom.js';
import { ExplainPanel } from './explain_panel.js';
import { HostControls } from './host.js';
import { gridLayout, stageLayout } from './layout.js';
import { OwnDevices } from './own_devices.js';
import { RoomConnection } from './room_connection.js';
import { RoomView } from './room_view.js';
import { RoomNews } from './room_news.js';
import {
  forgetToken,
  goToLogin,
  isOwnSocket,
  loginUrl,
  needsLogin,
  NOBODY,
  readSession,
  secretsOf,
  socketUrl,
  takeToken,
  withToken,
} from './session.js';
import { keepTabSecret, loadSettings, saveSettings, tabPeerId } from './settings.js';
import { Tile } from './tile.js';
import { Wishes } from './wishes.js';

/** @typedef {{ tile: Tile, stream: MediaStream | null }} Shown */

const OWN = 'own';
const OWN_SCREEN = 'own-screen';
// How long somebody new is given before a silent microphone counts as switched off.
const SETTLE_MS = 2000;
const SESSION_CHECK_MS = 300_000;
// Who is looked at gets a good picture before the others do.
const ENLARGED_PRIORITY = 10;
const KINDS = /** @type {const} */ ({ camera: 'video', microphone: 'audio' });
const DENIED = {
  audio: 'You may not send sound in this room',
  video: 'You may not send video in this room',
  screen: 'You may not share a screen in this room',
};

class Gallery {
  /** @type {Map<string, Shown>} by stream id; insertion order is the order on the page */
  shown = new Map();
  /** @type {string | null} */
  enlarged = null;
  /** @type {ReadonlySet<string>} streams, as the server said last */
  speakers = new Set();
  /** @type {MediaStream | null} */
  screen = null;
  view = new RoomView();
  session = NOBODY;
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
      {
        url: socketUrl(),
        room,
        peerId: queryParameter('uid', tabPeerId()),
        name,
        ...secretsOf(room),
      },
      {
        onConnecting: () => this.forget(),
        onJoined: () => this.handleJoined(),
        onChannel: () => this.wishes.again(),
        onTold: (what, params) => this.news.handle(what, params),
        onStream: (stream, label) => this.handleStream(stream, label),
        onStreamGone: (id) => this.hide(id),
        onSpeakers: (ids) => this.handleSpeakers(ids),
        onMoved: (other) => this.moveTo(other),
        onInterrupted: (why, retryInMs) => this.handleInterrupted(why, retryInMs),
        onEnded: (why, kind) => this.handleEnded(why, kind),
      },
    );
    this.wishes = new Wishes((wishes) => this.connection.say('wish', wishes));
    this.news = new RoomNews(this.view, this.connection, (text) => showToast(this.toasts, text), () => this.showView());
    this.host = new HostControls(this.view, {
      call: (method, params) => this.connection.call(method, params),
      ownStreams: () => this.connection.ownStreams,
      tiles: () => this.others(),
      say: (text) => showToast(this.toasts, text),
    });
    new ExplainPanel({
      call: (method, params) => this.connection.call(method, params),
      nameOf: (uid, stream) => this.shown.get(stream)?.tile.who.name ?? (uid || 'Guest'),
    });
    new ResizeObserver(() => this.arrange()).observe(this.area);
    new ActivityMonitor(
      () => this.connection.subscriber,
      () => this.watched(),
    );
  }

  async start() {
    this.showRoom();
    const own = { name: this.name, caption: `${this.name} (you)`, screen: false, own: true };
    this.show(OWN, new Tile(own, () => this.toggleEnlarged(OWN)), null);
    this.handleDevice('camera');
    this.handleDevice('microphone');
    this.showScreenButton();
    this.wire();
    // Connecting and opening the devices take their time side by side; the tracks follow when they are there.
    this.connection.publish('camera', { audio: null, video: null });
    this.connection.start();
    void this.checkSession();
    // A session at the server ends when nobody asks for anything; who is in a call is there.
    setInterval(() => this.session.principal && void this.checkSession(), SESSION_CHECK_MS);
    await this.devices.openRemembered();
  }

  showRoom() {
    document.title = `${this.room} – noiR`;
    element('room-name', HTMLElement).textContent = this.room;
  }

  /** @param {{ room: string, password: string }} other where we have been sent to */
  moveTo({ room, password }) {
    this.room = room;
    window.history.replaceState(null, '', pageLink(window.location.href, { room }));
    Object.assign(this.connection.target, { room, ...secretsOf(room, password) });
    this.showRoom();
    showToast(this.toasts, `You have been moved to the room “${room}”.`);
  }

  wire() {
    /** @type {[string, string, () => unknown][]} */
    const controls = [
      ['microphone', 'm', () => this.may('audio') && this.devices.toggle('microphone')],
      ['camera', 'v', () => this.may('video') && this.devices.toggle('camera')],
      ['screen', 's', () => this.may('screen') && this.toggleScreen()],
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

  /** What a server told holds for its connection only. */
  forget() {
    this.view.reset(this.connection.target.peerId);
    this.news.reset();
    this.host.reset();
    this.handleSpeakers([]);
    this.showView();
  }

  handleJoined() {
    showNotice(this.notice, '');
    this.showView();
  }

  /** Shows what the room view says, after it has changed. */
  showView() {
    const { view } = this;
    element('waiting', HTMLElement).hidden = !view.waiting;
    element('count', HTMLElement).hidden = view.waiting;
    for (const device of /** @type {const} */ (['camera', 'microphone'])) {
      if (!view.maySend(KINDS[device]) && this.devices.isOn(device)) this.devices.switchOff(device);
      else this.showDeviceButton(device);
    }
    if (this.screen && !view.maySend('screen')) this.stopScreen();
    else this.showScreenButton();
    this.shown.get(OWN)?.tile.setSilenced(this.news.silencedOf('camera'));
    this.shown.get(OWN_SCREEN)?.tile.setSilenced(this.news.silencedOf('screen'));
    this.host.update();
    this.count();
  }

  /**
   * Whether we may send that; if not, says so.
   *
   * @param {'audio' | 'video' | 'screen'} what
   */
  may(what) {
    const may = this.view.maySend(what);
    if (!may) showToast(this.toasts, `${DENIED[what]}.`);
    return may;
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
    // A socket that is refused looks like a server that is away.
    void this.checkSession();
  }

  /** Shows who is logged in; sends to the login who has to be and is not. */
  async checkSession() {
    this.session = await readSession();
    showAccount(element('account', HTMLElement), this.session, () => this.leave());
    if (!needsLogin(this.session)) return;
    forgetToken();
    this.connection.end('Please log in to join this room.', 'login');
    goToLogin();
  }

  /**
   * @param {string} why
   * @param {import('./room_connection.js').EndKind} kind
   */
  handleEnded(why, kind) {
    this.forget();
    showNotice(this.notice, why, { bad: kind !== 'password', action: this.wayBack(why, kind) });
    this.count();
    if (kind === 'password') void this.enterPassword(why);
    if (kind === 'login') forgetToken();
  }

  /**
   * @param {string} why
   * @param {import('./room_connection.js').EndKind} kind
   * @returns {{ label: string, run: () => void }} what can be done about an end
   */
  wayBack(why, kind) {
    if (kind === 'login' && this.session.mode !== 'open') return { label: 'Log in', run: () => window.location.assign(loginUrl()) };
    if (kind === 'password' && isOwnSocket()) return { label: 'Enter the password', run: () => void this.enterPassword(why) };
    if (kind === 'banned') return { label: 'Back to the start page', run: () => this.leave() };
    const refused = kind === 'locked' || kind === 'forbidden' || kind === 'refused';
    return { label: refused ? 'Try again' : 'Join again', run: () => this.rejoin() };
  }

  /** @param {string} why */
  async enterPassword(why) {
    if (!isOwnSocket()) return;
    const password = await askPassword(why);
    if (password === null) return;
    keepTabSecret('password', this.room, password);
    this.connection.target.password = password;
    this.rejoin();
  }

  rejoin() {
    showNotice(this.notice, 'Connecting …');
    this.connection.target.url = socketUrl();
    this.connection.start();
  }

  /**
   * @param {MediaStream} stream
   * @param {import('./stream_name.js').StreamLabel} label
   */
  async handleStream(stream, label) {
    const [screen, name] = [label.kind === 'screen', this.view.waiting ? 'Announcement' : label.name];
    const caption = screen ? `${name}’s screen` : name;
    const tile = new Tile({ name, caption, screen, own: false }, () => this.toggleEnlarged(stream.id));
    this.show(stream.id, tile, stream);
    if (screen) this.enlarge(stream.id);
    this.host.update();
    tile.video.addEventListener('loadeddata', () => tile.setVideo(true), { once: true });
    if (!(await tile.show(stream))) this.askForClick();
  }

  /**
   * What the server hears in the last second. Others are marked at once by what is received of them, too.
   *
   * @param {string[]} ids
   */
  handleSpeakers(ids) {
    const own = this.connection.ownStreams;
    this.speakers = new Set(ids);
    this.shown.get(OWN)?.tile.setSpeaking(ids.some((id) => own.has(id)));
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
    if (!tile.who.own) this.wishes.watch(id, tile.element);
    this.arrange();
    this.count();
  }

  /** @param {string} id */
  hide(id) {
    this.shown.get(id)?.tile.remove();
    this.shown.delete(id);
    this.wishes.forget(id);
    if (this.enlarged === id) this.enlarge(null);
    this.arrange();
    this.count();
  }

  /** @returns {Iterable<[string, Tile]>} everybody's but ours, by stream id */
  *others() {
    for (const [id, { tile }] of this.shown) if (!tile.who.own) yield [id, tile];
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
          tile.setSpeaking(activity.speaking || this.speakers.has(stream.id));
        },
      ];
    }
  }

  /** @param {import('./own_devices.js').OwnDevice} device */
  handleDevice(device) {
    if (this.devices.isOn(device) && !this.view.maySend(KINDS[device])) {
      // Not remembered: in another room it may be on.
      this.devices.switchOff(device);
      return;
    }
    const on = this.devices.isOn(device);
    this.showDeviceButton(device);
    const own = this.shown.get(OWN)?.tile;
    const track = this.devices.track(device);
    if (device === 'camera') {
      own?.setVideo(on);
      if (track) void own?.show(new MediaStream([track]));
    } else {
      own?.setMicrophone(on);
    }
    void this.connection.setTrack('camera', KINDS[device], track);
  }

  /** @param {import('./own_devices.js').OwnDevice} device */
  showDeviceButton(device) {
    const button = element(device, HTMLButtonElement);
    showDevice(button, device, this.devices.isOn(device));
    showDenied(button, this.view.maySend(KINDS[device]) ? '' : DENIED[KINDS[device]]);
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
    showDenied(button, this.view.maySend('screen') ? '' : DENIED.screen);
    button.hidden = !navigator.mediaDevices?.getDisplayMedia;
  }

  /** @param {string} id */
  toggleEnlarged(id) {
    this.enlarge(this.enlarged === id ? null : id);
  }

  /** @param {string | null} id */
  enlarge(id) {
    this.enlarged = id;
    for (const [key, { tile }] of this.shown) {
      tile.setEnlarged(key === id);
      this.wishes.setPriority(key, key === id ? ENLARGED_PRIORITY : 0);
    }
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
    const alone = this.shown.size === 1 && !this.view.waiting;
    element('invite', HTMLElement).hidden = !alone || !this.connection.subscriber || !this.notice.hidden;
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
    window.location.assign(withToken(pageLink('./', { room: this.room })));
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

await takeToken();
const room = queryParameter('room', '', 128);
const settings = loadSettings();
const name = queryParameter('name', settings.name || 'Guest', 32);
if (!room) {
  window.location.replace(pageLink('./', {}));
} else {
  saveSettings({ room, ...(name === 'Guest' ? {} : { name }) });
  await new Gallery(room, name).start();
}
