import fc from 'fast-check';

const SURROGATES = { from: 0xd800, count: 0x800 };

/**
 * Any character except a lone surrogate, as a unit of `fc.string`. The unit `binary` of fast-check has the same
 * characters, but builds a table of all of them. That takes more than a second and stays in memory.
 */
export const anyCharacter = fc.nat(0x10_ff_ff - SURROGATES.count).map(
  (index) => String.fromCodePoint(index < SURROGATES.from ? index : index + SURROGATES.count),
  (character) => {
    if (typeof character !== 'string' || [...character].length !== 1) throw new Error('no single character');
    const point = character.codePointAt(0)!;
    return point < SURROGATES.from ? point : point - SURROGATES.count;
  },
);
