// A person in front of the gallery.

import { writeFileSync } from 'node:fs';
import { chromiumContext } from './browsers.mjs';
import { OUTPUT } from './paths.mjs';
import { installSmallCamera } from './small_camera.mjs';
import { report, until } from './wait.mjs';

// Runs in the page before its own scripts: when the first picture of each tile could be seen, since the tab was opened.
const REMEMBER_FIRST_PICTURES = () => {
  window.firstPictures = {};
  document.addEventListener(
    'loadeddata',
    (event) => {
      const tile = event.target.closest?.('.tile')?.getAttribute('aria-label');
      if (tile) window.firstPictures[tile] ??= Math.round(performance.now());
    },
    true,
  );
};

// And all that the notice has said: some of it only until the page is in the call again, which may be at once.
const REMEMBER_NOTICES = () => {
  window.notices = [];
  new MutationObserver(() => {
    const said = document.querySelector('#notice')?.innerText;
    if (said && window.notices.at(-1) !== said) window.notices.push(said);
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
};

export class Person {
  constructor(name, context, page) {
    this.name = name;
    this.context = context;
    this.page = page;
    this.errors = [];
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()));
    page.on('pageerror', (error) => this.errors.push(error.message));
  }

  static async open(name, { camera, ...options } = {}) {
    const context = await chromiumContext({ viewport: { width: 1280, height: 800 }, ...options });
    if (camera) await context.addInitScript(camera);
    await context.addInitScript(REMEMBER_FIRST_PICTURES);
    await context.addInitScript(REMEMBER_NOTICES);
    return new Person(name, context, await context.newPage());
  }

  /** @param {Record<string, string>} more parameters of the page's address */
  async openGallery(server, room, more = {}) {
    const query = new URLSearchParams({ room, name: this.name, ...more });
    await this.page.goto(`${server.pages}gallery.html?${query}`);
  }

  tile(name) {
    return this.page.getByRole('article', { name, exact: true });
  }

  /** Sees moving pictures in the tile. */
  async awaitPictureOf(name, deadlineMs = 10_000) {
    const frames = () =>
      this.tile(name)
        .locator('video')
        .evaluate((video) => (video.videoWidth > 0 ? video.getVideoPlaybackQuality().totalVideoFrames : 0));
    await this.tile(name).waitFor({ timeout: deadlineMs });
    const { value: first } = await until(`${this.name} sees ${name}`, deadlineMs, frames);
    await until(`the picture of ${name} moves`, deadlineMs, async () => (await frames()) > first);
  }

  /** How many frames of somebody have been shown. */
  framesOf(name) {
    return this.tile(name)
      .locator('video')
      .evaluate((video) => video.getVideoPlaybackQuality().totalVideoFrames);
  }

  /** The picture in the tile stands still for as long as a moving one would have changed twenty times. */
  async awaitStillPictureOf(name, deadlineMs = 5000) {
    let [frames, since] = [-1, 0];
    await until(`the picture of ${name} stands still for ${this.name}`, deadlineMs, async () => {
      const now = await this.framesOf(name);
      if (now !== frames) [frames, since] = [now, performance.now()];
      return performance.now() - since > 1000;
    });
  }

  /** Opens the host's menu of somebody, and chooses. */
  async moderate(name, choice) {
    await this.tile(name).hover();
    await this.tile(name).getByRole('button', { name: `Moderate ${name}` }).click();
    await this.page.getByRole('menuitem', { name: choice }).click();
  }

  /** Is told, by a message that goes away or one that stays. */
  async awaitWords(words, deadlineMs = 5000) {
    await this.page.getByText(words).first().waitFor({ timeout: deadlineMs });
  }

  /** Milliseconds from opening the tab to the first picture of somebody else. */
  async firstPictureOf(name) {
    return this.page.evaluate((tile) => window.firstPictures[tile], name);
  }

  async awaitGone(name, deadlineMs) {
    const { elapsedMs } = await until(`${this.name} sees ${name} no more`, deadlineMs, async () => {
      return (await this.tile(name).count()) === 0;
    });
    report(`${this.name}: ${name} was gone after ${elapsedMs} ms`);
  }

  press(label) {
    return this.page.getByRole('button', { name: label }).click();
  }

  notice() {
    return this.page.locator('#notice').innerText();
  }

  /** Has been told, since the page was opened. */
  async awaitNotice(words, deadlineMs) {
    await until(`${this.name} is told: ${words}`, deadlineMs, () => {
      return this.page.evaluate((wanted) => window.notices.some((said) => said.includes(wanted)), words);
    });
  }

  async dump() {
    const file = `${OUTPUT}failed-${this.name}-${Date.now()}`;
    await this.page.screenshot({ path: `${file}.png` }).catch(() => {});
    writeFileSync(`${file}.txt`, this.errors.join('\n'));
    report(`${this.name}: picture and console are in ${file}.png and .txt`);
  }
}

/**
 * @param {(open: (name: string, options?: object) => Promise<Person>) => Promise<void>} test
 * @param {{ camera?: () => void }} defaults camera: installs another one in everybody's page
 */
export async function withPeople(test, defaults = {}) {
  const people = [];
  try {
    await test(async (name, options) => {
      const person = await Person.open(name, { ...defaults, ...options });
      people.push(person);
      return person;
    });
  } catch (error) {
    for (const person of people) await person.dump();
    throw error;
  } finally {
    await Promise.all(people.map((person) => person.context.close()));
  }
}

/** As `withPeople`, where it does not matter how large pictures are. */
export function withSmallPictures(test) {
  return withPeople(test, { camera: installSmallCamera });
}
