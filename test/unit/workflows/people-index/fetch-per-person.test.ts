import { expect, test } from 'vitest';
import { fetchPerPerson } from '../../../../src/workflows/people-index/fetch-per-person.ts';
import { PartCache } from '../../../../src/workflows/people-index/part-cache.ts';
import type { IndexSource } from '../../../../src/workflows/people-index/source.ts';

test('announces its requests before the first one, and counts them down', async () => {
  const announced: [number, string | undefined][] = [];
  const source = {
    client: { fingerprint: 'key' },
    cache: new PartCache(),
    time: { call: {}, isOver: () => false, overReason: '' },
    progress: { add: async () => {}, expect() {} },
    requests: () => 0,
    expect: (further: number, phase?: string) => announced.push([further, phase]),
  } as unknown as IndexSource;
  const people = new Map(['ada', 'mei', 'kim'].map((name) => [name, { url: `https://example.com/${name}`, keys: [] }]));
  let before: number | undefined;
  await fetchPerPerson(people, source, 'person', async () => {
    before ??= announced.length;
    return { value: 1, rows: 1, isWhole: true };
  });
  expect(before).toBe(1);
  expect(announced).toEqual([3, 2, 1, 0].map((left) => [left, 'person']));
});
