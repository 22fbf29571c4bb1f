import { expect, test } from 'vitest';
import { buildPrograms } from '../../bench/build.ts';
import { inTurn, ratioOf } from '../../bench/rounds.ts';
import { timeToInitialize } from '../../bench/start.ts';
import { MAIN } from '../../support/programs/program.ts';

test('the server starts almost as fast as a minimal SDK server', async () => {
  const programs = await buildPrograms();
  try {
    const { ours, bare } = await inTurn(15, ['ours', 'bare'], (name) =>
      timeToInitialize(name === 'ours' ? [MAIN, '--sandbox'] : [programs.bare]),
    );
    // `npm run bench` requires 1.35, and docs/performance.md defines the measure. A start above this bound loads
    // something new.
    expect(ratioOf(ours, bare)).toBeLessThanOrEqual(2);
  } finally {
    programs.remove();
  }
});
