import { describe, expect, it } from 'vitest';
import { shortcutKey } from '../../../src/dashboard/page/model/shortcut-key.js';

describe('a key of a shortcut', () => {
  it.each([
    ['s', 'KeyS', false, 's'],
    // Caps Lock.
    ['S', 'KeyS', false, 's'],
    // By what it writes, not by its place, in other Latin layouts.
    ['a', 'KeyQ', false, 'a'],
    ['ы', 'KeyS', false, 's'],
    ['Ы', 'KeyS', true, 's'],
    ['ס', 'KeyX', false, 'x'],
    ['&', 'Digit1', false, '1'],
    ['1', 'Digit1', false, '1'],
    ['!', 'Digit1', true, '!'],
    ['/', 'Slash', false, '/'],
    ['?', 'Minus', true, '?'],
    ['Escape', 'Escape', false, 'Escape'],
    ['Enter', 'NumpadEnter', false, 'Enter'],
  ])('%s at %s, with shift: %s, is %s', (key, code, shiftKey, expected) => {
    expect(shortcutKey({ key, code, shiftKey })).toBe(expected);
  });
});
