// Somebody in a room: what he sends and gets, and what can be done with him.

import { askRemoval, askRoom } from '../dialogs.js';
import { create, face, icon } from '../dom.js';
import { timeLeft } from '../host_actions.js';
import { toggleMenu } from '../menu.js';
import { sentBy, worstOfRow } from './explained.js';
import { say } from './live_list.js';
import { button, chip, LEVEL_WORDS, linkTo } from './parts.js';
import { nameOf, trouble } from './words.js';

/** @typedef {import('./words.js').Peer} Peer */
/** @typedef {import('./explained.js').Cell} Cell */
/** @typedef {{ room: string, around: import('./parts.js').Around }} Act */
/** @typedef {{ id: string, uid: string, principal?: string, until: number }} Ban */
/**
 * @typedef {object} Person
 * @property {Peer} peer
 * @property {ReadonlyMap<string, string>} names
 * @property {import('./explained.js').ExplainedPeer | undefined} explained
 * @property {ReadonlyMap<string, Cell[]> | undefined} gets
 */

/** @param {Act} act @param {string} method @param {Record<string, unknown>} params @param {string} done said then */
async function change({ room, around }, method, params, done) {
  try {
    await around.call(method, { room, ...params });
    around.say(done);
  } catch (error) {
    around.say(trouble(error));
  }
  around.soon();
}

/** @param {Act} act @param {Peer} peer @param {'kick' | 'ban'} what @param {string} name */
async function remove(act, { uid }, what, name) {
  const answer = await askRemoval(what, name);
  if (!answer) return;
  const reason = answer.reason || undefined;
  if (what === 'kick') await change(act, 'peers.kick', { uid, reason }, `${name} has been removed.`);
  else await change(act, 'peers.ban', { uid, reason, seconds: answer.seconds }, `${name} has been banned.`);
}

/** @param {Act} act @param {Peer} peer @param {string} name */
async function move(act, { uid }, name) {
  const to = await askRoom(name);
  if (to) await change(act, 'peers.move', { uid, to }, `${name} has been sent to ${to}.`);
}

/** @param {Act} act @param {Peer} peer @param {string} name @returns {import('../menu.js').MenuItem[]} */
export function actions(act, peer, name) {
  const mute = (/** @type {'audio' | 'video'} */ kind, /** @type {string} */ thing, /** @type {string} */ picture) => {
    const muted = peer.squelched.includes(kind);
    const run = () => void change(act, 'peers.squelch', { uid: peer.uid, kind, squelched: !muted }, `${thing} of ${name}: ${muted ? 'on' : 'muted'}.`);
    return { label: `${muted ? 'Unmute' : 'Mute'} ${thing.toLowerCase()}`, picture: muted ? picture : `${picture}-off`, run };
  };
  return [
    mute('audio', 'Sound', 'microphone'),
    mute('video', 'Picture', 'camera'),
    { label: 'Move to another room …', picture: 'door', apart: true, run: () => void move(act, peer, name) },
    { label: 'Remove …', picture: 'leave', danger: true, run: () => void remove(act, peer, 'kick', name) },
    { label: 'Ban for a time …', picture: 'ban', danger: true, run: () => void remove(act, peer, 'ban', name) },
  ];
}

/** @param {() => [string, import('../menu.js').MenuItem[]]} menu @returns {HTMLButtonElement} */
export function menuButton(menu) {
  const made = create('button', { class: 'quiet-button' }, icon('more'));
  made.type = 'button';
  made.setAttribute('aria-haspopup', 'menu');
  made.addEventListener('click', () => toggleMenu(made, ...menu()));
  return made;
}

/** @param {Act} act @param {Person} first */
export function personRow(act, first) {
  let { peer } = first;
  let name = '';
  const link = linkTo('', { room: act.room, peer: peer.uid }, 'row-link');
  const more = menuButton(() => [name, actions(act, peer, name)]);
  const element = create('li', { class: 'person-row' }, link, more);
  let shows = '';
  return {
    element,
    /** @param {Person} person */
    update(person) {
      peer = person.peer;
      name = nameOf(peer);
      more.setAttribute('aria-label', `What to do with ${name}`);
      const now = JSON.stringify([name, peer, sentBy(person.explained), worstOfRow(person.gets), [...person.names]]);
      if (now === shows) return;
      shows = now;
      link.replaceChildren(...about(person, name));
    },
  };
}

