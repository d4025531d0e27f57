// The classes that a start loads, read and checked once for all servers of a run.

import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { newServer } from './server.mjs';
import { stopTestPages } from './test_pages.mjs';
import { report } from './wait.mjs';

/**
 * Servers that this process's children start map them from then on (class data sharing), which takes a fifth off each start.
 * A JVM that finds the archive was made by another, or of another WAR, does without; so does everybody if making it fails.
 */
export async function archiveClasses() {
  const archive = join(tmpdir(), `noir-classes-${process.pid}.jsa`);
  process.once('exit', () => rmSync(archive, { force: true }));
  const server = await newServer({}, [`-XX:ArchiveClassesAtExit=${archive}`]);
  try {
    await server.start();
    process.env.NOIR_CLASS_ARCHIVE = archive;
  } catch (error) {
    report(`no archive of classes: ${error.message}`);
  } finally {
    await server.stop();
    await stopTestPages();
  }
}
