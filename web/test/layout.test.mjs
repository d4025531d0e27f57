import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gridLayout, stageLayout } from '../../src/main/webapp/js/layout.js';

const PHONE = { x: 0, y: 0, width: 370, height: 640 };
const DESKTOP = { x: 0, y: 0, width: 1248, height: 640 };

/** @typedef {import('../../src/main/webapp/js/layout.js').Box} Box */

/**
 * @param {Box} inner
 * @param {Box} outer
 */
function isInside(inner, outer) {
  const slack = 0.01;
  return (
    inner.x >= outer.x - slack &&
    inner.y >= outer.y - slack &&
    inner.x + inner.width <= outer.x + outer.width + slack &&
    inner.y + inner.height <= outer.y + outer.height + slack
  );
}

/**
 * @param {Box} a
 * @param {Box} b
 */
function overlap(a, b) {
  return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
}

test('tiles stay inside and apart, and use the window', () => {
  for (const area of [PHONE, DESKTOP]) {
    for (let count = 1; count <= 30; count++) {
      const boxes = gridLayout(count, area);
      assert.equal(boxes.length, count);
      boxes.forEach((box, i) => {
        assert.ok(isInside(box, area), `${count} tiles: ${JSON.stringify(box)}`);
        assert.ok(boxes.slice(i + 1).every((other) => !overlap(box, other)), `${count} tiles overlap`);
      });
      const covered = boxes.reduce((sum, box) => sum + box.width * box.height, 0) / (area.width * area.height);
      assert.ok(covered > 0.4, `${count} tiles cover only ${covered} of the window`);
    }
  }
});

test('two people: side by side on a desktop, one above the other on a phone', () => {
  const [left, right] = gridLayout(2, DESKTOP);
  assert.ok(left && right && left.y === right.y && left.x < right.x);
  const [upper, lower] = gridLayout(2, PHONE);
  assert.ok(upper && lower && upper.x === lower.x && upper.y < lower.y);
});

test('the enlarged tile takes most of the window', () => {
  for (const area of [PHONE, DESKTOP]) {
    for (const others of [0, 1, 5, 12]) {
      const { stage, strip } = stageLayout(others, area);
      assert.equal(strip.length, others);
      assert.ok(isInside(stage, area) && strip.every((box) => isInside(box, area) && !overlap(box, stage)));
      assert.ok(stage.width * stage.height > 0.6 * area.width * area.height);
    }
  }
});
