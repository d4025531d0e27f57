// npm run screenshots [console]: every page, or the console alone, on desktop and phone, dark and light, into
// target/e2e/screenshots; those that the README and docs/ show go to docs/images. As root, for somebody's thin line.

import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromiumContext, closeBrowsers } from './lib/browsers.mjs';
import { TOKEN } from './lib/console_page.mjs';
import { installDrawnCamera, LOOKS } from './lib/drawn_camera.mjs';
import { installNoisyCamera } from './lib/noisy_camera.mjs';
import { Participant } from './lib/participant.mjs';
import { OUTPUT } from './lib/paths.mjs';
import { newServer, stopServers } from './lib/server.mjs';
import { stopTestPages } from './lib/test_pages.mjs';
import { ThinLine } from './lib/thin_line.mjs';
import { token, tokenSettings } from './lib/tokens.mjs';
import { until } from './lib/wait.mjs';

const NAMES = ['Anna Berg', 'Dr. Samir Haddad', 'Lena Voss', 'Kofi Mensah'];
const SCREENS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};
const ROUND = 'Visite 3b';
const THIN_KBPS = 60;
const FROZEN_MS = 30_000;
const AGAIN_MS = 20_000;
const only = process.argv[2];
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

/** Kofi's line is thin for a while. */
async function holdRound(server, line) {
  for (const [look, name] of [[0, 'Mira Lind'], [1, 'Tom Okafor']]) await join(await open(look, SCREENS.desktop), server, name, ROUND);
  const kofi = await Participant.open(NAMES[3], { line, camera: installNoisyCamera });
  await kofi.join(server, ROUND, { url: server.signalling.replace('localhost', line.serverAddress) });
  const pictures = async () => (await kofi.do('received')).reduce((sum, { framesDecoded }) => sum + (framesDecoded ?? 0), 0);
  await until('he sees them', 40_000, async () => (await pictures()) > 300);
  line.cap(THIN_KBPS);
  let [seen, since] = [0, 0];
  await until('their pictures have frozen', 120_000, async () => {
    const now = await pictures();
    if (now !== seen) [seen, since] = [now, performance.now()];
    return performance.now() - since > FROZEN_MS;
  });
  line.uncap();
  await until('they move again', 60_000, async () => (await pictures()) > seen + 100);
  const again = performance.now();
  await until('that is seen', 2 * AGAIN_MS, () => performance.now() - again > AGAIN_MS);
}

/** An administrator looks in. */
async function shootConsole(server, options, shot) {
  const page = await (await chromiumContext(options)).newPage();
  const whole = (name) => shot(page, `console-${name}`, { fullPage: true });
  const plotted = (points) => async () => ((await page.locator('.field .line-0').last().getAttribute('d')) ?? '').split('L').length > points;
  await page.goto(`${server.pages}admin/`);
  await page.getByLabel('Admin token').waitFor();
  await shot(page, 'console-sign-in');
  await page.getByLabel('Admin token').fill(TOKEN);
  await page.keyboard.press('Enter');
  await page.getByRole('link', { name: ROUND }).waitFor();
  await until('some curves', 60_000, plotted(8));
  await whole('overview');
  await page.getByRole('button', { name: 'Plan a room' }).click();
  await page.getByLabel('Name', { exact: true }).fill('Board 3b');
  await page.getByLabel('Title, for people (optional)').fill('Board of ward 3b');
  await page.getByText('Limits').click();
  await page.getByLabel('Ends after', { exact: true }).fill('45');
  await shot(page, 'console-plan');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: ROUND }).click();
  await page.getByRole('heading', { name: 'Who gets what' }).waitFor();
  await until('some curves', 60_000, plotted(8));
  await whole('room');
  await page.getByRole('main').getByRole('link', { name: new RegExp(NAMES[3]) }).click();
  await page.getByText(/froze: the line/).first().waitFor();
  await page.getByText('gets camera of').first().waitFor();
  await shot(page, 'console-peer');
  await whole('peer-all');
  await page.context().close();
}

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const line = await ThinLine.open();
const server = await newServer({
  'noir.auth.mode': 'optional',
  ...tokenSettings(),
  'noir.admin.token': TOKEN,
  'noir.cluster.node-id': 'north',
  'noir.media.addresses': `127.0.0.1,${line.serverAddress}`,
});
await server.start();
mkdirSync(FOLDER, { recursive: true });
await holdRound(server, line);
const others = [];
for (const look of only ? [] : [1, 2, 3]) {
  const page = await open(look, SCREENS.desktop);
  await join(page, server, NAMES[look]);
  others.push(page);
}
await others[2]?.getByRole('button', { name: 'Mute the microphone' }).click();

for (const [screen, options] of Object.entries(SCREENS)) {
  for (const colorScheme of ['light', 'dark']) {
    const shot = async (page, name, more) => page.screenshot({ path: `${FOLDER}${name}-${screen}-${colorScheme}.png`, ...more });
    await shootConsole(server, { ...options, colorScheme }, shot);
    if (only) continue;
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
copyFileSync(`${FOLDER}console-overview-desktop-dark.png`, `${images}console.png`);
for (const name of ['console-room', 'console-peer', 'console-plan']) copyFileSync(`${FOLDER}${name}-desktop-light.png`, `${images}${name}.png`);
if (!only) {
  copyFileSync(`${FOLDER}gallery-desktop-dark.png`, `${images}gallery.png`);
  copyFileSync(`${FOLDER}start-desktop-light.png`, `${images}start.png`);
  for (const name of ['host-menu', 'lobby', 'login', 'explain']) copyFileSync(`${FOLDER}${name}-desktop-light.png`, `${images}${name}.png`);
}
await closeBrowsers();
await stopTestPages();
await stopServers();
await line.close();