/** @param {Person} person @param {string} name */
function about({ peer, names, explained, gets }, name) {
  const rank = peer.attends ? 'heard in the lobby only' : peer.grants.includes('moderate') ? 'moderator' : '';
  const more = [peer.attends ? '' : peer.principal, rank].filter((text) => text && text !== name);
  const words = create('span', { class: 'names' }, create('strong', { text: name }));
  if (more.length) words.append(create('span', { class: 'quiet', text: more.join(' · ') }));
  // Of large rooms not everybody is explained.
  const tracks = explained ? sentBy(explained) : peer.tracks.map(({ kind, screen }) => ({ kind, screen, text: 'sent', flows: true }));
  const sent = tracks.map(({ kind, screen, text, flows }) => {
    const muted = peer.squelched.includes(kind);
    const picture = kind === 'audio' ? 'microphone' : screen ? 'screen' : 'camera';
    const off = (muted || !flows) && picture !== 'screen' ? '-off' : '';
    return create('span', { class: `sends${flows && !muted ? '' : ' quiet'}` }, icon(`${picture}${off}`), create('span', { text: muted ? 'muted' : text }));
  });
  const sends = create('span', { class: 'sending' }, ...(sent.length ? sent : [create('span', { class: 'quiet', text: 'only watches' })]));
  const worst = worstOfRow(gets);
  const { level } = worst;
  const parts = [face(name), words, sends];
  if (worst.cell && (level === 'warning' || level === 'bad')) {
    const what = worst.cell.kind === 'audio' ? 'the sound' : worst.cell.screen ? 'the screen' : 'the picture';
    parts.push(create('span', { class: 'why quiet', text: `gets ${what} of ${names.get(worst.uid) ?? worst.uid}: ${worst.cell.why}` }));
  }
  if (gets) parts.push(chip(level === 'info' ? 'good' : level, LEVEL_WORDS[level === 'info' ? 'good' : level]));
  return [...parts, icon('arrow')];
}

/** @param {Act} act @param {Peer} first */
export function waitingRow(act, first) {
  const { uid } = first;
  const name = create('strong');
  const who = create('span', { class: 'quiet' });
  const admit = button('', 'Let in', () => void change(act, 'peers.admit', { uid }, `${name.textContent} is in.`), 'primary');
  const decline = button('', 'Decline', () => void change(act, 'peers.kick', { uid, reason: 'You were not let in' }, `${name.textContent} was not let in.`));
  return {
    element: create('li', { class: 'person-row waits' }, create('span', { class: 'names' }, name, who), admit, decline),
    /** @param {Peer} peer */
    update(peer) {
      say(name, nameOf(peer));
      say(who, peer.principal && peer.principal !== nameOf(peer) ? peer.principal : '');
      admit.setAttribute('aria-label', `Let in ${nameOf(peer)}`);
      decline.setAttribute('aria-label', `Decline ${nameOf(peer)}`);
    },
  };
}

/** @param {Act} act @param {Ban} first */
export function bannedRow(act, first) {
  const { id, uid, principal } = first;
  const name = nameOf({ uid, ...(principal ? { principal } : {}), waiting: false, grants: [], squelched: [], tracks: [] });
  const left = create('span', { class: 'quiet' });
  const lift = button('', 'Lift', () => void change(act, 'peers.unban', { id }, `${name} may come back.`));
  lift.setAttribute('aria-label', `Lift the ban of ${name}`);
  return {
    element: create('li', { class: 'person-row waits' }, create('span', { class: 'names' }, create('strong', { text: name }), left), lift),
    /** @param {Ban} ban */
    update: ({ until }) => say(left, timeLeft(until, Date.now())),
  };
}
