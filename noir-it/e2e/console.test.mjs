// The console, clicked through as an administrator does: on a desk, on a phone, and by keyboard.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ADMIN_TOKEN, Cluster } from './lib/cluster.mjs';
import { ConsolePage, SCREENS, TOKEN } from './lib/console_page.mjs';
import { withSmallPictures } from './lib/gallery_page.mjs';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { withParticipants } from './lib/participant.mjs';
import { newServer } from './lib/server.mjs';
import { steps } from './lib/steps.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { report, until } from './lib/wait.mjs';

const FIRST_PAINT_MS = 1000;
const THIN_KBPS = 80;
// Samples are taken every 5 s, and some of them make a stretch.
const TOLD_MS = 45_000;

async function withConsole(server, screen, run) {
  const console = await ConsolePage.open(server, screen);
  try {
    await run(console);
    assert.deepEqual(console.faults, [], 'no complaint, nothing from elsewhere');
  } catch (error) {
    await console.dump();
    throw error;
  } finally {
    await console.close();
  }
}

async function isAsWideAsItsScreen({ page }, view) {
  const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
  assert.ok(wide <= screen, `${view} is ${wide} wide on a screen of ${screen}`);
}

/** Presses Tab until what has this name has the focus. */
async function tabTo(page, name) {
  for (let presses = 0; presses < 40; presses++) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement?.getAttribute('aria-label') ?? activeElement?.textContent ?? '';
    });
    if (focused.includes(name)) return;
  }
  throw new Error(`Tab does not come to ${name}`);
}

test('the console', { timeout: 240_000 }, async (t) => {
  const lines = process.getuid() === 0 ? [await ThinLine.open(), await ThinLine.open()] : [];
  const addresses = ['127.0.0.1', ...lines.map(({ serverAddress }) => serverAddress)].join();
  const server = await newServer({ 'noir.admin.token': TOKEN, 'noir.cluster.node-id': 'ward', 'noir.media.addresses': addresses });
  await server.start();
  try {
    await t.test('its first paint', () => paintsAtOnce(server));
    await withParticipants((participant) => withSmallPictures(async (open) => {
      const [anna, ben] = [await open('Anna'), await open('Ben')];
      await anna.openGallery(server, 'round');
      await ben.openGallery(server, 'round');
      await Promise.all([anna.awaitPictureOf('Ben'), ben.awaitPictureOf('Anna')]);
      await t.test('on a desk', (inner) => withConsole(server, SCREENS.desktop, (console) => onADesk(inner, console, server, open, ben)));
      await t.test('on a phone', () => withConsole(server, SCREENS.phone, (console) => onAPhone(console, anna)));
      await t.test('by keyboard', () => withConsole(server, SCREENS.desktop, byKeyboard));
      const needsRoot = { skip: lines.length === 0 && 'needs root, for a network namespace' };
      await t.test('what went wrong', needsRoot, async () => {
        await Promise.all([anna, ben].map(({ context }) => context.close()));
        await begin(server, lines, participant);
        await withConsole(server, SCREENS.desktop, whatWentWrong);
      });
    }));
  } finally {
    await server.stop();
    for (const line of lines) await line.close();
  }
});

test('the console of two servers, one of which is taken out of service', { timeout: 180_000 }, async () => {
  const cluster = await Cluster.start([{ 'noir.drain.timeout': '2' }, { 'noir.drain.timeout': '2' }]);
  try {
    const { owner, keeper } = await cluster.openRoom('round');
    const [other] = cluster.others(owner);
    await withSmallPictures(async (open) => {
      const [anna, ben] = [await open('Anna'), await open('Ben')];
      await Promise.all([anna.openGallery(other, 'round'), ben.openGallery(other, 'round')]);
      await Promise.all([anna.awaitPictureOf('Ben'), ben.awaitPictureOf('Anna')]);
      await keeper.close();
      await withConsole(other, SCREENS.desktop, (console) => oneLeaves(console, owner, other));
      await Promise.all([anna.awaitPictureOf('Ben', 20_000), ben.awaitPictureOf('Anna', 20_000)]);
      assert.equal(await cluster.awaitOneOwner('round'), other);
    });
  } finally {
    await cluster.stop();
  }
});

