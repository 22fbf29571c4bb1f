import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Replaces the generated block `name` of a document in docs. @throws Error when there is no such block. */
export function writeBlock(name: string, table: string, document = 'performance'): void {
  const path = fileURLToPath(new URL(`../../docs/${document}.md`, import.meta.url));
  const text = readFileSync(path, 'utf8');
  const [begin, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
  const [before, rest] = text.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/${document}.md does not contain ${begin} and ${end}`);
  writeFileSync(path, `${before}${begin}\n\n${table}\n\n${end}${after}`);
}
