import { expect, test } from 'vitest';
import { WheelHand } from '../../../renderer/canvas/wheel-hand.ts';

const turn = (deltaY: number, others: object = {}) => ({
  ...{ deltaX: 0, deltaY, deltaMode: 0, ctrlKey: false },
  ...others,
});

test.each([
  ['a notch of a wheel', turn(100), false],
  ['a notch of a wheel that is accelerated', turn(4.000244140625), false],
  ['a wheel that counts lines', turn(3, { deltaMode: 1 }), false],
  ['two fingers', turn(2), true],
  ['two fingers that go aside', turn(60, { deltaX: 70 }), true],
  ['a pinch', turn(2, { ctrlKey: true }), false],
])('%s is told by its first event', (_, event, isTrackpad) => {
  expect(new WheelHand().isTrackpad(event, 0)).toBe(isTrackpad);
});

test('a gesture stays what it began as, and the next one is told anew', () => {
  const hand = new WheelHand();
  expect(hand.isTrackpad(turn(3), 0)).toBe(true);
  expect(hand.isTrackpad(turn(90), 16)).toBe(true);
  expect(hand.isTrackpad(turn(100), 500)).toBe(false);
  expect(hand.isTrackpad(turn(3), 516)).toBe(false);
});
