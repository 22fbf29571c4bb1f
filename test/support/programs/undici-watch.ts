/**
 * Makes a program report the events of its HTTP client on stderr: `undici answered /path` after a complete response,
 * and `undici failed /path CODE`. The log of the program has a line for a call only when the call has ended.
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

/** The number of complete responses for this path. */
export function answersRead(stderr: string, path: string): number {
  return stderr.split('\n').filter((line) => line.startsWith('undici answered') && line.endsWith(path)).length;
}
