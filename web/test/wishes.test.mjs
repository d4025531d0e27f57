import assert from 'node:assert/strict';
import { test } from 'node:test';

// What a page has and node does not; both observers are driven by hand.
class Observer {
  /** @param {(entries: unknown[]) => void} report */
  constructor(report) {
    this.report = report;
    this.observed = new Set();
    Observer.all.push(this);
  }
  /** @type {Observer[]} */
  static all = [];
  observe(element) {
    this.observed.add(element);
  }
  unobserve(element) {
    this.observed.delete(element);
  }
}
const page = { hidden: false, listener: () => {}, addEventListener: (_, listener) => (page.listener = listener) };
Object.assign(globalThis, { ResizeObserver: Observer, IntersectionObserver: Observer, document: page, window: { devicePixelRatio: 2 } });
const { Wishes } = await import('../../src/main/webapp/js/wishes.js');

function open(t) {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const told = [];
  const state = { connected: true };
  const wishes = new Wishes((batch) => state.connected && told.push(batch) > 0);
  const [sizes, places] = Observer.all.splice(0);
  const settle = () => t.mock.timers.tick(200);
  const resize = (target, width, height) => sizes.report([{ target, contentRect: { width, height } }]);
  const scroll = (target, isIntersecting) => places.report([{ target, isIntersecting }]);
  return { wishes, told, state, settle, resize, scroll, sizes };
}

test('what has settled is told once, in the pixels of the screen', (t) => {
  const { wishes, told, settle, resize, scroll } = open(t);
  wishes.watch('s', 'tile');
  for (let width = 100; width <= 300; width += 20) {
    resize('tile', width, 150);
    t.mock.timers.tick(100);
  }
  assert.deepEqual(told, []);
  settle();
  assert.deepEqual(told, [[{ streamId: 's', width: 600, height: 300, priority: 0, visible: true }]]);
  scroll('tile', true);
  settle();
  assert.equal(told.length, 1, 'nothing new');
  scroll('tile', false);
  settle();
  assert.equal(told[1][0].visible, false);
});

test('a page that is hidden shows nothing', (t) => {
  const { wishes, told, settle, resize } = open(t);
  wishes.watch('s', 'tile');
  resize('tile', 10, 10);
  settle();
  page.hidden = true;
  page.listener();
  settle();
  page.hidden = false;
  page.listener();
  settle();
  assert.deepEqual(told.map(([wish]) => wish.visible), [true, false, true]);
});

test('another server is told everything again, also what could not be told', (t) => {
  const { wishes, told, state, settle, resize } = open(t);
  state.connected = false;
  wishes.watch('s', 'tile');
  resize('tile', 10, 10);
  settle();
  assert.deepEqual(told, []);
  state.connected = true;
  wishes.again();
  wishes.again();
  settle();
  wishes.again();
  settle();
  assert.equal(told.length, 2);
});

test('many wishes go in several messages, and who has gone is forgotten', (t) => {
  const { wishes, told, settle, sizes } = open(t);
  for (let i = 0; i < 70; i++) wishes.watch(`s${i}`, `tile ${i}`);
  wishes.forget('s0');
  wishes.setPriority('s1', 5);
  settle();
  assert.deepEqual(told.map((batch) => batch.length), [32, 32, 5]);
  assert.equal(told[0][0].priority, 5);
  assert.equal(sizes.observed.size, 69);
});
