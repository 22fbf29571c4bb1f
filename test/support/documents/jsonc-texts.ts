import * as fc from 'fast-check';

/** Whitespace and comments between two tokens. */
const trivia = (lineBreak: string) =>
  fc
    .array(
      fc.oneof(
        { weight: 6, arbitrary: fc.constantFrom('', ' ', '\t', '  ', lineBreak, `${lineBreak}  `, `${lineBreak}\t`) },
        { weight: 1, arbitrary: fc.constantFrom('/* a, {b} */', '/**/', `/* two${lineBreak} lines, */`) },
        {
          weight: 1,
          arbitrary: fc.constantFrom(`// "heyreach": {}${lineBreak}`, `//,}  ${lineBreak}`, `// é 語${lineBreak}`),
        },
      ),
      { maxLength: 3 },
    )
    .map((parts) => parts.join(''));

interface Texts {
  lineBreak: string;
  /** Draws the whitespace and comments between two tokens. */
  gap: () => string;
  hasTrailingComma: () => boolean;
}

/** Writes a value as JSONC with gaps between all tokens. */
function write(value: unknown, texts: Texts): string {
  const { gap, hasTrailingComma } = texts;
  const list = (items: string[]) => `${items.join(',')}${items.length > 0 && hasTrailingComma() ? `,${gap()}` : ''}`;
  if (Array.isArray(value)) return `[${gap()}${list(value.map((item) => `${write(item, texts)}${gap()}`))}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([key, item]) => `${gap()}${JSON.stringify(key)}${gap()}:${gap()}${write(item, texts)}${gap()}`,
  );
  return `{${list(members)}${members.length === 0 ? gap() : ''}}`;
}

const name = fc.oneof(fc.constantFrom('github', 'a.b', 'inputs', 'theme', 'über', '"', '__proto__', ''), fc.string());
const json = fc.jsonValue({ maxDepth: 3 });
const server = fc.oneof(
  fc.record({ command: fc.string(), args: fc.array(fc.string(), { maxLength: 3 }) }),
  fc.record({ url: fc.webUrl(), headers: fc.dictionary(fc.string(), fc.string(), { maxKeys: 2 }) }),
  json,
);

const entries = (key: fc.Arbitrary<string>, value: fc.Arbitrary<unknown>, isOther: (name: string) => boolean) =>
  fc.uniqueArray(fc.tuple(key.filter(isOther), value), { maxLength: 4, selector: ([key]) => key });

/** Like Object.fromEntries, also for the key `__proto__`. */
function objectOf(members: [string, unknown][]): object {
  const object = {};
  for (const [key, value] of members) {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  }
  return object;
}

/**
 * Files of hosts: JSONC with comments, tabs, CRLF and trailing commas, with and without the section, without the entry.
 */
export const jsoncFiles = (section: string, entry: string): fc.Arbitrary<string> =>
  fc
    .record({
      lineBreak: fc.constantFrom('\n', '\r\n'),
      members: entries(name, json, (key) => key !== section),
      servers: fc.option(entries(name, server, (key) => key !== entry)),
      position: fc.nat(4),
      gen: fc.gen(),
    })
    .map(({ lineBreak, members, servers, position, gen }) => {
      const all = [...members];
      if (servers !== null) all.splice(position, 0, [section, objectOf(servers)]);
      const gap = () => gen(trivia, lineBreak);
      const texts = { lineBreak, gap, hasTrailingComma: () => gen(fc.boolean) };
      return `${gap()}${write(objectOf(all), texts)}${gap()}`;
    });