/** In a browser that has never seen it, as long as nobody is in a call on this machine; the server has been asked for it once. */
async function paintsAtOnce(server) {
  await withConsole(server, SCREENS.desktop, ({ page }) => page.getByLabel('Admin token').waitFor());
  await withConsole(server, SCREENS.desktop, async ({ page }) => {
    await page.getByLabel('Admin token').waitFor();
    const paint = await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime);
    report(`first paint of the console after ${Math.round(paint)} ms`);
    assert.ok(paint <= FIRST_PAINT_MS);
  });
}

/** @param {ConsolePage} console */
async function oneLeaves(console, owner, other) {
  const { page } = console;
  const card = (node) => page.getByRole('listitem').filter({ has: page.getByRole('heading', { name: node.id, exact: true }) });
  await console.signIn(ADMIN_TOKEN);
  await console.row(new RegExp(`round.*2 people.*on ${owner.id}`)).waitFor();
  await card(other).getByText(/^(running|very busy)$/).waitFor();
  await card(owner).getByRole('button', { name: 'Take out of service' }).click();
  await page.getByRole('dialog').getByText(`Take ${owner.id} out of service?`).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Take out of service' }).click();
  await card(owner).getByText('leaving', { exact: true }).waitFor();
  assert.ok(await card(owner).getByRole('button').isDisabled());
  await console.row(new RegExp(`round.*2 people.*on ${other.id}`)).waitFor({ timeout: 20_000 });
  await card(owner).getByText(/^0 rooms/).waitFor();
  await owner.stop();
  await card(owner).waitFor({ state: 'detached', timeout: 20_000 });
  await page.getByRole('link', { name: 'Log' }).click();
  await page.getByText(`The admin token took the server “${owner.id}” out of service.`).waitFor();
}

/** Bert's line is thin, Carl's lets no UDP through, Dora stops sending, Emil sends. */
async function begin(server, [thin, shut], open) {
  shut.onlyTcp();
  const behind = (line) => ({ publish: false, url: server.signalling.replace('localhost', line.serverAddress) });
  const emil = await open('emil', { camera: installNoisyCamera });
  const dora = await open('dora');
  const [bert, carl] = [await open('bert', { line: thin }), await open('carl', { line: shut })];
  await emil.join(server, 'trouble', { resolution: 'vga' });
  await dora.join(server, 'trouble');
  await bert.join(server, 'trouble', behind(thin));
  await carl.join(server, 'trouble', behind(shut));
  for (const viewer of [bert, carl]) for (const sender of [emil, dora]) await viewer.awaitMediaOf(sender);
  await dora.do('pauseVideo');
  thin.cap(THIN_KBPS);
}

