// Who speaks, as the server tells it to ion-sdk-js: Chromium's microphone beeps once a second, Firefox's hums.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPeople } from './lib/gallery_page.mjs';
import { withParticipants } from './lib/participant.mjs';
import { sharedServer } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { report, until } from './lib/wait.mjs';

const DEADLINE_MS = 5000;

/** Waits until what the participant was told last is so. */
async function awaitSpeakers(participant, what, matches, deadlineMs = DEADLINE_MS) {
  const { elapsedMs } = await until(`${participant.name} is told: ${what}`, deadlineMs, async () => {
    const last = (await participant.do('speakers')).at(-1);
    return last !== undefined && matches(last.ids);
  });
  report(`${participant.name}: told after ${elapsedMs} ms: ${what}`);
}

const is = (...wanted) => (ids) => ids.length === wanted.length && wanted.every((id) => ids.includes(id));

for (const browser of ['chromium', 'firefox']) {
  test(`who speaks in ${browser}`, { timeout: 90_000 }, async (t) => {
    const step = steps(t);
    const server = await sharedServer();
    await withParticipants(async (open) => {
      const [a, b] = [await open('A', { browser }), await open('B')];
      const room = `speakers-${browser}`;

      await step('is told to who listens, and to the speaker', async () => {
        await b.join(server, room, { publish: false });
        await a.join(server, room);
        const stream = await a.do('localStream');
        await Promise.all([a, b].map((each) => awaitSpeakers(each, 'A speaks', is(stream))));
      });

      await step('and that nobody does, when the microphone is muted', async () => {
        await a.do('mute');
        await Promise.all([a, b].map((each) => awaitSpeakers(each, 'silence', is())));
        await a.do('unmute');
        await awaitSpeakers(b, 'A speaks again', is(await a.do('localStream')));
      });

      await step('at once to who comes while somebody speaks, and no more of who has gone', async () => {
        const c = await open('C');
        await c.join(server, room, { publish: false });
        await awaitSpeakers(c, 'A speaks', is(await a.do('localStream')));
        await a.do('leave');
        await Promise.all([b, c].map((each) => awaitSpeakers(each, 'silence', is())));
        assert.ok((await b.do('speakers')).length < 30, 'on changes only');
      });
    });
  });
}

test('the gallery marks who speaks', { timeout: 60_000 }, async () => {
  const server = await sharedServer();
  await withPeople(async (open) => {
    const [anna, ben] = [await open('Anna'), await open('Ben')];
    await anna.openGallery(server, 'marks');
    await ben.openGallery(server, 'marks');
    const speaks = (person, name) => person.tile(name).evaluate((tile) => tile.classList.contains('speaking'));
    await until('Anna sees that the server hears her', DEADLINE_MS, () => speaks(anna, 'Anna (you)'));
    await until('Ben sees that Anna speaks', DEADLINE_MS, () => speaks(ben, 'Anna'));
    assert.equal(await anna.tile('Anna (you)').getAttribute('aria-description'), 'speaking');
    await anna.press('Mute the microphone');
    await until('Anna sees that nobody hears her', DEADLINE_MS, async () => !(await speaks(anna, 'Anna (you)')));
    assert.equal(await anna.tile('Anna (you)').getAttribute('aria-description'), null);
  });
});
