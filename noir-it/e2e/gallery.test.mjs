// The gallery as people use it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withPeople } from './lib/gallery_page.mjs';
import { newServer, sharedServer } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { report, until } from './lib/wait.mjs';

test('from the start page into a room, and out again', { timeout: 90_000 }, async (t) => {
  const step = steps(t);
  const server = await sharedServer();
  await withPeople(async (open) => {
    const [anna, ben] = [await open('Anna Berg'), await open('Ben')];

    await step('Anna joins by the form and is told that she is alone', async () => {
      await anna.page.goto(`${server.pages}?room=Visite 3b`);
      await anna.page.getByLabel('Your name').fill('Anna Berg');
      await anna.page.getByRole('button', { name: 'Join' }).click();
      await anna.tile('Anna Berg (you)').waitFor();
      await anna.page.getByText('Nobody else is here yet').waitFor();
    });

    await step('Ben opens the link and both see each other', async () => {
      await ben.openGallery(server, 'Visite 3b');
      await Promise.all([ben.awaitPictureOf('Anna Berg'), anna.awaitPictureOf('Ben')]);
      report(`tab opened to first picture of somebody else: ${await ben.firstPictureOf('Anna Berg')} ms`);
      assert.equal(await ben.page.locator('#count-number').innerText(), '2');
      assert.equal(await anna.page.getByText('Nobody else is here yet').isVisible(), false);
    });

    await step('Ben mutes, and Anna sees it', async () => {
      await ben.press('Mute the microphone');
      await anna.tile('Ben').getByRole('img', { name: 'microphone off' }).waitFor({ timeout: 5000 });
      await ben.page.keyboard.press('m');
      await anna.tile('Ben').getByRole('img', { name: 'microphone off' }).waitFor({ state: 'detached', timeout: 5000 });
    });

    await step('Ben turns the camera off and on', async () => {
      await ben.press('Turn the camera off');
      const initials = () => anna.tile('Ben').evaluate((tile) => tile.classList.contains('no-video'));
      await until('Anna sees initials', 5000, initials);
      await ben.press('Turn the camera on');
      await until('Anna sees Ben', 8000, async () => !(await initials()));
      await anna.awaitPictureOf('Ben');
    });

    await step('Ben shares the screen and stops', async () => {
      await ben.press('Share the screen');
      await anna.awaitPictureOf('Ben’s screen');
      await ben.press('Stop sharing the screen');
      await anna.awaitGone('Ben’s screen', 3000);
      await anna.awaitPictureOf('Ben');
    });

    await step('Ben leaves', async () => {
      await ben.press('Leave the room');
      await anna.awaitGone('Ben', 2000);
      await ben.page.getByRole('heading', { name: 'Join a room' }).waitFor();
    });

    assert.deepEqual([...anna.errors, ...ben.errors], [], 'no error in the console');
  });
});

test('time from opening a tab to the first picture', { timeout: 60_000 }, async () => {
  const server = await sharedServer();
  await withPeople(async (open) => {
    const host = await open('Host');
    await host.openGallery(server, 'timing');
    await host.awaitPictureOf('Host (you)');
    const times = [];
    for (let i = 1; i <= 3; i++) {
      const guest = await open(`Guest ${i}`);
      await guest.openGallery(server, 'timing');
      await guest.awaitPictureOf('Host');
      times.push(await guest.firstPictureOf('Host'));
      await guest.press('Leave the room');
    }
    report(`tab opened to first decoded remote picture: ${times.join(', ')} ms (aim: 1000 ms)`);
  });
});

test('without camera and microphone one still takes part, and is told why', { timeout: 40_000 }, async () => {
  const server = await sharedServer();
  await withPeople(async (open) => {
    const [anna, listener] = [await open('Anna'), await open('Listener')];
    await listener.context.addInitScript(() => {
      navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('no device', 'NotFoundError'));
    });
    await anna.openGallery(server, 'listener');
    await listener.openGallery(server, 'listener');
    await listener.page.getByText('No camera was found on this computer.').waitFor();
    await listener.awaitPictureOf('Anna');
    await anna.tile('Listener').waitFor();
    await anna.tile('Listener').getByRole('img', { name: 'microphone off' }).waitFor();
  });
});

test('the same tab twice: the older one is told why it ends', { timeout: 40_000 }, async () => {
  const server = await sharedServer();
  await withPeople(async (open) => {
    const [first, second] = [await open('Twin'), await open('Twin')];
    for (const person of [first, second]) {
      await person.page.goto(`${server.pages}gallery.html?room=twins&name=Twin&uid=twin`);
      await person.page.getByText('Nobody else is here yet').waitFor();
    }
    await until('the first is told', 5000, async () => (await first.notice()).includes('in another window'));
    assert.equal(await second.page.locator('#notice').isVisible(), false);
  });
});

test('a full room says so', { timeout: 60_000 }, async () => {
  const server = await newServer({ 'noir.room.max-peers': '2' });
  await server.start();
  try {
    await withPeople(async (open) => {
      const [first, second, third] = [await open('First'), await open('Second'), await open('Third')];
      await first.openGallery(server, 'small');
      await second.openGallery(server, 'small');
      await second.awaitPictureOf('First');
      await third.openGallery(server, 'small');
      await third.page.getByText('This room is full').waitFor();
      await second.press('Leave the room');
      await first.awaitGone('Second', 2000);
      await third.press('Join again');
      await third.awaitPictureOf('First');
    });
  } finally {
    await server.stop();
  }
});

test('the server goes away and comes back: both rejoin by themselves', { timeout: 90_000 }, async () => {
  const server = await newServer();
  await server.start();
  try {
    await withPeople(async (open) => {
      const [anna, ben] = [await open('Anna'), await open('Ben')];
      await anna.openGallery(server, 'restart');
      await ben.openGallery(server, 'restart');
      await Promise.all([anna.awaitPictureOf('Ben'), ben.awaitPictureOf('Anna')]);
      await server.stop('SIGKILL');
      await anna.awaitNotice('Trying again', 5000);
      await server.start();
      await Promise.all([anna.awaitPictureOf('Ben', 25_000), ben.awaitPictureOf('Anna', 25_000)]);
      assert.equal(await anna.page.locator('#notice').isVisible(), false);
    });
  } finally {
    await server.stop();
  }
});
