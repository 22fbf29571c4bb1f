import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { root } from '../../support/documents/documents.ts';
import { type Ended, run } from '../../support/programs/program.ts';

/** The tarball that `npm pack` makes of the built program. */
export interface Packed {
  /** A temporary folder with the tarball. */
  folder: string;
  tarball: string;
  version: string;
  size: number;
  /** The paths in the tarball. */
  files: string[];
  integrity: string;
  remove(): void;
}

/** Packs the build of the tests. The script `prepack` would build again while other tests run. */
export async function pack(): Promise<Packed> {
  const folder = mkdtempSync(join(tmpdir(), 'heyreach-mcp-package-'));
  const packed = await npm(folder, ['pack', '--ignore-scripts', '--json', '--pack-destination', folder, root]);
  expect(packed.code, packed.stderr).toBe(0);
  const [entry] = JSON.parse(packed.stdout);
  return {
    folder,
    tarball: join(folder, entry.filename),
    version: entry.version,
    size: entry.size,
    files: entry.files.map(({ path }: { path: string }) => path),
    integrity: entry.integrity,
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Runs npm with its own home and cache, both empty at first. */
export function npm(folder: string, args: string[]): Promise<Ended> {
  return run('npm', args, { env: environmentOf(folder) });
}

/** The same environment for npx. */
export function environmentOf(folder: string): Record<string, string> {
  const home = join(folder, 'home');
  mkdirSync(home, { recursive: true });
  return { HOME: home, npm_config_cache: join(folder, 'cache'), npm_config_update_notifier: 'false' };
}

/**
 * A command that runs in another folder. In the folder of this repository, npx would run the program of the repository
 * and use no registry.
 */
export function inFolder(folder: string, ...command: string[]): [program: string, args: string[]] {
  return ['sh', ['-c', 'cd "$0" && exec "$@"', folder, ...command]];
}

/** A registry on loopback that contains only this package. */
export interface Registry {
  url: string;
  close(): void;
}

/** Publishes the tarball on loopback. */
export async function startRegistry({ tarball, version, integrity }: Packed): Promise<Registry> {
  const content = readFileSync(tarball);
  const server = createServer((request, response) => {
    if (request.url === '/heyreach-mcp.tgz') return response.end(content);
    if (request.url !== '/heyreach-mcp') return response.writeHead(404).end('{}');
    const dist = { tarball: `${url}/heyreach-mcp.tgz`, integrity };
    const bins = { 'heyreach-mcp': 'dist/main.js', 'heyreach-sandbox': 'dist/sandbox.js' };
    const manifest = { name: 'heyreach-mcp', version, bin: bins, dist };
    const versions = { [version]: manifest };
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ name: 'heyreach-mcp', 'dist-tags': { latest: version }, versions }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { url, close: () => server.close() };
}
