// An administrator in front of the console.

import { chromiumContext } from './browsers.mjs';
import { OUTPUT } from './paths.mjs';
import { report } from './wait.mjs';

export const TOKEN = 'the-token-of-the-ward';
export const SCREENS = {
  desktop: { viewport: { width: 1280, height: 800 } },
  phone: { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 },
};

export class ConsolePage {
  /** What the page should not have done: complained, or asked elsewhere. */
  faults = [];

  /** @param {import('playwright-core').Page} page @param {import('./server.mjs').Server} server */
  constructor(page, server) {
    this.page = page;
    this.address = `${server.pages}admin/`;
    const { origin } = new URL(this.address);
    page.on('console', (message) => ['error', 'warning'].includes(message.type()) && this.faults.push(message.text()));
    page.on('pageerror', (error) => this.faults.push(error.message));
    page.on('request', (request) => new URL(request.url()).origin === origin || this.faults.push(`asked ${request.url()}`));
  }

  static async open(server, options = SCREENS.desktop) {
    const context = await chromiumContext(options);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const console = new ConsolePage(await context.newPage(), server);
    await console.page.goto(console.address);
    return console;
  }

  button(name) {
    return this.page.getByRole('button', { name, exact: true });
  }

  /** Of a list with links. */
  row(name) {
    return this.page.getByRole('main').getByRole('link', { name });
  }

  async signIn(token = TOKEN) {
    await this.page.getByLabel('Admin token').fill(token);
    await this.page.keyboard.press('Enter');
  }

  async choose(name, choice) {
    await this.button(`What to do with ${name}`).click();
    await this.page.getByRole('menuitem', { name: choice }).click();
  }

  async dump() {
    const file = `${OUTPUT}failed-console-${Date.now()}.png`;
    await this.page.screenshot({ path: file, fullPage: true }).catch(() => {});
    report(`the console: ${this.faults.join('; ') || 'no complaint'}; picture in ${file}`);
  }

  async close() {
    await this.page.context().close();
  }
}
