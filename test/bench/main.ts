// `npm run bench`: compares our server with an empty process and with servers of the same SDK that only make the call.
// Writes the table in docs/performance.md, and ends with 1 when a ratio misses its target.
// --json prints the rows and --short measures a little of everything. Neither writes.
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';
import { buildPrograms } from './build.ts';
import { startListening, stopAll } from './children.ts';
import { Field } from './field.ts';
import { writeBlock } from './generated-block.ts';
import { LoadClient } from './http.ts';
import { FULL, measureHttp, measureStart, measureStdio, SHORT, type Size } from './measures.ts';
import { measureMemory } from './memory.ts';
import { measureRedis } from './redis.ts';
import { formatMarkdown, formatTable, type Row } from './table.ts';

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, short: { type: 'boolean', default: false } },
});

async function measureAll(size: Size): Promise<Row[]> {
  const programs = await buildPrograms();
  try {
    const upstream = await startListening([programs.upstream]);
    const client = new LoadClient(programs.load);
    const field = new Field(programs, upstream.url);
    await field.countTools();
    return [
      ...(await measureStart(programs, field, size)),
      ...(await measureStdio(field, size)),
      ...(await measureHttp(field, client, size)),
      ...(await measureRedis(field, client, size)),
      ...(await measureMemory(field, client, size)),
    ];
  } finally {
    await stopAll();
    programs.remove();
  }
}

function summarize({ rounds, startRounds }: Size): string {
  return [
    `Medians of ${rounds} rounds (start: ${startRounds}), measured in turn with Node ${process.version} on ${availableParallelism()} cores.`,
    'A ratio is the median of the rounds, so it can differ slightly from the ratio of the medians.',
  ].join('\n');
}

const size = values.short ? SHORT : FULL;
const rows = await measureAll(size);
if (values.json) console.log(JSON.stringify(rows, undefined, 2));
else {
  const summary = summarize(size);
  console.log(`${summary}\n\n${formatTable(rows)}`);
  if (!values.short) writeBlock('bench', `${summary}\n\n${formatMarkdown(rows)}`);
}
if (!values.short && rows.some(({ ok }) => ok === false)) process.exitCode = 1;
