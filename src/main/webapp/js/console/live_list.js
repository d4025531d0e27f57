// A list whose entries are made once and then only told what is new: the focus, a menu, a selection stay where they are.

/** @typedef {{ element: HTMLElement }} Row */

/** @template T */
export class LiveList {
  /** @type {Map<string, { element: HTMLElement, update: (item: T) => void }>} */
  #rows = new Map();

  /**
   * @param {HTMLElement} parent
   * @param {(item: T) => { element: HTMLElement, update: (item: T) => void }} make
   */
  constructor(parent, make) {
    this.parent = parent;
    this.make = make;
  }

  /** @param {readonly T[]} items @param {(item: T) => string} keyOf */
  show(items, keyOf) {
    const gone = new Set(this.#rows.keys());
    items.forEach((item, place) => {
      const key = keyOf(item);
      gone.delete(key);
      const row = this.#rows.get(key) ?? this.make(item);
      this.#rows.set(key, row);
      row.update(item);
      const at = this.parent.children[place];
      if (at !== row.element) this.parent.insertBefore(row.element, at ?? null);
    });
    for (const key of gone) {
      this.#rows.get(key)?.element.remove();
      this.#rows.delete(key);
    }
  }
}

/** Only when it is another one: what a screen reader reads is not touched for nothing. @param {Element} element @param {string} text */
export function say(element, text) {
  if (element.textContent !== text) element.textContent = text;
}