/** @param {ConsolePage} console */
async function whatWentWrong(console) {
  const { page } = console;
  await console.signIn();
  const time = String.raw`\d\d:\d\d(:\d\d)?`;
  for (const [peer, sentence, level] of [
    ['bert', String.raw`emil's picture froze: the line of bert fell to \d+ kbit/s, lower than the smallest layer`, 'bad'],
    ['carl', 'media of carl went over TCP: no UDP got through', 'weak'],
    ['dora', "dora's picture stopped: nothing of it came any more", 'weak'],
    ['carl', "dora's picture froze for carl: dora sent nothing of it any more", 'weak'],
  ]) {
    await console.row(/trouble/).click();
    await console.row(new RegExp(`^(. )?${peer}`, 'i')).first().click();
    const row = console.row(new RegExp(`^${level} (since ${time}|${time}–${time}) ${sentence}`));
    await row.first().waitFor({ timeout: TOLD_MS });
    assert.ok((await page.locator('.band').count()) > 0, 'the stretch is marked in the plots');
    await row.first().click();
    await page.getByRole('link', { name: 'Show all' }).waitFor();
    await row.first().waitFor();
    assert.match(new URL(page.url()).hash, /^#room=trouble&peer=\w+&from=\d+&to=\d+$/);
    await page.getByRole('link', { name: 'Overview' }).first().click();
  }
}

async function onADesk(t, console, server, open, ben) {
  const { page } = console;
  const step = steps(t);

  await step('a stranger gets the question who he is, and nothing else', async () => {
    await page.getByLabel('Admin token').waitFor();
    assert.equal(await page.getByRole('navigation').count(), 0);
    await console.signIn('not the token of here');
    await page.getByText('That is not the token of this server.').waitFor();
    assert.equal(await page.getByText('round').count(), 0);
    await console.signIn();
    await page.getByRole('heading', { name: 'Overview' }).waitFor();
    assert.equal(page.url().includes(TOKEN), false, 'the token is in the address');
  });

  await step('everything at a glance', async () => {
    await console.row(/round.*2 people/).waitFor();
    // Or, on a machine that has much to do: its processors are busy.
    await page.getByText(/^(Everything is running|ward is very busy)\.$/).waitFor();
    const packets = page.locator('.figure').filter({ hasText: 'Packets a second' }).locator('.value');
    await until('packets are counted', 15_000, async () => Number(await packets.innerText()) > 0);
  });

  await step('a server is not taken out of service by mistake', async () => {
    await console.button('Take out of service').click();
    await page.getByRole('dialog').getByText('Take ward out of service?').waitFor();
    await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    assert.ok(await console.button('Take out of service').isEnabled());
    await page.getByText(/^(running|very busy)$/).waitFor();
  });

  await step('a room is planned, said otherwise, and forgotten', () => planned(console));

  await step('a room: who gets what of whom', async () => {
    await console.row(/round/).click();
    const gets = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'Anna' }) });
    await until('Anna gets sound and picture', 15_000, async () => /sound[^]*\d+p/.test(await gets.innerText()));
    await page.getByRole('img', { name: /^Bit rate: to people [1-9].*bit\/s/ }).waitFor({ timeout: 10_000 });
  });

  await step('the lobby: Cleo waits and is let in; the lock: Dan stays outside', async () => {
    await page.getByRole('switch', { name: 'Lobby' }).click();
    await page.getByRole('switch', { name: 'Lobby', checked: true }).waitFor();
    const cleo = await open('Cleo');
    await cleo.openGallery(server, 'round');
    await console.button('Let in Cleo').click({ timeout: 10_000 });
    await cleo.awaitPictureOf('Ben');
    await page.getByRole('switch', { name: 'Lobby' }).click();
    await page.getByRole('switch', { name: 'Lobby', checked: false }).waitFor();
    await console.button('Lock').click();
    await console.button('Unlock').waitFor();
    const dan = await open('Dan');
    await dan.openGallery(server, 'round');
    await dan.awaitWords('This room is locked');
    await console.button('Unlock').click();
    await console.button('Lock').waitFor();
    await cleo.press('Leave the room');
  });

  await step('Ben is muted, and removed once that is confirmed', async () => {
    await console.choose('Ben', 'Mute picture');
    await ben.awaitWords('A moderator has muted your video');
    // He hears of it before the console has looked again, and a menu stays as it was when it was opened.
    await console.row(/Ben.*muted/).waitFor();
    await console.choose('Ben', 'Unmute picture');
    await console.choose('Ben', 'Remove …');
    await page.keyboard.press('Escape');
    await console.choose('Ben', 'Remove …');
    assert.ok(await ben.tile('Anna').isVisible(), 'still there');
    await page.getByLabel(/^Reason/).fill('Wrong ward');
    await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click();
    await ben.awaitWords('The reason: Wrong ward.');
    await ben.press('Join again');
    await ben.awaitPictureOf('Anna');
  });

  await step('Ben is moved to another room and back: his page follows', async () => {
    for (const to of ['next door', 'round']) {
      await console.choose('Ben', 'Move to another room …');
      await page.getByLabel('Name of the other room').fill(to);
      await page.getByRole('dialog').getByRole('button', { name: 'Move' }).click();
      await ben.awaitWords(`You have been moved to the room “${to}”.`);
      assert.equal(new URL(ben.page.url()).searchParams.get('room'), to);
      await page.getByRole('link', { name: 'Overview' }).first().click();
      await console.row(new RegExp(to)).click();
    }
    await ben.awaitPictureOf('Anna');
  });

  await step('the log has all of it', async () => {
    await console.row('Overview').first().waitFor();
    await page.getByRole('link', { name: 'Log' }).click();
    for (const deed of [/muted the picture of/, /removed Ben \(web-.*…\) from “round”/, /moved Ben \(web-.*…\) from “next door” to “round”/, /locked the room “round”/]) {
      await page.getByText(deed).first().waitFor();
    }
  });

  await step('who signs out is gone, and is gone after a reload', async () => {
    await console.button('Administrator, signed in').click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByLabel('Admin token').waitFor();
    await page.reload();
    await page.getByLabel('Admin token').waitFor();
  });
}

