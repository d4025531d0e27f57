// One person (or one shared screen) on the gallery.

import { create, hueOf, icon, initialsOf } from './dom.js';

export class Tile {
  /** @type {MediaStream | null} */
  #stream = null;
  /** @type {((button: HTMLButtonElement) => void) | null} */
  #openMenu = null;

  /**
   * @param {{ name: string, caption: string, screen: boolean, own: boolean }} who
   * @param {() => void} onEnlarge
   */
  constructor(who, onEnlarge) {
    this.who = who;
    this.shownAt = performance.now();
    this.video = create('video');
    this.video.autoplay = true;
    this.video.playsInline = true;
    // Our own sound comes back through nobody's loudspeaker.
    this.video.muted = who.own;
    const initials = create('span', { text: initialsOf(who.name) });
    initials.setAttribute('aria-hidden', 'true');
    initials.style.setProperty('--hue', String(hueOf(who.name)));
    this.muted = icon('microphone-off');
    this.muted.removeAttribute('aria-hidden');
    this.muted.setAttribute('role', 'img');
    this.muted.setAttribute('aria-label', 'microphone off');
    this.silenced = create('div', { class: 'silenced' });
    this.enlarge = create('button', { class: 'corner' }, icon('enlarge'));
    this.enlarge.type = 'button';
    this.enlarge.addEventListener('click', onEnlarge);
    this.menu = create('button', { class: 'corner second' }, icon('more'));
    this.menu.type = 'button';
    this.menu.hidden = true;
    this.menu.title = `Moderate ${who.name}`;
    this.menu.setAttribute('aria-label', this.menu.title);
    this.menu.setAttribute('aria-haspopup', 'menu');
    this.menu.addEventListener('click', () => this.#openMenu?.(this.menu));
    this.element = create(
      'article',
      { class: 'tile no-video' },
      this.video,
      create('div', { class: 'avatar' }, initials),
      create('div', { class: 'caption' }, create('span', { class: 'name', text: who.caption })),
      this.silenced,
      this.menu,
      this.enlarge,
    );
    this.element.classList.toggle('screen', who.screen);
    this.element.classList.toggle('mirrored', who.own && !who.screen);
    this.element.setAttribute('aria-label', who.caption);
    this.setEnlarged(false);
  }

  /**
   * @param {MediaStream} stream
   * @returns {Promise<boolean>} false: the browser wants a click before it plays sound
   */
  async show(stream) {
    if (this.#stream !== stream) {
      this.#stream = stream;
      this.video.srcObject = stream;
    }
    try {
      await this.video.play();
      return true;
    } catch (error) {
      // AbortError: a newer source replaced this one, which plays by itself.
      return !(error instanceof DOMException && error.name === 'NotAllowedError');
    }
  }

  /** @param {boolean} visible */
  setVideo(visible) {
    this.element.classList.toggle('no-video', !visible);
  }

  /** @param {boolean} on */
  setMicrophone(on) {
    if (on) this.muted.remove();
    else if (!this.muted.isConnected) this.element.querySelector('.caption')?.prepend(this.muted);
  }

  /** @param {((button: HTMLButtonElement) => void) | null} open null: nothing may be done with whoever this is */
  setMenu(open) {
    this.#openMenu = open;
    this.menu.hidden = !open;
  }

  /** @param {ReadonlySet<'audio' | 'video'>} kinds what a moderator keeps from the others */
  setSilenced(kinds) {
    const words = [kinds.has('audio') ? 'Sound' : '', kinds.has('video') ? 'Video' : ''].filter(Boolean).join(' and ');
    const text = words && `${words === 'Sound and Video' ? 'Sound and video' : words} muted by a moderator`;
    if (this.silenced.dataset.text === text) return;
    this.silenced.dataset.text = text;
    this.silenced.replaceChildren(...(text ? [icon('hand'), create('span', { text })] : []));
  }

  /** @param {boolean} speaking */
  setSpeaking(speaking) {
    if (this.element.classList.toggle('speaking', speaking) === this.element.hasAttribute('aria-description')) return;
    if (speaking) this.element.setAttribute('aria-description', 'speaking');
    else this.element.removeAttribute('aria-description');
  }

  /** @param {boolean} enlarged */
  setEnlarged(enlarged) {
    this.enlarge.setAttribute('aria-pressed', String(enlarged));
    const { caption } = this.who;
    this.enlarge.setAttribute('aria-label', enlarged ? `Back to the grid from ${caption}` : `Enlarge ${caption}`);
    this.enlarge.title = enlarged ? 'Back to the grid' : 'Enlarge';
  }

  remove() {
    this.video.srcObject = null;
    this.element.remove();
  }
}
