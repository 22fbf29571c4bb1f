import { expect, test } from 'vitest';
import { checkRange } from '../../../../src/mcp/arguments/date-range.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const TODAY = 'today is 2026-11-30 (UTC)';

test.each([
  [{ from: undefined, to: '2026-01-01' }, undefined],
  [{ from: '2026-11-30', to: undefined }, undefined],
  [{ from: '2026-11-30', to: '2026-11-30' }, undefined],
  [{ from: '2026-11-01', to: '2027-01-01' }, undefined],
  [{ from: '2026-12-01', to: undefined }, undefined],
  [{ from: '2026-12-02', to: undefined }, `from must not be in the future; ${TODAY}`],
  [{ from: '2026-11-02', to: '2026-11-01' }, `from must not be later than to; ${TODAY}`],
  [{ since: '2030-01-01' }, `since must not be in the future; ${TODAY}`],
  [{ from: '2027-11-01', to: '2027-11-30' }, `from must not be in the future; ${TODAY}`],
])('%j', (range, problem) => {
  expect(checkRange(range as never, NOW)).toBe(problem);
});
