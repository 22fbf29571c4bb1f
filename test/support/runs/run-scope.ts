import type { ClientKind } from '../clients/clients.ts';

/** `npm run test:full` runs every cell and every round. `npm test` runs a selection. */
export const isFullRun = process.env.FC_RUNS === '1';

/** Rows of a table that `npm test` omits, because another row of the table tests the same code path. */
export const onlyInFullRun = <Row>(rows: Row[]): Row[] => (isFullRun ? rows : []);

export interface Cell {
  transport: 'stdio' | 'http';
  client: ClientKind;
}

/**
 * Clients and transports for a test file. The default run uses 2025 over stdio and 2026-07-28 over HTTP, so each era
 * and each transport once. A full run uses every pair.
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