/** @param {ConsolePage} console */
async function planned({ page }) {
  const dialog = page.getByRole('dialog');
  const fill = (label, value) => dialog.getByLabel(label, { exact: true }).fill(value);
  await page.getByRole('button', { name: 'Plan a room' }).click();
  await fill('Name', 'board');
  await fill('Title, for people (optional)', 'The board');
  await dialog.getByText('Limits').click();
  await fill('Most people', '12');
  await fill('Ends after', '2');
  await dialog.getByLabel('Ends after: unit').selectOption('hours');
  await dialog.getByText('Who may, and recording').click();
  await fill('Password at the door', 'horse');
  await fill('Policy of its own', 'joyn = **');
  await dialog.getByRole('button', { name: 'Plan the room' }).click();
  await dialog.getByRole('alert').getByText(/^Policy: line 1/).waitFor();
  await fill('Policy of its own', 'join = **');
  await dialog.getByRole('button', { name: 'Plan the room' }).click();
  await page.getByRole('heading', { name: 'The board', exact: true }).waitFor();
  await page.getByText('up to 12 people · ends 2 h 0 min after it was opened · has a password · has a policy of its own').waitFor();
  await page.getByRole('button', { name: 'Options' }).click();
  assert.equal(await dialog.getByLabel('Ends after: unit').inputValue(), 'hours');
  await fill('Most people', '13');
  await fill('Ends after', '');
  await dialog.getByLabel('One at a time speaks').check();
  await dialog.getByLabel('Take it away').check();
  await dialog.getByRole('button', { name: 'Change' }).click();
  await page.getByText('up to 13 people · one at a time speaks · has a policy of its own').waitFor();
  await page.getByRole('button', { name: 'Close room' }).click();
  await dialog.getByText('What was planned for it is forgotten.').waitFor();
  await dialog.getByRole('button', { name: 'Close the room' }).click();
  await page.getByText('This room is not open any more.').waitFor();
  await page.getByRole('link', { name: 'Overview' }).first().click();
}

/** One participant, by a link that is sent. */
async function onAPhone(console, anna) {
  const { page } = console;
  await isAsWideAsItsScreen(console, 'the question who one is');
  await console.signIn();
  await console.row(/round/).waitFor();
  await isAsWideAsItsScreen(console, 'the overview');
  await console.button('Plan a room').tap();
  for (const group of ['Limits', 'Who may, and recording']) await page.getByRole('dialog').getByText(group).tap();
  await isAsWideAsItsScreen(console, 'the question what a room shall be like');
  const [wide, within] = await page.getByRole('dialog').evaluate(({ scrollWidth, clientWidth }) => [scrollWidth, clientWidth]);
  assert.ok(wide <= within, `what is asked is ${wide} wide in ${within}`);
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).tap();
  await console.row(/round/).tap();
  await page.getByRole('rowheader', { name: 'Anna' }).waitFor();
  await isAsWideAsItsScreen(console, 'a room');
  await console.row(/^A Anna|Anna.*kbit/).first().tap();
  await page.getByRole('heading', { name: 'Anna', exact: true }).waitFor();
  await page.getByText('gets camera of Ben').waitFor({ timeout: 10_000 });
  await isAsWideAsItsScreen(console, 'a participant');
  await console.button('Copy link').tap();
  await page.getByText('The link is copied').waitFor();
  const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
  const said = new URLSearchParams(link.hash.slice(1));
  assert.equal(said.get('room'), 'round');
  assert.equal(said.get('peer'), await anna.page.evaluate(() => sessionStorage.getItem('noir.peer')));
  await page.goto(link.href);
  await page.getByRole('heading', { name: 'Anna', exact: true }).waitFor();
}

async function byKeyboard({ page }) {
  await until('the question has the focus', 5000, () => page.evaluate(() => document.activeElement?.id === 'token'));
  await page.keyboard.type(TOKEN);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: /round/ }).waitFor();
  await tabTo(page, 'Plan a room');
  await page.keyboard.press('Enter');
  await page.keyboard.type('by keys');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'by keys', exact: true }).waitFor();
  await tabTo(page, 'Overview');
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: /by keys planned/ }).waitFor();
  await tabTo(page, 'round');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'round', exact: true }).waitFor();
  const lock = page.getByRole('button', { name: 'Lock', exact: true });
  await lock.waitFor();
  await tabTo(page, 'Lock');
  await page.keyboard.press('Space');
  await page.getByRole('button', { name: 'Unlock' }).waitFor();
  await page.keyboard.press('Space');
  await lock.waitFor();
  await tabTo(page, 'What to do with Ben');
  await page.keyboard.press('Enter');
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  await page.getByRole('dialog').getByText('Remove Ben?').waitFor();
  await page.keyboard.press('Escape');
  await until('the menu’s button has the focus again', 3000, () =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') === 'What to do with Ben'),
  );
}
