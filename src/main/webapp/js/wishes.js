// How large each stream is shown and whether it is seen at all: told to the server when it has settled, so that nothing
// is sent that nobody sees, and nothing larger than its place (docs/protocol.md §7).

/** @typedef {{ streamId: string, width: number, height: number, priority: number, visible: boolean }} Wish */
/** @typedef {{ element: Element, width: number, height: number, visible: boolean, priority: number }} Shown */

const SETTLE_MS = 200;
// The server takes 64 in a message.
const BATCH = 32;
const MOST_PIXELS = 16_384;

export class Wishes {
  /** @type {Map<string, Shown>} by stream id */
  #shown = new Map();
  /** @type {Map<string, string>} what the server knows, as text */
  #told = new Map();
  /** @type {Map<Element, string>} */
  #streams = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #sizes = new ResizeObserver((entries) => {
    for (const { target, contentRect } of entries) {
      this.#change(target, { width: contentRect.width, height: contentRect.height });
    }
  });
  #places = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) this.#change(target, { visible: isIntersecting });
  });

  /** @param {(wishes: Wish[]) => boolean} tell false: there is no way to the server now */
  constructor(tell) {
    this.tell = tell;
    document.addEventListener('visibilitychange', () => this.#settle());
  }

  /**
   * @param {string} streamId
   * @param {Element} element where it is shown
   */
  watch(streamId, element) {
    this.#shown.set(streamId, { element, width: 0, height: 0, visible: true, priority: 0 });
    this.#streams.set(element, streamId);
    this.#sizes.observe(element);
    this.#places.observe(element);
  }

  /** @param {string} streamId */
  forget(streamId) {
    const shown = this.#shown.get(streamId);
    if (!shown) return;
    this.#sizes.unobserve(shown.element);
    this.#places.unobserve(shown.element);
    this.#streams.delete(shown.element);
    this.#shown.delete(streamId);
    this.#told.delete(streamId);
  }

  /**
   * @param {string} streamId
   * @param {number} priority the higher, the more important
   */
  setPriority(streamId, priority) {
    const shown = this.#shown.get(streamId);
    if (!shown || shown.priority === priority) return;
    shown.priority = priority;
    this.#settle();
  }

  /** The server at the other end knows nothing yet. */
  again() {
    this.#told.clear();
    this.#settle();
  }

  /**
   * @param {Element} element
   * @param {Partial<Shown>} change
   */
  #change(element, change) {
    const shown = this.#shown.get(this.#streams.get(element) ?? '');
    if (!shown) return;
    Object.assign(shown, change);
    this.#settle();
  }

  #settle() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tellNews(), SETTLE_MS);
  }

  #tellNews() {
    const page = { visible: !document.hidden, scale: window.devicePixelRatio || 1 };
    const news = [...this.#shown]
      .map(([streamId, shown]) => wishOf(streamId, shown, page))
      .filter((wish) => this.#told.get(wish.streamId) !== JSON.stringify(wish));
    for (let i = 0; i < news.length; i += BATCH) {
      const batch = news.slice(i, i + BATCH);
      if (!this.tell(batch)) return;
      for (const wish of batch) this.#told.set(wish.streamId, JSON.stringify(wish));
    }
  }
}

/**
 * @param {string} streamId
 * @param {Omit<Shown, 'element'>} shown in CSS pixels
 * @param {{ visible: boolean, scale: number }} page
 * @returns {Wish}
 */
export function wishOf(streamId, shown, page) {
  const pixels = (/** @type {number} */ css) => Math.min(Math.round(css * page.scale), MOST_PIXELS);
  return {
    streamId,
    width: pixels(shown.width),
    height: pixels(shown.height),
    priority: shown.priority,
    visible: page.visible && shown.visible,
  };
}
