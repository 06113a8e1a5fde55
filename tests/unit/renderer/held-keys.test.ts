import { describe, expect, it } from 'vitest';
import { HeldKeys } from '../../../renderer/keys/held-keys.ts';

/** A window whose focus lies in an element that these selectors fit. */
function makeWindow(...fitting: readonly string[]) {
  const source = new EventTarget();
  const stop = new AbortController();
  const shown: boolean[] = [];
  const held = new HeldKeys(source, stop.signal, (isDown) => shown.push(isDown));
  const fits = (selector: string) => fitting.some((one) => selector.split(', ').includes(one));
  const focused = { matches: fits, closest: (selector: string) => fits(selector) || null };
  const send = (type: 'keydown' | 'keyup', code: string) => {
    const event = new Event(type, { cancelable: true });
    Object.defineProperties(event, { code: { value: code }, target: { value: focused } });
    source.dispatchEvent(event);
    return event;
  };
  return { held, shown, stop, send, blur: () => source.dispatchEvent(new Event('blur')) };
}

describe('a held Space', () => {
  it.each([['no control'], ['a'], ['button'], ['input']])(
    'is down until it is let go while the focus is on %s',
    (focus) => {
      const { held, shown, send } = makeWindow(focus);
      send('keydown', 'Space');
      send('keydown', 'Space');
      expect(held.isSpaceDown).toBe(true);
      send('keyup', 'Space');
      expect(held.isSpaceDown).toBe(false);
      expect(shown).toEqual([true, false]);
    },
  );

  it('is text in a field', () => {
    const { held, shown, send } = makeWindow('textarea');
    expect(send('keydown', 'Space').defaultPrevented).toBe(false);
    expect(held.isSpaceDown).toBe(false);
    expect(send('keyup', 'Space').defaultPrevented).toBe(false);
    expect(shown).toEqual([]);
  });

  it('presses the button that has the focus unless the pointer used it', () => {
    const { held, send } = makeWindow('button');
    expect(send('keydown', 'Space').defaultPrevented).toBe(false);
    expect(send('keyup', 'Space').defaultPrevented).toBe(false);
    send('keydown', 'Space');
    held.use();
    send('keydown', 'Space');
    expect(send('keyup', 'Space').defaultPrevented).toBe(true);
    send('keydown', 'Space');
    expect(send('keyup', 'Space').defaultPrevented).toBe(false);
  });

  it('scrolls nothing', () => {
    expect(makeWindow().send('keydown', 'Space').defaultPrevented).toBe(true);
  });

  it('is let go when the window loses the focus', () => {
    const { held, shown, send, blur } = makeWindow();
    send('keydown', 'Space');
    blur();
    expect(held.isSpaceDown).toBe(false);
    expect(shown).toEqual([true, false]);
    send('keyup', 'Space');
    expect(shown).toEqual([true, false]);
  });

  it('is not listened to any more once the canvas is gone', () => {
    const { held, send, stop } = makeWindow();
    stop.abort();
    send('keydown', 'Space');
    expect(held.isSpaceDown).toBe(false);
  });
});

describe('a held Alt', () => {
  it('opens the menu unless the pointer used it', () => {
    const { held, send } = makeWindow();
    send('keydown', 'AltLeft');
    expect(send('keyup', 'AltLeft').defaultPrevented).toBe(false);
    send('keydown', 'AltLeft');
    held.use();
    expect(send('keyup', 'AltLeft').defaultPrevented).toBe(true);
  });
});
