// noiR in Tomcat and WildFly, as an administrator deploys it: stock servers with the templates of config/, each test's in
// a folder of its own.

import { spawn, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { WAR } from './paths.mjs';
import { freeTcpPort, freeUdpPorts, Server, SHORT_LIVED } from './server.mjs';
import { until } from './wait.mjs';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'noir/servers');
const UNPACK = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1:unpack';

/** A stock server in a process group and a folder of its own, both gone after stop(). */
class AppServer extends Server {
  context = 'noir/';

  constructor(name, httpPort, mediaPort, settings) {
    super(httpPort, mediaPort, settings, []);
    this.folder = mkdtempSync(join(tmpdir(), `noir-${name}-`));
  }

  path(name) {
    return join(this.folder, name);
  }

  /** Puts what config/ has in front of a mark in a file, or at its end. */
  add(template, file, mark = '') {
    const text = readFileSync(`${ROOT}config/${template}`, 'utf8');
    const before = readFileSync(this.path(file), 'utf8');
    writeFileSync(this.path(file), mark ? before.replace(mark, `${text}\n${mark}`) : `${before}\n${text}`);
  }

  /** The script starts the JVM as its child: a signal is for both. */
  spawn(script, options, env, stdio) {
    const child = spawn(script, options, { stdio, detached: true, env: { ...process.env, ...env } });
    const { pid } = child;
    child.kill = (signal) => process.kill(-pid, signal);
    return child;
  }

  async stop(signal) {
    const { pid } = this.process;
    await super.stop(signal);
    await until(`the JVM of ${this.folder} has ended`, 10_000, () => !isAlive(-pid));
    rmSync(this.folder, { recursive: true, force: true });
  }
}

class Tomcat extends AppServer {
  async launch(flags, stdio) {
    const home = distribution('tomcat11');
    cpSync(join(home, 'conf'), this.path('conf'), { recursive: true });
    for (const folder of ['logs', 'temp', 'webapps', 'work']) mkdirSync(this.path(folder));
    this.add('tomcat/tomcat-users.xml', 'conf/tomcat-users.xml', '</tomcat-users>');
    const stock = readFileSync(this.path('conf/server.xml'), 'utf8');
    const ports = stock
      .replace('<Server port="8005"', '<Server port="-1"')
      .replace('<Connector port="8080"', `<Connector address="127.0.0.1" port="${this.httpPort}"`);
    writeFileSync(this.path('conf/server.xml'), ports);
    cpSync(WAR, this.path('webapps/noir.war'));
    const env = { CATALINA_BASE: this.folder, CATALINA_OPTS: `-Xmx256m ${SHORT_LIVED} ${flags.join(' ')}` };
    return this.spawn('sh', [join(home, 'bin/catalina.sh'), 'run'], env, stdio);
  }
}

class Wildfly extends AppServer {
  async launch(flags, stdio) {
    const home = distribution('wildfly');
    cpSync(join(home, 'standalone/configuration'), this.path('configuration'), { recursive: true });
    for (const realm of ['users', 'roles']) {
      this.add(`wildfly/application-${realm}.properties`, `configuration/application-${realm}.properties`);
    }
    mkdirSync(this.path('deployments'));
    cpSync(WAR, this.path('deployments/noir.war'));
    const ports = ['https', 'management.http', 'management.https'].map((name) => `-Djboss.${name}.port=0`);
    const own = [`-Djboss.http.port=${this.httpPort}`, '-Djboss.bind.address=127.0.0.1', ...ports];
    const env = { JBOSS_HOME: home, JBOSS_BASE_DIR: this.folder, PREPEND_JAVA_OPTS: SHORT_LIVED };
    return this.spawn('sh', [join(home, 'bin/standalone.sh'), ...own, ...flags], env, stdio);
  }
}

/** @param {number} pid negative: a process group */
function isAlive(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** @param {Record<string, string | number>} settings of noiR */
export async function startTomcat(settings) {
  return new Tomcat('tomcat', await freeTcpPort(), await freeUdpPorts(), settings).start();
}

/** @param {Record<string, string | number>} settings of noiR */
export async function startWildfly(settings) {
  return new Wildfly('wildfly', await freeTcpPort(), await freeUdpPorts(), settings).start();
}

/**
 * Where a server is unpacked, by the tests in Java or here; never to be written to.
 *
 * @param {string} name as in the properties of noir-it/pom.xml
 * @returns {string}
 */
function distribution(name) {
  const coordinates = property(`noir.it.${name}`);
  const [, artifact, version] = coordinates.split(':');
  const unpacked = join(CACHE, `${artifact}-${version}`);
  if (!existsSync(unpacked)) {
    mkdirSync(CACHE, { recursive: true });
    const partial = mkdtempSync(join(CACHE, `${artifact}-part-`));
    const options = ['-B', '-ntp', '-q', UNPACK, `-Dartifact=${coordinates}`, `-DoutputDirectory=${partial}`];
    if (spawnSync('mvn', options, { stdio: 'inherit' }).status !== 0) throw new Error(`${coordinates} cannot be had`);
    renameSync(partial, unpacked);
  }
  return join(unpacked, readdirSync(unpacked)[0]);
}

/** @param {string} name of a Maven property of noir-it or its parent */
function property(name) {
  const poms = ['noir-it/pom.xml', 'pom.xml'].map((file) => readFileSync(`${ROOT}${file}`, 'utf8')).join('');
  const found = new RegExp(`<${name.replaceAll('.', '\\.')}>([^<]+)<`).exec(poms);
  if (!found) throw new Error(`no property ${name} in noir-it/pom.xml`);
  return found[1].replace(/\$\{([^}]+)\}/g, (_, inner) => property(inner));
}
