// The few functions every page needs to touch its document.

/**
 * @template {Element} T
 * @param {string} id
 * @param {new () => T} type
 * @returns {T}
 */
export function element(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof type)) throw new Error(`no ${type.name} #${id} in this page`);
  return found;
}

/**
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {{ class?: string, text?: string }} [options]
 * @param {...Node} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function create(tag, options = {}, ...children) {
  const made = document.createElement(tag);
  if (options.class) made.className = options.class;
  if (options.text !== undefined) made.textContent = options.text;
  made.append(...children);
  return made;
}

/**
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string>} attributes
 * @returns {SVGElementTagNameMap[K]}
 */
export function createDrawn(tag, attributes) {
  const made = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
}

/**
 * A picture for lines, as wide and as high as its place.
 *
 * @param {number} width of what is drawn in it
 * @param {number} height
 */
export function plotArea(width, height) {
  return createDrawn('svg', { viewBox: `0 0 ${width} ${height}`, preserveAspectRatio: 'none', role: 'img' });
}

/** @param {string} className @param {string} path */
export function stroke(className, path) {
  return createDrawn('path', { class: className, d: path });
}

// Beside the folder of the scripts, wherever the page stands.
const ICONS = new URL('../img/icons.svg', import.meta.url).href;

/**
 * @param {string} name a symbol of img/icons.svg
 * @returns {SVGSVGElement}
 */
export function icon(name) {
  const svg = createDrawn('svg', { class: 'icon', 'aria-hidden': 'true' });
  svg.append(createDrawn('use', { href: `${ICONS}#${name}` }));
  return svg;
}

/**
 * A button that shows whether something is on, by colour, picture, label and aria-pressed alike.
 *
 * @param {HTMLButtonElement} button
 * @param {boolean} on
 * @param {string} picture
 * @param {string} label what a press would do
 */
export function showToggle(button, on, picture, label) {
  button.setAttribute('aria-pressed', String(on));
  button.setAttribute('aria-label', label);
  const key = button.getAttribute('aria-keyshortcuts');
  button.title = key ? `${label} (${key.toUpperCase()})` : label;
  button.replaceChildren(icon(picture));
}

/**
 * @param {HTMLButtonElement} button
 * @param {'camera' | 'microphone'} device
 * @param {boolean} on
 */
export function showDevice(button, device, on) {
  const labels = {
    camera: on ? 'Turn the camera off' : 'Turn the camera on',
    microphone: on ? 'Mute the microphone' : 'Unmute the microphone',
  };
  showToggle(button, on, on ? device : `${device}-off`, labels[device]);
}

/**
 * A button that cannot do its work now stays where it is, can be reached, and tells why.
 *
 * @param {HTMLButtonElement} button
 * @param {string} why empty: it can
 */
export function showDenied(button, why) {
  button.setAttribute('aria-disabled', String(why !== ''));
  if (!why) return;
  button.setAttribute('aria-label', why);
  button.title = why;
}

/**
 * A line of words that stays until the next one; empty text takes it away.
 *
 * @param {HTMLElement} notice
 * @param {string} text
 * @param {{ bad?: boolean, action?: { label: string, run: () => void } }} [options]
 */
export function showNotice(notice, text, options = {}) {
  notice.hidden = !text;
  notice.classList.toggle('bad', options.bad === true);
  notice.replaceChildren(create('span', { text }));
  if (options.action) {
    const { label, run } = options.action;
    const button = create('button', { text: label });
    button.type = 'button';
    button.addEventListener('click', run);
    notice.append(button);
  }
}

/**
 * @param {HTMLElement} toasts
 * @param {string} text
 */
export function showToast(toasts, text) {
  const toast = create('div', { text });
  toasts.append(toast);
  setTimeout(() => toast.remove(), 6000);
}

/**
 * @param {string} name
 * @returns {string} one or two letters
 */
export function initialsOf(name) {
  const words = name.trim().split(/\s+/u).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words[words.length - 1] : ''].map((word) => Array.from(word ?? '')[0]);
  return letters.join('').toLocaleUpperCase() || '?';
}

/**
 * @param {string} name
 * @returns {number} a colour of one's own, 0–359
 */
export function hueOf(name) {
  let hash = 7;
  for (const letter of name) hash = (hash * 31 + (letter.codePointAt(0) ?? 0)) % 3600;
  return hash % 360;
}

/** A round sign of somebody, for the eyes alone. @param {string} name */
export function face(name) {
  const made = create('span', { class: 'initials', text: initialsOf(name) });
  made.setAttribute('aria-hidden', 'true');
  made.style.setProperty('--hue', String(hueOf(name)));
  return made;
}
