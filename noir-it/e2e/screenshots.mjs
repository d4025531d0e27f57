// npm run screenshots: every page on desktop and phone, dark and light, into target/e2e/screenshots; those that the
// README and docs/pages.md show go to docs/images.

import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromiumContext, closeBrowsers } from './lib/browsers.mjs';
import { installDrawnCamera, LOOKS } from './lib/drawn_camera.mjs';
import { OUTPUT } from './lib/paths.mjs';
import { newServer, stopServers } from './lib/server.mjs';
import { stopTestPages } from './lib/test_pages.mjs';
import { token, tokenSettings } from './lib/tokens.mjs';
import { until } from './lib/wait.mjs';

const NAMES = ['Anna Berg', 'Dr. Samir Haddad', 'Lena Voss', 'Kofi Mensah'];
const SCREENS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};
const EXPLAIN = 'How the call is doing';
const FOLDER = `${OUTPUT}screenshots/`;

async function open(look, options) {
  const context = await chromiumContext(options);
  await context.addInitScript(installDrawnCamera, LOOKS[look]);
  return context.newPage();
}

async function join(page, server, name, room = 'Morning round', more = {}) {
  await page.goto(`${server.pages}gallery.html?${new URLSearchParams({ room, name, ...more })}`);
}

/** Anna moderates: the menu on a tile, and two who wait. Then the login. */
async function shootModeration(server, options, shot) {
  const anna = await open(0, options);
  await join(anna, server, 'Anna Berg', 'Morning round', { access_token: token('anna', ['noir-moderator']) });
  const samir = anna.getByRole('article', { name: NAMES[1], exact: true });
  await samir.hover();
  await samir.getByRole('button', { name: /^Moderate/ }).click();
  await until('all pictures', 15_000, async () => (await anna.locator('.tile:not(.no-video)').count()) === NAMES.length);
  await shot(anna, 'host-menu');
  await anna.keyboard.press('Escape');
  await anna.getByRole('switch', { name: 'Lobby' }).click();
  await anna.getByRole('switch', { name: 'Lobby', checked: true }).waitFor();
  const guests = [];
  for (const name of ['Mira Lind', 'Tom Okafor']) {
    const guest = await open(3, options);
    await join(guest, server, name);
    await guest.getByText('You are in the lobby').waitFor();
    await anna.getByRole('button', { name: `Admit ${name}` }).waitFor();
    guests.push(guest);
  }
  await shot(guests[0], 'waiting');
  await anna.mouse.move(0, 0);
  await shot(anna, 'lobby');
  await anna.getByRole('button', { name: 'People' }).click();
  await shot(anna, 'people');
  await anna.getByRole('switch', { name: 'Lobby' }).click();
  await anna.getByRole('switch', { name: 'Lobby', checked: false }).waitFor();
  await guests[0].goto(`${server.pages}auth/login`);
  await guests[0].getByLabel('Password').waitFor();
  await shot(guests[0], 'login');
  for (const page of [anna, ...guests]) await page.context().close();
}

/** Half a minute of curves. */
async function shootExplanation(page, shot) {
  await page.getByRole('button', { name: EXPLAIN, exact: true }).click();
  const panel = page.getByRole('complementary', { name: EXPLAIN });
  const longEnough = async () => ((await panel.locator('svg .line-1').first().getAttribute('d')) ?? '').split('L').length > 30;
  await until('some curves', 60_000, longEnough);
  await shot(page, 'explain');
  await page.keyboard.press('Escape');
}

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const server = await newServer({ 'noir.auth.mode': 'optional', ...tokenSettings() });
await server.start();
mkdirSync(FOLDER, { recursive: true });
const others = [];
for (const look of [1, 2, 3]) {
  const page = await open(look, SCREENS.desktop);
  await join(page, server, NAMES[look]);
  others.push(page);
}
await others[2].getByRole('button', { name: 'Mute the microphone' }).click();

for (const [screen, options] of Object.entries(SCREENS)) {
  for (const colorScheme of ['light', 'dark']) {
    const shot = async (page, name) => page.screenshot({ path: `${FOLDER}${name}-${screen}-${colorScheme}.png` });
    const page = await open(0, { ...options, colorScheme });
    await page.goto(`${server.pages}?room=Morning round&name=Anna Berg`);
    await page.getByLabel('Camera', { exact: true }).waitFor();
    await shot(page, 'start');
    await join(page, server, 'Anna Berg', `alone ${screen} ${colorScheme}`);
    await page.getByText('Nobody else is here').waitFor();
    await shot(page, 'alone');
    await join(page, server, 'Anna Berg');
    const seen = () => page.locator('.tile:not(.no-video)').count();
    await until('all pictures', 15_000, async () => (await seen()) === NAMES.length);
    const muted = () => page.getByRole('img', { name: 'microphone off' }).count();
    await until('one muted microphone', 8000, async () => (await muted()) === 1);
    await shot(page, 'gallery');
    await shootExplanation(page, shot);
    await others[0].getByRole('button', { name: 'Share the screen' }).click();
    await page.getByRole('article', { name: /screen/ }).waitFor();
    await until('the screen', 15_000, async () => (await seen()) === NAMES.length + 1);
    await shot(page, 'screen');
    await others[0].getByRole('button', { name: 'Stop sharing the screen' }).click();
    await page.goto(`${server.pages}echo.html`);
    await page.getByRole('button', { name: 'Start' }).click();
    await page.getByText('First picture back').waitFor();
    await until('figures', 8000, async () => /[1-9]\d* ms/.test(await page.locator('#received').innerText()));
    await shot(page, 'echo');
    await page.goto(`${server.pages}pubsub.html?session=shots`);
    await page.getByRole('button', { name: 'Publish camera' }).click();
    await page.locator('#own video').waitFor();
    await shot(page, 'pubsub');
    await page.context().close();
    await shootModeration(server, { ...options, colorScheme }, shot);
  }
}
mkdirSync(images, { recursive: true });
copyFileSync(`${FOLDER}gallery-desktop-dark.png`, `${images}gallery.png`);
copyFileSync(`${FOLDER}start-desktop-light.png`, `${images}start.png`);
for (const name of ['host-menu', 'lobby', 'login', 'explain']) copyFileSync(`${FOLDER}${name}-desktop-light.png`, `${images}${name}.png`);
await closeBrowsers();
await stopTestPages();
await stopServers();
