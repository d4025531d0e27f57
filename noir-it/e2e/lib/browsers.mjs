// One Chromium and one Firefox for all tests; a fresh context per test.

import { chromium } from 'playwright-core';
import puppeteer from 'puppeteer-core';
import { CHROMIUM, FIREFOX } from './paths.mjs';

export const CHROMIUM_FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--use-fake-device-for-media-stream',
  '--use-fake-ui-for-media-stream',
  '--allow-loopback-in-peer-connection',
  // Pages in the background must not be slowed down: every test has several, and only one is in front.
  '--disable-background-timer-throttling',
  '--disable-backgrounding-occluded-windows',
  '--disable-renderer-backgrounding',
];

export const FIREFOX_PREFERENCES = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.peerconnection.ice.loopback': true,
  'media.autoplay.default': 0,
};

let chromiumBrowser = null;
let firefoxBrowser = null;

export async function chromiumContext(options = {}) {
  chromiumBrowser ??= chromium.launch({ executablePath: CHROMIUM, headless: true, args: CHROMIUM_FLAGS });
  return (await chromiumBrowser).newContext(options);
}

export async function firefoxPage() {
  firefoxBrowser ??= puppeteer.launch({
    browser: 'firefox',
    executablePath: FIREFOX,
    headless: true,
    extraPrefsFirefox: FIREFOX_PREFERENCES,
  });
  return (await firefoxBrowser).newPage();
}

export async function closeBrowsers() {
  await (await chromiumBrowser)?.close();
  await (await firefoxBrowser)?.close();
  chromiumBrowser = null;
  firefoxBrowser = null;
}
