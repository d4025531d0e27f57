// The classes that a start loads, read and checked once for all servers of a run.

import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newServer } from './server.mjs';
import { stopTestPages } from './test_pages.mjs';

/**
 * Servers of this process and those it starts map them from then on (class data sharing), which takes a fifth off each
 * start. A JVM that finds it was made by another, or of another WAR, does without.
 */
export async function archiveClasses() {
  const archive = join(tmpdir(), `noir-classes-${process.pid}.jsa`);
  process.once('exit', () => rmSync(archive, { force: true }));
  const server = await newServer({}, [`-XX:ArchiveClassesAtExit=${archive}`]);
  await server.start();
  await server.stop();
  await stopTestPages();
  process.env.NOIR_CLASS_ARCHIVE = archive;
}
