// `npm run bench`: our server beside an empty process and beside servers of the same SDK that do nothing more than the call,
// in one run, measured in turn. Says which ratio misses its target, and then ends with 1.
// --json prints the rows as JSON; --short does a little of everything and judges nothing.
import { parseArgs } from 'node:util';
import { buildPrograms } from './build.ts';
import { startListening, stopAll } from './children.ts';
import { Field } from './field.ts';
import { LoadClient } from './http.ts';
import { FULL, measureHttp, measureStart, measureStdio, SHORT, type Size } from './measures.ts';
import { measureMemory } from './memory.ts';
import { formatTable, type Row } from './table.ts';

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
      ...(await measureMemory(field, client, size)),
    ];
  } finally {
    await stopAll();
    programs.remove();
  }
}

const size = values.short ? SHORT : FULL;
const rows = await measureAll(size);
if (values.json) console.log(JSON.stringify(rows, undefined, 2));
else {
  console.log(`Medians of ${size.rounds} rounds (start: ${size.startRounds}) in which all were measured in turn.`);
  console.log('A ratio is the median of what each round says, and can differ a little from that of the medians.\n');
  console.log(formatTable(rows));
}
if (!values.short && rows.some(({ ok }) => ok === false)) process.exitCode = 1;
