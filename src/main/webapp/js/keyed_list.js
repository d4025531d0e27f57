// A list that is drawn again and again without losing the focus: an entry is replaced only when what it shows changes.

export class KeyedList {
  /** @type {Map<string, { shows: string, element: HTMLElement }>} */
  #entries = new Map();

  /**
   * @param {HTMLElement} parent
   * @param {() => HTMLElement | null} refuge what takes the focus when the last entry goes with it
   */
  constructor(parent, refuge) {
    this.parent = parent;
    this.refuge = refuge;
  }

  /**
   * @template T
   * @param {readonly T[]} items
   * @param {(item: T) => string} keyOf
   * @param {(item: T) => HTMLElement} make
   */
  show(items, keyOf, make) {
    const focused = this.#focused();
    const entries = new Map(
      items.map((item) => {
        const [key, shows] = [keyOf(item), JSON.stringify(item)];
        const known = this.#entries.get(key);
        return [key, known?.shows === shows ? known : { shows, element: make(item) }];
      }),
    );
    for (const [key, { element }] of this.#entries) {
      if (entries.get(key)?.element !== element) element.remove();
    }
    [...entries.values()].forEach(({ element }, index) => {
      if (this.parent.children[index] !== element) this.parent.insertBefore(element, this.parent.children[index] ?? null);
    });
    this.#entries = entries;
    if (focused && !focused.button.isConnected) this.#restore(focused);
  }

  /** Which button of which entry has the focus. */
  #focused() {
    const { activeElement } = document;
    if (!(activeElement instanceof HTMLElement) || !this.parent.contains(activeElement)) return null;
    const keys = [...this.#entries];
    const at = keys.findIndex(([, { element }]) => element.contains(activeElement));
    const entry = keys[at];
    if (!entry) return null;
    return { key: entry[0], at, button: activeElement, nth: buttons(entry[1].element).indexOf(activeElement) };
  }

  /** @param {{ key: string, at: number, nth: number }} focused */
  #restore({ key, at, nth }) {
    const elements = [...this.#entries.values()].map(({ element }) => element);
    const next = this.#entries.get(key)?.element ?? elements[at] ?? elements[elements.length - 1];
    const button = next ? (buttons(next)[nth] ?? buttons(next)[0]) : this.refuge();
    button?.focus();
  }
}

/** @param {HTMLElement} element @returns {HTMLElement[]} */
function buttons(element) {
  return [...element.querySelectorAll('button')];
}
