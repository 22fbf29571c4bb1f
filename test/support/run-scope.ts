import type { ClientKind } from './clients.ts';

/** `npm run test:full` takes every cell and every round. `npm test` takes a selection of them. */
export const isFullRun = process.env.FC_RUNS === '1';

/** Rows of a table that `npm test` leaves out: another row of the table guards the same code path. */
export const onlyInFullRun = <Row>(rows: Row[]): Row[] => (isFullRun ? rows : []);

export interface Cell {
  transport: 'stdio' | 'http';
  client: ClientKind;
}

/**
 * Clients and transports to run a test file with. The default run takes 2025 over stdio and 2026-07-28 over HTTP, so each era
 * and each transport once. A full run takes every pair.
 * @param clients the clients of a full run.
 */
export function cellsOf(clients: readonly ClientKind[]): Cell[] {
  if (!isFullRun)
    return [
      { transport: 'stdio', client: 'v1' },
      { transport: 'http', client: 'v2-modern' },
    ];
  return (['stdio', 'http'] as const).flatMap((transport) => clients.map((client) => ({ transport, client })));
}
