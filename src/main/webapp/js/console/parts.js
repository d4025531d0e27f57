// Small things that several views are made of.

import { create, icon } from '../dom.js';
import { hashOf } from './place.js';

/**
 * What a view can do.
 *
 * @typedef {object} Around
 * @property {(method: string, params?: Record<string, unknown>) => Promise<any>} call
 * @property {(what: string) => void} say
 * @property {(title: string) => void} title
 * @property {() => void} soon look again at once
 */
/** @typedef {{ element: HTMLElement, look: () => Promise<void> }} View */

/** How something is, in a word. */
export const LEVEL_WORDS = { good: 'good', info: 'note', warning: 'weak', bad: 'bad' };

/** @param {string} level good, info, warning or bad @param {string} text */
export function chip(level, text) {
  return create('span', { class: `chip ${level}`, text });
}

/**
 * @param {string} text
 * @param {Parameters<typeof hashOf>[0]} place
 * @param {string} [className]
 */
export function linkTo(text, place, className = '') {
  const link = create('a', { class: className, text });
  link.href = hashOf(place);
  return link;
}

/**
 * @param {string} picture
 * @param {string} text
 * @param {() => void} run
 * @param {string} [className]
 */
export function button(picture, text, run, className = '') {
  const made = create('button', { class: className }, ...(picture ? [icon(picture)] : []), create('span', { class: 'text', text }));
  made.type = 'button';
  made.addEventListener('click', run);
  return made;
}

/** @param {string} title @param {...Node} children */
export function section(title, ...children) {
  const heading = create('h2', { text: title });
  const made = create('section', { class: 'part' }, create('div', { class: 'part-head' }, heading), ...children);
  heading.id = `part-${title.toLowerCase().replace(/\W+/g, '-')}`;
  made.setAttribute('aria-labelledby', heading.id);
  return made;
}
