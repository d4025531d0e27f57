// One person (or one shared screen) on the gallery.

import { create, hueOf, icon, initialsOf } from './dom.js';

export class Tile {
  /** @type {MediaStream | null} */
  #stream = null;

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
    this.enlarge = create('button', { class: 'corner' }, icon('enlarge'));
    this.enlarge.type = 'button';
    this.enlarge.addEventListener('click', onEnlarge);
    this.element = create(
      'article',
      { class: 'tile no-video' },
      this.video,
      create('div', { class: 'avatar' }, initials),
      create('div', { class: 'caption' }, create('span', { class: 'name', text: who.caption })),
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

  /** @param {boolean} speaking */
  setSpeaking(speaking) {
    this.element.classList.toggle('speaking', speaking);
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
