// What the console asks before it does something that cannot be taken back.

import { confirm } from '../dialogs.js';

/** @param {string} node */
export function confirmDrain(node) {
  return confirm({
    title: `Take ${node} out of service?`,
    why: 'It takes no new rooms. Its rooms move to other servers, and calls go on after a moment; without another server they end. Only a restart brings it back.',
    confirm: 'Take out of service',
  });
}

/** @param {string} room @param {number} people */
export function confirmClose(room, people) {
  const who = people === 1 ? 'The one person in it is sent out' : `All ${people} people in it are sent out`;
  return confirm({
    title: `Close the room ${room}?`,
    why: `${people ? `${who}. ` : ''}What was planned for it is forgotten.`,
    confirm: 'Close the room',
  });
}
