// Puts load on one HTTP endpoint, by messages of its parent over IPC: a fixed number of requests over a number of
// connections.
import { Pool } from 'undici';
import type { Load, LoadReport } from '../http.ts';

let pool: Pool | undefined;
let poolOf = '';

process.on('message', (load: Load) => {
  void run(load).then(
    (report) => process.send?.(report),
    (error) => process.send?.({ error: String(error) } satisfies LoadReport),
  );
});
process.on('disconnect', () => process.exit());

async function run({ url, headers, body, expected, connections, requests }: Load): Promise<LoadReport> {
  const { origin, pathname } = new URL(url);
  if (poolOf !== `${origin} ${connections}`) {
    await pool?.close();
    pool = new Pool(origin, { connections });
    poolOf = `${origin} ${connections}`;
  }
  const open = pool!;
  const latencies: number[] = [];
  let started = 0;
  const connection = async () => {
    while (started < requests) {
      started += 1;
      const began = performance.now();
      const answer = await open.request({ path: pathname, method: 'POST', headers, body });
      const text = await answer.body.text();
      if (answer.statusCode !== 200 || !text.includes(expected)) throw new Error(`${answer.statusCode}: ${text}`);
      latencies.push(performance.now() - began);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: connections }, connection));
  const ms = performance.now() - began;
  latencies.sort((a, b) => a - b);
  return { requestsPerSecond: (requests * 1_000) / ms, p50Ms: latencies[Math.floor(latencies.length / 2)]! };
}
