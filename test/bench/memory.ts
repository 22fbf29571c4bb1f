import type { ChildProcess } from 'node:child_process';
import { residentMegabytes, stop } from './children.ts';
import { callOver, callsOf, type Field, IN_FLIGHT } from './field.ts';
import type { LoadClient } from './http.ts';
import type { Size } from './measures.ts';
import { requestsPerSecond } from './stdio.ts';
import { compare, type Row } from './table.ts';

const STRETCHES = 4;

/** Memory before the first call, and whether it grows with the calls. */
export async function measureMemory(field: Field, client: LoadClient, { memoryCalls }: Size): Promise<Row[]> {
  const [ours, skeleton] = [await field.stdio('ours'), await field.stdio('Server')];
  const [oursHttp, skeletonHttp] = [await field.http('ours'), await field.http('Server')];
  const load = callsOf('2025-11-25', memoryCalls);
  const rows = [
    idle('stdio', ours.child, skeleton.child),
    idle('HTTP', oursHttp.child, skeletonHttp.child),
    await growth('stdio', ours.child, memoryCalls, () =>
      requestsPerSecond(memoryCalls, IN_FLIGHT, () => callOver(ours)),
    ),
    await growth('HTTP', oursHttp.child, memoryCalls, () => client.put({ ...load, url: oursHttp.url })),
  ];
  await Promise.all([ours.stop(), skeleton.stop(), stop(oursHttp.child), stop(skeletonHttp.child)]);
  return rows;
}

function idle(transport: string, ours: ChildProcess, skeleton: ChildProcess): Row {
  const row = { measure: `${transport}: memory, idle`, unit: 'MB', comparedWith: 'Server skeleton' } as const;
  return compare(row, [residentMegabytes(ours)], [residentMegabytes(skeleton)]);
}

/** A leak shows as growth after the middle. The lower of two readings counts, because a heap grows and shrinks. */
async function growth(
  transport: string,
  child: ChildProcess,
  calls: number,
  putStretch: () => Promise<unknown>,
): Promise<Row> {
  const after: number[] = [];
  for (let stretch = 0; stretch < STRETCHES; stretch += 1) {
    await putStretch();
    after.push(residentMegabytes(child));
  }
  const [first, middle, third, last] = after as [number, number, number, number];
  return compare(
    {
      measure: `${transport}: memory after ${counted(3 * calls)} or ${counted(4 * calls)} calls`,
      unit: 'MB',
      comparedWith: `after ${counted(2 * calls)}`,
      target: { atMost: 1.1 },
      note: `${[first, middle, third, last].map((megabytes) => megabytes.toFixed(0)).join(', ')} MB`,
    },
    [Math.min(third, last)],
    [middle],
  );
}

function counted(calls: number): string {
  return calls.toLocaleString('en');
}
