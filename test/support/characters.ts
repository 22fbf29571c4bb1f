import fc from 'fast-check';

const SURROGATES = { from: 0xd800, count: 0x800 };

/**
 * Any character but a lone surrogate, as a unit of `fc.string`. The unit `binary` of fast-check makes the same ones, and a
 * table of them all, which takes more than a second and stays in memory.
 */
export const anyCharacter = fc.nat(0x10_ff_ff - SURROGATES.count).map(
  (index) => String.fromCodePoint(index < SURROGATES.from ? index : index + SURROGATES.count),
  (character) => {
    if (typeof character !== 'string' || [...character].length !== 1) throw new Error('no single character');
    const point = character.codePointAt(0)!;
    return point < SURROGATES.from ? point : point - SURROGATES.count;
  },
);
