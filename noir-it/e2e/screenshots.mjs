// npm run screenshots: every page on desktop and phone, dark and light, into target/e2e/screenshots; the two that the
// README shows go to docs/images.

import { copyFileSync, mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { chromiumContext, closeBrowsers } from './lib/browsers.mjs';
import { installDrawnCamera, LOOKS } from './lib/drawn_camera.mjs';
import { OUTPUT } from './lib/paths.mjs';
import { sharedServer, stopServers } from './lib/server.mjs';
import { stopTestPages } from './lib/test_pages.mjs';
import { until } from './lib/wait.mjs';

const NAMES = ['Anna Berg', 'Dr. Samir Haddad', 'Lena Voss', 'Kofi Mensah'];
const SCREENS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};
const FOLDER = `${OUTPUT}screenshots/`;

async function open(look, options) {
  const context = await chromiumContext(options);
  await context.addInitScript(installDrawnCamera, LOOKS[look]);
  return context.newPage();
}

async function join(page, server, name, room = 'Morning round') {
  await page.goto(`${server.pages}gallery.html?${new URLSearchParams({ room, name })}`);
}

const images = fileURLToPath(new URL('../../docs/images/', import.meta.url));

const server = await sharedServer();
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
  }
}
mkdirSync(images, { recursive: true });
copyFileSync(`${FOLDER}gallery-desktop-dark.png`, `${images}gallery.png`);
copyFileSync(`${FOLDER}start-desktop-light.png`, `${images}start.png`);
await closeBrowsers();
await stopTestPages();
await stopServers();
