import * as fc from 'fast-check';
import { encode } from 'gpt-tokenizer/encoding/o200k_base';
import { describe, expect, test } from 'vitest';
import { clipTo, roomOf, shareRoom } from '../../../../src/workflows/shared/text-room.ts';

describe('the room of a text', () => {
  test.each([
    'Thanks for reaching out. This is actually on our list for next quarter.',
    'Merci pour votre message. Je suis très occupé en ce moment.',
    'Спасибо за сообщение, напишите мне, пожалуйста, в следующем месяце.',
    'ご連絡ありがとうございます。来月もう一度ご連絡ください。',
    'Σας ευχαριστώ για το μήνυμά σας. Γράψτε μου πάλι τον επόμενο μήνα.',
  ])('is at least three times the number of tokens: %s', (text) => {
    expect(encode(text).length).toBeLessThanOrEqual(roomOf(text) / 3);
  });
});

describe('shareRoom', () => {
  test.each([
    [[10, 20, 30], 60, Number.POSITIVE_INFINITY],
    [[10, 20, 30], 59, 29],
    [[10, 200, 300], 110, 50],
    [[100, 100], 0, 0],
    [[100, 100], -50, 0],
    [[], 0, Number.POSITIVE_INFINITY],
  ])('%j in %i', (needs, room, most) => {
    expect(shareRoom(needs, room)).toBe(most);
  });

  test('never gives more than the available room, and leaves less than one unit per text', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 40 }), fc.nat(5_000), (needs, room) => {
        const most = shareRoom(needs, room);
        const taken = needs.reduce((sum, need) => sum + Math.min(need, most), 0);
        expect(taken).toBeLessThanOrEqual(room);
        if (most !== Number.POSITIVE_INFINITY) expect(taken).toBeGreaterThan(room - needs.length);
      }),
    );
  });
});

describe('clipTo', () => {
  test.each([
    ['Hello', { characters: 5 }, 'Hello'],
    ['Hello you', { characters: 5 }, 'Hello…(9)'],
    ['Hello you there', { characters: 11 }, 'Hello you…(15)'],
    ['a'.repeat(30), { characters: 10 }, `${'a'.repeat(10)}…(30)`],
    ['Привет всем друзьям', { characters: 200, room: 24 }, 'Привет всем…(19)'],
    ['😊😊😊', { characters: 5 }, '😊😊…(6)'],
  ])('%s within %j', (text, bounds, clipped) => {
    expect(clipTo(text, bounds)).toBe(clipped);
  });

  test('keeps a beginning that is well-formed and within its bounds', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 300 }),
        fc.nat(200),
        fc.nat(400),
        (text, characters, room) => {
          const clipped = clipTo(text, { characters, room });
          if (clipped === text) return;
          const beginning = clipped.slice(0, clipped.lastIndexOf('…'));
          expect(text.startsWith(beginning)).toBe(true);
          expect(beginning.isWellFormed()).toBe(true);
          expect(beginning.length).toBeLessThanOrEqual(characters);
          expect(roomOf(beginning)).toBeLessThanOrEqual(room);
          expect(clipped.endsWith(`…(${text.length})`)).toBe(true);
        },
      ),
    );
  });
});
