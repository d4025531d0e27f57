// What somebody sees of somebody else's pictures for a while, by the browser's statistics, which are read all the time.

import { report, until } from './wait.mjs';

/** @returns for each viewer what it saw, reported, too */
export async function watchFor(durationMs, publisher, viewers) {
  const before = await Promise.all(viewers.map((viewer) => videoOf(viewer, publisher)));
  const watchers = viewers.map((viewer, i) => new Watcher(viewer, before[i]));
  const sentBefore = await picturesOf(publisher);
  const startedAt = performance.now();
  await until('it has been watched', 2 * durationMs, async () => {
    const seen = await Promise.all(viewers.map((viewer) => videoOf(viewer, publisher)));
    watchers.forEach((watcher, i) => watcher.add(seen[i]));
    return performance.now() - startedAt > durationMs;
  });
  const sent = (await picturesOf(publisher)) - sentBefore;
  return watchers.map((watcher) => watcher.sum(sent));
}

export async function videoOf(viewer, publisher) {
  return viewer.received(await publisher.do('localStream'), 'video');
}

/** How many it has sent of its best encoding. */
export async function picturesOf(publisher) {
  return Math.max(...(await publisher.do('sent')).map(({ frames }) => frames));
}

class Watcher {
  constructor(viewer, first) {
    this.name = viewer.name;
    this.first = first;
    this.last = first;
    this.startedAt = performance.now();
    this.movedAt = this.startedAt;
    this.gapMs = 0;
    this.widths = new Set([first.frameWidth]);
  }

  add(video) {
    const now = performance.now();
    this.gapMs = Math.max(this.gapMs, Math.round(now - this.movedAt));
    if (video.framesDecoded > this.last.framesDecoded) this.movedAt = now;
    this.widths.add(video.frameWidth);
    this.last = video;
  }

  sum(sent) {
    const { first, last } = this;
    const seconds = (performance.now() - this.startedAt) / 1000;
    const frames = last.framesDecoded - first.framesDecoded;
    const seen = {
      frames,
      fps: frames / seconds,
      missing: Math.max(0, sent - frames) / sent,
      gapMs: this.gapMs,
      freezes: last.freezeCount - first.freezeCount,
      lost: last.packetsLost - first.packetsLost,
      repeats: last.repeats - first.repeats,
      narrowest: Math.min(...this.widths),
      widest: Math.max(...this.widths),
    };
    const numbers = Object.entries(seen).map(([name, value]) => `${name} ${Number(value.toFixed(3))}`);
    report(`${this.name} for ${seconds.toFixed(0)} s: ${numbers.join(', ')}`);
    return seen;
  }
}
