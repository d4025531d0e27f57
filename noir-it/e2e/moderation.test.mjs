// A moderated room, clicked through on the pages by those who moderate and those who are moderated.

import assert from 'node:assert/strict';
import { existsSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { withSmallPictures } from './lib/gallery_page.mjs';
import { BOT, OUTPUT } from './lib/paths.mjs';
import { newServer } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { token, tokenSettings } from './lib/tokens.mjs';
import { report, until } from './lib/wait.mjs';

/** Made when a test begins: a token is good for ten minutes, and the tests before this file take longer. */
const host = () => ({ access_token: token('anna', ['noir-moderator']) });

async function withServer(policy, run) {
  const file = `${OUTPUT}policy-${process.pid}`;
  writeFileSync(file, policy);
  if (!existsSync(BOT)) throw new Error(`${BOT} is missing: mvn -pl noir-bot package`);
  const server = await newServer({
    'noir.auth.mode': 'optional',
    ...tokenSettings(),
    'noir.access.policy': file,
    'noir.admin.token': 'a-token-of-the-tests-alone',
    'noir.bots.jar': BOT,
  });
  await server.start();
  try {
    await run(server);
  } finally {
    await server.stop();
  }
}

test('moderation on the pages', { timeout: 180_000 }, async (t) => {
  const step = steps(t);
  await withServer('[lecture]\npublish = noir-moderator\n', async (server) => {
    await withSmallPictures(async (open) => {
      const [anna, ben, cleo] = [await open('Anna'), await open('Ben'), await open('Cleo')];
      await anna.openGallery(server, 'round', host());
      await ben.openGallery(server, 'round');
      await cleo.openGallery(server, 'round');
      await Promise.all([anna.awaitPictureOf('Ben'), cleo.awaitPictureOf('Ben'), ben.awaitPictureOf('Anna')]);

      await step('only the moderator sees what moderators see', async () => {
        await anna.page.getByRole('group', { name: 'Moderation' }).waitFor();
        assert.equal(await ben.page.getByRole('group', { name: 'Moderation' }).count(), 0);
        assert.equal(new URL(anna.page.url()).searchParams.has('access_token'), false, 'the token is not in the address');
      });

      await step('Anna mutes Ben’s video: nobody gets frames, he is told; and back', async () => {
        await anna.moderate('Ben', 'Mute video');
        await cleo.awaitStillPictureOf('Ben');
        await ben.awaitWords('A moderator has muted your video');
        for (const [person, tile] of [[ben, 'Ben (you)'], [anna, 'Ben']]) {
          await person.tile(tile).getByText('Video muted by a moderator').waitFor();
        }
        await anna.moderate('Ben', 'Unmute video');
        await cleo.awaitPictureOf('Ben');
        await ben.tile('Ben (you)').getByText('muted by a moderator').waitFor({ state: 'detached' });
      });

      await step('Anna denies Ben to publish, and allows it', async () => {
        await anna.moderate('Ben', 'Deny publishing');
        await cleo.awaitGone('Ben', 5000);
        await ben.page.getByRole('button', { name: 'You may not send video in this room' }).waitFor();
        await anna.press('People');
        await anna.page.getByRole('complementary').getByRole('button', { name: 'Moderate Ben' }).click();
        await anna.page.getByRole('menuitem', { name: 'Allow publishing' }).click();
        await anna.press('Close the list of people');
        await ben.press('Turn the camera on');
        await cleo.awaitPictureOf('Ben');
      });

      await step('the lobby: Dan waits and is let in, Eve is not', async () => {
        await anna.page.getByRole('switch', { name: 'Lobby' }).click();
        await anna.page.getByRole('switch', { name: 'Lobby', checked: true }).waitFor();
        const [dan, eve] = [await open('Dan'), await open('Eve')];
        const bot = { bot: 'announcer', lobby: true, options: { repeat: -1, pause: 0 } };
        const { job } = await server.command('jobs.start', { kind: 'Bot', room: 'round', options: bot });
        await dan.openGallery(server, 'round');
        await dan.awaitWords('You are in the lobby.');
        const { elapsedMs } = await until('Dan hears the announcer', 20_000, async () => {
          const heard = dan.page.getByRole('article', { name: 'Announcement', exact: true });
          return (await heard.count()) === 1 && (await heard.getAttribute('aria-description')) === 'speaking';
        });
        report(`the announcer was heard after ${elapsedMs} ms`);
        assert.equal(await dan.tile('Anna').count(), 0, 'who waits sees nobody');
        const inside = await anna.page.getByRole('article').count();
        assert.equal(inside, 3, 'the announcer is nobody in the meeting');
        await anna.press('People');
        await anna.awaitWords('heard in the lobby only');
        await anna.press('Close the list of people');
        await anna.press('Admit Dan');
        const startedAt = performance.now();
        await Promise.all([dan.awaitPictureOf('Anna'), anna.awaitPictureOf('Dan')]);
        report(`let in to see each other: ${Math.round(performance.now() - startedAt)} ms`);
        await dan.awaitGone('Announcement', 2000);
        await server.command('jobs.stop', { job });
        assert.equal(await dan.page.getByText('You are in the lobby.').isVisible(), false);
        await eve.openGallery(server, 'round');
        await eve.awaitWords('You are in the lobby.');
        await anna.press('Decline Eve');
        await eve.awaitWords('You were not let in');
        await anna.page.getByRole('switch', { name: 'Lobby' }).click();
        await dan.press('Leave the room');
      });

      await step('a locked room lets nobody in, until it is unlocked', async () => {
        await anna.press('Lock the room');
        await anna.page.getByRole('button', { name: 'Unlock the room' }).waitFor();
        const fay = await open('Fay');
        await fay.openGallery(server, 'round');
        await fay.awaitWords('This room is locked');
        await anna.press('Unlock the room');
        await anna.page.getByRole('button', { name: 'Lock the room' }).waitFor();
        await fay.press('Try again');
        await fay.awaitPictureOf('Anna');
        await fay.press('Leave the room');
      });

      await step('Anna removes Ben, who is told why and may come back', async () => {
        await anna.moderate('Ben', 'Remove …');
        await anna.page.getByLabel(/^Reason/).fill('You were in the wrong room');
        await anna.page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
        await ben.awaitWords('The reason: You were in the wrong room.');
        await cleo.awaitGone('Ben', 3000);
        await ben.press('Join again');
        await cleo.awaitPictureOf('Ben');
      });

      await step('Anna sends Ben to another room, and he is there at once', async () => {
        await anna.moderate('Ben', 'Move to another room …');
        await anna.page.getByLabel('Name of the other room').fill('side room');
        await anna.page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
        await ben.awaitWords('You have been moved to the room “side room”.');
        await cleo.awaitGone('Ben', 3000);
        await ben.page.reload();
        await ben.page.getByRole('heading', { name: 'side room' }).waitFor();
        await ben.openGallery(server, 'round');
        await cleo.awaitPictureOf('Ben');
      });

      await step('Anna bans Ben, who cannot come back until she lifts it', async () => {
        await anna.tile('Ben').waitFor();
        await anna.moderate('Ben', 'Ban for a time …');
        await anna.page.getByRole('dialog').getByRole('button', { name: 'Ban' }).click();
        await ben.awaitWords('A moderator has banned you from this room.');
        await ben.page.reload();
        await ben.awaitWords(/You are banned until/);
        await anna.press('People');
        await anna.press('Lift the ban of Ben');
        await ben.page.reload();
        await cleo.awaitPictureOf('Ben');
      });
    });
  });
});

test('who may only listen is told why nothing is sent; a room asks for its password', { timeout: 60_000 }, async (t) => {
  // java -jar noir.war password: "let me in"
  const password =
    'pbkdf2$sha512$210000$vNt9OVUCax5gbBHx6laQYw$yezz2Gb8uXm9LEaYx3u6B+rn9gj6qs5smwnXJ75JNmNqMTtCSnOWDI6tqknzo3mwTm0iTcb3DhbIoeJP7+ZW3g';
  const policy = `[lecture]\npublish = noir-moderator\n[family]\njoin-password = ${password}\n`;
  await withServer(policy, async (server) => {
    await withSmallPictures(async (open) => {
      await t.test('a lecture', async () => {
        const [anna, ben] = [await open('Anna'), await open('Ben')];
        await anna.openGallery(server, 'lecture', host());
        await ben.openGallery(server, 'lecture');
        await ben.awaitPictureOf('Anna');
        await ben.awaitWords(/^Not sent \(sound and video\): /);
        await ben.page.getByRole('button', { name: 'You may not send video in this room' }).waitFor();
        assert.equal(await anna.tile('Ben').count(), 0);
      });

      await t.test('a password', async () => {
        const [cleo, dan] = [await open('Cleo'), await open('Dan')];
        for (const [person, answer] of [[cleo, 'let me in'], [dan, 'let me out']]) {
          await person.openGallery(server, 'family');
          const dialog = person.page.getByRole('dialog');
          await dialog.getByLabel('Password').fill(answer);
          await dialog.getByRole('button', { name: 'Join' }).click();
        }
        await cleo.awaitPictureOf('Cleo (you)');
        await dan.page.getByRole('dialog').getByText('That is not the password').waitFor();
        await dan.page.keyboard.press('Escape');
        await dan.press('Enter the password');
        await dan.page.getByRole('dialog').getByLabel('Password').fill('let me in');
        await dan.page.keyboard.press('Enter');
        await dan.awaitPictureOf('Cleo');
        await cleo.page.reload();
        await until('a reload asks nothing', 8000, async () => (await cleo.tile('Dan').count()) === 1);
      });
    });
  });
});
