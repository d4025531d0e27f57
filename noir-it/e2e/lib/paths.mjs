// Where things are.

import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (relative) => fileURLToPath(new URL(relative, import.meta.url));

export const SUITE = path('../');
export const WAR = process.env.E2E_WAR ?? path('../../../noir-war/target/noir.war');
export const BOT = path('../../../noir-bot/target/noir-bot.jar');
export const OUTPUT = path('../../target/e2e/');
export const CHROMIUM = process.env.CHROMIUM ?? '/usr/bin/chromium';
export const FIREFOX = process.env.FIREFOX ?? '/usr/bin/firefox-esr';

mkdirSync(OUTPUT, { recursive: true });
