/**
 * Has a program report on stderr what its HTTP client does: `undici answered /path` when the whole answer was read, and
 * `undici failed /path CODE`. The program's own log has a line for a call only when the call has ended.
 * @param further statements to run before the program.
 * @returns a value for NODE_OPTIONS.
 */
export function watchUndici(further = ''): string {
  const script = `import { subscribe } from 'node:diagnostics_channel';
    const report = (...words) => process.stderr.write(['undici', ...words].join(' ') + '\\n');
    subscribe('undici:request:trailers', ({ request }) => report('answered', request.path));
    subscribe('undici:request:error', ({ request, error }) => report('failed', request.path, error.code));
    ${further}`;
  return `--import=data:text/javascript,${encodeURIComponent(script)}`;
}

/** How often the program has read a whole answer of this path. */
export function answersRead(stderr: string, path: string): number {
  return stderr.split('\n').filter((line) => line.startsWith('undici answered') && line.endsWith(path)).length;
}
